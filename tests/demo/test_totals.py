"""When the figures are right, and what is said when they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.demo.totals import Totals

CLEAN = Totals(
    asked=5,
    received=4,
    set_aside=1,
    waiting=1,
    answered=1,
    closed={"resolved": 1, "withdrawn": 1},
    posts=4,
    updates=3,
    duplicates=0,
    dead_letters=0,
    seconds=1.0,
)


def test_clean_books_leave_nothing_to_say() -> None:
    assert CLEAN.wrong() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"asked": 6}, "相談 6 件 ≠ 受付 4 + 相談ではないもの 1"),
        ({"waiting": 2}, "受付 4 ≠ 未回答 2 + 回答あり 1 + 終了 2"),
        ({"closed": {}}, "受付 4 ≠ 未回答 1 + 回答あり 1 + 終了 0"),
        ({"duplicates": 1}, "二重になったものが 1 件あります"),
        ({"dead_letters": 2}, "届けられないお知らせが 2 件あります"),
    ],
)
def test_each_thing_that_is_wrong_is_said(change: dict[str, Any], said: str) -> None:
    assert replace(CLEAN, **change).wrong() == [said]
