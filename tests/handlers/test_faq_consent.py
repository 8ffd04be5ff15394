"""What came from a private question: whose yes it needs, for which words, and how a no is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.asking import Audience
from bot.domain.faq import words_key
from bot.domain.question import Verb
from bot.errors import NotPossibleNow, NotYours
from handlers.common.doors import Visitor
from handlers.faq import actions, dialogs, importing, notices
from handlers.home import entries
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.lifecycle.narrowing import narrow
from storage import faq, faq_use, held, questions
from tests.handlers.desk import asks, with_desk
from tests.handlers.faq import (
    CONTENT,
    keep,
    letters,
    now,
    private,
    publish,
    rendered,
    resolve,
    run_due,
    source,
    told,
)
from tests.handlers.prefecture import ITSUKI, KEN, MORI, NAGI, Prefecture

pytestmark = pytest.mark.screens

WAITS = "相談者さんのお返事待ち"


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
    for user in (MORI, KEN):
        assert WAITS in str(ken.read(entries.dialog, Visitor(user, "")))
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
    assert WAITS not in str(ken.read(entries.dialog, Visitor(MORI, "")))
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
    with pytest.raises(NotYours, match="相談者さんだけ"):
        ken.write(actions.answer_yes, entry.id, user, yes=yes, seen=words_key(entry.content), source=source())


def test_nobody_is_asked_for_their_yes_before_the_office_opens(ken: Prefecture) -> None:
    question_id = private(ken)
    ken.now = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)  # Saturday, at ten in the evening
    entry = keep(ken, question_id)
    assert (entry.state, entry.consent) == ("draft", "asked")
    ken.now = datetime(2026, 11, 29, 23, 29, tzinfo=UTC)
    assert ken.read(held.due, NAGI) == []
    ken.now += timedelta(minutes=1)  # Monday, half past eight
    assert [each.renderer for each in ken.read(held.due, NAGI)] == [notices.CONSENT]
    assert told(ken, NAGI) == [notices.CONSENT]

    other = private(ken)
    ken.now = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    late = keep(ken, other)
    ken.write(actions.put_away, late.id, MORI, source=source())
    ken.now += timedelta(days=1)
    run_due(ken)
    assert told(ken, NAGI) == [notices.CONSENT], "put away before anybody was asked"


# --- narrowed since ---------------------------------------------------------------------------------------------------


def before_everybody(ken: Prefecture) -> int:
    """Asked by dialog before everybody, answered, resolved."""
    with_desk(ken)
    question_id = asks(ken, audience=Audience.OPEN, field_id="device")
    thread = ken.read(questions.need, question_id).thread_ts
    ken.write(act, question_id, Verb.CLAIM, MORI, source=source())
    ken.write(capture.capture, ken.message(MORI, "電源を長押し", thread=thread))
    resolve(ken, question_id)
    return question_id


def narrowed(ken: Prefecture, question_id: int) -> None:
    ken.write(act, question_id, Verb.REOPEN, NAGI, source=source())
    ken.write(narrow, question_id, NAGI, source=f"view:{source()}")


def test_what_waits_for_review_needs_the_askers_yes_once_the_question_is_narrowed(ken: Prefecture) -> None:
    question_id = before_everybody(ken)
    entry = keep(ken, question_id)
    assert (entry.state, entry.consent) == ("review", "not_needed")
    narrowed(ken, question_id)
    back = publish(ken, entry)
    assert (back.state, back.consent) == ("draft", "asked")
    assert told(ken, NAGI, notices.CONSENT) == [notices.CONSENT]
    seen = words_key(back.content)
    agreed = ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=seen, source=source())
    assert publish(ken, agreed).state == "published"
    assert ken.read(faq_use.phrasings_of, entry.id) == []


def test_what_is_published_and_then_narrowed_is_found_by_their_words_no_more_and_can_be_taken_back(
    ken: Prefecture,
) -> None:
    question_id = before_everybody(ken)
    entry = publish(ken, keep(ken, question_id))
    assert [each.undone_at for each in ken.read(faq_use.phrasings_of, entry.id)] == [None]
    assert "載せるのをやめる" not in str(ken.read(dialogs.entry, entry.id, NAGI))
    narrowed(ken, question_id)
    assert all(each.undone_at for each in ken.read(faq_use.phrasings_of, entry.id))
    assert now(ken, entry).state == "published"
    assert "載せるのをやめる" in str(ken.read(dialogs.entry, entry.id, NAGI))
    assert "載せるのをやめる" not in str(ken.read(dialogs.entry, entry.id, ITSUKI))
    gone = ken.write(actions.answer_yes, entry.id, NAGI, yes=False, seen="", source=source())
    assert (gone.state, gone.consent) == ("archived", "refused")


@pytest.mark.parametrize("user", [MORI, KEN])
def test_other_words_of_what_was_narrowed_need_a_yes(ken: Prefecture, user: str) -> None:
    question_id = before_everybody(ken)
    entry = publish(ken, keep(ken, question_id))
    narrowed(ken, question_id)
    other = replace(entry.content, answer="ほかのことば")
    after = ken.write(actions.edit, entry.id, other, user, seen=entry.revision, source=source())
    assert (after.state, after.consent) == ("draft", "asked")
    assert told(ken, NAGI, notices.CONSENT) == [notices.CONSENT]


def test_words_proposed_before_it_was_narrowed_need_a_yes_as_well(ken: Prefecture) -> None:
    question_id = before_everybody(ken)
    entry = publish(ken, keep(ken, question_id))
    other = replace(entry.content, answer="ほかのことば")
    entry = ken.write(actions.edit, entry.id, other, MORI, seen=entry.revision, source=source())
    assert entry.proposed is not None
    narrowed(ken, question_id)
    after = publish(ken, entry, other)
    assert (after.state, after.consent, after.proposed) == ("draft", "asked", None)


def test_a_list_publishes_nothing_that_was_narrowed(ken: Prefecture) -> None:
    waits, live = before_everybody(ken), before_everybody(ken)
    entry, public = keep(ken, waits), publish(ken, keep(ken, live))
    narrowed(ken, waits)
    narrowed(ken, live)
    known = {each.id: each.consent for each in ken.read(importing.known).entries}
    assert known == {entry.id: "asked", public.id: "given"}
