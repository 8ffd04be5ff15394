"""The prefecture's own opening hours: what a promise counts by. On either engine."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.questions.intake import capture
from storage import workspace
from tests.handlers.desk import read
from tests.handlers.prefecture import NAGI, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def asked(ken: Prefecture) -> datetime:
    ken.write(capture.capture, ken.message(NAGI, BROKEN))
    return read(ken, 1).target_at


def test_a_promise_counts_the_usual_hours(ken: Prefecture) -> None:
    assert asked(ken) == datetime(2026, 11, 24, 6, 0, tzinfo=UTC), "10:00 and four hours without lunch"


def test_or_those_of_the_set_up(ken: Prefecture) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, hours="9:00〜12:00"))
    assert asked(ken) == datetime(2026, 11, 25, 2, 0, tzinfo=UTC), "two hours today, two tomorrow"
