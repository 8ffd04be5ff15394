"""What a card and 「その他」 say of people before those who do not answer. On either engine."""

from __future__ import annotations

from bot.domain.question import Verb
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.surface.more import open_for
from storage import timelines
from tests.handlers.faq import answered, newest, source
from tests.handlers.prefecture import ITSUKI, KEN, MORI, NAGI, Prefecture


def timeline(ken: Prefecture, question_id: int, user: str) -> str:
    dialog = ken.read(open_for, question_id, user, "")
    return str(dialog["blocks"][0]["text"]["text"])


def test_nobody_else_reads_that_somebody_has_a_conflict_of_interest(ken: Prefecture) -> None:
    question_id = answered(ken)
    ken.write(act, question_id, Verb.STEP_ASIDE, MORI, source=source())
    assert "MORIさんが担当から外れました" in timeline(ken, question_id, KEN)
    for user in (ITSUKI, NAGI):
        shown = timeline(ken, question_id, user)
        assert "担当を替えました" in shown
        assert "外れました" not in shown
        last = shown.splitlines()[-1]
        assert "さんが" not in last, last


def test_nobody_else_reads_whom_a_question_had_to_be_asked_twice(ken: Prefecture) -> None:
    ken.write(capture.capture, ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか"))
    question_id = newest(ken)
    ken.later(hours=8)
    ken.write(act, question_id, Verb.CLAIM, KEN, source=source())
    ken.later(days=4)
    verbs = {event.verb for event in ken.read(timelines.timeline, question_id)}
    assert {"escalate", "remind"} <= verbs
    assert "返信をお願いしました" in timeline(ken, question_id, KEN)
    assert "次の担当に回しました" in timeline(ken, question_id, KEN)
    shown = timeline(ken, question_id, NAGI)
    assert "担当を替えました" in shown
    assert "返信をお願いしました" not in shown
    assert "次の担当に回しました" not in shown
