"""Who is asked while a contract begins and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.domain.question import Verb
from handlers.common.quiet import GATHER
from handlers.members.form import parse
from handlers.members.hours import DAY
from handlers.members.loading import load
from handlers.questions.intake.capture import capture
from handlers.questions.lifecycle.actions import act
from handlers.rota import leaving
from storage import due, held, members, questions, rotas
from storage.database import Transaction
from tests.handlers.prefecture import ARIMA, FILE, HERE, KEN, MORI, NAGI, TOKANO, Prefecture
from tests.handlers.test_rota import runs, tokyo

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
TUESDAY_TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
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


def given_to_mori(ken: Prefecture, ends: str | None, begins: str | None = None) -> int:
    """A question that MORI has taken, whose contract is such from then on."""
    asked = ken.message(NAGI, BROKEN)
    ken.write(capture, asked)
    found = ken.read(questions.in_thread, HERE, asked.ts)
    assert found is not None
    assert found.responsible == MORI
    ken.write(act, found.id, Verb.CLAIM, MORI, source="claim")
    days = {"contract_from": begins, "contract_until": ends}
    ken.write(load, parse({"talents": [FILE["talents"][0] | days]}))
    return found.id


def looked(ken: Prefecture, question_id: int) -> str | None:
    ken.write(leaving.look)
    ken.run_due()
    return ken.read(questions.need, question_id).responsible


@pytest.mark.parametrize(
    ("begins", "ends", "stays"),
    [
        (None, None, True),
        (None, "2026-11-25", True),
        (None, "2026-11-24", False),
        ("2026-12-01", "2027-03-31", False),
    ],
)
def test_on_the_day_after_the_last_it_goes_on_and_the_desk_hears_once(
    ken: Prefecture, begins: str | None, ends: str | None, stays: bool
) -> None:
    found = given_to_mori(ken, ends, begins)
    ken.now = TUESDAY_TEN + timedelta(hours=1)
    assert looked(ken, found) == (MORI if begins is None else ARIMA)
    ken.now = WEDNESDAY
    assert (looked(ken, found) == MORI) is stays
    looked(ken, found)
    assert sum(leaving.TO_DESK in key for key in ken.rings(KEN)) == (not stays)
    assert sum("handed_over" in key for key in ken.rings(ARIMA)) == (not stays)


def test_the_desk_hears_of_it_with_all_else_of_that_morning(ken: Prefecture) -> None:
    given_to_mori(ken, "2026-11-24")
    ken.now = tokyo(11, 25, 8, 30)
    ken.write(leaving.look)
    (letter,) = ken.read(partial(held.due, within=GATHER), KEN)
    assert (letter.renderer, letter.waits) == (leaving.TO_DESK, True)


def test_what_somebody_takes_after_their_last_day_stays_with_them(ken: Prefecture) -> None:
    found = given_to_mori(ken, "2026-11-23")
    assert looked(ken, found) == MORI
    assert not [key for key in ken.rings(KEN) if leaving.TO_DESK in key]


def test_with_nobody_left_it_stays(ken: Prefecture) -> None:
    found = given_to_mori(ken, "2026-11-24")
    people = [{"user_id": user, "name": "", "permission": "asker"} for user in (ARIMA, TOKANO, KEN)]
    ken.write(lambda tx: members.save_members(tx, people, overwrite=("permission",)))
    ken.now = WEDNESDAY
    assert looked(ken, found) == MORI
    assert ken.read(questions.need, found).next_at is not None


def test_a_contract_ends_where_there_is_no_rota(ken: Prefecture) -> None:
    found = given_to_mori(ken, None)

    def without_rotas(tx: Transaction) -> None:
        for rota in rotas.living(tx):
            rotas.archive(tx, rota.id)
        due.cancel(tx, DAY)

    ken.write(without_rotas)
    ken.write(
        load, parse({"talents": [FILE["talents"][0] | {"contract_until": "2026-11-24", "duty": False}]})
    )
    assert ken.read(rotas.living) == ()
    ken.now = WEDNESDAY
    runs(ken)
    ken.run_due()
    assert ken.read(questions.need, found).responsible == KEN
    assert sum(leaving.TO_DESK in key for key in ken.rings(KEN)) == 1
    assert ken.read(due.is_scheduled, DAY)
