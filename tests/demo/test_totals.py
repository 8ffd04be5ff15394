"""When the figures are right, and what is said when they are not."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot import demo
from bot.demo.cast import asagi
from bot.demo.sessions import unlike
from bot.demo.totals import Ending, Totals

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


HELD, SAID, TOLD = 1, 2, 6
"""What the script of the week has of sessions, of what they say about questions, of digests."""


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((HELD - 1, SAID, TOLD), "開いた勉強会が、台本では 1 件、記録では 0 件です。"),
        ((HELD, SAID - 1, TOLD), "スレッドに戻したまとめが、台本では 2 件、記録では 1 件です。"),
        ((HELD, SAID, TOLD - 1), "週のお知らせが、台本では 6 件、記録では 5 件です。"),
        ((HELD, SAID, TOLD + 1), "週のお知らせが、台本では 6 件、記録では 7 件です。"),  # one came twice
        ((HELD, SAID, TOLD), None),
    ],
)
async def test_a_session_or_a_digest_that_is_missing_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, found: tuple[int, int, int], said: str | None
) -> None:
    """The week is not played here; only its end is looked at, with clean books."""
    held, outcomes, digests = found
    end = Ending(replace(CLEAN, sessions_held=held, outcomes=outcomes, digests=digests), 0, (), {})
    missed: list[str] = []

    async def nothing(*_: Any, **__: Any) -> list[str]:
        return []

    async def counted(*_: Any) -> Ending:
        return end

    async def told(_stage: Any, _scribe: Any, end: Ending, _asked: Any, wrong: list[str]) -> Ending:
        missed.extend(wrong)
        return end

    @contextlib.asynccontextmanager
    async def stage(*_: Any, **__: Any) -> AsyncIterator[Any]:
        yield SimpleNamespace(control=None, people={}, tell_at_once=nothing)

    day = SimpleNamespace(play=nothing, missed=[], numbers={})
    for name, stands_in in (
        ("opened", stage),
        ("Scribe", lambda *_: SimpleNamespace()),
        ("Day", lambda *_: day),
        ("_prologue", lambda *_: None),
        ("_epilogue", told),
        ("seen_elsewhere", nothing),
    ):
        monkeypatch.setattr(demo, name, stands_in)
    monkeypatch.setattr(demo.totals, "read_questions", nothing)
    monkeypatch.setattr(demo.totals, "ending", counted)
    play = demo.play_story(
        questions=None, json_file=None, database_url=None, say=lambda _: None, progress=False
    )
    assert await play == (0 if said is None else 1)
    assert missed == ([] if said is None else [said])
    assert list(unlike(asagi(), *found)) == missed
