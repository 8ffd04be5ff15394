"""Slack's rate limits as token buckets in real time.

Sources: the pages of the methods and docs.slack.dev/apis/web-api/rate-limits (tier 2: 20, tier 3: 50, tier 4: 100 calls a
minute for each method, app and workspace; short bursts are tolerated). A bucket holds a minute's worth.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

TIER_2, TIER_3, TIER_4 = 20.0, 50.0, 100.0

PER_MINUTE: Mapping[str, float] = {
    "api.test": TIER_4,
    "auth.test": 600,  # "special": hundreds a minute
    # Tier 1 (one a minute) with a burst, see BURSTS: an app may open ten connections at once.
    "apps.connections.open": 10,
    "bookmarks.add": TIER_2,
    "bookmarks.edit": TIER_2,
    "bookmarks.list": TIER_2,
    "bookmarks.remove": TIER_2,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.update": TIER_3,
    "conversations.archive": TIER_2,
    "conversations.close": TIER_2,
    "conversations.create": TIER_2,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.join": TIER_3,
    "conversations.kick": TIER_3,
    "conversations.leave": TIER_3,
    "conversations.list": TIER_2,
    "conversations.mark": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.rename": TIER_2,
    "conversations.replies": TIER_3,
    "conversations.setPurpose": TIER_2,
    "conversations.setTopic": TIER_2,
    "conversations.unarchive": TIER_2,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.delete": TIER_3,
    "files.info": TIER_4,
    "pins.add": TIER_2,
    "pins.list": TIER_2,
    "pins.remove": TIER_2,
    "reactions.add": TIER_3,
    "reactions.get": TIER_3,
    "reactions.list": TIER_2,
    "reactions.remove": TIER_2,
    "team.info": TIER_3,
    "usergroups.create": TIER_2,
    "usergroups.disable": TIER_2,
    "usergroups.enable": TIER_2,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "usergroups.users.update": TIER_2,
    "users.conversations": TIER_3,
    "users.getPresence": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "users.profile.get": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""Calls a minute; chat.getPermalink is documented as not limited."""

COMMERCIAL: Mapping[str, float] = {"conversations.history": 1, "conversations.replies": 1}
"""Calls a minute of an app that is sold outside the Marketplace (page rate-limits; changelog 2025/05/29)."""

COMMERCIAL_PAGE = 15
"""Messages a call for such an app, asked for or not."""

BURSTS: Mapping[str, float] = {"apps.connections.open": 30}
"""Where the bucket is not just a minute's worth."""

POSTS_PER_SECOND = 1.0
"""chat.postMessage in one channel ("generally allows posting one message per second per channel")."""

POST_BURST = 4.0
"""Messages a channel takes at once ("short bursts of >1 allowed", no number given)."""


@dataclass(slots=True)
class _Bucket:
    size: float
    per_second: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Take one token; return 0, or the seconds until there is one."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second


@dataclass
class Limits:
    """The buckets. `on` switches all, `off_for` single methods; a `commercial` app is sold outside the Marketplace."""

    on: bool = True
    commercial: bool = False
    off_for: set[str] = field(default_factory=set)
    refused: int = 0
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def check(self, method: str, channel: str | None) -> int:
        """Count a call; return 0 if it may go on, else the whole seconds of Retry-After."""
        if not self.on or method in self.off_for:
            return 0
        if method == "chat.postMessage":
            key, size, rate = f"{method} {channel}", POST_BURST, POSTS_PER_SECOND
        elif method in PER_MINUTE:
            a_minute = COMMERCIAL.get(method, PER_MINUTE[method]) if self.commercial else PER_MINUTE[method]
            key, size, rate = method, BURSTS.get(method, a_minute), a_minute / 60
        else:
            return 0
        now = time.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(size, rate, size, now)
        wait = bucket.take(now)
        if wait:
            self.refused += 1
        return math.ceil(wait)

    def reset(self) -> None:
        """Fill every bucket."""
        self._buckets.clear()
