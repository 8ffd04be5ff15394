"""When the offices of a prefecture are open on a working day, as people write it: 「8:30〜12:00、13:00〜17:15」."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

_CLOCK = r"(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:~|から)\s*{_CLOCK}(?:まで)?[\s、,;/・と]*")
"""From one time to another, and what stands between two of these."""


class UnreadableHours(ValueError):
    """What was written are no opening hours; the sentence says how to write them."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """From `opens` to `closes` without `lunch`, if there is one; times of the wall, in this order."""

    opens: time = time(8, 30)
    closes: time = time(17, 15)
    lunch: tuple[time, time] | None = (time(12), time(13))


USUAL = OpeningHours()


def read(text: str) -> OpeningHours:
    """The hours somebody wrote, in one part or, around lunch, in two; the usual ones for an empty text.

    Raises:
        UnreadableHours: with a sentence for whoever wrote it.
    """
    plain = re.sub("[〜–—−‐‑ー-]", "~", unicodedata.normalize("NFKC", text)).strip()
    if not plain:
        return USUAL
    times, position = [], 0
    while found := _SPAN.match(plain, position):
        times += [_clock(*found.groups()[:4]), _clock(*found.groups()[4:])]
        position = found.end()
    if position < len(plain) or len(times) not in {2, 4}:
        raise _unreadable()
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise UnreadableHours("開庁時間の順が前後しています。早い時刻から順に書いてください。")
    return OpeningHours(times[0], times[-1], (times[1], times[2]) if len(times) == 4 else None)


def _clock(hour: str, minute: str | None, minutes: str | None, half: str | None) -> time:
    try:
        return time(int(hour), 30 if half else int(minute or minutes or 0))
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> UnreadableHours:
    return UnreadableHours("開庁時間として読めません。8:30〜12:00、13:00〜17:15 のように書いてください。")


def shown(hours: OpeningHours) -> str:
    """The same for an input, and as it is kept."""
    spans = [hours.opens, *(hours.lunch or ()), hours.closes]
    said = [f"{each.hour}:{each.minute:02}" for each in spans]
    return "、".join(f"{start}〜{end}" for start, end in zip(said[::2], said[1::2], strict=True))
