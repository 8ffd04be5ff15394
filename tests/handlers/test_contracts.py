"""Who is asked while a contract begins and ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.intake.capture import capture
from storage import questions
from tests.handlers.prefecture import FILE, HERE, MORI, NAGI, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
TUESDAY_TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "asked_at", "is_asked"),
    [
        ("2026-11-24", "2026-11-24", TUESDAY_TEN, True),
        (None, "2026-11-23", TUESDAY_TEN, False),
        ("2026-11-25", None, TUESDAY_TEN, False),
        (None, "2026-11-24", TUESDAY_NIGHT, False),  # the work begins tomorrow
        ("2026-11-25", None, TUESDAY_NIGHT, True),
    ],
)
def test_only_who_is_under_contract_when_the_work_begins_is_asked(
    ken: Prefecture, begins: str | None, ends: str | None, asked_at: datetime, is_asked: bool
) -> None:
    talent = FILE["talents"][0] | {"contract_from": begins, "contract_until": ends}
    ken.write(load, parse({"talents": [talent]}))
    ken.now = asked_at
    asked = ken.message(NAGI, BROKEN)
    ken.write(capture, asked)
    found = ken.read(questions.in_thread, HERE, asked.ts)
    assert found is not None
    assert (found.responsible == MORI) is is_asked
