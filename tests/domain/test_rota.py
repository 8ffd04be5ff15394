"""Rotas, members and turns as values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.rota import Rota, RotaMember, Scope, ScopeKind, Turn


@pytest.mark.parametrize("kind", ScopeKind)
def test_a_rota_is_general_or_for_something(kind: ScopeKind) -> None:
    general = kind is ScopeKind.GENERAL
    assert Scope(kind, "" if general else "net").kind is kind
    with pytest.raises(ValueError, match="general"):
        Scope(kind, "net" if general else "")


@pytest.mark.parametrize("wrong", [{"seats": 0}, {"deputies": 2}, {"handoff_weekday": 7}])
def test_numbers_out_of_range_are_no_rota(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no rota"):
        Rota("r", "当番", **wrong)


def test_first_and_last_days_are_included() -> None:
    member = RotaMember(
        "T1",
        "森脇",
        joins=date(2026, 4, 1),
        leaves=date(2027, 3, 31),
        contract_from=date(2026, 4, 13),
        contract_until=date(2027, 4, 30),
    )
    days = [date(2026, 4, 12), date(2026, 4, 13), date(2027, 3, 31), date(2027, 4, 1)]
    assert [member.serves_on(day) for day in days] == [False, True, True, False]


def test_turns_that_only_touch_do_not_overlap() -> None:
    one, two, three = (datetime(2026, 12, 1, hour, tzinfo=UTC) for hour in (1, 2, 3))
    assert Turn("T1", one, three).overlaps(two, three)
    assert not Turn("T1", one, two).overlaps(two, three)
