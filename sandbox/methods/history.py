"""conversations.history and conversations.replies.

Where Slack's pages are silent: `replies` gives the parent on the first page only, and always there, whatever `oldest`.
"""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right

from sandbox.calls import Call, cursor, method
from sandbox.errors import SlackError
from sandbox.limits import COMMERCIAL_PAGE
from sandbox.state import Channel, Json, Message, World
from sandbox.wire import Metadata, message_json

READ_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def _readable(call: Call) -> Channel:
    call.scope(*READ_SCOPES.values())
    channel = call.channel()
    call.scope(READ_SCOPES[channel.kind])
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _window(call: Call, stamps: list[str]) -> tuple[int, int]:
    """Return the slice of `stamps` between `oldest` and `latest`."""
    oldest = call.stamp("oldest", "invalid_ts_oldest")
    latest = call.stamp("latest", "invalid_ts_latest")
    inclusive = call.flag("inclusive")
    low = 0 if oldest is None else (bisect_left if inclusive else bisect_right)(stamps, oldest)
    high = len(stamps) if latest is None else (bisect_right if inclusive else bisect_left)(stamps, latest)
    return low, max(low, high)


def _most(call: Call, default: int, most: int) -> int:
    if call.world.limits.commercial:
        return call.limit(COMMERCIAL_PAGE, COMMERCIAL_PAGE)
    return call.limit(default, most)


def _settled(world: World, channel: Channel, stamps: list[str], high: int) -> int:
    """Take away from the end what the fault history_delay still hides."""
    delay = world.faults.history_delay
    if delay <= 0:
        return high
    before = time.monotonic() - delay
    while high > 0 and channel.messages[stamps[high - 1]].created > before:
        high -= 1
    return high


def _wanted(call: Call) -> Metadata:
    return "all" if call.flag("include_all_metadata") else "type"


def _shown(call: Call, messages: list[Message]) -> list[Json]:
    wanted = _wanted(call)
    return [message_json(call.world, each, wanted) for each in messages]


@method("conversations.history")
def history(call: Call) -> Json:
    """Return what stands in a channel, newest first."""
    channel = _readable(call)
    limit = _most(call, 100, 999)
    low, high = _window(call, channel.top)
    high = _settled(call.world, channel, channel.top, high)
    place = call.cursor("next_ts")
    if place is not None:
        high = min(high, bisect_left(channel.top, place))
    start = max(low, high - limit)
    page = [channel.messages[ts] for ts in reversed(channel.top[start:high])]
    more = start > low
    body: Json = {"messages": _shown(call, page), "has_more": more, "pin_count": len(channel.pins)}
    if more:
        body["response_metadata"] = {"next_cursor": cursor("next_ts", channel.top[start])}
    return body


@method("conversations.replies")
def replies(call: Call) -> Json:
    """Return a thread: its parent, then the replies, oldest first."""
    channel = _readable(call)
    parent = call.message(channel, error="thread_not_found")
    if _settled(call.world, channel, [parent.ts], 1) == 0:
        raise SlackError("thread_not_found")
    limit = _most(call, 1000, 1000)
    low, high = _window(call, parent.replies)
    high = _settled(call.world, channel, parent.replies, high)
    place = call.cursor("bookmark")
    page = [parent] if place is None else []
    if place is not None:
        low = max(low, bisect_right(parent.replies, place))
    end = max(low, min(high, low + limit - len(page)))
    page += [channel.messages[ts] for ts in parent.replies[low:end]]
    more = end < high
    body: Json = {"messages": _shown(call, page), "has_more": more}
    if more:
        body["response_metadata"] = {"next_cursor": cursor("bookmark", page[-1].ts)}
    return body
