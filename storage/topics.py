"""Topics of study sessions, votes for them, and requests to present them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Update, bindparam, case, delete, func, insert, select, update

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
_HERE, _THIS = _T.workspace == bindparam("w"), _T.id == bindparam("t")
_OF_SERIES, _NOT_CLOSED = _T.series_id == bindparam("s"), _T.closed_at.is_(None)
_SOME: Select[Any] = (
    select(*[_T[name] for name in Topic.__dataclass_fields__]).where(_HERE).order_by(_T.place, _T.id)
)
_FIND = _SOME.where(_THIS)
_NEED = _FIND.where(_NOT_CLOSED)
_WAITING = _SOME.where(_OF_SERIES, _NOT_CLOSED, _T.held_at.is_(None))
_ON = _SOME.where(_OF_SERIES, _T.planned_on == bindparam("day"), _NOT_CLOSED)
_FROM_QUESTIONS = _SOME.where(_T.question_id.is_not(None), _NOT_CLOSED, _T.held_at.is_(None))
_ADD = insert(topics).returning(_T.id)
_TOUCH = update(topics).where(_HERE)
_TOUCH_ONE = _TOUCH.where(_THIS)
_TOUCH_OF = _TOUCH.where(
    _OF_SERIES,
    _T.planned_on.in_(bindparam("days", expanding=True)),
    _NOT_CLOSED,
)


def _some(tx: Transaction, query: Select[Any], **which: Any) -> list[Topic]:
    return [Topic(*row) for row in tx.connection.execute(query, {"w": tx.workspace, **which})]


def _touch(tx: Transaction, query: Update, **values: Any) -> None:
    tx.connection.execute(query, {"w": tx.workspace, **values})


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
    return need(tx, int(tx.connection.execute(_ADD, values).scalar_one()))


def need(tx: Transaction, topic_id: int) -> Topic:
    """A topic by its id that nobody took back.

    Raises:
        TopicGone: there is none any more.
    """
    found = _some(tx, _NEED, t=topic_id)
    if not found:
        raise TopicGone()
    return found[0]


def find(tx: Transaction, topic_id: int) -> Topic | None:
    """A topic by its id, taken back or not."""
    return next(iter(_some(tx, _FIND, t=topic_id)), None)


def waiting(tx: Transaction, series_id: int) -> list[Topic]:
    """What was proposed for a series and was not talked about yet, whether it was taken up or not."""
    return _some(tx, _WAITING, s=series_id)


def on(tx: Transaction, series_id: int, planned_on: date) -> list[Topic]:
    """What was taken up for one session, in its order."""
    return _some(tx, _ON, s=series_id, day=planned_on)


def from_questions(tx: Transaction) -> list[Topic]:
    """All that came from a question and was not talked about yet."""
    return _some(tx, _FROM_QUESTIONS)


def take_up(tx: Transaction, topic_id: int, planned_on: date | None, place: int = 0) -> None:
    """Let a topic be of one session, or (None) wait again."""
    _touch(tx, _TOUCH_ONE, t=topic_id, planned_on=planned_on, place=place)


def put_in_order(tx: Transaction, ids: Sequence[int]) -> None:
    """Let topics stand in this order."""
    if ids:
        places = {topic_id: place for place, topic_id in enumerate(ids, start=1)}
        in_order = case(places, value=_T.id, else_=_T.place)
        _touch(tx, _TOUCH.where(_T.id.in_(ids)).values(place=in_order))


def held(tx: Transaction, series_id: int, dates: Collection[date]) -> None:
    """These sessions have begun: what was taken up for them is being talked about."""
    _touch(tx, _TOUCH_OF, s=series_id, days=list(dates), held_at=tx.now)


def close(tx: Transaction, topic_id: int, actor: str | None) -> None:
    """A topic is taken back; None: it went with its question."""
    _touch(tx, _TOUCH_ONE, t=topic_id, closed_at=tx.now, closed_by=actor)


# --- votes ----------------------------------------------------------------------------------------------------------


_VOTE = Upsert(topic_votes, ["topic_id", "user_id"])
_TAKE_BACK = delete(topic_votes).where(
    _V.workspace == bindparam("w"), _V.topic_id == bindparam("t"), _V.user_id == bindparam("u")
)
_FOR_THESE = (_V.workspace == bindparam("w"), _V.topic_id.in_(bindparam("ids", expanding=True)))
_VOTES = select(_V.topic_id, func.count()).where(*_FOR_THESE).group_by(_V.topic_id)
_VOTED = select(_V.topic_id).where(*_FOR_THESE, _V.user_id == bindparam("u"))


def vote(tx: Transaction, topic_id: int, user_id: str) -> bool:
    """Somebody wants to hear it; False: they had said so before."""
    return _VOTE.run(tx, {"topic_id": topic_id, "user_id": user_id, "at": tx.now}) == 1


def take_vote_back(tx: Transaction, topic_id: int, user_id: str) -> None:
    """Somebody does not any more."""
    tx.connection.execute(_TAKE_BACK, {"w": tx.workspace, "t": topic_id, "u": user_id})


def votes(tx: Transaction, ids: Collection[int]) -> dict[int, int]:
    """How many people want to hear each of these."""
    rows = tx.connection.execute(_VOTES, {"w": tx.workspace, "ids": list(ids)})
    found = {int(topic): int(n) for topic, n in rows}
    return {each: found.get(each, 0) for each in ids}


def voted(tx: Transaction, ids: Collection[int], user_id: str) -> set[int]:
    """Which of these somebody wants to hear."""
    given = {"w": tx.workspace, "ids": list(ids), "u": user_id}
    return set(tx.connection.execute(_VOTED, given).scalars())


# --- who presents ---------------------------------------------------------------------------------------------------


_LIVING = sorted(state.value for state in LIVING)
_REQUESTS: Select[Any] = (
    select(*[_R[name] for name in Asked.__dataclass_fields__])
    .where(_R.workspace == bindparam("w"))
    .order_by(_R.id)
)
_REQUEST = _REQUESTS.where(_R.id == bindparam("r"))
_PRESENTERS = _REQUESTS.where(_R.topic_id.in_(bindparam("ids", expanding=True)), _R.state.in_(_LIVING))
_WITHDRAWN = _REQUESTS.where(
    _R.topic_id.in_(bindparam("ids", expanding=True)),
    _R.user_id == bindparam("u"),
    _R.state == Request.WITHDRAWN.value,
)
_ASK = insert(topic_requests).returning(_R.id)
_SET = update(topic_requests).where(_R.workspace == bindparam("w"), _R.id == bindparam("r"))
_ANSWERED = _SET.values(answers=_R.answers + 1)


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
    return need_request(tx, int(tx.connection.execute(_ASK, values).scalar_one()))


def need_request(tx: Transaction, request_id: int) -> Asked:
    """A request by its id.

    Raises:
        NoSuchRequest: there is none in this workspace.
    """
    found = _requests(tx, _REQUEST, r=request_id)
    if not found:
        raise NoSuchRequest()
    return found[0]


def presenters(tx: Transaction, ids: Collection[int]) -> dict[int, Asked]:
    """Who presents each of these topics, or was asked to and has not said no."""
    found = _requests(tx, _PRESENTERS, ids=list(ids))
    return {each.topic_id: each for each in found}


def was_withdrawn(tx: Transaction, ids: Collection[int], user_id: str) -> bool:
    """Whether somebody was asked to present one of these topics, or would have, and the request was taken back."""
    return bool(_requests(tx, _WITHDRAWN, ids=list(ids), u=user_id))


def set_request(tx: Transaction, request_id: int, state: Request, *, answer: bool = False) -> None:
    """How a request stands now; `answer`: by a word of the one who was asked."""
    query, more = (_ANSWERED, {"answered_at": tx.now}) if answer else (_SET, {})
    tx.connection.execute(query, {"w": tx.workspace, "r": request_id, "state": state.value, **more})


def _requests(tx: Transaction, query: Select[Any], **which: Any) -> list[Asked]:
    return [_request(*row) for row in tx.connection.execute(query, {"w": tx.workspace, **which})]


def _request(*row: Any) -> Asked:
    found = Asked(*row)
    return replace(found, state=Request(found.state))
