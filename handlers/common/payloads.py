"""Reading what Slack sends: what is missing or of the wrong kind is refused in a sentence, wherever it lies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import Malformed


def need(body: Any, *path: str | int) -> str:
    """The text at a path of keys and places; `need(body, "actions", 0, "value")`.

    Raises:
        Malformed: there is none.
    """
    found = _at(body, *path)
    if not isinstance(found, str) or not found or "\x00" in found:  # PostgreSQL stores no NUL
        raise Malformed()
    return found


def _at(body: Any, *path: str | int) -> Any:
    found = body
    for step in path:
        if isinstance(step, str) and isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(step, int) and isinstance(found, list) and len(found) > step:
            found = found[step]
        else:
            return None
    return found


def parts(body: Any, key: str) -> list[Mapping[str, Any]]:
    """The mappings in the list under a key; what is no list, or no mapping in it, is left out."""
    found = body.get(key) if isinstance(body, Mapping) else None
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def number(body: Any, *path: str | int) -> int:
    """The record's number at a path: Slack gives back as text what we wrote into a button or dialog.

    Raises:
        Malformed: there is none.
    """
    found = need(body, *path)
    if not (found.isascii() and found.isdecimal() and len(found) <= 18):
        raise Malformed()
    return int(found)


_STAMP = re.compile(r"[0-9]{1,11}\.[0-9]{1,9}")


def stamp(body: Any, *path: str | int) -> str:
    """The Slack timestamp at a path: seconds since 1970, a point, a count.

    Raises:
        Malformed: there is none.
    """
    found = need(body, *path)
    if _STAMP.fullmatch(found) is None:
        raise Malformed()
    return found


def maybe_stamp(body: Any, *path: str | int) -> str | None:
    """The Slack timestamp at a path, None where nothing is.

    Raises:
        Malformed: there is something else.
    """
    try:
        return stamp(body, *path)
    except Malformed:
        if _at(body, *path) is None:
            return None
        raise


def part(body: Any, key: str) -> Mapping[str, Any]:
    """The mapping under a key.

    Raises:
        Malformed: there is none.
    """
    found = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(found, Mapping):
        raise Malformed()
    return found


def storable(text: str) -> str:
    """A text without what PostgreSQL or UTF-8 refuse: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
