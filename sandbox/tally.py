"""What the sandbox counts and writes down by itself, without asking the app."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

ASKING_WINDOW = 120.0
"""Seconds of workspace time within which messages of one author in one place are one asking."""


@dataclass
class Tally:
    """The log of Web API calls, and the counters."""

    calls: Counter[str] = field(default_factory=Counter)
    successes: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=50_000))
    human_messages: int = 0
    asked: int = 0
    asked_by_channel: Counter[str] = field(default_factory=Counter)
    submitted: Counter[str] = field(default_factory=Counter)
    running: int = 0
    last_activity: float = field(default_factory=time.monotonic)
    warnings: list[str] = field(default_factory=list)
    _spoke: dict[tuple[str, str], float] = field(default_factory=dict)
    _carried: dict[str, list[str]] = field(default_factory=dict)
    _number: int = 0

    def active(self) -> None:
        """Note that something is going on between the app and the workspace."""
        self.last_activity = time.monotonic()

    def call(
        self,
        method: str,
        args: dict[str, Any],
        outcome: str,
        seconds: float,
        ts: str | None,
        retry_after: int | None = None,
    ) -> None:
        """Write down one Web API call; `outcome` is "ok", Slack's error, or what a fault did; `ts` what it made;
        `retry_after` the seconds it was told to wait."""
        self._number += 1
        self.calls[method] += 1
        self.outcomes[f"{method} {outcome}"] += 1
        if outcome in ("ok", "drop_after"):
            self.successes[method] += 1
        self.log.append(
            {
                "number": self._number,
                "method": method,
                "time": time.time(),
                "seconds": round(seconds, 6),
                "args": args,
                "outcome": outcome,
                "ts": ts,
                "retry_after": retry_after,
            }
        )

    def human_message(self, channel: str, user: str, at: float, *, asks: bool) -> None:
        """Count a person's message sent `at` (workspace seconds); `asks` if it stands where it can be an asking."""
        self.human_messages += 1
        if not asks:
            return
        before = self._spoke.get((channel, user))
        if before is None or not 0 <= at - before < ASKING_WINDOW:
            self.asked += 1
            self.asked_by_channel[channel] += 1
        self._spoke[channel, user] = at

    def warn(self, sentence: str) -> None:
        """Keep a remark for whoever reads the counters, once."""
        if sentence not in self.warnings and len(self.warnings) < 200:
            self.warnings.append(sentence)

    def carried(self, identity: str, ts: str) -> None:
        """Note that the app posted the message `ts` with the metadata id `identity`."""
        self._carried.setdefault(identity, []).append(ts)

    def duplicates(self) -> list[dict[str, Any]]:
        """Return the metadata ids posted more than once, each with its stamps."""
        return [{"id": each, "ts": stamps} for each, stamps in self._carried.items() if len(stamps) > 1]


def summary(args: dict[str, Any]) -> dict[str, Any]:
    """Shorten the arguments of a call for the log: long texts cut, lists counted."""
    short: dict[str, Any] = {}
    for name, value in args.items():
        if isinstance(value, list):
            short[name] = f"[{len(value)}]"
        elif isinstance(value, str) and len(value) > 120:
            short[name] = f"{value[:117]}..."
        elif name == "view" and isinstance(value, dict):
            short[name] = {key: value.get(key) for key in ("type", "callback_id", "external_id")}
        elif name != "token":
            short[name] = value
    return short
