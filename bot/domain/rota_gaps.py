"""What nobody covers, who could, what of a plan still holds, and whose shifts a new plan changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.domain.business_time import BusinessCalendar
from bot.domain.rota import SHORTEST, Absence, Because, Gap, Other, Rota, RotaMember, Turn, Why, in_order
from bot.domain.rota_filling import begin, enter, in_turn, periods, settle, takes
from bot.domain.rota_people import coverage, missing, people_of, spend
from bot.domain.rota_time import OpenMinutes, between


def gaps(
    rota: Rota,
    turns: Sequence[Turn],
    members: Sequence[RotaMember],
    absences: Sequence[Absence],
    calendar: BusinessCalendar,
    first: date,
    last: date,
) -> tuple[Gap, ...]:
    """The open minutes from `first` to `last` in which fewer people are on duty than the rota has seats.

    Somebody who is absent, has left or is not under contract covers nothing, whatever the plan says.
    """
    minutes = OpenMinutes(calendar, first, last)
    people = people_of(minutes, calendar, members, absences)
    levels = coverage(minutes, people, turns, rota.seats)
    return tuple(missing(minutes, levels, between(0, minutes.many)))


def worth_telling(found: Iterable[Gap], calendar: BusinessCalendar) -> list[Gap]:
    """Those of at least an hour of open time: a quarter before closing is shown in the plan and rings nobody."""
    return [gap for gap in found if calendar.elapsed(gap.starts, gap.ends) >= SHORTEST]


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody could take of a gap; `whole`: all of it."""

    user_id: str
    turns: tuple[Turn, ...]
    whole: bool
    because: Because


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could take a gap, whose turn it is first, and who could not and why."""

    could: tuple[Offer, ...]
    could_not: tuple[Other, ...]


def propose(
    gap: Gap,
    rota: Rota,
    members: Sequence[RotaMember],
    absences: Sequence[Absence],
    turns: Sequence[Turn],
    calendar: BusinessCalendar,
    *,
    elsewhere: Sequence[Turn] = (),
) -> Proposal:
    """Who could take a gap, in the order in which `fill` would ask. `turns` are this rota's, past and to come.

    Whoever could take all of it in one go stands before those who could take a part.
    """
    first, last = calendar.day_of(gap.starts), calendar.day_of(gap.ends)
    state = begin(rota, members, absences, turns, elsewhere, first, last, calendar)
    minutes, seat = state.minutes, state.seats[0]
    wanted = minutes.within(gap.starts, gap.ends)
    parts: dict[str, int] = defaultdict(int)
    order: dict[str, Because] = {}
    not_able: dict[str, Other] = {}
    for period in periods(rota, minutes):
        here, rest = enter(state, seat, period), period.cut(wanted)
        for now in in_turn(here, rest) if rest else ():
            taken = takes(seat, period, now, rest)
            if not taken:
                not_able.setdefault(now.user, Other(now.user, now.person.why_not(rest, period.low)))
                continue
            parts[now.user] |= taken << period.low
            spend(minutes, now.person, taken << period.low)
            last_on = now.person.last_on
            reasons = (Why.CONTINUES,) if now.mine else (Why.LONGEST_OFF if last_on else Why.NEW,)
            order.setdefault(now.user, Because(reasons, last_on))
        if not rest and period.low > wanted.bit_length():
            break
        settle(state, seat, period, here, period.all)
    could = [
        Offer(user, tuple(minutes.turns(parts[user], user)), parts[user] == wanted, because)
        for user, because in order.items()
    ]
    could.sort(key=lambda offer: not offer.whole)
    return Proposal(tuple(could), tuple(other for user, other in not_able.items() if user not in order))


def still_good(
    turns: Sequence[Turn],
    members: Sequence[RotaMember],
    absences: Sequence[Absence],
    calendar: BusinessCalendar,
    first: date,
    last: date,
) -> list[Turn]:
    """What of filled turns still holds from `first` to `last` after somebody fell ill, left, or works other days.

    To be given to `fill` as `kept`, beside what was put in by hand or swapped, which always stays: so only what is missing
    is filled anew, and only those whom it concerns are told.
    """
    minutes = OpenMinutes(calendar, first, last)
    people = people_of(minutes, calendar, members, absences)
    found = []
    for turn in turns:
        bits = minutes.within(turn.starts, turn.ends)
        held = bits & people[turn.user_id].works if turn.user_id in people else 0
        whole = held == bits and bits
        found += [turn] if whole else minutes.turns(held, turn.user_id, deputy=turn.deputy)
    return sorted(found, key=in_order)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a new plan changes for somebody: turns they have now, turns they have no longer."""

    gained: tuple[Turn, ...] = ()
    lost: tuple[Turn, ...] = ()


def moved(before: Iterable[Turn], after: Iterable[Turn]) -> Mapping[str, Moved]:
    """Whose shifts a new plan changes, by user id: only they are told. Turns that touch count as one, so that cutting one in
    two changes nothing."""
    old, new = _joined(before), _joined(after)
    found = {}
    for user in sorted({*old, *new}):
        was, is_now = old.get(user, ()), new.get(user, ())
        if was != is_now:
            found[user] = Moved(
                tuple(turn for turn in is_now if turn not in was),
                tuple(turn for turn in was if turn not in is_now),
            )
    return found


def _joined(turns: Iterable[Turn]) -> dict[str, tuple[Turn, ...]]:
    """Each person's turns, in order, with those that touch or overlap as one."""
    found: dict[str, list[Turn]] = defaultdict(list)
    in_rows = sorted(turns, key=lambda each: (each.user_id, each.deputy, each.starts, each.ends))
    for (user, deputy), row in groupby(in_rows, key=lambda each: (each.user_id, each.deputy)):
        latest: Turn | None = None
        for turn in row:
            if latest is not None and turn.starts <= latest.ends:
                latest = Turn(user, latest.starts, max(latest.ends, turn.ends), deputy)
                found[user][-1] = latest
            else:
                latest = turn
                found[user].append(turn)
    return {user: tuple(sorted(row, key=in_order)) for user, row in found.items()}
