"""Who is on duty when, as values: rotas, who is in them, when they cannot, and what comes of it.

A turn holds in each *open* minute from its start up to its end; nights, lunch and holidays within belong to nobody. So a
person who works whenever the offices are open has one turn a week, and one who works 火・木 has two. How rotas are filled
is `bot/domain/rota_filling.py`, in words docs/decisions/0030-filling-a-rota.md. Every moment is aware UTC, to the minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.business_time import WorkingHours

SHORTEST = timedelta(hours=1)
"""Nobody is called for less open time than this: it stays a gap, which is shown and not told."""


class Handoff(StrEnum):
    """How often the duty passes on, always at the first open minute: a Monday that is closed hands over on Tuesday."""

    WEEKLY = "weekly"
    DAILY = "daily"


class ScopeKind(StrEnum):
    """What a rota is for."""

    GENERAL = "general"
    FIELD = "field"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Scope:
    """The general one, or for a field or a profession; `value` is a field id or a talent role, empty for the general one.

    Raises ValueError for a general one with a value, or another without.
    """

    kind: ScopeKind = ScopeKind.GENERAL
    value: str = ""

    def __post_init__(self) -> None:
        if (self.kind is ScopeKind.GENERAL) == bool(self.value):
            raise ValueError(f"a rota is general or for something: {self.kind} {self.value!r}")


@dataclass(frozen=True, slots=True)
class Rota:
    """A rota. `seats` people are on duty at once, `deputies` (0 or 1) stand by; a weekly one passes on from
    `handoff_weekday` (Monday = 0).

    Raises ValueError for numbers out of range.
    """

    id: str
    name: str
    handoff: Handoff = Handoff.WEEKLY
    scope: Scope = Scope()
    handoff_weekday: int = 0
    seats: int = 1
    deputies: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.handoff_weekday <= 6 and self.seats >= 1 and self.deputies in {0, 1}):
            raise ValueError(f"no rota: {self}")


@dataclass(frozen=True, slots=True)
class RotaMember:
    """Somebody in a rota. `hours` as read by `parse_working_hours`; without any they work whenever the offices are open.

    They serve from `joins` to `leaves` and from `contract_from` to `contract_until`, both days included, None = without
    end. `monthly` are the contract hours of a calendar month, None = not known: turns of all rotas count, standing by
    does not.
    """

    user_id: str
    name: str
    hours: WorkingHours = field(default_factory=dict, hash=False)
    joins: date | None = None
    leaves: date | None = None
    contract_from: date | None = None
    contract_until: date | None = None
    monthly: timedelta | None = None

    def serves_on(self, day: date) -> bool:
        """Whether they are in the rota and under contract on a day."""
        begun = all(each is None or each <= day for each in (self.joins, self.contract_from))
        return begun and all(each is None or day <= each for each in (self.leaves, self.contract_until))


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away in [starts, ends)."""

    user_id: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody is on duty, or stands by as deputy, in the open minutes of [starts, ends)."""

    user_id: str
    starts: datetime
    ends: datetime
    deputy: bool = False

    def overlaps(self, starts: datetime, ends: datetime) -> bool:
        """Whether it shares a moment with [starts, ends)."""
        return self.starts < ends and starts < self.ends


def in_order(turn: Turn) -> tuple[datetime, bool, datetime, str]:
    """The order of turns: by beginning, deputies after those on duty."""
    return (turn.starts, turn.deputy, turn.ends, turn.user_id)


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """In the open minutes of [starts, ends) `missing` people are wanting."""

    starts: datetime
    ends: datetime
    missing: int = 1


class Why(StrEnum):
    """Why somebody was chosen for a turn."""

    CONTINUES = "continues"  # has the duty of this week or day already
    LONGEST_OFF = "longest_off"  # of all who could, has had the least for the days they work
    NEW = "new"  # has not been on duty yet
    FILLS_IN = "fills_in"  # for the hours whoever was first does not work
    ONLY_ONE = "only_one"  # nobody else could


class WhyNot(StrEnum):
    """Why somebody was not."""

    DAYS = "days"  # does not work then
    ABSENT = "absent"
    NOT_IN_ROTA = "not_in_rota"  # has not joined yet, has left
    NO_CONTRACT = "no_contract"
    ON_DUTY = "on_duty"  # here or in another rota
    HOURS_USED = "hours_used"  # the contract hours of the month
    TOO_SHORT = "too_short"  # could do less than an hour
    SERVED_MORE = "served_more"  # their turn comes later


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who was not chosen, and why not."""

    user_id: str
    why: WhyNot


@dataclass(frozen=True, slots=True)
class Because:
    """Why a turn is whose it is. `last_on`: when their last turn before ended; `others`: those whose turn would have come
    first but who could not, then the one who would be next, at most four."""

    reasons: tuple[Why, ...]
    last_on: datetime | None = None
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled rota, in the order of time: the new turns (without those that were kept), what nobody covers, and why each
    turn is whose it is."""

    turns: tuple[Turn, ...]
    gaps: tuple[Gap, ...]
    why: Mapping[Turn, Because] = field(default_factory=lambda: MappingProxyType({}))
