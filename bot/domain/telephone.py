"""Telephone numbers as an office writes them: 「情報政策課 000-000-0000(内線 12)、000-000-0001」. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
EXAMPLE = "情報政策課 000-000-0000(内線 12)"
_WIDE = re.compile(r"[0-9+]")
_DASH = re.compile(r"(?<=\d)\s*[‐‑‒–—−－ーｰ]\s*(?=\d)")
"""Whatever stands for a hyphen between digits: which one, no telephone asks."""
_BETWEEN = re.compile(r"[、,,;;//\n]")
_EXTENSION = re.compile(r"(?:内線|ext\.?)[ ::]*\d{1,6}(?!\d)", re.IGNORECASE)
_ROW = re.compile(r"[+(]?\d(?:[\d()\- ]*\d)?")
_WHOLE = re.compile(r"0\d{9,10}|\+\d{8,15}|1\d\d")
"""In this country, from abroad, or 110 and its like."""


class UnreadableNumber(ValueError):
    """What was written is no telephone number; the sentence says how to write one."""


def read(text: str) -> str:
    """One or several numbers, each with whose it is or when it is answered, in one line; "" for an empty text. Digits that
    fill a square become plain ones, so that a phone can dial them.

    Raises:
        UnreadableNumber: with a sentence for whoever wrote it.
    """
    plain = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    tidy = "、".join(
        " ".join(each.split()) for each in _DASH.sub("-", plain).strip().splitlines() if each.strip()
    )
    if len(tidy) > LONGEST:
        raise UnreadableNumber(f"電話番号は {LONGEST} 文字までで書いてください。例:{EXAMPLE}")
    if not all(_rings(each) for each in _BETWEEN.split(tidy) if each.strip()) or (
        tidy and not _ROW.search(tidy)
    ):
        raise UnreadableNumber(
            f"電話番号として読めません。市外局番から書き、いくつかあるときは「、」で区切ってください。例:{EXAMPLE}"
        )
    return tidy


def _rings(part: str) -> bool:
    """Whether a part has a number, or an extension that stands for it, and no other row of digits."""
    folded = unicodedata.normalize("NFKC", part)
    rest, extensions = _EXTENSION.subn(" _ ", folded)
    rows = [re.sub(r"[^\d+]", "", each) for each in _ROW.findall(rest)]
    long = [each for each in rows if len(each) > 2]
    return bool(long or extensions) and all(map(_WHOLE.fullmatch, long))
