"""What `make bench` says about acknowledgements; how it measures them is not repeated here."""

from __future__ import annotations

from typing import Any, cast

import pytest

from benchmarks import acks
from benchmarks.candidates import Bench, Candidate

FIGURES: dict[str, dict[str, float]] = {
    "http, bare Bolt": {"p50": 2.0, "p99": 4.0},
    "http, sqlite": {"p50": 5.0, "p99": 6.0},
    "http, postgresql": {"p50": 8.0, "p99": 20.0},
    "socket, bare Bolt": {"p50": 1.0, "p99": 3.0},
    "socket, sqlite": {"p50": 3.0, "p99": 3.0},
    "socket, postgresql": {"n": 0},
}


async def test_each_of_ours_is_held_against_bare_bolt_on_the_same_transport(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def measured(_: Bench, one: Candidate) -> dict[str, Any]:
        return {f"at_{rate}_a_second": dict(FIGURES[one.name]) for rate in acks.RATES}

    monkeypatch.setattr(acks, "_one", measured)
    found = await acks.measure(cast("Bench", None))
    for rate in acks.RATES:
        at = {name: found[name][f"at_{rate}_a_second"].get("ratio_to_bare_bolt") for name in FIGURES}
        assert at == {
            "http, bare Bolt": None,
            "http, sqlite": {"p50": 2.5, "p99": 1.5},
            "http, postgresql": {"p50": 4.0, "p99": 5.0},
            "socket, bare Bolt": None,
            "socket, sqlite": {"p50": 3.0, "p99": 1.0},
            "socket, postgresql": {"p50": None, "p99": None},
        }
