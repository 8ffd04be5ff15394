"""What came from a private question: whose yes it needs, for which words, and how a no is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.faq import words_key
from bot.errors import NotPossibleNow, NotYours
from handlers.faq import actions, dialogs, notices
from storage import faq, faq_use
from tests.handlers.faq import (
    CONTENT,
    keep,
    letters,
    now,
    private,
    publish,
    rendered,
    source,
    told,
)
from tests.handlers.prefecture import ITSUKI, KEN, MORI, NAGI, Prefecture


def shown(ken: Prefecture, user: str, renderer: str) -> str:
    (letter,) = letters(ken, user, renderer)
    message = rendered(ken, letter)
    assert message is not None
    return str(message.blocks) + message.text


def test_a_private_question_is_first_shown_to_its_asker_in_these_words(ken: Prefecture) -> None:
    question_id = private(ken)
    assert "同意があるまで" in str(ken.read(dialogs.keep, question_id, MORI))
    entry = keep(ken, question_id)
    assert (entry.state, entry.consent) == ("draft", "asked")
    assert told(ken, NAGI) == [notices.CONSENT]
    words = shown(ken, NAGI, notices.CONSENT)
    assert CONTENT.question in words
    assert CONTENT.answer in words
    assert letters(ken, KEN) == []
    for way in (publish, lambda *a: ken.read(lambda tx: dialogs.edit(tx, entry.id, KEN, review=True))):
        with pytest.raises(NotPossibleNow):
            way(ken, entry)
    agreed = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(entry.content), source=source()
    )
    assert (agreed.state, agreed.consent) == ("review", "given")
    assert told(ken, KEN) == [notices.TO_REVIEW]
    reviewing = str(ken.read(lambda tx: dialogs.edit(tx, entry.id, KEN, review=True)))
    assert "この文面に同意しています" in reviewing
    assert "同意があるまで" not in reviewing
    assert publish(ken, agreed).state == "published"
    assert ken.read(faq_use.phrasings_of, entry.id) == []  # their own words stay private


def test_other_words_need_a_new_yes_and_are_not_found_until_then(ken: Prefecture) -> None:
    entry = keep(ken, private(ken))
    entry = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(entry.content), source=source()
    )
    changed = publish(ken, entry, replace(CONTENT, answer="ほかのことば"))
    assert (changed.state, changed.consent) == ("draft", "asked")
    assert told(ken, NAGI) == [notices.CONSENT]
    assert "ほかのことば" in str(rendered(ken, letters(ken, NAGI)[-1]))
    with pytest.raises(NotPossibleNow, match="新しいお知らせ"):  # they pressed below the old words
        ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(CONTENT), source=source())
    again = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(changed.content), source=source()
    )
    live = publish(ken, again)
    assert live.state == "published"
    ken.write(
        actions.edit,
        live.id,
        replace(live.content, review_on=date(2028, 1, 4)),
        MORI,
        seen=live.revision,
        source=source(),
    )
    assert now(ken, live).state == "published"  # nobody reads anything else
    after = ken.write(
        actions.edit,
        live.id,
        replace(live.content, answer="三"),
        MORI,
        seen=live.revision + 1,
        source=source(),
    )
    assert (after.state, after.consent) == ("draft", "asked")
    assert ken.read(faq.these, [live.id]) == []


def test_the_asker_says_no_now_or_later(ken: Prefecture) -> None:
    entry = keep(ken, private(ken))
    entry = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(entry.content), source=source()
    )
    live = publish(ken, entry)
    gone = ken.write(actions.answer_yes, live.id, NAGI, yes=False, seen="", source=source())
    assert (gone.state, gone.consent) == ("archived", "refused")
    assert notices.REFUSED in told(ken, MORI)
    with pytest.raises(NotPossibleNow):
        ken.write(actions.put_away, live.id, KEN, source=source(), back=True)
    assert live.question_id is not None
    with pytest.raises(NotPossibleNow, match="望まれなかった"):
        keep(ken, live.question_id)
    words = words_key(live.content)
    back = ken.write(actions.answer_yes, live.id, NAGI, yes=True, seen=words, source=source())
    assert (back.state, back.consent) == ("review", "given")


def test_who_was_asked_is_not_asked_again_for_the_same_words(ken: Prefecture) -> None:
    entry = keep(ken, private(ken))
    for day in (4, 5):
        later = replace(entry.content, review_on=date(2027, 1, day))
        entry = ken.write(actions.edit, entry.id, later, MORI, seen=entry.revision, source=source())
    assert (entry.state, entry.consent) == ("draft", "asked")
    assert len(letters(ken, NAGI)) == 1
    words = words_key(entry.content)
    agreed = ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=words, source=source())
    assert agreed.consent == "given"
    ken.write(actions.put_away, entry.id, MORI, source=source())
    back = ken.write(actions.put_away, entry.id, KEN, source=source(), back=True)
    again = ken.write(actions.edit, entry.id, back.content, MORI, seen=back.revision, source=source())
    assert (again.state, again.consent) == ("review", "given")  # they said yes to these words


def test_a_no_reaches_what_is_put_away_and_all_that_was_made_of_the_question(ken: Prefecture) -> None:
    first = keep(ken, private(ken))
    first = ken.write(
        actions.answer_yes, first.id, NAGI, yes=True, seen=words_key(first.content), source=source()
    )
    publish(ken, first)
    ken.write(actions.put_away, first.id, MORI, source=source())
    assert first.question_id is not None
    second = keep(ken, first.question_id)
    ken.write(actions.answer_yes, second.id, NAGI, yes=False, seen="", source=source())
    for entry in (first, second):
        assert ken.read(faq.need, entry.id).consent == "refused"
        with pytest.raises(NotPossibleNow):
            ken.write(actions.put_away, entry.id, KEN, source=source(), back=True)

    third = keep(ken, private(ken))
    ken.write(actions.put_away, third.id, MORI, source=source())
    gone = ken.write(actions.answer_yes, third.id, NAGI, yes=False, seen="", source=source())
    assert (gone.state, gone.consent) == ("archived", "refused")


def test_the_asker_reads_whether_the_body_is_named(ken: Prefecture) -> None:
    named = replace(
        CONTENT, kind="case", municipality_code="011002", agreed_by=MORI, agreed_on=date(2026, 11, 24)
    )
    ken.write(actions.keep, private(ken), named, MORI, source=source())
    assert "団体名「札幌市」が出ます" in shown(ken, NAGI, notices.CONSENT)


@pytest.mark.parametrize("user", [MORI, KEN, ITSUKI])
@pytest.mark.parametrize("yes", [True, False])
def test_nobody_else_answers_for_the_asker(ken: Prefecture, user: str, yes: bool) -> None:
    entry = keep(ken, private(ken))
    with pytest.raises(NotYours, match="相談した方だけ"):
        ken.write(actions.answer_yes, entry.id, user, yes=yes, seen=words_key(entry.content), source=source())
