"""An entry from the offer to its publication: who may do what, who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.question import Verb
from bot.errors import NotPossibleNow, NotYours
from handlers.faq import actions, dialogs, notices
from handlers.faq.parts import parts
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from storage import faq, faq_use, members
from tests.handlers.faq import (
    ASKED,
    CONTENT,
    answered,
    keep,
    letters,
    newest,
    now,
    publish,
    published,
    rendered,
    resolve,
    run_due,
    source,
    told,
)
from tests.handlers.prefecture import ARIMA, ITSUKI, KEN, MORI, NAGI, Prefecture

pytestmark = pytest.mark.screens


def shown(ken: Prefecture, user: str, renderer: str) -> str:
    (letter,) = letters(ken, user, renderer)
    message = rendered(ken, letter)
    assert message is not None
    return str(message.blocks) + message.text


# --- the offer ------------------------------------------------------------------------------------------------------


def test_who_answered_is_offered_to_keep_it_once_when_it_cannot_be_taken_back_any_more(
    ken: Prefecture,
) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    run_due(ken)
    assert told(ken, MORI) == []
    ken.now += timedelta(minutes=10)
    run_due(ken)
    assert told(ken, MORI) == [notices.OFFER]
    assert told(ken, KEN) == told(ken, NAGI) == []
    ken.write(act, question_id, Verb.REOPEN, NAGI, source=source())
    resolve(ken, question_id)
    ken.now += timedelta(minutes=10)
    run_due(ken)
    assert len(letters(ken, MORI)) == 1


def test_what_was_taken_back_is_offered_to_nobody(ken: Prefecture) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    ken.write(undo, question_id, NAGI, source=source())
    ken.now += timedelta(hours=1)
    run_due(ken)
    assert letters(ken, MORI) == []


def test_without_a_written_answer_there_is_nothing_to_keep(ken: Prefecture) -> None:
    said = ken.message(NAGI, ASKED)
    ken.write(capture.capture, said)
    question_id = newest(ken)
    ken.write(act, question_id, Verb.CLAIM, MORI, source=source())
    resolve(ken, question_id)
    ken.now += timedelta(hours=1)
    run_due(ken)
    assert letters(ken, MORI) == []


def test_once_it_is_kept_the_offer_says_nothing_any_more(ken: Prefecture) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    ken.now += timedelta(minutes=10)
    run_due(ken)
    keep(ken, question_id)
    assert told(ken, MORI) == []


# --- keeping --------------------------------------------------------------------------------------------------------


def test_the_dialog_begins_with_the_thread_without_names(ken: Prefecture) -> None:
    view = ken.read(dialogs.keep, answered(ken), MORI)
    values = {
        block["block_id"]: block["element"].get("initial_value")
        for block in view["blocks"]
        if block["type"] == "input"
    }
    assert values["faq_question"] == "パソコンの画面が真っ暗です。ある市の担当の方です。どうすればいいですか"
    assert values["faq_answer"] == "担当の方、電源を長押ししてください"
    assert "札幌市、浜野" in str(view)
    assert "同意" not in str(view)


@pytest.mark.parametrize("user", [NAGI, ITSUKI, "U0FREMD"])
def test_who_did_not_answer_cannot_keep_it(ken: Prefecture, user: str) -> None:
    question_id = answered(ken)
    with pytest.raises(NotYours, match="答えた方"):
        ken.read(dialogs.keep, question_id, user)
    with pytest.raises(NotYours):
        keep(ken, question_id, user=user)
    assert ken.read(faq.from_question, question_id) is None


def test_it_is_kept_once(ken: Prefecture) -> None:
    question_id, press = answered(ken), source()
    first = ken.write(actions.keep, question_id, CONTENT, MORI, source=press)
    assert ken.write(actions.keep, question_id, CONTENT, MORI, source=press) == first
    with pytest.raises(NotPossibleNow, match="もうFAQに残されて"):
        keep(ken, question_id, user=KEN)


def test_a_kept_answer_waits_for_review_and_the_coordinators_hear_of_it(ken: Prefecture) -> None:
    entry = keep(ken, answered(ken))
    assert (entry.state, entry.consent) == ("review", "not_needed")
    assert told(ken, KEN) == [notices.TO_REVIEW]
    assert "画面が真っ暗なとき" in shown(ken, KEN, notices.TO_REVIEW)
    assert told(ken, MORI) == []


# --- review ---------------------------------------------------------------------------------------------------------


def test_a_coordinator_publishes_it_and_its_author_hears_of_it(ken: Prefecture) -> None:
    question_id = answered(ken)
    entry = publish(ken, keep(ken, question_id), replace(CONTENT, answer="長押しです。"))
    assert (entry.state, entry.content.answer) == ("published", "長押しです。")
    assert told(ken, MORI) == [notices.PUBLISHED]
    assert told(ken, KEN) == []  # nothing waits any more
    (phrasing,) = ken.read(faq_use.phrasings_of, entry.id)
    assert phrasing.words == "パソコンの画面が真っ暗です。ある市の担当の方です。どうすればいいですか"
    assert (phrasing.author, phrasing.question_id) == (NAGI, question_id)
    assert [each.verb for each in ken.read(faq.history, entry.id)] == ["keep", "submit", "edit", "publish"]


@pytest.mark.parametrize("user", [MORI, ARIMA, NAGI])
def test_nobody_else_publishes(ken: Prefecture, user: str) -> None:
    entry = keep(ken, answered(ken))
    with pytest.raises(NotYours):
        publish(ken, entry, user=user)
    assert now(ken, entry) == entry


def test_a_coordinator_gives_it_back_with_a_word_and_it_comes_again(ken: Prefecture) -> None:
    entry = keep(ken, answered(ken))
    back = ken.write(
        actions.decide,
        entry.id,
        CONTENT,
        KEN,
        publish=False,
        note="出典をお願いします",
        seen=entry.revision,
        source=source(),
    )
    assert back.state == "draft"
    assert told(ken, MORI) == [notices.RETURNED]
    assert "出典をお願いします" in shown(ken, MORI, notices.RETURNED)
    better = replace(CONTENT, sources=("手引き",))
    again = ken.write(actions.edit, entry.id, better, MORI, seen=back.revision, source=source())
    assert (again.state, again.content) == ("review", better)
    assert told(ken, KEN) == [notices.TO_REVIEW, notices.TO_REVIEW]  # both lead to the same dialog
    assert len(letters(ken, KEN)) == 2


def test_two_at_once_the_second_reads_first_what_the_other_wrote(ken: Prefecture) -> None:
    entry = published(ken)
    ken.write(
        actions.edit, entry.id, replace(CONTENT, answer="一"), KEN, seen=entry.revision, source=source()
    )
    with pytest.raises(NotPossibleNow, match="先に"):
        ken.write(
            actions.edit, entry.id, replace(CONTENT, answer="二"), MORI, seen=entry.revision, source=source()
        )
    assert now(ken, entry).content.answer == "一"


def test_the_same_press_again_changes_nothing(ken: Prefecture) -> None:
    entry, press = published(ken), source()
    for _ in range(2):
        ken.write(
            actions.edit, entry.id, replace(CONTENT, answer="一"), MORI, seen=entry.revision, source=press
        )
    assert now(ken, entry).revision == entry.revision + 1


def test_whose_permission_is_gone_cares_for_it_no_more(ken: Prefecture) -> None:
    entry = published(ken)
    assert ken.read(parts, entry, MORI)
    row = {"user_id": MORI, "name": "森", "permission": "asker"}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["permission"]))
    assert ken.read(parts, entry, MORI) == frozenset()
