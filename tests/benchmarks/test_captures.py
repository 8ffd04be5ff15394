"""What the figures about captures say of one another."""

from __future__ import annotations

import pytest

from benchmarks.captures import _figures, compared
from benchmarks.load import Asked


def test_the_ratios_are_to_bare_bolt_and_smaller_is_worse() -> None:
    bare = {"per_second": 4000.0, "cpu_ms_each": 0.2}
    own = {"per_second": 1000.0, "questions_per_second": 600.0, "cpu_ms_each": 1.0}
    assert compared(own, bare) == {
        "ratio_to_bare_bolt": 0.25,
        "questions_ratio_to_bare_bolt": 0.15,
        "cpu_ratio_to_bare_bolt": 0.2,
    }


@pytest.mark.parametrize(("cpu", "bounded"), [(9.9, "its core"), (8.2, "the load")])
def test_a_candidate_that_did_not_fill_its_core_is_marked(cpu: float, bounded: str) -> None:
    asked = Asked(seconds=10.0)
    asked.sent = asked.acked = 1000
    asked.ms.append(2.0)
    assert _figures(asked, cpu, "the load")["bounded_by"] == bounded
