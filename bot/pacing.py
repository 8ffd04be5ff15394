"""Staying under Slack's rate limits by our own count; what Slack still refuses comes back as a Retry-After.

Source: Slack's docs, "Rate limits": chat.postMessage about one a second a channel, tier 3 about 50 a minute.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

POSTS, UPDATES, MARKS = (1, 1.0), (40, 0.8), (20, 0.4)
"""Messages in one channel, edits and reactions in the whole workspace: how many at once, and how many a second afterwards.
Slack bears bursts of messages but does not promise to show them (the same page), so there are none."""


@dataclass(slots=True)
class Bucket:
    """A token bucket. `per_second` tokens flow in, at most `size` stay; times are seconds of a monotonic clock."""

    size: float
    per_second: float
    tokens: float = 0.0
    at: float | None = None

    def take(self, now: float) -> bool:
        """Take a token if there is one."""
        if self.wait(now) > 0:
            return False
        self.tokens -= 1
        return True

    def reserve(self, now: float) -> float:
        """Take a token ahead of time; returns the seconds to wait before using it."""
        wait = self.wait(now)
        self.tokens -= 1
        return wait

    def wait(self, now: float) -> float:
        """Seconds until there is a token."""
        if self.at is None:
            self.tokens = self.size
        else:
            self.tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        return max(0.0, (1 - self.tokens) / self.per_second)


class Pacing:
    """The buckets delivery spends from: posts for each channel, updates and reactions for the whole workspace."""

    def __init__(self) -> None:
        self._posts: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(*POSTS))
        self._calls = {"update": Bucket(*UPDATES), "mark": Bucket(*MARKS)}

    def post(self, channel: str, now: float) -> bool:
        """Whether a message may go to this channel now; spends it."""
        return self._posts[channel].take(now)

    def call(self, kind: str, now: float) -> bool:
        """Whether an "update" or a "mark" may be made now; spends it."""
        return self._calls[kind].take(now)

    def busy_channels(self, now: float) -> set[str]:
        """Channels that cannot take a post now."""
        busy = set()
        for channel, bucket in list(self._posts.items()):
            if bucket.wait(now) > 0:
                busy.add(channel)
            elif bucket.tokens >= bucket.size:
                del self._posts[channel]  # full again: as good as never used
        return busy

    def busy_kinds(self, now: float) -> set[str]:
        """Kinds of call whose budget is used up now."""
        return {kind for kind, bucket in self._calls.items() if bucket.wait(now) > 0}

    def next_free(self, now: float) -> float:
        """Seconds until the first busy channel or kind is free again; infinity when none is busy."""
        waits = [bucket.wait(now) for bucket in [*self._posts.values(), *self._calls.values()]]
        return min((wait for wait in waits if wait > 0), default=float("inf"))
