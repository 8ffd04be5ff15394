"""Killed with SIGKILL at each seam, again and again, while Slack misbehaves: nothing lost, nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.candidates import Mode
from benchmarks.crash.trial import OVER_HTTP, SEAMS, Plan, trial
from benchmarks.nursery import Nursery

KILLS = 3
SOCKET: Mode = "socket"
HTTP: Mode = "http"
CASES = [(seam, SOCKET) for seam in SEAMS] + [(seam, HTTP) for seam in OVER_HTTP]


@pytest.mark.parametrize(("seam", "mode"), CASES)
async def test_a_killed_bot_loses_nothing_and_says_nothing_twice(
    seam: str, mode: Mode, database_url: str, tmp_path: Path, nursery: Nursery
) -> None:
    plan = Plan(seam, mode, KILLS, seed=random.randrange(10**9))
    verdict = await trial(plan, database_url, tmp_path, nursery)
    assert verdict.kills == KILLS
    assert verdict.asked
    assert verdict.written >= KILLS
    assert verdict.clean, (plan, verdict)
