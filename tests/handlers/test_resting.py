"""「あとで」 and the day on which an answer is needed: who may, until when, what follows. On either engine."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.question import Verb
from bot.errors import NotPossibleNow, NotYours
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.lifecycle.resting import put_off, set_needed
from storage import ledger, questions
from storage.questions import Question
from tests.handlers.desk import asks, read
from tests.handlers.prefecture import ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY = date(2026, 12, 4)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


def claimed(ken: Prefecture) -> Question:
    question_id = asks(ken, NAGI, BROKEN, field_id="device", audience="open")
    ken.write(act, question_id, Verb.CLAIM, MORI, source="action:claim")
    return read(ken, question_id)


def test_it_rests_until_the_day_begins_and_then_whoever_has_it_is_told_that_morning(ken: Prefecture) -> None:
    question = claimed(ken)
    ken.write(put_off, question.id, MORI, FRIDAY, "担当課に\n確かめます", source="view:1")
    after = read(ken, question.id)
    assert (after.state, after.later_why) == ("claimed", "担当課に 確かめます")
    assert (after.later_at, after.next_at, after.next_step) == (at(12, 4), at(12, 4), "resume")
    assert after.target_at == at(12, 4, 17, 15)
    assert ken.read(ledger.without_next_step) == []
    before = ken.rings(MORI)
    ken.now = at(12, 3, 23, 59)
    ken.run_due()
    assert ken.rings(MORI) == before, "nobody reminds them meanwhile"
    ken.now = at(12, 4, 0, 1)
    ken.run_due()
    (told,) = ken.rings(MORI)[len(before) :]
    assert told.startswith("direct:question.resume:")
    assert read(ken, question.id).next_step == "remind"
    ken.now = at(12, 7, 9, 1)
    ken.run_due()
    assert any("question.remind:" in key for key in ken.rings(MORI)), "a working day without a word"


def test_what_nobody_has_claimed_is_claimed_by_putting_it_off(ken: Prefecture) -> None:
    question_id = asks(ken, NAGI, BROKEN, field_id="device", audience="open")
    ken.write(put_off, question_id, MORI, FRIDAY, "", source="view:1")
    after = read(ken, question_id)
    assert (after.state, after.later_why, after.claimed_at) == ("claimed", None, ken.now)
    ken.write(undo, question_id, MORI, source="action:2")
    again = read(ken, question_id)
    assert (again.state, again.later_at, again.next_step) == ("assigned", None, "escalate")


@pytest.mark.parametrize("user", [KEN, TOKANO, NAGI, ITSUKI, "U0NOBODY"])
def test_only_who_has_it_puts_it_off(ken: Prefecture, user: str) -> None:
    question = claimed(ken)
    with pytest.raises(NotYours):
        ken.write(put_off, question.id, user, FRIDAY, "", source="view:1")
    assert read(ken, question.id) == question


@pytest.mark.parametrize("day", [None, date(2026, 11, 24), date(2026, 12, 5), date(2027, 12, 3)])
def test_a_day_that_cannot_be_changes_nothing_and_may_be_put_right(ken: Prefecture, day: date | None) -> None:
    question = claimed(ken)
    with pytest.raises(NotPossibleNow):
        ken.write(put_off, question.id, MORI, day, "", source="view:1")
    assert read(ken, question.id) == question
    ken.write(put_off, question.id, MORI, FRIDAY, "", source="view:1")
    assert read(ken, question.id).later_at == at(12, 4)


def test_other_hands_or_an_answer_end_the_rest(ken: Prefecture) -> None:
    question = claimed(ken)
    ken.write(put_off, question.id, MORI, FRIDAY, "出張", source="view:1")
    ken.write(act, question.id, Verb.HAND_OVER, KEN, source="action:2", person=TOKANO)
    after = read(ken, question.id)
    assert (after.later_at, after.later_why, after.next_step) == (None, None, "escalate")
    assert after.target_at < at(11, 25), "a first reply is owed by them as by anybody"
    ken.write(act, question.id, Verb.ANSWER, TOKANO, source="action:3")
    with pytest.raises(NotPossibleNow):
        ken.write(put_off, question.id, TOKANO, FRIDAY, "", source="view:4")


def test_a_nearer_deadline_makes_the_promise_earlier_and_is_recalled_the_day_before(ken: Prefecture) -> None:
    question_id = asks(ken, NAGI, BROKEN, field_id="device", audience="open")
    before = read(ken, question_id)
    ken.write(set_needed, question_id, NAGI, date(2026, 11, 24), source="view:1")
    today = read(ken, question_id)
    assert today.target_at < before.target_at
    assert any("question.needed:" in key for key in ken.rings(MORI))
    ken.write(set_needed, question_id, KEN, date(2026, 11, 27), source="view:2")
    assert read(ken, question_id).target_at == today.target_at, "later by no means"
    ken.write(act, question_id, Verb.CLAIM, MORI, source="action:3")
    ken.now = at(11, 25, 10)
    message = ken.message(MORI, "確かめています", thread=before.thread_ts, channel=before.channel)
    ken.write(capture.capture, message)
    assert read(ken, question_id).next_step in {"deadline", "assume_answered", "remind"}
    ken.write(set_needed, question_id, NAGI, None, source="view:4")
    assert read(ken, question_id).needed_on is None


def test_whoever_answers_hears_of_a_deadline_in_the_morning_before_it(ken: Prefecture) -> None:
    question = claimed(ken)
    ken.write(put_off, question.id, MORI, FRIDAY, "", source="view:1")
    ken.write(set_needed, question.id, NAGI, FRIDAY, source="view:2")
    assert read(ken, question.id).later_at == at(12, 4)
    assert (read(ken, question.id).next_step, read(ken, question.id).next_at) == ("deadline", at(12, 3))
    ken.now = at(12, 3, 0, 1)
    ken.run_due()
    assert any("question.deadline:" in key for key in ken.rings(MORI))
    assert read(ken, question.id).next_step == "resume"
    ken.write(set_needed, question.id, NAGI, date(2026, 12, 3), source="view:3")
    after = read(ken, question.id)
    assert after.later_at is None, "it cannot rest beyond the day it is needed"
    assert after.next_at is not None
    assert after.next_at > ken.now


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2028, 1, 1)])
def test_a_day_on_which_nothing_can_be_needed(ken: Prefecture, day: date) -> None:
    question = claimed(ken)
    with pytest.raises(NotPossibleNow):
        ken.write(set_needed, question.id, NAGI, day, source="view:1")
    with pytest.raises(NotYours):
        ken.write(set_needed, question.id, ITSUKI, FRIDAY, source="view:2")
    assert ken.read(questions.need, question.id) == question
