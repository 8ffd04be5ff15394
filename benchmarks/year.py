"""A year of a prefecture: who asks what when, who is on duty, and how those who answer get through it."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.pool import CALENDAR, FIRST, LAST, absences, people
from bot.domain.rota import Absence, Rota, Turn
from bot.domain.rota_filling import fill
from bot.domain.rota_people import people_of
from bot.domain.rota_time import OpenMinutes, runs
from bot.domain.routing import TalentRole

BODIES, ADVISERS, FIELDS = 40, 12, 16
DESK = ("K0", "K1")
ROLES = tuple(TalentRole)
_OUT_OF_HOURS = 0.2


@dataclass(frozen=True, slots=True)
class Question:
    """`at` is the number of an open minute; one that is asked out of hours is there when the offices open."""

    at: int
    body: int
    field: int
    minutes: int


@dataclass(slots=True)
class Helper:
    """Somebody who answers: the minutes they work, what they are, and what lies with them."""

    user: str
    works: Sequence[int]
    role: TalentRole = TalentRole.PRODUCER
    fields: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    days: tuple[date | None, date | None] = (None, None)
    away: tuple[tuple[int, int], ...] = ()
    ends: deque[int] = field(default_factory=deque)
    busy_until: int = 0
    served: int = 0
    most_open: int = 0
    helped: set[int] = field(default_factory=set)

    def open_at(self, at: int) -> int:
        """How many questions wait with them."""
        while self.ends and self.ends[0] <= at:
            self.ends.popleft()
        return len(self.ends)

    def take(self, question: Question, at: int, within: int) -> int | None:
        """Answer it after all that lies here; returns when, as the number of the minute after. None: not within so many
        minutes, so that it is passed on."""
        self.open_at(at)
        first = max(self.busy_until, bisect_left(self.works, at))
        last = first + question.minutes - 1
        if last >= len(self.works) or self.works[last] >= at + within:
            return None
        self.busy_until, ended = last + 1, self.works[last] + 1
        self.ends.append(ended)
        self.served += question.minutes
        self.most_open = max(self.most_open, len(self.ends))
        self.helped.add(question.body)
        return ended


@dataclass(frozen=True, slots=True)
class Year:
    """What is the same for every way of asking. `duty` and `standby` say who has the minute, `starts` each turn's first."""

    minutes: OpenMinutes
    questions: tuple[Question, ...]
    duty: Sequence[frozenset[str]]
    standby: Sequence[frozenset[str]]
    starts: Sequence[tuple[int, str]]
    helpers: Callable[[], dict[str, Helper]]


def the_year(many: int, seed: int = 6) -> Year:
    """People, turns and questions of a fiscal year."""
    random = Random(seed)
    members = people(ADVISERS)
    away = absences(members, random)
    rota = Rota("r", "当番", seats=3, deputies=1)
    turns = fill(rota, members, away, [], [], FIRST, LAST, CALENDAR).turns
    minutes = OpenMinutes(CALENDAR, FIRST, LAST)
    known = people_of(minutes, CALENDAR, members, away)
    barred = [_barred(random, number) for number in range(ADVISERS)]

    def helpers() -> dict[str, Helper]:
        found = {user: Helper(user, range(minutes.many)) for user in DESK}
        for number, (user, person) in enumerate(known.items()):
            works = [each for low, high in runs(person.works) for each in range(low, high)]
            found[user] = Helper(
                user,
                works,
                ROLES[number % 4],
                tuple(f"f{(3 * number + step) % FIELDS}" for step in range(3)),
                barred[number],
                (person.member.joins, person.member.leaves),
                tuple(_away(minutes, user, away)),
            )
        return found

    return Year(
        minutes,
        tuple(_questions(random, minutes, many)),
        _held(minutes, turns, deputy=False),
        _held(minutes, turns, deputy=True),
        sorted((minutes.before(turn.starts), turn.user_id) for turn in turns if not turn.deputy),
        helpers,
    )


def _barred(random: Random, number: int) -> tuple[str, ...]:
    """Three bodies of each; every third adviser has a field they may not answer either."""
    bodies = tuple(f"body:b{body}" for body in random.sample(range(BODIES), 3))
    return (*bodies, f"f{random.randrange(FIELDS)}") if number % 3 == 0 else bodies


def _away(minutes: OpenMinutes, user: str, away: Sequence[Absence]) -> Iterator[tuple[int, int]]:
    for absence in away:
        if absence.user_id == user:
            yield minutes.before(absence.starts), minutes.before(absence.ends)


def _held(minutes: OpenMinutes, turns: Sequence[Turn], *, deputy: bool) -> list[frozenset[str]]:
    """Who has each minute."""
    found: list[set[str]] = [set() for _ in range(minutes.many)]
    for turn in turns:
        if turn.deputy is deputy:
            for number in range(minutes.before(turn.starts), minutes.before(turn.ends)):
                found[number].add(turn.user_id)
    same: dict[frozenset[str], frozenset[str]] = {}
    return [same.setdefault(frozenset(each), frozenset(each)) for each in found]


def _questions(random: Random, minutes: OpenMinutes, many: int) -> list[Question]:
    """Large bodies ask ten times as much as small ones; a fifth is asked out of hours."""
    weights = [1 / (1 + body / 4) for body in range(BODIES)]
    opens = [minutes.range_of(day, day)[0] for day in minutes.days()]
    last = minutes.many - 1000  # what is asked at the very end would only be cut off
    found = []
    for body in random.choices(range(BODIES), weights, k=many):
        at = random.choice(opens) if random.random() < _OUT_OF_HOURS else random.randrange(last)
        found.append(Question(min(at, last), body, random.randrange(FIELDS), random.randint(2, 10)))
    return sorted(found, key=lambda each: each.at)
