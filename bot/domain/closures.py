"""Yearly closures as people write them: one date a line, 「12月28日」, 「12/28」 or 「12-28」."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

MOST = 60
_WRITTEN = re.compile(r"(\d{1,2})\s*(?:月|/|-)\s*(\d{1,2})\s*日?")
_LEAP = 2028
"""February 29th is a day that can be closed."""


class UnreadableClosures(ValueError):
    """A line is no date; the sentence names it."""


def read(text: str) -> tuple[str, ...]:
    """The dates as "MM-DD", in the order of the year, each once.

    Raises:
        UnreadableClosures: with a sentence for whoever wrote it.
    """
    lines = [line for line in (each.strip() for each in text.splitlines()) if line]
    if len(lines) > MOST:
        raise UnreadableClosures(f"閉庁日は {MOST} 日までです。")
    return tuple(sorted({_read(line) for line in lines}))


def _read(line: str) -> str:
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", line))
    try:
        day = date(_LEAP, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise UnreadableClosures(
            f"「{line[:20]}」を日付として読めません。12月28日 のように、1行に1日書いてください。"
        )
    return f"{day:%m-%d}"


def shown(closures: tuple[str, ...]) -> str:
    """The same for an input, one a line."""
    return "\n".join(f"{int(each[:2])}月{int(each[3:])}日" for each in closures)
