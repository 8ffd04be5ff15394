"""What nobody follows is mended once, and logged; what does not hold stays for health to say. On either engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bot.domain.question import Verb
from handlers.questions.lifecycle.actions import act
from handlers.questions.lifecycle.repairing import Repaired, anything_to_repair, repair
from storage import absences, ledger, questions, talents
from storage.database import Transaction
from storage.tables import audit, due_work, members
from storage.tables import questions as table
from tests.handlers.desk import asks, read
from tests.handlers.prefecture import MORI, NAGI, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def without(**values: Any) -> Callable[[Transaction], None]:
    return lambda tx: void(tx.connection.execute(update(table).values(**values)))


def void(_: object) -> None:
    return None


def unscheduled(tx: Transaction) -> None:
    tx.connection.execute(delete(due_work))


@pytest.mark.parametrize(
    ("harm", "how"),
    [
        (without(responsible=None), "given to somebody"),
        (without(next_at=None), "next step planned anew"),
        (without(next_step=None, next_at=None), "next step planned anew"),
        (unscheduled, "next step scheduled anew"),
    ],
    ids=["nobody", "no moment", "no step", "no row"],
)
def test_it_is_mended_once_and_then_said(
    ken: Prefecture, harm: Callable[[Transaction], None], how: str
) -> None:
    question_id = asks(ken, NAGI, BROKEN, field_id="device")
    assert ken.write(repair) == []
    assert not ken.read(anything_to_repair)
    before = read(ken, question_id)
    ken.write(harm)
    assert ken.read(anything_to_repair)
    assert ken.read(ledger.without_next_step) == [1]
    assert ken.write(repair) == [Repaired(1, how)]
    assert ken.read(ledger.without_next_step) == []
    after = read(ken, question_id)
    assert (after.responsible, after.state) == (MORI, "assigned")
    assert after.next_at is not None
    assert after.next_at >= ken.now
    assert after.next_at == before.next_at

    ken.now += timedelta(hours=1)
    ken.write(harm)
    assert ken.write(repair) == [], "it did not hold"
    assert ken.read(ledger.without_next_step) == [1]
    ken.now += timedelta(days=1)
    assert len(ken.write(repair)) == 1, "the day after it is tried again"
    noted = select(audit.c.detail).where(audit.c.what == "question repaired").order_by(audit.c.id)
    assert ken.read(lambda tx: list(tx.connection.execute(noted).scalars()))[0] == {"number": 1, "how": how}


def test_what_is_merely_late_is_done_late_and_not_skipped(ken: Prefecture) -> None:
    question_id = asks(ken, NAGI, BROKEN, field_id="device")
    ken.now += timedelta(days=21)
    assert ken.read(ledger.without_next_step) == [1], "health says so"
    assert ken.write(repair) == []
    ken.run_due()
    assert read(ken, question_id).next_step != "escalate" or read(ken, question_id).responsible != MORI


def test_what_was_answered_gets_a_person_without_a_ring(ken: Prefecture) -> None:
    question_id = asks(ken, NAGI, BROKEN, field_id="device")
    for verb in (Verb.CLAIM, Verb.ANSWER):
        ken.write(act, question_id, verb, MORI, source=f"action:{verb}")
    ken.write(without(responsible=None))
    rings = {user: ken.rings(user) for user in (MORI, "U0ARIMA", "U0TOKANO", "U0KEN")}
    ken.write(repair)
    after = read(ken, question_id)
    assert after.responsible is not None
    assert after.state == "answered"
    assert {user: ken.rings(user) for user in rings} == rings


def test_where_nobody_is_left_it_stays_and_is_named(ken: Prefecture) -> None:
    question_id = asks(ken, NAGI, BROKEN, field_id="device")
    for user in ken.read(talents.active):
        ken.write(absences.add, user, ken.now, absences.OPEN, said=None, made_by=user)
    gone = update(members).where(members.c.permission != "asker").values(permission="asker")
    ken.write(lambda tx: void(tx.connection.execute(gone)))
    ken.write(without(responsible=None))
    assert ken.write(repair) == []
    assert ken.read(ledger.without_next_step) == [1]
    assert ken.read(questions.need, question_id).repaired_at is None
