"""Topics of study sessions, votes for them, and requests to present them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, select, update

from bot.domain.topics import LIVING, Request
from bot.errors import UserError
from storage import after_restore
from storage.database import Transaction
from storage.tables import topic_requests, topic_votes, topics
from storage.upsert import Upsert


class TopicGone(UserError):
    """この話題は、もう取り下げられました。何も変わっていません。ほかの話題は、そのまま残っています。"""


class NoSuchRequest(UserError):
    """このお願いが見つかりませんでした。何も変わっていません。"""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as stored; times are aware UTC. `planned_on` names the session it was taken up for, `place` orders it there;
    `held_at` is when that session began; `closed_at` when it was taken back."""

    id: int
    series_id: int
    title: str
    said: str
    question_id: int | None
    entry_id: int | None
    proposed_by: str
    proposed_at: datetime
    planned_on: date | None
    place: int
    held_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to present a topic. `answers` counts how often it was answered: people may change their mind."""

    id: int
    topic_id: int
    user_id: str
    state: Request
    asked_by: str
    asked_at: datetime
    answers: int


_T, _R, _V = topics.c, topic_requests.c, topic_votes.c
_TOPIC = select(*[_T[name] for name in Topic.__dataclass_fields__])
_REQUEST = select(*[_R[name] for name in Asked.__dataclass_fields__])
_VOTE = Upsert(topic_votes, ["topic_id", "user_id"])
_LIVING = sorted(state.value for state in LIVING)


def _some(tx: Transaction, *which: ColumnElement[bool]) -> list[Topic]:
    query = _TOPIC.where(_T.workspace == tx.workspace, *which).order_by(_T.place, _T.id)
    return [Topic(*row) for row in tx.connection.execute(query)]


def add(
    tx: Transaction,
    series_id: int,
    title: str,
    said: str,
    *,
    actor: str,
    question_id: int | None = None,
    entry_id: int | None = None,
) -> Topic:
    """Insert a topic."""
    values = {
        **after_restore.ids(tx, topics),
        "workspace": tx.workspace,
        "series_id": series_id,
        "title": title,
        "said": said,
        "question_id": question_id,
        "entry_id": entry_id,
        "proposed_by": actor,
        "proposed_at": tx.now,
    }
    query = insert(topics).values(values).returning(_T.id)
    return need(tx, int(tx.connection.execute(query).scalar_one()))


def need(tx: Transaction, topic_id: int) -> Topic:
    """A topic by its id that nobody took back.

    Raises:
        TopicGone: there is none any more.
    """
    found = _some(tx, _T.id == topic_id, _T.closed_at.is_(None))
    if not found:
        raise TopicGone()
    return found[0]


def find(tx: Transaction, topic_id: int) -> Topic | None:
    """A topic by its id, taken back or not."""
    return next(iter(_some(tx, _T.id == topic_id)), None)


def waiting(tx: Transaction, series_id: int) -> list[Topic]:
    """What was proposed for a series and was not talked about yet, whether it was taken up or not."""
    return _some(tx, _T.series_id == series_id, _T.closed_at.is_(None), _T.held_at.is_(None))


def on(tx: Transaction, series_id: int, planned_on: date) -> list[Topic]:
    """What was taken up for one session, in its order."""
    return _some(tx, _T.series_id == series_id, _T.planned_on == planned_on, _T.closed_at.is_(None))


def from_questions(tx: Transaction) -> list[Topic]:
    """All that came from a question and was not talked about yet."""
    return _some(tx, _T.question_id.is_not(None), _T.closed_at.is_(None), _T.held_at.is_(None))


def take_up(tx: Transaction, topic_id: int, planned_on: date | None, place: int = 0) -> None:
    """Let a topic be of one session, or (None) wait again."""
    _touch(tx, _T.id == topic_id, planned_on=planned_on, place=place)


def put_in_order(tx: Transaction, ids: Sequence[int]) -> None:
    """Let topics stand in this order."""
    if ids:
        places = {topic_id: place for place, topic_id in enumerate(ids, start=1)}
        _touch(tx, _T.id.in_(ids), place=case(places, value=_T.id, else_=_T.place))


def held(tx: Transaction, series_id: int, dates: Collection[date]) -> None:
    """These sessions have begun: what was taken up for them is being talked about."""
    mine = (_T.series_id == series_id, _T.planned_on.in_(dates), _T.closed_at.is_(None))
    _touch(tx, *mine, held_at=tx.now)


def close(tx: Transaction, topic_id: int, actor: str | None) -> None:
    """A topic is taken back; None: it went with its question."""
    _touch(tx, _T.id == topic_id, closed_at=tx.now, closed_by=actor)


def _touch(tx: Transaction, *which: ColumnElement[bool], **values: object) -> None:
    tx.connection.execute(update(topics).where(_T.workspace == tx.workspace, *which).values(**values))


# --- votes ----------------------------------------------------------------------------------------------------------


def vote(tx: Transaction, topic_id: int, user_id: str) -> bool:
    """Somebody wants to hear it; False: they had said so before."""
    return _VOTE.run(tx, {"topic_id": topic_id, "user_id": user_id, "at": tx.now}) == 1


def take_vote_back(tx: Transaction, topic_id: int, user_id: str) -> None:
    """Somebody does not any more."""
    mine = (_V.workspace == tx.workspace, _V.topic_id == topic_id, _V.user_id == user_id)
    tx.connection.execute(delete(topic_votes).where(*mine))


def votes(tx: Transaction, ids: Collection[int]) -> dict[int, int]:
    """How many people want to hear each of these."""
    query = select(_V.topic_id, func.count()).where(_V.workspace == tx.workspace, _V.topic_id.in_(ids))
    found = {int(topic): int(n) for topic, n in tx.connection.execute(query.group_by(_V.topic_id))}
    return {each: found.get(each, 0) for each in ids}


def voted(tx: Transaction, ids: Collection[int], user_id: str) -> set[int]:
    """Which of these somebody wants to hear."""
    mine = (_V.workspace == tx.workspace, _V.topic_id.in_(ids), _V.user_id == user_id)
    return set(tx.connection.execute(select(_V.topic_id).where(*mine)).scalars())


# --- who presents ---------------------------------------------------------------------------------------------------


def ask(tx: Transaction, topic_id: int, user_id: str, asked_by: str, state: Request) -> Asked:
    """Ask somebody to present a topic; to be asked again is a request of its own."""
    values = {
        **after_restore.ids(tx, topic_requests),
        "workspace": tx.workspace,
        "topic_id": topic_id,
        "user_id": user_id,
        "state": state.value,
        "asked_by": asked_by,
        "asked_at": tx.now,
    }
    query = insert(topic_requests).values(values).returning(_R.id)
    return need_request(tx, int(tx.connection.execute(query).scalar_one()))


def need_request(tx: Transaction, request_id: int) -> Asked:
    """A request by its id.

    Raises:
        NoSuchRequest: there is none in this workspace.
    """
    found = _requests(tx, _R.id == request_id)
    if not found:
        raise NoSuchRequest()
    return found[0]


def presenters(tx: Transaction, ids: Collection[int]) -> dict[int, Asked]:
    """Who presents each of these topics, or was asked to and has not said no."""
    found = _requests(tx, _R.topic_id.in_(ids), _R.state.in_(_LIVING))
    return {each.topic_id: each for each in found}


def set_request(tx: Transaction, request_id: int, state: Request, *, answer: bool = False) -> None:
    """How a request stands now; `answer`: by a word of the one who was asked."""
    values = {"answered_at": tx.now, "answers": _R.answers + 1} if answer else {}
    mine = (_R.workspace == tx.workspace, _R.id == request_id)
    tx.connection.execute(update(topic_requests).where(*mine).values(state=state.value, **values))


def _requests(tx: Transaction, *which: ColumnElement[bool]) -> list[Asked]:
    query = _REQUEST.where(_R.workspace == tx.workspace, *which).order_by(_R.id)
    return [_request(*row) for row in tx.connection.execute(query)]


def _request(*row: Any) -> Asked:
    found = Asked(*row)
    return replace(found, state=Request(found.state))
