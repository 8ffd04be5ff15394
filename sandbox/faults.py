"""How the sandbox misbehaves when told to.

A fault has a kind, a method (or "*"), and a count of times or a probability:

| kind | what happens |
|---|---|
| 429 | `ratelimited` with `retry_after` seconds |
| 500, 502, 503 | that HTTP status with a body that is not JSON |
| drop_before, drop_after | the connection is closed before or after the call was carried out |
| slow | the answer takes `seconds` longer; the call is carried out, or another fault strikes it, after the wait |
| error | Slack's error `error` |
| duplicate | an event, command or interaction is sent `copies` more times (method: its type, or "*") |
| lose_ack | an acknowledgement from the app is lost on the way (method: its type, or "*") |
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

CALL_KINDS = frozenset({"429", "500", "502", "503", "drop_before", "drop_after", "slow", "error"})
PUSH_KINDS = frozenset({"duplicate", "lose_ack"})
LASTING = frozenset({"history_delay", "hold_events", "drop_events", "mute_pongs"})
"""States that last until they are ended, not counted by calls."""


@dataclass(slots=True)
class Fault:
    """One planned misbehaviour; `count` None means until cleared."""

    kind: str
    method: str = "*"
    count: int | None = None
    probability: float = 1.0
    channel: str | None = None
    retry_after: int = 1
    seconds: float = 1.0
    copies: int = 1
    error: str = "fatal_error"
    used: int = 0


@dataclass
class Faults:
    """All planned misbehaviour, and the lasting states that are not per call."""

    planned: list[Fault] = field(default_factory=list)
    history_delay: float = 0.0
    hold_events: bool = False
    drop_events: bool = False
    mute_pongs: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(17))

    def add(self, kind: str, **options: Any) -> Fault:
        """Plan a fault. Raises ValueError for an unknown kind or option."""
        if kind not in CALL_KINDS | PUSH_KINDS:
            raise ValueError(f"unknown fault {kind!r}")
        try:
            fault = Fault(kind, **options)
        except TypeError as error:
            raise ValueError(str(error)) from None
        self.planned.append(fault)
        return fault

    def take(self, kinds: frozenset[str], method: str, channel: str | None = None) -> Fault | None:
        """Return the first planned fault of `kinds` that strikes this call, and use it up."""
        if not self.planned:
            return None
        for fault in self.planned:
            if (
                fault.kind in kinds
                and fault.method in ("*", method)
                and fault.channel in (None, channel)
                and (fault.probability >= 1 or self.chance.random() < fault.probability)
            ):
                fault.used += 1
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self.planned.remove(fault)
                return fault
        return None

    def clear(self, kind: str | None = None) -> None:
        """Behave well again, in one way or in all; events held back are for the caller to release.

        Raises ValueError for an unknown kind.
        """
        if kind not in CALL_KINDS | PUSH_KINDS | LASTING | {None}:
            raise ValueError(f"unknown fault {kind!r}")
        self.planned = [each for each in self.planned if kind not in (None, each.kind)]
        if kind in (None, "history_delay"):
            self.history_delay = 0.0
        for name in LASTING - {"history_delay"}:
            if kind in (None, name):
                setattr(self, name, False)
