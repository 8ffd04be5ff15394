"""How a question came to those who were given it: who was weighed, what spoke for each of them and what against.

What speaks against a person is for coordinators only. So it is no part of a question or of its timeline, from which cards,
reports and files are made: whoever wants it asks here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.database import Transaction
from storage.tables import events

MOST = 8
"""So many of those who were ranked are kept, the first ones, and all who were excluded."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A person who was weighed; `reasons` are reason codes, `against` the words of the rule."""

    user_id: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a question of a field came to whoever was `chosen`, at this moment and with this verb: `ranked` best first,
    `more` who came after these, `excluded` who could not be asked."""

    at: datetime
    verb: str
    chosen: str
    field_id: str | None
    ranked: tuple[Weighed, ...]
    more: int
    excluded: tuple[Weighed, ...]


def of(tx: Transaction, question_id: int) -> list[Ranking]:
    """A question's rankings, the newest first; none where people chose, and none from before they were kept."""
    e = events.c
    mine = (e.workspace == tx.workspace, e.question_id == question_id, e.ranking.is_not(None))
    rows = tx.connection.execute(select(e.at, e.verb, e.ranking).where(*mine).order_by(e.id.desc()))
    return [_read(*row) for row in rows]


def _read(at: datetime, verb: str, kept: dict[str, Any]) -> Ranking:
    ranked, excluded = (tuple(_weighed(*each) for each in kept[name]) for name in ("ranked", "excluded"))
    return Ranking(at, verb, kept["chosen"], kept["field"], ranked, kept["more"], excluded)


def _weighed(user_id: str, reasons: list[str], against: list[str]) -> Weighed:
    return Weighed(user_id, tuple(reasons), tuple(against))
