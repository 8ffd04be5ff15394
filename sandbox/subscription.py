"""Slack's limits of event delivery: how much it sends in an hour, and when it switches an app's subscription off.

Source: docs.slack.dev/reference/events/app_rate_limited (30,000 events in an hour from one workspace) and apis/events-api,
"Failure limits" (an app answers at least 5 % of the events well or risks being disabled, unless it gets fewer than 1,000 an
hour). What becomes of events over the limit is not said: here they are lost, which is the harder reading. Slack's
`app_rate_limited` and its mail to the app's owner are not played.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

EVENTS_AN_HOUR, FEWEST_AN_HOUR, WELL_ANSWERED = 30_000, 1_000, 0.05
HOUR = 3600.0


@dataclass
class Subscription:
    """What was sent in the past hour of real time. `on` plays the limits: a measurement sends in a minute what a workspace
    does in a day. `disabled` is Slack's doing, and an administrator's to undo."""

    on: bool = False
    events_an_hour: int = EVENTS_AN_HOUR
    fewest_an_hour: int = FEWEST_AN_HOUR
    disabled: bool = False
    _tried: deque[list[float]] = field(default_factory=deque)

    def refuses(self) -> str:
        """Say why the next event is not sent: rate_limited, disabled, or "" when it is."""
        if not self.on:
            return ""
        if self.disabled:
            return "disabled"
        self._forget()
        return "rate_limited" if len(self._tried) >= self.events_an_hour else ""

    def tries(self) -> list[float]:
        """Count one delivery; give the result to `answered`."""
        attempt = [time.monotonic(), 0.0]
        if self.on:
            self._tried.append(attempt)
        return attempt

    def answered(self, attempt: list[float], *, well: bool) -> None:
        """Note how the app answered one delivery, and switch off what fails too often."""
        attempt[1] = 1.0 if well else -1.0
        if not self.on or well:
            return
        self._forget()
        known = [each[1] > 0 for each in self._tried if each[1]]
        if len(known) >= self.fewest_an_hour and sum(known) < WELL_ANSWERED * len(known):
            self.disabled = True

    def switch_on(self) -> None:
        """Subscribe again, as an administrator does in the app's settings; what failed before is forgotten."""
        self.disabled = False
        self._tried.clear()

    def _forget(self) -> None:
        long_ago = time.monotonic() - HOUR
        while self._tried and self._tried[0][0] < long_ago:
            self._tried.popleft()
