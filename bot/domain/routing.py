"""Who gets the question: facts in, a ranked list with reasons out. Same facts, same answer.

The order is: on duty and fitting → deputy (or on duty later) and fitting, there within an hour → the PM on duty → deputy
and fitting who begins before the reply is due → a coordinator (the desk). Others follow only for a coordinator who
chooses by hand. A question whose field nobody knows fits everybody on duty. Conflict of interest, absence, a contract
that does not hold and used-up contract hours exclude absolutely. Reasons are positive and may be shown to all; what
speaks against a person is for coordinators only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.fields import OTHER
from bot.domain.reasons import Reason, ReasonCode
from bot.errors import OperatorError

_FIELD_POINTS = 30
_ROLE_POINTS = 15
_FIRST_ROLE_POINTS = 3
_HELPED_POINTS = 8
_SHORT_HOURS_POINTS = -10
_LEADS_POINTS = 10
_LOAD_POINTS = -2
MANY = 25
"""Whoever has so many open questions is asked after everybody who has fewer; among those it goes by turns."""
_BUSY = -1000
_SHORT_HOURS = timedelta(hours=1)
_SOON = timedelta(hours=1)
"""Whoever begins so much later than those on duty is asked after the PM who is there."""


class NobodyToAsk(OperatorError):
    """相談の受け手がいません。県の担当(コーディネーター)を登録してください。"""


class TalentRole(StrEnum):
    """A talent's profession."""

    PRODUCER = "producer"
    PM = "pm"
    ENGINEER = "engineer"
    SERVICE_DESIGNER = "service_designer"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A talent and the facts of the moment; one entry a person.

    `on_duty` is now (out of hours: at the next opening), `duty_later` still before the reply is due.
    `next_working` (aware UTC) is when the person next works, None = unknown; `remaining` the contract hours
    left, None = unknown; `conflicts` field ids and "body:<municipality code>".
    """

    user_id: str
    name: str
    role: TalentRole
    fields: tuple[str, ...]
    on_duty: bool
    deputy: bool = False
    duty_later: bool = False
    next_working: datetime | None = None
    remaining: timedelta | None = None
    absent: bool = False
    under_contract: bool = True
    conflicts: tuple[str, ...] = ()
    open_questions: int = 0
    helped_before: bool = False


@dataclass(frozen=True, slots=True)
class Coordinator:
    """A member of the prefecture's desk, present today."""

    user_id: str
    name: str
    open_questions: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: its field, the roles that serve it (likeliest first), from which body, and when the first
    reply is due (aware UTC).
    """

    field_id: str
    roles: tuple[TalentRole, ...]
    municipality_code: str | None
    target: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A person in the ranking; `against` says why lower or excluded, for coordinators only. `in_time`: they work before
    the reply is due."""

    user_id: str
    name: str
    score: int
    reasons: tuple[Reason, ...] = ()
    against: tuple[str, ...] = ()
    next_working: datetime | None = None
    in_time: bool = True

    @property
    def at_desk(self) -> bool:
        """Whether they are asked as the prefecture's desk."""
        return Reason(ReasonCode.COORDINATOR) in self.reasons


@dataclass(frozen=True, slots=True)
class Routing:
    """The answer: `chosen` is always the first of `ranked`; `excluded` is shown to coordinators only.

    `to_desk` is True when somebody on the rota fits but next works after the target, so the desk takes it;
    `later` is then that person, whose `next_working` is the 次の対応日. `by_ladder` is False when nobody is left of
    those whose turn it can be (duty, deputy, PM, desk): the rest are for a coordinator who chooses by hand.
    """

    chosen: Choice
    ranked: tuple[Choice, ...]
    excluded: tuple[Choice, ...]
    to_desk: bool = False
    later: Choice | None = None
    by_ladder: bool = True


class _Tier(IntEnum):
    """`DEPUTY` is there within an hour; `NEXT` only begins in time: whoever waited for them waited longest of all."""

    DUTY = 0
    DEPUTY = 1
    PM = 2
    NEXT = 3
    DESK = 4
    FITS = 5
    LATE = 6
    REST = 7


@dataclass(frozen=True, slots=True)
class _Placed:
    """A choice with its place: `rota` is the tier it would have if it were in time."""

    tier: _Tier
    rota: _Tier
    open_questions: int
    choice: Choice
    turn: int = 0

    @property
    def key(self) -> tuple[int, int, int, int, int, str]:
        choice = self.choice
        return (self.tier, self.rota, -choice.score, self.open_questions, self.turn, choice.user_id)


def rank(
    ask: Ask, candidates: Sequence[Candidate], coordinators: Sequence[Coordinator], now: datetime
) -> Routing:
    """Rank who may answer; the order of the input does not matter.

    A target already past is read as `now`: whoever works now can still help.
    Raises NobodyToAsk when everybody is excluded and no coordinator is given.
    """
    excluded = {c.user_id: _excluded(c, bars) for c in candidates if (bars := _bars(ask, c))}
    free = [c for c in candidates if c.user_id not in excluded]
    mean_load = sum(c.open_questions for c in free) / len(free) if free else 0.0
    due = max(ask.target, now)
    soon = min((max(c.next_working or now, now) for c in free if c.on_duty), default=now) + _SOON
    placed = [_place(ask, c, due, soon, light=c.open_questions < mean_load) for c in free]
    placed += [_place_desk(c) for c in coordinators if c.user_id not in excluded]
    placed.sort(key=lambda p: p.key)
    if not placed:
        raise NobodyToAsk
    best_of = {p.choice.user_id: p.choice for p in reversed(placed)}  # a talent may sit at the desk too
    ranked = tuple(best_of[user_id] for user_id in dict.fromkeys(p.choice.user_id for p in placed))
    later = next((p.choice for p in placed if p.tier is _Tier.LATE and p.rota < _Tier.DESK), None)
    to_desk = placed[0].tier is _Tier.DESK and later is not None
    return Routing(
        chosen=ranked[0],
        ranked=ranked,
        excluded=tuple(excluded[uid] for uid in sorted(excluded)),
        to_desk=to_desk,
        later=later if to_desk else None,
        by_ladder=placed[0].tier <= _Tier.DESK,
    )


def _bars(ask: Ask, candidate: Candidate) -> tuple[str, ...]:
    body = f"body:{ask.municipality_code}" if ask.municipality_code else None
    spent = candidate.remaining is not None and candidate.remaining <= timedelta(0)
    found = (
        (candidate.absent, "休みです"),
        (not candidate.under_contract, "契約期間の外です"),
        (ask.field_id in candidate.conflicts, "この分野に利害関係があります"),
        (body in candidate.conflicts, "この団体に利害関係があります"),
        (spent, "契約時間の残りがありません"),
    )
    return tuple(words for holds, words in found if holds)


def _excluded(candidate: Candidate, bars: tuple[str, ...]) -> Choice:
    return Choice(candidate.user_id, candidate.name, 0, against=bars, next_working=candidate.next_working)


def _place(ask: Ask, candidate: Candidate, due: datetime, soon: datetime, *, light: bool) -> _Placed:
    has_field = ask.field_id in candidate.fields
    has_role = candidate.role in ask.roles
    unknown = ask.field_id == OTHER
    leads = candidate.on_duty and candidate.role is TalentRole.PM
    waits = candidate.next_working is not None and candidate.next_working > soon
    rota = _rota(candidate, waits=waits, fits=has_field or has_role or (unknown and candidate.on_duty))
    is_late = candidate.next_working is not None and candidate.next_working > due
    tier = _Tier.LATE if is_late and rota is not _Tier.REST else rota
    is_short = candidate.remaining is not None and candidate.remaining < _SHORT_HOURS
    points = (
        (has_field, _FIELD_POINTS),
        (has_role, _ROLE_POINTS),
        (candidate.role in ask.roles[:1], _FIRST_ROLE_POINTS),
        (unknown and leads, _LEADS_POINTS),
        (candidate.helped_before, _HELPED_POINTS),
        (is_short, _SHORT_HOURS_POINTS),
    )
    score = sum(value for holds, value in points if holds) + _LOAD_POINTS * candidate.open_questions
    choice = Choice(
        candidate.user_id,
        candidate.name,
        score if candidate.open_questions < MANY else _BUSY,
        _reasons(
            candidate,
            has_field=has_field,
            has_role=has_role and not unknown,
            leads=leads and (unknown or rota is _Tier.PM),
            light=light,
        ),
        _against(candidate, rota, is_late=is_late, is_short=is_short, light=light),
        candidate.next_working,
        not is_late,
    )
    return _Placed(tier, rota, candidate.open_questions, choice, _turn(ask, candidate))


def _turn(ask: Ask, candidate: Candidate) -> int:
    """Whose turn it is among those with many questions: another person's with every question."""
    if candidate.open_questions < MANY:
        return 0
    facts = f"{candidate.user_id} {ask.target.isoformat()}".encode()
    return int.from_bytes(hashlib.blake2b(facts, digest_size=4).digest())


def _rota(candidate: Candidate, *, waits: bool, fits: bool) -> _Tier:
    if candidate.on_duty and fits:
        return _Tier.DUTY
    if (candidate.deputy or candidate.duty_later) and fits and not waits:
        return _Tier.DEPUTY
    if candidate.on_duty and candidate.role is TalentRole.PM:
        return _Tier.PM
    if (candidate.deputy or candidate.duty_later) and fits:
        return _Tier.NEXT
    return _Tier.FITS if fits else _Tier.REST


def _reasons(
    candidate: Candidate, *, has_field: bool, has_role: bool, leads: bool, light: bool
) -> tuple[Reason, ...]:
    found = (
        (has_field, ReasonCode.FIELD),
        (has_role, ReasonCode.ROLE),
        (leads, ReasonCode.PM_ON_DUTY),
        (candidate.on_duty and not leads, ReasonCode.ON_DUTY),
        (candidate.deputy and not candidate.on_duty, ReasonCode.DEPUTY),
        (candidate.duty_later and not candidate.on_duty, ReasonCode.NEXT_DUTY),
        (candidate.helped_before, ReasonCode.HELPED_BEFORE),
        (light, ReasonCode.LIGHT_LOAD),
    )
    return tuple(Reason(code) for holds, code in found if holds)


def _against(
    candidate: Candidate, rota: _Tier, *, is_late: bool, is_short: bool, light: bool
) -> tuple[str, ...]:
    found = (
        (rota in (_Tier.PM, _Tier.REST), "分野・専門が合いません"),
        (not (candidate.on_duty or candidate.deputy or candidate.duty_later), "今日の当番ではありません"),
        (is_late, "次の対応日が返信の目安より後です"),
        (is_short, "契約時間の残りが1時間未満です"),
        (bool(candidate.open_questions) and not light, f"対応中が{candidate.open_questions}件あります"),
    )
    return tuple(words for holds, words in found if holds)


def _place_desk(coordinator: Coordinator) -> _Placed:
    choice = Choice(coordinator.user_id, coordinator.name, 0, (Reason(ReasonCode.COORDINATOR),))
    return _Placed(_Tier.DESK, _Tier.DESK, coordinator.open_questions, choice)
