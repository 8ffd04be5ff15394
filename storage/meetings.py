"""Sessions that people are told of, and what came of them. Who comes is in `storage.replies`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, func, insert, select, update

from bot.domain.series import Every, Session
from bot.errors import UserError
from storage import after_restore
from storage.database import Transaction
from storage.tables import meetings, outcomes, series
from storage.upsert import Upsert


class NoSuchMeeting(UserError):
    """この回が見つかりませんでした。何も変わっていません。`/banso 勉強会` で、いまの予定を確かめてください。"""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session that people are told of; times are aware UTC. It is the session of its series that is planned for `on`;
    `starts`, `ends` and `cancelled` are as people were told last, `version` counts these changes from 1. It is announced
    since `told_at`, in `channel` ("": by letters). `link` is its own, instead of the series'; `closed_at`: it is over."""

    id: int
    series_id: int
    on: date
    number: int | None
    starts: datetime
    ends: datetime
    cancelled: bool
    version: int
    channel: str
    told_at: datetime | None
    link: str | None
    materials: str | None
    minutes: str | None
    recording: str | None
    recorded_at: datetime | None
    closed_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether people were told of it and may still say whether they come."""
        return self.told_at is not None and not self.cancelled and self.ends > now


_M = meetings.c
_STORED = {"on": "planned_on", "starts": "starts_at", "ends": "ends_at"}
_HERE = _M.workspace == bindparam("w")
_SOME: Select[Any] = (
    select(*[_M[_STORED.get(name, name)] for name in Meeting.__dataclass_fields__])
    .where(_HERE)
    .order_by(_M.starts_at, _M.id)
)
_BY_ID = _SOME.where(_M.id == bindparam("m"))
_PLANNED = _SOME.where(_M.series_id == bindparam("s"), _M.planned_on == bindparam("day"))
_LIVING = _SOME.where(_M.series_id == bindparam("s"), _M.closed_at.is_(None))
_OWN_LINKS = select(_M.series_id, _M.planned_on, _M.link).where(
    _HERE, _M.series_id.in_(bindparam("ids", expanding=True)), _M.link.is_not(None)
)
_HELD: Select[Any] = (
    _SOME.add_columns(series.c.title, series.c.every)
    .join(series, series.c.id == _M.series_id)
    .where(_M.starts_at >= bindparam("since"), _M.starts_at < bindparam("until"))
    .where(_M.cancelled.is_(False), _M.closed_at.is_not(None))
)
_MAKE = insert(meetings)


def _some(tx: Transaction, query: Select[Any], **which: Any) -> list[Meeting]:
    return [Meeting(*row) for row in tx.connection.execute(query, {"w": tx.workspace, **which})]


def ensure(tx: Transaction, series_id: int, session: Session) -> Meeting:
    """The meeting of a session; it is there from now on if it was not."""
    if (found := find(tx, series_id, session.on)) is not None:
        return found
    row = {
        "workspace": tx.workspace,
        "series_id": series_id,
        "planned_on": session.on,
        "number": session.number,
        "starts_at": session.starts,
        "ends_at": session.ends,
        "cancelled": session.cancelled,
        **after_restore.ids(tx, meetings),
    }
    tx.connection.execute(_MAKE, row)
    return _some(tx, _PLANNED, s=series_id, day=session.on)[0]


def need(tx: Transaction, meeting_id: int) -> Meeting:
    """A meeting by its id.

    Raises:
        NoSuchMeeting: there is none in this workspace.
    """
    found = _some(tx, _BY_ID, m=meeting_id)
    if not found:
        raise NoSuchMeeting()
    return found[0]


def find(tx: Transaction, series_id: int, on: date) -> Meeting | None:
    """The meeting of the session planned for a date, if there is one yet."""
    return next(iter(_some(tx, _PLANNED, s=series_id, day=on)), None)


def own_links(tx: Transaction, ids: Sequence[int]) -> dict[tuple[int, date], str]:
    """Where single sessions of these series meet on the net, if not where the others do; by series and the date each is
    planned for."""
    rows = tx.connection.execute(_OWN_LINKS, {"w": tx.workspace, "ids": ids})
    return {(number, on): link for number, on, link in rows}


def living(tx: Transaction, series_id: int) -> list[Meeting]:
    """The meetings of a series that are not over, the next first."""
    return _some(tx, _LIVING, s=series_id)


@cache
def _noting(*columns: str) -> Update:
    return update(meetings).where(_HERE, _M.id == bindparam("m")).values(dict.fromkeys(columns))


def note(tx: Transaction, meeting_id: int, **values: Any) -> None:
    """Change what is known of a meeting."""
    tx.connection.execute(_noting(*values), {"w": tx.workspace, "m": meeting_id, **values})


def held_between(tx: Transaction, since: datetime, until: datetime) -> list[tuple[Meeting, str]]:
    """The meetings that took place in a span and are over (the span's end is not in it), with what they are called; by
    time."""
    rows = tx.connection.execute(_HELD, {"w": tx.workspace, "since": since, "until": until})
    found = [(Meeting(*values), title, every) for *values, title, every in rows]
    return [
        (each, title if every == Every.ONCE else f"第{each.number}回 {title}") for each, title, every in found
    ]


# --- what came of them ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a meeting said about a question."""

    id: int
    meeting_id: int
    question_id: int
    body: str


_O = outcomes.c
_OUTCOME = select(_O.id, _O.meeting_id, _O.question_id, _O.body).where(_O.workspace == bindparam("w"))
_OUTCOMES_OF = _OUTCOME.where(_O.meeting_id == bindparam("m")).order_by(_O.id)
_SAID_OF = _OUTCOME.where(_O.question_id == bindparam("q")).order_by(_O.id.desc())
_OUTCOME_BY_ID = _OUTCOME.where(_O.id == bindparam("o"))
_HOW_MANY = select(func.count()).where(
    _O.workspace == bindparam("w"), _O.meeting_id.in_(bindparam("ids", expanding=True))
)
_SAY = Upsert(outcomes, ["meeting_id", "question_id"], ["body", "said_by", "said_at"])


def say(tx: Transaction, meeting_id: int, said: Mapping[int, str], actor: str) -> list[Outcome]:
    """Keep what a meeting said about questions, by their ids; said again, it is said otherwise. Returns these."""
    same = {"meeting_id": meeting_id, "said_by": actor, "said_at": tx.now}
    _SAY.run(tx, [{**same, "question_id": number, "body": body} for number, body in said.items()])
    return [each for each in outcomes_of(tx, meeting_id) if each.question_id in said]


def outcomes_of(tx: Transaction, meeting_id: int) -> list[Outcome]:
    """What a meeting said, question by question."""
    found = tx.connection.execute(_OUTCOMES_OF, {"w": tx.workspace, "m": meeting_id})
    return [Outcome(*row) for row in found]


def said_of(tx: Transaction, question_id: int) -> list[Outcome]:
    """What meetings said about a question, the newest first."""
    found = tx.connection.execute(_SAID_OF, {"w": tx.workspace, "q": question_id})
    return [Outcome(*row) for row in found]


def outcome(tx: Transaction, outcome_id: int) -> Outcome | None:
    """One of them by its id."""
    row = tx.connection.execute(_OUTCOME_BY_ID, {"w": tx.workspace, "o": outcome_id}).one_or_none()
    return None if row is None else Outcome(*row)


def how_many_outcomes(tx: Transaction, ids: Sequence[int]) -> int:
    """How many questions these meetings said something about."""
    return int(tx.connection.execute(_HOW_MANY, {"w": tx.workspace, "ids": ids}).scalar_one())
