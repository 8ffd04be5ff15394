"""The life of an FAQ entry, cell by cell; when words need a new yes; comparing two texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.faq import (
    FROM,
    MAY,
    NAMES,
    READ,
    TO,
    Consent,
    Content,
    Kind,
    Part,
    State,
    Verb,
    changed,
    compared,
    may,
    may_be_listed,
    merged,
    named,
    needs_new_yes,
    needs_reading,
    possible,
    reads_otherwise,
    restored,
    stored,
    words_key,
    words_since,
)

WORDS = Content(Kind.FAQ, "議会の端末はどう選びますか", "まず使い方を決めます。\n次に台数です。", owner="U1")

TABLE = """
verb     draft review published archived owner editor asker
submit   x     .      .         .        x     x      .
edit     x     x      x         .        x     x      .
propose  .     .      .         .        .     .      .
return   .     x      .         .        .     x      .
publish  .     x      .         .        .     x      .
unpublish .    .      x         .        .     x      .
confirm  .     .      x         .        x     x      .
archive  x     x      x         .        x     x      .
restore  .     .      .         x        .     x      .
agree    x     .      .         .        .     .      x
refuse   x     x      x         .        .     .      x
keep     .     .      .         .        .     .      .
import   .     .      .         .        .     .      .
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_can_be_done_when_and_by_whom(row: list[str]) -> None:
    verb = Verb(row[0])
    cells = dict(zip(HEAD[1:], row[1:], strict=True))
    for state in State:
        assert possible(verb, state, Consent.NOT_NEEDED) is (cells[state.value] == "x"), state
    for part in Part:
        assert may(verb, frozenset({part})) is (cells[part.value] == "x"), part


def test_the_table_is_whole() -> None:
    assert {Verb(row[0]) for row in ROWS} == set(Verb)
    assert set(FROM) == set(MAY) == set(Verb) - {Verb.KEEP, Verb.IMPORT, Verb.PROPOSE}
    assert set(TO) == set(Verb) - {Verb.EDIT, Verb.CONFIRM, Verb.IMPORT, Verb.PROPOSE}


def test_a_list_brings_nothing_back_from_what_is_published_or_put_away() -> None:
    moves = {(a.value, b.value) for a in State for b in State if a is not b and may_be_listed(a, b)}
    assert moves == {
        ("draft", "review"),
        ("draft", "published"),
        ("review", "draft"),
        ("review", "published"),
    }
    assert all(may_be_listed(state, state) for state in State)


@pytest.mark.parametrize("consent", [Consent.ASKED, Consent.REFUSED])
def test_without_the_askers_yes_it_goes_no_further(consent: Consent) -> None:
    assert not possible(Verb.SUBMIT, State.DRAFT, consent)
    assert not possible(Verb.PUBLISH, State.REVIEW, consent)
    assert possible(Verb.EDIT, State.DRAFT, consent)
    assert possible(Verb.PUBLISH, State.REVIEW, Consent.GIVEN)


def test_what_was_refused_comes_back_by_the_askers_yes_alone() -> None:
    found = {verb for verb in Verb if possible(verb, State.ARCHIVED, Consent.REFUSED)}
    assert found == {Verb.AGREE}
    for consent in (Consent.ASKED, Consent.GIVEN):
        found = {verb for verb in Verb if possible(verb, State.ARCHIVED, consent)}
        assert found == {Verb.RESTORE, Verb.REFUSE}, "they may say no to what is put away as well"


def test_the_same_words_have_the_same_name() -> None:
    assert words_key(WORDS) == words_key(replace(WORDS, owner="U9", review_on=date(2027, 1, 4)))
    assert words_key(WORDS) != words_key(replace(WORDS, answer="ほか"))
    assert words_key(WORDS) != words_key(replace(WORDS, tags=("新",)))


def test_only_changed_words_need_a_new_yes() -> None:
    for name in NAMES:
        day = date(2027, 1, 4)
        odd = {"tags": ("新",), "sources": ("新",), "review_on": day, "agreed_on": day}
        other: Any = odd.get(name, "新しい")
        after = replace(WORDS, **{name: other})
        assert changed(WORDS, after) == (name,)
        assert needs_new_yes(WORDS, after, Consent.GIVEN) is (name in READ)
        assert not needs_new_yes(WORDS, after, Consent.NOT_NEEDED)
    assert not needs_new_yes(WORDS, WORDS, Consent.GIVEN)
    assert {"question", "answer", "municipality_code"} <= READ


def test_words_are_new_again_when_there_were_others_in_between() -> None:
    other, later = replace(WORDS, answer="ほか"), replace(WORDS, review_on=date(2027, 1, 4))
    cases: list[tuple[int, list[Content]]] = [
        (0, []),
        (1, [WORDS]),
        (1, [WORDS, later, WORDS]),
        (2, [WORDS, other, other]),
        (3, [WORDS, other, WORDS, later]),
    ]
    for since, contents in cases:
        assert words_since(enumerate(contents, start=1)) == since, contents


OWNER, BOTH = frozenset({Part.OWNER}), frozenset({Part.OWNER, Part.EDITOR})


@pytest.mark.parametrize(
    ("change", "state", "consent", "by", "waits"),
    [
        ({"answer": "ほか"}, State.PUBLISHED, Consent.NOT_NEEDED, OWNER, True),
        ({"tags": ("新",)}, State.PUBLISHED, Consent.NOT_NEEDED, OWNER, True),
        ({"review_on": date(2027, 1, 4)}, State.PUBLISHED, Consent.NOT_NEEDED, OWNER, False),
        ({"field_id": "net"}, State.PUBLISHED, Consent.NOT_NEEDED, OWNER, False),
        ({"answer": "ほか"}, State.PUBLISHED, Consent.NOT_NEEDED, BOTH, False),
        ({"answer": "ほか"}, State.DRAFT, Consent.NOT_NEEDED, OWNER, False),
        ({"answer": "ほか"}, State.REVIEW, Consent.NOT_NEEDED, OWNER, False),
        ({"answer": "ほか"}, State.PUBLISHED, Consent.GIVEN, OWNER, False),
    ],
)
def test_nobody_publishes_other_words_alone(
    change: dict[str, Any], state: State, consent: Consent, by: frozenset[Part], waits: bool
) -> None:
    assert needs_reading(WORDS, replace(WORDS, **change), state, consent, by) is waits


def test_while_other_words_wait_they_are_decided_on_and_the_present_ones_not_confirmed() -> None:
    found = {each for each in Verb if possible(each, State.PUBLISHED, Consent.NOT_NEEDED, proposed=True)}
    assert found == {Verb.EDIT, Verb.ARCHIVE, Verb.REFUSE, Verb.PUBLISH, Verb.RETURN}


def test_of_two_changes_what_i_left_alone_is_as_they_have_it() -> None:
    mine, theirs = replace(WORDS, answer="私の"), replace(WORDS, answer="別の", tags=("新",), cost="0円")
    assert merged(WORDS, mine, theirs) == replace(WORDS, answer="私の", tags=("新",), cost="0円")
    assert merged(WORDS, WORDS, theirs) == theirs
    assert merged(WORDS, mine, WORDS) == mine


def test_a_body_is_named_once_somebody_has_asked_it() -> None:
    unasked = replace(WORDS, kind=Kind.CASE, municipality_code="011002")
    asked = replace(unasked, agreed_by="U1", agreed_on=date(2026, 11, 24))
    assert [named(each) for each in (WORDS, unasked, asked)] == [None, None, "011002"]
    assert reads_otherwise(unasked, asked)
    assert not reads_otherwise(asked, replace(asked, agreed_by="U2"))
    assert words_key(unasked) == words_key(asked), "a letter that is out keeps its button"


def test_two_texts_compared_line_by_line() -> None:
    assert list(compared("あ\nい\nう", "あ\nえ\nう\nお")) == [
        (" ", "あ"),
        ("-", "い"),
        ("+", "え"),
        (" ", "う"),
        ("+", "お"),
    ]


lines = st.lists(st.sampled_from(["あ", "い", "う", ""]), max_size=8).map("\n".join)


@given(lines, lines)
def test_a_comparison_holds_both_texts(before: str, after: str) -> None:
    found = list(compared(before, after))
    assert [line for sign, line in found if sign != "+"] == before.splitlines()
    assert [line for sign, line in found if sign != "-"] == after.splitlines()


@given(
    st.builds(
        Content,
        st.sampled_from(list(Kind)),
        st.text(),
        st.text(),
        tags=st.lists(st.text(), max_size=3).map(tuple),
        sources=st.lists(st.text(), max_size=3).map(tuple),
        review_on=st.none() | st.dates(),
        agreed_on=st.none() | st.dates(),
        cost=st.none() | st.text(),
    )
)
def test_content_comes_back_as_it_was_stored(content: Content) -> None:
    assert restored(stored(content)) == content
