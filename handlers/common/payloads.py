"""Reading what Slack sends: what is missing or of the wrong kind is refused in a sentence, wherever it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import Malformed


def need(body: Any, *path: str | int) -> str:
    """The text at a path of keys and places; `need(body, "actions", 0, "value")`.

    Raises:
        Malformed: there is none.
    """
    found = body
    for step in path:
        if isinstance(step, str) and isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(step, int) and isinstance(found, list) and len(found) > step:
            found = found[step]
        else:
            raise Malformed()
    if not isinstance(found, str) or not found:
        raise Malformed()
    return found


def number(body: Any, *path: str | int) -> int:
    """The record's number at a path: Slack gives back as text what we wrote into a button or dialog.

    Raises:
        Malformed: there is none.
    """
    found = need(body, *path)
    if not (found.isascii() and found.isdecimal() and len(found) <= 18):
        raise Malformed()
    return int(found)


def part(body: Any, key: str) -> Mapping[str, Any]:
    """The mapping under a key.

    Raises:
        Malformed: there is none.
    """
    found = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(found, Mapping):
        raise Malformed()
    return found
