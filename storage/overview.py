"""What Home counts and lists: which of a workspace's questions, entries, bodies, people and messages, each by an index.

A number and the list behind it are the same `Which`, so that they cannot tell two stories.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal_column, not_, or_, select

from bot.domain import faq
from bot.domain.question import OPEN, UNCLAIMED, State, Turn, turn
from storage import questions
from storage.cache import cached
from storage.database import Transaction
from storage.faq_waiting import stands
from storage.members import ASKER, GUEST, VISITOR
from storage.questions import Question
from storage.tables import channels, entries, events, helped, members, messages
from storage.tables import questions as table

_Q = table.c
_ALIVE: ColumnElement[Any] = literal_column("question.state <> 'closed'")
_WAITING: ColumnElement[Any] = literal_column("question.state NOT IN ('closed', 'answered')")
"""Word for word as the indexes ix_question_alive and ix_question_open say it."""
_UNDECIDED = _Q.audience == "undecided"
_REAL = func.coalesce(_Q.practice, false()) == false()
"""No practice; in words by which SQLite, which knows no statistics, would not look for it."""
_ASKS = or_(_Q.close_reason.is_(None), _Q.close_reason != "not_a_question")
_E, _LATER = events.c, events.alias("later").c
_AFTER = select(_LATER.id).where(_LATER.question_id == _E.question_id, _LATER.id > _E.id)
_STANDS = ~_AFTER.where(_LATER.undoes == _E.id).correlate(events).exists()
"""Of an event: it was not taken back."""
_PASSED_ON = (
    select(_E.id)
    .where(_E.question_id == _Q.id, _E.verb == "escalate")
    .where(~_AFTER.where(_LATER.verb == "reopen").correlate(events).exists())
    .correlate(table)
    .exists()
)
"""Of a question: it was passed on, for nobody took it in time, since it was last reopened."""
_FOR_ASKER = [state.value for state in State if turn(state) is Turn.ASKER]
_URGENT, _NEWEST = (_Q.target_at, _Q.id), (_Q.received_at.desc(), _Q.id.desc())


@dataclass(frozen=True, slots=True)
class Which:
    """Some of a workspace's questions, in an order."""

    where: tuple[ColumnElement[bool], ...]
    order: tuple[ColumnElement[Any], ...] = _URGENT


NONE = Which((false(),))


def everybodys() -> ColumnElement[bool]:
    """Of a question: everybody may read it (`handlers.questions.base.sides.is_everybodys`)."""
    c = channels.c
    shown = (c.workspace == _Q.workspace, c.channel == _Q.channel)
    open_to_all = or_(c.purpose.in_(["consultation", "practice"]), c.is_private == false())
    place = select(c.channel).where(*shown, open_to_all).correlate(table).exists()
    apart = or_(_Q.audience == "body", _Q.desk_channel.is_not(None), _Q.channel == "")
    return and_(_Q.audience.in_(["open", "body"]), or_(apart, place))


def count(tx: Transaction, which: Which) -> int:
    """How many these are."""
    return _count(
        tx, select(func.count()).select_from(table).where(_Q.workspace == tx.workspace, *which.where)
    )


def page(tx: Transaction, which: Which, *, most: int, start: int = 0) -> list[Question]:
    """Some of these, in their order."""
    return questions.some(tx, *which.where, order=which.order, most=most, start=start)


def _count(tx: Transaction, query: Any) -> int:
    return int(tx.connection.execute(query).scalar_one())


def asked(user_id: str, *, theirs: bool) -> Which:
    """What somebody asked that is not closed: where it is their turn, or that of the others. Before whom they ask is
    theirs to say."""
    mine = or_(_Q.state.in_(_FOR_ASKER), _UNDECIDED)
    return Which((_Q.asker == user_id, _ALIVE, mine if theirs else not_(mine)))


def given(user_id: str, *, theirs: bool, barred: Collection[str] | None) -> Which:
    """What somebody was given that is not closed: where it is their turn, or the asker's. Left out is what a conflict of
    interest (a field, or `body:` and a code) keeps them from, known before or said by stepping aside; None: no conflict
    keeps them from anything."""
    mine = not_(_Q.state.in_(_FOR_ASKER))
    here = (_Q.responsible == user_id, _ALIVE, not_(_UNDECIDED), mine if theirs else not_(mine))
    if barred is None:
        return Which(here)
    bodies = [each.removeprefix("body:") for each in barred if each.startswith("body:")]
    other_field = or_(_Q.field_id.is_(None), _Q.field_id.not_in(list(barred)))
    other_body = or_(_Q.municipality_code.is_(None), _Q.municipality_code.not_in(bodies))
    return Which((*here, other_field, other_body, not_(_stepped_aside(user_id))))


def _stepped_aside(user_id: str) -> ColumnElement[bool]:
    done = (_E.question_id == _Q.id, _E.verb == "step_aside", _E.actor == user_id, _STANDS)
    return select(_E.id).where(*done).correlate(table).exists()


def of_body(code: str) -> Which:
    """What people of a body asked before everybody and did not take back."""
    kept = or_(_Q.close_reason.is_(None), _Q.close_reason.not_in(["withdrawn", "not_a_question"]))
    return Which((_Q.municipality_code == code, _REAL, everybodys(), kept), _NEWEST)


def received(since: datetime, states: Collection[State] = frozenset(State)) -> Which:
    """What was received since then and is in one of these states: practice, and what was no question, left out."""
    stands = _Q.state.in_(sorted(state.value for state in states))
    return Which((*_since(since), stands), _NEWEST)


def _since(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_Q.practice == false(), _ASKS, _Q.received_at >= at)


def waiting_since(before: datetime) -> Which:
    """What everybody may read and nobody has answered that was received before then, the oldest first."""
    mine = (_REAL, _WAITING, everybodys(), _Q.received_at <= before)
    return Which(mine, (_Q.received_at, _Q.id))


def nobodys() -> Which:
    """What waits and nobody is responsible for, although its asker has said before whom they ask."""
    return Which((_REAL, _WAITING, _Q.responsible.is_(None), not_(_UNDECIDED)))


def late(now: datetime) -> Which:
    """What should have been answered for the first time and was not: `now` is past its target, or that had passed before
    and somebody else was given it, with a target of their own."""
    unclaimed = _Q.state.in_([state.value for state in UNCLAIMED])
    silent = (_Q.state == State.CLAIMED.value) & _Q.first_reply_at.is_(None)
    passed = or_(_Q.target_at < now, _PASSED_ON)
    return Which((_REAL, _WAITING, not_(_UNDECIDED), or_(unclaimed, silent), passed))


def needed(until: date) -> Which:
    """What waits and is needed by this day or was before: the first first."""
    here = (_REAL, _WAITING, not_(_UNDECIDED), _Q.needed_on <= until)
    return Which(here, (_Q.needed_on, _Q.id))


def hoping() -> Which:
    """What was asked before everybody in a channel and nobody has said anything to yet: whoever knows may write."""
    here = (_REAL, _WAITING, _Q.audience == "open", _Q.desk_channel.is_(None), _Q.first_reply_at.is_(None))
    return Which((*here, everybodys()), (_Q.received_at, _Q.id))


@dataclass(frozen=True, slots=True)
class Year:
    """The ledger's words for what was received since a day."""

    waiting: int
    answered: int
    closed: int

    @property
    def received(self) -> int:
        """All of it."""
        return self.waiting + self.answered + self.closed


def year(tx: Transaction, since: datetime) -> Year:
    """Count what was received since then."""
    which = received(since)
    counted = select(_Q.state, func.count()).where(_Q.workspace == tx.workspace, *which.where)
    found = {State(state): int(n) for state, n in tx.connection.execute(counted.group_by(_Q.state))}
    waiting = sum(found.get(state, 0) for state in OPEN)
    return Year(waiting, found.get(State.ANSWERED, 0), found.get(State.CLOSED, 0))


# --- entries --------------------------------------------------------------------------------------------------------


def entries_in(tx: Transaction, state: faq.State, *, owner: str | None = None) -> int:
    """How many entries are in a state: of everybody, or of one owner (`storage.faq.in_state`)."""
    e = entries.c
    mine = [e.workspace == tx.workspace, stands(tx, state)]
    mine += [] if owner is None else [e.owner == owner]
    return _count(tx, select(func.count()).select_from(entries).where(*mine))


def entries_to_review(tx: Transaction, until: date, *, owner: str | None = None) -> int:
    """How many published entries have a review date up to this day: of everybody, or of one owner."""
    e = entries.c
    mine = [e.workspace == tx.workspace, e.state == faq.State.PUBLISHED.value, e.review_on <= until]
    mine += [] if owner is None else [e.owner == owner]
    return _count(tx, select(func.count()).select_from(entries).where(*mine))


# --- bodies and people ----------------------------------------------------------------------------------------------


def people_of(tx: Transaction) -> Mapping[str, int]:
    """How many active people there are of each body."""
    return cached(tx, "people of bodies", _people_of)


def _people_of(tx: Transaction) -> Mapping[str, int]:
    m = members.c
    ours = (m.workspace == tx.workspace, m.permission != VISITOR, m.deactivated.is_(False))
    counted = select(m.municipality_code, func.count()).where(*ours, m.municipality_code.is_not(None))
    return {code: int(n) for code, n in tx.connection.execute(counted.group_by(m.municipality_code))}


def _known(private: bool) -> ColumnElement[bool]:
    """What was asked before everybody; `private`: and before the prefecture."""
    return _Q.audience.in_(["open", "body", "private"]) if private else everybodys()


def in_use(tx: Transaction, since: datetime, *, private: bool) -> set[str]:
    """The bodies of which somebody has asked since then, or was helped by an entry; `private`: privately as well."""
    asking = select(_Q.municipality_code).where(
        _Q.workspace == tx.workspace, *_since(since), _known(private), _Q.municipality_code.is_not(None)
    )
    m, h = members.c, helped.c
    same = (m.workspace == h.workspace) & (m.user_id == h.user_id)
    finding = select(m.municipality_code).select_from(helped.join(members, same))
    finding = finding.where(h.workspace == tx.workspace, h.at >= since, m.municipality_code.is_not(None))
    return {str(code) for code in tx.connection.execute(asking.union(finding)).scalars()}


def last_asked(tx: Transaction, codes: Sequence[str], *, private: bool) -> Mapping[str, datetime]:
    """When somebody of these bodies asked last; `private`: privately as well."""
    here = (
        _Q.workspace == tx.workspace,
        _REAL,
        _ASKS,
        _known(private),
        _Q.municipality_code.in_(list(codes)),
    )
    newest = select(_Q.municipality_code, func.max(_Q.received_at)).where(*here)
    return {code: at for code, at in tx.connection.execute(newest.group_by(_Q.municipality_code))}


def _nowhere(tx: Transaction) -> tuple[ColumnElement[bool], ...]:
    m = members.c
    asks = m.permission.in_([ASKER, GUEST])
    unknown = (m.municipality_code.is_(None), m.confirmed_at.is_(None))
    return (m.workspace == tx.workspace, asks, m.deactivated.is_(False), *unknown)


def how_many_nowhere(tx: Transaction) -> int:
    """How many active askers have no body that we know, and have not said that there is none."""
    return _count(tx, select(func.count()).select_from(members).where(*_nowhere(tx)))


def nowhere(tx: Transaction, *, most: int, start: int = 0) -> list[tuple[str, str]]:
    """Some of them: user id and name, by name."""
    found = select(members.c.user_id, members.c.name).where(*_nowhere(tx))
    ordered = found.order_by(members.c.name, members.c.user_id).limit(most).offset(start)
    return [(user, name) for user, name in tx.connection.execute(ordered)]


def last_heard(tx: Transaction) -> datetime | None:
    """When the newest message that we know was taken in (business clock)."""
    m = messages.c
    # Not looked for by workspace: the newest row of all is read, not all rows of one are sorted.
    newest = (
        select(m.captured_at).where(m.workspace.concat("") == tx.workspace).order_by(m.id.desc()).limit(1)
    )
    found: datetime | None = tx.connection.execute(newest).scalar_one_or_none()
    return found
