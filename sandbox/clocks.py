"""The workspace clock, which can be moved, and the stamps made from it.

Real time (`time.monotonic`, `time.time`) is read where it is needed: signatures, triggers, buckets and retries must
not follow a moved clock.
"""

from __future__ import annotations

import re
import time

_STAMP = re.compile(r"(\d{1,10})(?:\.(\d{1,6}))?")


class WorkspaceClock:
    """What time it is in the workspace; it starts at real time and runs at real speed."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._last = 0

    def now(self) -> float:
        """Return the workspace's time in Unix seconds."""
        return time.time() + self._offset

    def set(self, unix: float) -> None:
        """Move the clock to `unix` (seconds); it may go back, message stamps never do."""
        self._offset = unix - time.time()

    def advance(self, seconds: float) -> None:
        """Move the clock by `seconds`."""
        self._offset += seconds

    def stamp(self) -> str:
        """Return a new message stamp such as "1730000000.000100": unique and greater than all before."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return format_stamp(self._last)


def format_stamp(micros: int) -> str:
    """Write microseconds since 1970 as Slack writes a `ts`."""
    seconds, rest = divmod(micros, 1_000_000)
    return f"{seconds:010d}.{rest:06d}"


def normal_stamp(text: str) -> str | None:
    """Return `text` in the form of `format_stamp`, so that stamps compare as strings; None if it is no stamp."""
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return None
    return f"{int(match[1]):010d}.{(match[2] or '').ljust(6, '0')}"
