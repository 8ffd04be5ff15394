"""A flood of questions lies with everybody on duty, not with one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from handlers.questions.intake import capture
from storage.tables import questions
from tests.handlers.prefecture import ARIMA, MORI, TOKANO, Prefecture

FLOOD = 120


def test_what_has_no_known_field_is_shared_however_much_there_is(ken: Prefecture) -> None:
    for number in range(FLOOD):
        ken.now += timedelta(milliseconds=1)
        ken.write(capture.capture, ken.message(f"U0ASK{number}", "先日の件はどうなりましたか"))
    query = select(questions.c.responsible, questions.c.field_id)
    found = ken.read(lambda tx: tx.connection.execute(query).all())
    assert {row.field_id for row in found} == {"other"}
    shares = Counter(row.responsible for row in found)
    assert shares.keys() == {MORI, ARIMA, TOKANO}
    assert max(shares.values()) < 2 * min(shares.values())
