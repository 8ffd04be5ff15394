"""Whose business time counts: the body's while its asker is waited for, the prefecture's for those who answer; and what
follows when it changes. On either engine."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import opening_hours
from bot.domain.asking import Audience
from bot.domain.question import Step, Verb
from handlers.members.offices import CALENDAR, keep_office
from handlers.questions.intake import capture
from handlers.questions.lifecycle import recounting
from handlers.questions.lifecycle.actions import act
from storage import due, questions, timelines, workspace
from storage.offices import Office
from storage.tables import due_work
from tests.handlers.desk import MINE, asks, read
from tests.handlers.faq import source
from tests.handlers.prefecture import BODY, KEN, MORI, NAGI, OTHER_BODY, Prefecture
from tests.handlers.test_opening_hours import BROKEN


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Tokyo; the 24th is a Tuesday."""
    return datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour - 9, minutes=minute)


def waits(ken: Prefecture) -> int:
    """A question that was answered now, whose asker is waited for; returns its id."""
    ken.write(capture.capture, ken.message(NAGI, BROKEN, at=ken.now - timedelta(minutes=3 * next(_apart))))
    question_id = ken.read(lambda tx: questions.living_after(tx, 0, most=100)[-1].id)
    ken.write(act, question_id, Verb.CLAIM, MORI, source=source())
    ken.write(act, question_id, Verb.ANSWER, MORI, source=source())
    return question_id


_apart = itertools.count(1)


def closed(ken: Prefecture, code: str | None, *days: str, opened: tuple[str, ...] = ()) -> None:
    hours = opening_hours.USUAL if code is None else None
    ken.write(keep_office, KEN, code, Office(hours, days, opened))
    ken.run_due()


def next_of(ken: Prefecture, question_id: int) -> tuple[str | None, datetime | None]:
    """What happens by itself next, which is what falls due."""
    found = read(ken, question_id)
    d = due_work.c
    key = f"question.next:{question_id}"
    row = ken.read(
        lambda tx: tx.connection.execute(
            due_work.select().where(d.workspace == tx.workspace, d.key == key)
        ).one()
    )
    assert row.due_at == found.next_at
    return found.next_step, found.next_at


def test_an_asker_is_waited_for_in_their_bodys_time(ken: Prefecture) -> None:
    closed(ken, BODY, "11-25 開庁記念日")
    question_id = waits(ken)
    assert next_of(ken, question_id) == (Step.NUDGE, at(30, 10)), "three days of theirs: 26, 27, 30"
    ken.now = at(30, 10)
    ken.run_due()
    assert next_of(ken, question_id) == (Step.NO_REPLY, at(38, 8, 30)), "counted from when it is read"


def test_the_prefectures_closures_are_not_the_askers(ken: Prefecture) -> None:
    closed(ken, None, "11-25 県の記念日")
    assert next_of(ken, waits(ken)) == (Step.NUDGE, at(27, 10))


def test_a_promise_counts_in_the_prefectures_time(ken: Prefecture) -> None:
    closed(ken, BODY, "11-24 開庁記念日")
    ken.write(capture.capture, ken.message(NAGI, BROKEN))
    assert read(ken, 1).target_at == at(24, 15)
    ken.write(act, 1, Verb.CLAIM, MORI, source=source())
    assert next_of(ken, 1) == (Step.REMIND, at(25, 10))


def test_half_an_hour_to_choose_is_the_bodys(ken: Prefecture) -> None:
    closed(ken, BODY, "2026-11-24 臨時休庁")
    question_id = asks(ken, audience=Audience.UNDECIDED)
    assert read(ken, question_id).channel in {"", MINE}
    assert next_of(ken, question_id) == (Step.DECIDE, at(25, 9))


@pytest.mark.parametrize(
    ("days", "opened", "nudged"),
    [
        (("2026-11-26 停電",), (), at(30, 10)),
        (("2026-11-25~2026-11-27",), (), at(32, 10)),
        ((), ("2026-11-28 臨時開庁",), at(27, 10)),
        (("11-27",), ("2026-11-28 臨時開庁",), at(28, 10)),
    ],
)
def test_what_is_still_to_come_moves_with_a_bodys_days(
    ken: Prefecture, days: tuple[str, ...], opened: tuple[str, ...], nudged: datetime
) -> None:
    question_id = waits(ken)
    timeline = ken.read(timelines.timeline, question_id)
    ken.now = at(25, 9)
    closed(ken, BODY, *days, opened=opened)
    assert next_of(ken, question_id) == (Step.NUDGE, nudged)
    assert ken.read(timelines.timeline, question_id) == timeline, "nothing was done to it"
    closed(ken, BODY)
    assert next_of(ken, question_id) == (Step.NUDGE, at(27, 10)), "and back"


def test_another_bodys_days_move_nothing(ken: Prefecture) -> None:
    question_id = waits(ken)
    before = read(ken, question_id)
    closed(ken, OTHER_BODY, "11-26")
    assert read(ken, question_id) == before


def test_what_was_promised_stays_and_what_was_not_moves(ken: Prefecture) -> None:
    ken.write(capture.capture, ken.message(NAGI, BROKEN))
    ken.write(capture.capture, ken.message(NAGI, BROKEN, at=ken.now + timedelta(minutes=5)))
    ken.write(act, 2, Verb.CLAIM, MORI, source=source())
    assert next_of(ken, 2) == (Step.REMIND, at(25, 10))
    ken.now = at(24, 11)
    closed(ken, None, "2026-11-24 停電", "11-25")
    assert next_of(ken, 1) == (Step.ESCALATE, at(24, 15)), "that stands on the card"
    assert read(ken, 1).target_at == at(24, 15)
    assert next_of(ken, 2) == (Step.REMIND, at(27, 9)), "from the opening on the 26th, when they work"


def test_what_would_have_come_already_comes_at_the_next_opening(ken: Prefecture) -> None:
    closed(ken, BODY, "2026-11-25~2026-11-27")
    question_id = waits(ken)
    assert next_of(ken, question_id) == (Step.NUDGE, at(32, 10))
    ken.now = at(28, 12)
    closed(ken, BODY)
    assert next_of(ken, question_id) == (Step.NUDGE, at(30, 8, 30)), "not on a Saturday"


def test_many_are_looked_at_a_few_at_a_time_and_a_change_begins_anew(
    ken: Prefecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    ids = [waits(ken) for _ in range(5)]
    ken.write(keep_office, KEN, BODY, Office(closures=("11-26",)))
    assert not ken.write(keep_office, KEN, BODY, Office(closures=("11-26",))), "no change, nothing to do"
    ken.write(due.run_next, {CALENDAR: recounting.calendar_changed})
    moved = [read(ken, each).next_at for each in ids]
    assert moved == [at(30, 10)] * 2 + [at(27, 10)] * 3
    ken.write(keep_office, KEN, BODY, Office())
    ken.run_due()
    assert [read(ken, each).next_at for each in ids] == [at(27, 10)] * 5


def test_a_closed_question_is_left_alone(ken: Prefecture) -> None:
    question_id = waits(ken)
    ken.write(act, question_id, Verb.RESOLVE, NAGI, source=source())
    before = read(ken, question_id)
    closed(ken, BODY, "11-26")
    assert read(ken, question_id) == before


def test_another_zone_has_its_own_mornings(ken: Prefecture) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, zone="Asia/Dhaka"))
    closed(ken, BODY, "11-25")
    ken.write(capture.capture, ken.message(NAGI, BROKEN))
    assert read(ken, 1).target_at == at(24, 16, 30), "asked at seven there, half an hour after lunch there"
    ken.write(act, 1, Verb.CLAIM, MORI, source=source())
    ken.write(act, 1, Verb.ANSWER, MORI, source=source())
    assert next_of(ken, 1) == (Step.NUDGE, at(30, 11, 30)), "from half past eight there"
