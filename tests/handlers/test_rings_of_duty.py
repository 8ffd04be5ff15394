"""Duty, absence and letters together: nobody is rung while they are away, and no letter says what does not hold any more."""

from __future__ import annotations

from handlers.common import quiet
from handlers.common.working import at_work
from handlers.rota import away
from tests.handlers.prefecture import ARIMA, MORI, Prefecture
from tests.handlers.test_rota import tokyo


def test_nobody_is_rung_while_they_are_away(ken: Prefecture) -> None:
    """Two absences in a row are one; their questions are reckoned by their hours as ever, so that the desk hears of them."""
    for first, last in ((24, 26), (26, 27)):
        ken.write(away.add, MORI, tokyo(11, first, 0), tokyo(11, last, 0), said=None, actor=MORI)
    back = tokyo(11, 27, 9)
    for renderer in ("question.handed_over", "question.remind"):
        assert ken.read(quiet.told_at, MORI, renderer) == back
    assert ken.read(quiet.told_at, MORI, "emergency.again") == ken.now
    assert ken.read(quiet.told_at, ARIMA, "question.handed_over") == ken.now
    assert ken.read(at_work, MORI, ken.now) == ken.now
