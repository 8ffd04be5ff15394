"""FAQ entries, their history, what the search is fed with, and what use teaches."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.faq import Consent, Content, Kind, State, Verb
from storage import faq, faq_documents, faq_searches, faq_similar, faq_use, questions
from storage.database import Database, Transaction
from storage.faq import Entry, NoSuchEntry
from tests.conftest import StillClock
from tests.digits import NUMBER
from tests.storage.test_questions import ask

WORDS = Content(
    Kind.FAQ,
    "議会の端末はどう選びますか",
    "まず使い方を決めます。",
    field_id="device",
    tags=("議会", "端末"),
    sources=("手引き",),
    owner="U2",
    review_on=date(2027, 4, 1),
)


def keep(tx: Transaction, content: Content = WORDS, question_id: int | None = None) -> Entry:
    return faq.add(tx, content, actor="U2", consent=Consent.NOT_NEEDED, question_id=question_id)


def published(tx: Transaction, content: Content = WORDS) -> Entry:
    return faq.change(tx, keep(tx, content), Verb.PUBLISH, "U9", state=State.PUBLISHED)


async def test_an_entry_comes_back_as_it_was_kept(opened: Database) -> None:
    kept = await opened.write(keep)
    assert await opened.read(faq.need, kept.id) == kept
    assert (kept.number, kept.state, kept.content, kept.revision) == (1, "draft", WORDS, 1)
    assert (await opened.write(keep)).number == 2
    assert await opened.read(faq.get, 999) is None
    with pytest.raises(NoSuchEntry):
        await opened.read(faq.need, 999)


async def test_no_other_workspace_sees_it(opened: Database) -> None:
    kept = await opened.write(published)
    opened.workspace = "T0OTHER"
    assert await opened.read(faq.get, kept.id) is None
    assert await opened.read(faq.these, [kept.id]) == []
    assert await opened.read(faq_documents.documents) == []
    assert await opened.read(faq.history, kept.id) == []
    assert await opened.write(faq_use.unlearn, 1, "U9") is None


async def test_every_change_is_a_revision_with_all_it_said(opened: Database, clock: StillClock) -> None:
    kept = await opened.write(keep)
    clock.business += timedelta(hours=1)
    other = replace(WORDS, answer="新しい答え", review_on=None)
    edited = await opened.write(
        lambda tx: faq.change(tx, kept, Verb.EDIT, "U3", content=other, note="直した")
    )
    assert edited == await opened.read(faq.need, kept.id)
    first, second = await opened.read(faq.history, kept.id)
    assert (first.verb, first.actor, first.content, first.note) == ("keep", "U2", WORDS, None)
    assert (second.verb, second.actor, second.content, second.note) == ("edit", "U3", other, "直した")
    assert second.at - first.at == timedelta(hours=1)
    assert edited.change > kept.change


async def test_a_number_is_in_no_text_of_it(opened: Database) -> None:
    said = f"番号は{NUMBER}です"
    secret = replace(WORDS, question=said, answer=said, tags=(said,), cost=said, contact=said)
    kept = await opened.write(keep, secret)
    await opened.write(lambda tx: faq_use.learn(tx, kept.id, said, source="a", author="U1"))
    await opened.write(faq_searches.searched, said, 0)
    (revision,) = await opened.read(faq.history, kept.id)
    (search,) = await opened.read(lambda tx: faq_searches.found_nothing(tx, tx.now))
    (document,) = await opened.read(faq_documents.documents)
    found = [await opened.read(faq.need, kept.id), revision, search, document]
    assert NUMBER not in str(found)


async def test_the_search_is_fed_with_what_changed_in_the_order_of_the_changes(opened: Database) -> None:
    assert await opened.read(faq_documents.newest_change) == 0
    assert not await opened.read(faq_documents.any_published)
    first, second = await opened.write(published), await opened.write(published)
    draft = await opened.write(keep)
    assert await opened.read(faq_documents.any_published)
    fed = await opened.read(faq_documents.documents)
    assert [(each.id, each.live) for each in fed] == [(first.id, True), (second.id, True), (draft.id, False)]
    assert (fed[0].question, fed[0].field_id, fed[0].kind) == (WORDS.question, "device", "faq")
    assert fed[0].tags == WORDS.tags != ()
    last = fed[-1].change
    assert await opened.read(faq_documents.newest_change) == last
    assert await opened.read(faq_documents.documents, last) == []
    await opened.write(lambda tx: faq_use.learn(tx, first.id, "議員に配る機械", source="q1", author="U1"))
    await opened.write(lambda tx: faq.change(tx, second, Verb.ARCHIVE, "U9", state=State.ARCHIVED))
    changed = await opened.read(faq_documents.documents, last)
    assert [(each.id, each.live, each.phrasings) for each in changed] == [
        (first.id, True, ("議員に配る機械",)),
        (second.id, False, ()),
    ]
    assert len(await opened.read(lambda tx: faq_documents.documents(tx, most=1))) == 1


async def test_changes_at_once_have_numbers_of_their_own(opened: Database) -> None:
    kept = await asyncio.gather(*(opened.write(keep) for _ in range(12)))
    assert sorted(each.number for each in kept) == list(range(1, 13))
    assert len({each.change for each in kept}) == 12


async def test_only_what_is_published_is_shown_in_the_order_asked_for(opened: Database) -> None:
    first, second, draft = [await opened.write(each) for each in (published, published, keep)]
    found = await opened.read(faq.these, [second.id, draft.id, 999, first.id])
    assert [each.id for each in found] == [second.id, first.id]
    assert await opened.read(faq.these, []) == []


async def test_lists_by_state_owner_and_review_date(opened: Database) -> None:
    one = await opened.write(published)
    other = await opened.write(keep, replace(WORDS, owner="U3"))
    late = await opened.write(published, replace(WORDS, review_on=date(2026, 1, 5)))
    await opened.write(published, replace(WORDS, review_on=None))
    drafts = await opened.read(lambda tx: faq.in_state(tx, State.DRAFT))
    assert [each.id for each in drafts] == [other.id]
    assert await opened.read(lambda tx: faq.in_state(tx, State.DRAFT, owner="U2")) == []
    due = await opened.read(faq.to_review, date(2027, 4, 1))
    assert [each.id for each in due] == [late.id, one.id]
    assert await opened.read(faq.how_many) == {
        State.DRAFT: 1,
        State.REVIEW: 0,
        State.PUBLISHED: 3,
        State.ARCHIVED: 0,
    }


async def test_which_entry_came_from_a_question(opened: Database) -> None:
    question_id = await opened.write(ask)
    assert await opened.read(faq.from_question, question_id) is None
    kept = await opened.write(lambda tx: keep(tx, question_id=question_id))
    assert await opened.read(faq.from_question, question_id) == kept


async def test_a_phrasing_is_learned_once_for_each_source_and_can_be_taken_back(opened: Database) -> None:
    kept = await opened.write(published)

    def learn(tx: Transaction, source: str = "search:1") -> bool:
        return faq_use.learn(tx, kept.id, "議員の機械", source=source, author="U1")

    assert await opened.write(learn)
    assert not await opened.write(learn)
    (phrasing,) = await opened.read(faq_use.phrasings_of, kept.id)
    assert (phrasing.words, phrasing.author, phrasing.undone_at) == ("議員の機械", "U1", None)
    assert await opened.write(faq_use.unlearn, phrasing.id, "U9") == kept.id
    assert await opened.write(faq_use.unlearn, phrasing.id, "U9") is None
    assert not await opened.write(learn)  # an editor said no: the same press again does not bring it back
    (document,) = await opened.read(faq_documents.documents)
    assert document.phrasings == ()
    (undone,) = await opened.read(faq_use.phrasings_of, kept.id)
    assert undone.undone_by == "U9"


async def test_searches_are_kept_without_a_name(opened: Database, clock: StillClock) -> None:
    before = clock.business
    found = await opened.write(faq_searches.searched, "公用車の予約", 3)
    clock.business += timedelta(days=1)
    nothing = await opened.write(faq_searches.searched, "防災行政無線", 0)
    assert [each.id for each in await opened.read(faq_searches.found_nothing, before)] == [nothing]
    later = clock.business + timedelta(days=1)
    assert await opened.read(faq_searches.found_nothing, later) == []
    row = await opened.read(faq_searches.search, found)
    assert row is not None
    assert (row.words, row.found) == ("公用車の予約", 3)
    assert await opened.read(faq_searches.search, 999) is None


async def test_thanks_are_for_what_held_and_for_others(opened: Database, clock: StillClock) -> None:
    kept, question_id = await opened.write(published), await opened.write(ask)

    def helps(tx: Transaction, user: str, source: str, question: int | None = None) -> bool:
        return faq_use.helps(tx, kept.id, user, source=source, question_id=question)

    assert await opened.write(helps, "U1", "a")
    assert not await opened.write(helps, "U1", "a")
    assert await opened.write(helps, "U2", "b")  # the owner's own
    assert await opened.write(helps, "U1", "c", question_id)
    assert [each.user_id for each in await opened.read(faq_use.to_thank, "U2")] == ["U1"]
    closed = {"state": "closed", "close_reason": "faq"}
    await opened.write(lambda tx: questions.touch(tx, question_id, **closed))
    due = await opened.read(faq_use.to_thank, "U2")
    assert [each.question_id for each in due] == [None, question_id]
    assert await opened.read(faq_use.last_thanks, "U2") is None
    clock.business += timedelta(days=1)
    await opened.write(faq_use.thanked, due, "U2")
    assert await opened.read(faq_use.to_thank, "U2") == []
    assert await opened.read(faq_use.last_thanks, "U2") == clock.business
    assert await opened.read(faq_use.how_often, [kept.id, 999]) == {kept.id: 2}, "not the owner's own"
    said = await opened.read(faq_use.solved_by, question_id)
    assert said is not None
    assert (said.entry_id, said.user_id) == (kept.id, "U1")
    assert await opened.read(faq_use.solved_by, 999) is None


async def test_what_is_like_a_question_is_looked_for_once_and_counts_while_it_can_be_read(
    opened: Database, clock: StillClock
) -> None:
    first, second = await opened.write(published), await opened.write(published)
    old = await opened.write(ask, "1.0")
    clock.business += timedelta(days=1)
    since = clock.business
    one, other = await opened.write(ask, "2.0"), await opened.write(ask, "3.0", state="closed")
    assert await opened.read(faq_similar.not_looked_for, since) == [one]
    assert await opened.read(faq_similar.not_looked_for, since - timedelta(days=1)) == [old, one]
    assert await opened.read(lambda tx: faq_similar.not_looked_for(tx, since, among=1)) == []
    assert await opened.write(faq_similar.note, one, [first.id, second.id])
    assert not await opened.write(faq_similar.note, one, [])
    assert await opened.write(faq_similar.note, other, [])
    assert await opened.read(faq_similar.not_looked_for, since) == []
    assert await opened.read(faq_similar.how_many, one) == 2
    await opened.write(lambda tx: faq.change(tx, first, Verb.ARCHIVE, "U9", state=State.ARCHIVED))
    assert await opened.read(faq_similar.how_many, one) == 1
    assert await opened.read(faq_similar.how_many, other) == 0
    assert await opened.read(faq_similar.how_many, 999) == 0


async def test_where_a_letter_stands_is_looked_up_by_an_index(opened: Database) -> None:
    def plan(tx: Transaction) -> str:
        lite = tx.connection.dialect.name == "sqlite"
        if not lite:  # a small table is read whole
            tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
        where = "workspace = 'T1' AND posted_channel = 'D1' AND posted_ts = '1.0' AND kind = 'direct'"
        rows = tx.connection.exec_driver_sql(f"{how} SELECT renderer FROM outbox WHERE {where}")
        return str(rows.all())

    assert "ix_outbox_posted" in await opened.write(plan)
