"""Our own count of what Slack allows, against Slack's (sandbox/limits.py): we never run into a refusal by ourselves."""

from __future__ import annotations

import pytest

from bot.pacing import Pacing
from sandbox.limits import PER_MINUTE, POST_BURST, POSTS_PER_SECOND

TEN_MINUTES = range(600 * 20)
"""In twentieths of a second."""


def refused(size: float, per_second: float, calls: list[float]) -> int:
    """How many of the calls come when Slack's bucket is empty; it is full at the beginning."""
    tokens, at, count = size, 0.0, 0
    for now in calls:
        tokens, at = min(size, tokens + (now - at) * per_second), now
        count += tokens < 1
        tokens -= tokens >= 1
    return count


@pytest.mark.parametrize(("kind", "method"), [("update", "chat.update"), ("mark", "reactions.add")])
def test_edits_and_reactions_stay_within_slacks_budget_and_use_it(kind: str, method: str) -> None:
    pacing = Pacing()
    calls = [tick / 20 for tick in TEN_MINUTES if pacing.call(kind, tick / 20)]
    assert refused(PER_MINUTE[method], PER_MINUTE[method] / 60, calls) == 0
    assert len(calls) > 10 * PER_MINUTE[method] / 3


def test_a_channel_gets_a_message_a_second_however_many_wait() -> None:
    pacing = Pacing()
    calls = [tick / 20 for tick in TEN_MINUTES if pacing.post("C1", tick / 20)]
    assert 590 <= len(calls) <= 600
    assert refused(1, POSTS_PER_SECOND, calls) == 0, "bursts are borne, and need not be shown"
    assert POST_BURST >= 1
    assert pacing.post("C2", TEN_MINUTES[-1] / 20), "another channel does not wait for it"
