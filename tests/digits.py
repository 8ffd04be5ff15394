"""Looking for a number in everything that was written down."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from sqlalchemy import Connection, select

from bot.domain.my_number import find
from storage.tables import metadata

NUMBER = "123456789018"
"""The public example with a right check digit."""
OTHER = "987654321093"
THIRD = "246813579021"

_IDS = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{16}|\d{10}\.[0-9a-f]{6,8}|[A-Z]0\d{8})\b")
"""Our own ids, which are random, and Slack's stamps, hashes and ids: side by side, many a one looks like a number."""


def columns(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text, with where it stands."""
    for table in metadata.sorted_tables:
        if table.name == "municipality":
            continue
        for row in connection.execute(select(table)).mappings():
            for name, value in row.items():
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                yield f"{table.name}.{name}", text


@cache
def holds(text: str, *numbers: str) -> bool:
    """Whether a text holds one of the numbers, or the half of one, whatever stands between its digits."""
    text = _IDS.sub("", text)
    if find(text):
        return True
    runs = re.findall(r"\d[\d\W_]*\d", unicodedata.normalize("NFKC", text))
    digits = ["".join(filter(str.isdecimal, run)) for run in runs]
    return any(part in run for run in digits for number in numbers for part in (number[:8], number[4:]))


def where(found: Iterable[tuple[str, str]], *numbers: str) -> list[tuple[str, str]]:
    """Those of the named texts that hold one of the numbers."""
    return [(name, text) for name, text in found if holds(text, *numbers)]
