"""The figures of ticks: a small run of them measures what it says."""

from __future__ import annotations

from typing import cast

import pytest

from benchmarks import ticks
from benchmarks.candidates import Bench
from benchmarks.databases import Databases
from benchmarks.machine import Cores


async def test_a_small_run_gives_a_ratio_for_each(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TICKS": 3, "STEPS": 4, "LOOKS": 1, "ENGINES": ("sqlite",)}.items():
        monkeypatch.setattr(ticks, name, value)
    bench = Bench(databases, cast(Cores, None), directory=databases._directory)
    found = await ticks.measure(bench, large=40, small=8)
    assert found["due_rows"] == 200
    assert set(found["sqlite"]["ratio"]) == {"idle", "step", "look"}
    assert found["sqlite"]["large"]["step"]["n"] == 4
