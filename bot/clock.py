"""The two clocks. The only module that reads the time.

`business_now` drives dates, due rows and what people read; the demo and tests may move it. `real_now` drives leases,
Retry-After and anything Slack measures. Moving the first never disturbs the second.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time for both clocks; what runs against the real Slack."""

    def business_now(self) -> datetime:
        """The time people live in, aware UTC."""
        return self.real_now()

    def real_now(self) -> datetime:
        """The machine's time, aware UTC."""
        return datetime.now(UTC)


class MovableClock(Clock):
    """A business clock that can be set ahead or back; refused against the real Slack (see `bot.settings`)."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def business_now(self) -> datetime:
        """Real time plus the present offset."""
        return self.real_now() + self._offset

    def move_to(self, when: datetime) -> None:
        """Let the business clock show `when` (aware) from here on."""
        self._offset = when - self.real_now()

    def advance(self, step: timedelta) -> None:
        """Let the business clock jump by `step`."""
        self._offset += step
