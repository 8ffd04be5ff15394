"""What programs outside put up for those who look at the workspace in a browser.

The workspace knows neither the app's books nor anybody's opening hours, and must not. Whoever knows tells it here, in plain
words and numbers, and it shows them as they are: as somebody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import Refused

MOST_JUMPS, MOST_BYTES, MOST_LETTERS = 12, 16_384, 80
LATEST = 4_102_444_800
"""The year 2100, in Unix seconds."""
STATES = frozenset({"", "fine", "waiting", "wrong"})


@dataclass
class Board:
    """`jumps`: moments the clock can be moved to, each {name, to (Unix seconds)}.

    `says`: what the app says of itself, each {title, items ([[name, value]]), state, note}; a state is one of `STATES`.
    """

    jumps: list[dict[str, Any]] = field(default_factory=list)
    says: list[dict[str, Any]] = field(default_factory=list)

    def put_jumps(self, jumps: Any) -> bool:
        """Put up other moments; return whether they differ. Raises Refused."""
        _need(isinstance(jumps, list) and len(jumps) <= MOST_JUMPS, "jumps")
        found = [_jump(each) for each in jumps]
        differs, self.jumps = found != self.jumps, found
        return differs

    def put_says(self, says: Any) -> None:
        """Put up what the app says now. Raises Refused."""
        _need(isinstance(says, list) and len(json.dumps(says)) <= MOST_BYTES, "says")
        self.says = [_said(each) for each in says]


def _jump(given: Any) -> dict[str, Any]:
    _need(isinstance(given, dict) and _is_words(given.get("name")), "jumps: name")
    to = given.get("to")
    _need(isinstance(to, int | float) and not isinstance(to, bool) and 0 < to < LATEST, "jumps: to")
    return {"name": given["name"], "to": float(to)}


def _said(given: Any) -> dict[str, Any]:
    _need(isinstance(given, dict) and _is_words(given.get("title")), "says: title")
    items, note, state = given.get("items", []), given.get("note", ""), given.get("state", "")
    _need(isinstance(items, list) and all(_is_item(each) for each in items), "says: items")
    _need(isinstance(note, str), "says: note")
    _need(isinstance(state, str) and state in STATES, "says: state")
    return {"title": given["title"], "items": items, "note": note, "state": state}


def _is_item(given: Any) -> bool:
    return (
        isinstance(given, list)
        and len(given) == 2
        and _is_words(given[0])
        and isinstance(given[1], str | int | float)
    )


def _is_words(given: Any) -> bool:
    return isinstance(given, str) and 0 < len(given) <= MOST_LETTERS


def _need(so: bool, what: str) -> None:
    if not so:
        raise Refused("bad_arguments", what)
