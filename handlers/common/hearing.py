"""Whether we have heard what people wrote: what depends on their words waits while we may not have.

Each process knows it of itself: another replica that heard everything goes on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

GAP = timedelta(minutes=3)
"""Within this Slack sends again what found nobody (at once, then after one minute); past it the catch-up must read."""

PATIENCE = timedelta(minutes=15)
"""How long is waited for a catch-up that Slack answers but does not let succeed. While it does not answer at all nobody
could be told anything, and waiting has no end (docs/decisions/0012-hearing-before-acting.md)."""


@dataclass(slots=True)
class Hearing:
    """What one process has heard; all times are the machine's (aware UTC).

    `since`: connected without a gap since then; None = cut off. `read_until`: everything written before has been read.
    """

    since: datetime | None = None
    read_until: datetime | None = None
    _heard_at: datetime | None = None
    _refused_at: datetime | None = None
    _answering_since: datetime | None = None
    _behind_since: datetime | None = None

    def connected(self, now: datetime) -> None:
        """Slack can reach us now. After a gap (or a sleep of the machine) we hear anew from now on."""
        if self.since is None or self._gap(now):
            self.since = now
        self._heard_at = now

    def cut_off(self, now: datetime) -> None:
        """Slack cannot reach us now."""
        if self._gap(now):
            self.since = None

    def refused(self, now: datetime) -> None:
        """An event was left to Slack's retries; they may all fail too."""
        self._refused_at = now

    def read(self, began: datetime) -> None:
        """A catch-up that began then has read everything."""
        self.read_until = began

    def answered(self, now: datetime, *, at_all: bool) -> None:
        """A catch-up came to an end; `at_all` = Slack answered something, be it a refusal."""
        self._answering_since = (self._answering_since or now) if at_all else None

    @property
    def missed_refused(self) -> bool:
        """Whether an event was refused that no catch-up has looked for yet."""
        read = self.read_until
        return self._refused_at is not None and (read is None or read <= self._refused_at)

    def unread(self, now: datetime) -> bool:
        """Whether something may have been written that we do not know."""
        if self.read_until is None or self.missed_refused:
            return True
        return self.read_until < self.since if self.since is not None else now - self.read_until > GAP

    def behind(self, now: datetime, *, kept: bool = False) -> bool:
        """Whether what depends on people's words must wait. `kept`: some were heard and not taken in yet."""
        unread = self.unread(now)
        if not (unread or kept):
            self._behind_since = None
            return False
        self._behind_since = self._behind_since or now
        if not unread:
            return now - self._behind_since <= PATIENCE
        answering = self._answering_since
        return answering is None or now - max(answering, self._behind_since) <= PATIENCE

    def waits_for(self, now: datetime) -> timedelta:
        """How long it has been waiting; nothing while it does not."""
        return now - self._behind_since if self._behind_since is not None else timedelta()

    def _gap(self, now: datetime) -> bool:
        return self._heard_at is None or now - self._heard_at > GAP
