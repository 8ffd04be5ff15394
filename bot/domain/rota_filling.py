"""Filling a rota: longest off first, weighted by the days people work. Why so: docs/decisions/0030-filling-a-rota.md.

For each week or day those are asked in turn to whom the rota owes most, and each takes what they can of what is left. What
is owed: in every period each has a share of the minutes served in it, in proportion to the minutes they could have served.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from types import MappingProxyType

from bot.domain.business_time import BusinessCalendar
from bot.domain.rota import (
    Absence,
    Because,
    Filled,
    Handoff,
    Other,
    Rota,
    RotaMember,
    Turn,
    Why,
    WhyNot,
    in_order,
)
from bot.domain.rota_people import (
    LEAST,
    Person,
    add_to,
    affordable,
    coverage,
    missing,
    note_elsewhere,
    note_turns,
    people_of,
    spend,
)
from bot.domain.rota_time import Bits, OpenMinutes, Period, between, long_enough, month_of

REMEMBERED = timedelta(days=400)
"""What was served longer ago owes nobody anything."""
_MOST_OWED = 8
"""So many turns are owed at most, either way: whoever alone can do Fridays does not rest for a year afterwards."""
_RESTS, _A_DAY = 0.5, 0.2
"""Whoever was on in the period before is asked as if they were owed half a turn less: nobody has two weeks running only
because the first was short. `_A_DAY`: of a week."""
_FINE = 1000
"""What is owed is counted in thousandths of a minute: whole numbers, so that the order of sums changes nothing."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_OTHERS = 4


@dataclass(slots=True)
class Seat:
    """Being on duty, or standing by (`deputy`): where at least one, two … people do (`levels`), and what is owed to whom, in
    thousandths of a minute."""

    deputy: bool
    levels: list[Bits]
    owed: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class Now:
    """Somebody in one period, its minutes counted from its first: `mine` is what they have of the seat that is being
    filled, `able` what they could have, `free` what they still can."""

    person: Person
    mine: Bits
    able: Bits
    free: Bits
    key: tuple[bool, float, datetime]

    @property
    def user(self) -> str:
        """Their id."""
        return self.person.member.user_id


@dataclass(slots=True)
class State:
    """A rota being filled."""

    rota: Rota
    minutes: OpenMinutes
    people: dict[str, Person]
    seats: list[Seat]


def fill(
    rota: Rota,
    members: Sequence[RotaMember],
    absences: Sequence[Absence],
    kept: Sequence[Turn],
    history: Sequence[Turn],
    first: date,
    last: date,
    calendar: BusinessCalendar,
    *,
    elsewhere: Sequence[Turn] = (),
    since: datetime | None = None,
) -> Filled:
    """Fill a rota on the days from `first` to `last`, both included, but nothing before `since`: nobody serves what is over.

    `kept` are turns of this rota that stay (by hand, swapped), `history` those before `first`, `elsewhere` the turns of
    other rotas, past ones of the last 400 days included, as absences should be. The order of what is given changes nothing.
    """
    known = [*kept, *history]
    state = begin(rota, members, absences, known, elsewhere, first, last, calendar)
    minutes = state.minutes
    low, high = minutes.range_of(first, last)
    asked_for = between(max(low, minutes.before(since)) if since else low, high)
    counted = asked_for | between(_first_of(minutes, known), minutes.many)
    why: dict[Turn, Because] = {}
    for period in periods(rota, minutes):
        wanted = period.cut(asked_for)
        for seat in state.seats:
            here = enter(state, seat, period)
            if wanted:
                why.update(_serve(state, seat, period, here, wanted))
            settle(state, seat, period, here, period.cut(counted))
    return Filled(
        tuple(sorted(why, key=in_order)),
        tuple(missing(minutes, state.seats[0].levels, asked_for)),
        MappingProxyType(why),
    )


def begin(
    rota: Rota,
    members: Sequence[RotaMember],
    absences: Sequence[Absence],
    known: Sequence[Turn],
    elsewhere: Sequence[Turn],
    first: date,
    last: date,
    calendar: BusinessCalendar,
) -> State:
    """Everybody's time from the first remembered turn, and from the first day of a month, to the last day of one."""
    back = min((calendar.day_of(turn.starts) for turn in known), default=first)
    # a week before, so that the period in which the first turn lies is whole
    begin = max(min(back - timedelta(days=7), month_of(first)[0]), first - REMEMBERED)
    minutes = OpenMinutes(calendar, begin, month_of(last)[1])
    people = people_of(minutes, calendar, members, absences)
    note_turns(minutes, people, known)
    note_elsewhere(minutes, people, elsewhere)
    seats = [
        Seat(deputy, coverage(minutes, people, known, many, deputy=deputy)) for deputy, many in _seats(rota)
    ]
    return State(rota, minutes, people, seats)


def _seats(rota: Rota) -> list[tuple[bool, int]]:
    return [(False, rota.seats), (True, rota.deputies)][: 1 + rota.deputies]


def _first_of(minutes: OpenMinutes, turns: Sequence[Turn]) -> int:
    """The number of the first minute of the first turn."""
    began = min((turn.starts for turn in turns), default=None)
    return minutes.many if began is None else minutes.before(began)


def periods(rota: Rota, minutes: OpenMinutes) -> Iterator[Period]:
    """Each week or day with an open minute. It begins with one: the hand-off."""
    begun: date | None = None
    previous = low = 0
    for day in minutes.days():
        begins = day
        if rota.handoff is Handoff.WEEKLY:
            begins -= timedelta(days=(day.weekday() - rota.handoff_weekday) % 7)
        if begins != begun:
            here, _ = minutes.range_of(day, day)
            if here > low:
                yield minutes.period(previous, low, here)
                previous = low
            begun, low = begins, here
    if minutes.many > low:
        yield minutes.period(previous, low, minutes.many)


def enter(state: State, seat: Seat, period: Period) -> list[Now]:
    """Everybody as they stand at the beginning of a period."""
    found, minutes = [], state.minutes
    for user, person in state.people.items():
        works = person.works & ~person.elsewhere
        if seat.deputy:
            mine, last = period.cut(person.standby), person.last_standby
            able = period.cut(works & ~person.duty)
            free = able & ~mine
        else:
            mine, last = period.cut(person.duty), person.last_on
            able = period.cut(works)
            free = able & ~mine & ~period.cut(person.standby)
        just = last is not None and period.low > 0 and last > minutes.begins(period.previous)
        rest = _RESTS * (1 if state.rota.handoff is Handoff.WEEKLY else _A_DAY) if just else 0.0
        owed = seat.owed[user] / person.usual / _FINE - rest
        found.append(Now(person, mine, able, free, (not mine, -owed, last or _NEVER)))
    return found


def _serve(state: State, seat: Seat, period: Period, here: list[Now], wanted: Bits) -> dict[Turn, Because]:
    """Give what is left of a period to people, one after another, until nobody can take more of it."""
    found: dict[Turn, Because] = {}
    for level in range(len(seat.levels)):
        rest, first = wanted & ~period.cut(seat.levels[level]), True
        while rest:
            queue = in_turn(here, rest)
            could = ((each, takes(seat, period, each, rest)) for each in queue)
            able = list(islice(((each, can) for each, can in could if can), 2))
            if not able:
                break
            chosen, can = able[0]
            because = _because(seat, period, queue, [each for each, _ in able], rest, first=first)
            turns = state.minutes.turns(can, chosen.user, at=period.low, deputy=seat.deputy)
            found.update((turn, because) for turn in turns)
            _take(state, seat, period, chosen, can)
            rest, first = rest & ~can, False
    return found


def in_turn(here: list[Now], rest: Bits) -> list[Now]:
    """Whoever has the duty of this period already, then by the turns that are owed, then who was on longest ago, then who
    leaves least to others."""
    return sorted(here, key=lambda each: (each.key, -(rest & each.free).bit_count(), each.user))


def takes(seat: Seat, period: Period, now: Now, rest: Bits) -> Bits:
    """What of these minutes somebody would take; an empty set if less than an hour at a time."""
    can = long_enough(rest & now.free, LEAST)
    if seat.deputy or not can:
        return can
    # Also where they stand by, or a rest of it would look cheap.
    whole = long_enough(rest & now.able & ~now.mine, LEAST)
    within = affordable(now.person, period, can, whole)
    return within if within == can else long_enough(within, LEAST)


def _take(state: State, seat: Seat, period: Period, now: Now, bits: Bits) -> None:
    now.mine |= bits
    now.free &= ~bits
    everywhere = bits << period.low
    if seat.deputy:
        now.person.standby |= everywhere
    else:
        now.person.duty |= everywhere
        spend(state.minutes, now.person, everywhere)
    add_to(seat.levels, everywhere)


def _because(
    seat: Seat, period: Period, queue: list[Now], able: list[Now], rest: Bits, *, first: bool
) -> Because:
    chosen = able[0]
    last = chosen.person.last_standby if seat.deputy else chosen.person.last_on
    reasons = (
        (bool(chosen.mine), Why.CONTINUES),
        (not first, Why.FILLS_IN),
        (len(able) == 1, Why.ONLY_ONE),
        (len(able) > 1 and last is None, Why.NEW),
        (len(able) > 1 and last is not None, Why.LONGEST_OFF),
    )
    before = queue[: queue.index(able[1])] if len(able) > 1 else queue
    unable = [each for each in before if each is not chosen][: _OTHERS - 1]
    others = [Other(each.user, each.person.why_not(rest, period.low)) for each in unable]
    others += [Other(each.user, WhyNot.SERVED_MORE) for each in able[1:2]]
    return Because(tuple(why for holds, why in reasons if holds), last, tuple(others))


def settle(state: State, seat: Seat, period: Period, here: list[Now], counted: Bits) -> None:
    """After a period: everybody is owed their share of what was served in it, less what they served."""
    served = {each.user: (each.mine & counted).bit_count() for each in here}
    could = {
        each.user: ((each.able | each.mine) & counted).bit_count() * each.person.usual // each.person.week
        for each in here
    }
    done, all_could = sum(served.values()), sum(could.values())
    for each in here:
        person, user = each.person, each.user
        share = done * could[user] * _FINE // all_could if all_could else 0
        most = _MOST_OWED * person.usual * _FINE
        seat.owed[user] = max(-most, min(most, seat.owed[user] + share - served[user] * _FINE))
        if each.mine & counted:
            ended = state.minutes.ends(period.low + each.mine.bit_length() - 1)
            if seat.deputy:
                person.last_standby = ended
            else:
                person.last_on = ended
