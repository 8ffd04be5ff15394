"""When the people of a rota can be on duty, and why not when they cannot: sets of open minutes (rota_time.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.business_time import BusinessCalendar, WorkingHours
from bot.domain.rota import SHORTEST, Absence, Gap, RotaMember, Turn, WhyNot
from bot.domain.rota_time import Bits, OpenMinutes, Period, between, long_enough, lowest, month_of, runs

_MINUTE = timedelta(minutes=1)
LEAST = SHORTEST // _MINUTE
_MONTHS, _WEEKS = 12, 52


@dataclass(slots=True)
class Person:
    """Somebody and their time. `usual`: the minutes they serve in a week without a holiday, contract hours spread evenly
    over the month; `week` what their working days alone would give.

    `duty` and `standby` are this rota's turns, `elsewhere` those of others, `spent` the minutes used of each month.
    """

    member: RotaMember
    usual: int
    week: int
    in_rota: Bits
    contract: Bits
    hours: Bits
    absent: Bits
    elsewhere: Bits = 0
    duty: Bits = 0
    standby: Bits = 0
    last_on: datetime | None = None
    last_standby: datetime | None = None
    spent: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    here: Bits = 0
    """When a turn of theirs counts: also outside their usual hours, for whoever was put in by hand said so."""
    works: Bits = 0
    """When they could be on duty if they were nowhere else."""

    def __post_init__(self) -> None:
        self.here = self.in_rota & self.contract & ~self.absent
        self.works = self.here & self.hours

    def why_not(self, wanted: Bits, at: int) -> WhyNot:
        """What keeps them from all these minutes, counted from the one numbered `at`: the first that leaves none."""
        for kept, why in (
            (self.in_rota, WhyNot.NOT_IN_ROTA),
            (self.contract, WhyNot.NO_CONTRACT),
            (self.hours, WhyNot.DAYS),
            (~self.absent, WhyNot.ABSENT),
            (~(self.elsewhere | self.duty | self.standby), WhyNot.ON_DUTY),
        ):
            wanted &= kept >> at
            if not wanted:
                return why
        return WhyNot.TOO_SHORT if not long_enough(wanted, LEAST) else WhyNot.HOURS_USED


def people_of(
    minutes: OpenMinutes,
    calendar: BusinessCalendar,
    members: Iterable[RotaMember],
    absences: Iterable[Absence],
) -> dict[str, Person]:
    """Everybody by their id, in the order of ids, without any turn yet."""
    away: dict[str, Bits] = defaultdict(int)
    for absence in absences:
        away[absence.user_id] |= minutes.touched(absence.starts, absence.ends)
    patterns: dict[tuple[tuple[int, tuple[time, time]], ...], Bits] = {}
    found = {}
    for member in sorted(members, key=lambda each: each.user_id):
        pattern = tuple(sorted(member.hours.items()))
        if pattern not in patterns:
            patterns[pattern] = minutes.worked(member.hours)
        usual, week = _usual(member, calendar)
        found[member.user_id] = Person(
            member,
            usual,
            week,
            in_rota=minutes.of_days(member.joins, member.leaves),
            contract=minutes.of_days(member.contract_from, member.contract_until),
            hours=patterns[pattern],
            absent=away[member.user_id],
        )
    return found


def _usual(member: RotaMember, calendar: BusinessCalendar) -> tuple[int, int]:
    """The minutes of a week they serve, with and without regard to contract hours."""
    week = max(_week(member.hours, calendar), 1)
    if member.monthly is None:
        return week, week
    return max(min(week, member.monthly // _MINUTE * _MONTHS // _WEEKS), 1), week


def _week(hours: WorkingHours, calendar: BusinessCalendar) -> int:
    noon = calendar.lunch or (calendar.closes, calendar.closes)
    halves = ((calendar.opens, noon[0]), (noon[1], calendar.closes))
    total = 0
    for weekday in range(5):
        works = hours.get(weekday) if hours else (time.min, time.max)
        for starts, ends in halves:
            if works:
                total += max(0, _minute(min(ends, works[1])) - _minute(max(starts, works[0])))
    return total


def _minute(clock: time) -> int:
    return 60 * clock.hour + clock.minute


def note_turns(minutes: OpenMinutes, people: dict[str, Person], turns: Iterable[Turn]) -> None:
    """Enter turns of this rota, past or to come, for those who are in it, as far as they are there."""
    for turn in turns:
        person = people.get(turn.user_id)
        if person is None:
            continue
        bits = minutes.within(turn.starts, turn.ends) & person.here
        if turn.deputy:
            person.standby |= bits
        else:
            spend(minutes, person, bits & ~person.duty)
            person.duty |= bits


def note_elsewhere(minutes: OpenMinutes, people: dict[str, Person], turns: Iterable[Turn]) -> None:
    """Enter turns of other rotas."""
    for turn in turns:
        person = people.get(turn.user_id)
        if person is not None:
            if not turn.deputy:
                bits = minutes.within(turn.starts, turn.ends) & person.contract & ~person.absent
                spend(minutes, person, bits & ~(person.duty | person.elsewhere))
            person.elsewhere |= minutes.touched(turn.starts, turn.ends)


def spend(minutes: OpenMinutes, person: Person, bits: Bits) -> None:
    """Count these minutes into their months."""
    while bits:
        first, last = month_of(minutes.day_of(lowest(bits)))
        month = minutes.of_days(first, last)
        person.spent[first] += (bits & month).bit_count()
        bits &= ~month


def affordable(person: Person, period: Period, bits: Bits, whole: Bits) -> Bits:
    """What of these minutes of a period the contract hours of each month still allow: mornings and afternoons, from
    the first on, each if all that is theirs of it (`whole`) is allowed."""
    monthly = person.member.monthly
    if monthly is None or not bits:
        return bits
    found = 0
    left: dict[date, int] = {}
    for span, month in period.spans:
        part = bits & span
        budget = left.get(month, monthly // _MINUTE - person.spent[month])
        enough = (whole & span).bit_count() <= budget
        left[month] = budget - part.bit_count() if enough else 0
        found |= part if enough else 0
    return found


def coverage(
    minutes: OpenMinutes,
    people: dict[str, Person],
    turns: Sequence[Turn],
    seats: int,
    *,
    deputy: bool = False,
) -> list[Bits]:
    """Where at least one, two … up to `seats` people are on duty (or stand by) and are really there.

    Whoever is not in the rota was put in by hand, and is taken to be there.
    """
    everything = between(0, minutes.many)
    by_user: dict[str, Bits] = defaultdict(int)
    for turn in turns:
        if turn.deputy is deputy:
            here = people[turn.user_id].here if turn.user_id in people else everything
            by_user[turn.user_id] |= minutes.within(turn.starts, turn.ends) & here
    levels = [0] * seats
    for bits in by_user.values():
        add_to(levels, bits)
    return levels


def add_to(levels: list[Bits], bits: Bits) -> None:
    """One more person in these minutes."""
    for index in reversed(range(1, len(levels))):
        levels[index] |= levels[index - 1] & bits
    levels[0] |= bits


def missing(minutes: OpenMinutes, levels: list[Bits], asked_for: Bits) -> list[Gap]:
    """Where fewer people are on duty than there are seats."""
    found = []
    covered = asked_for
    for seat, level in enumerate(levels):
        short = covered & ~level  # `seat` people are there and not one more
        found += [
            Gap(minutes.begins(low), minutes.ends(high - 1), len(levels) - seat) for low, high in runs(short)
        ]
        covered &= level
    return sorted(found)
