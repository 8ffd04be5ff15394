"""A year of questions through the rule that says who is asked, against asking in turn and asking anybody.

40 bodies of unequal size, 12 advisers (three on duty, one standing by, as `fill` says; four barred from a field, all from
a few bodies), two at the desk, 20,000 questions. The model of service is simple, and the same for everybody: who is asked
answers one question after another in the minutes they work, 2 to 10 minutes each; what they would not answer within four
hours of business time goes to the desk then. Waiting is business time from a question to its first response. Advisers
answer anything asked of them; whether the field is theirs is counted.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import date, datetime
from random import Random
from statistics import fmean, pstdev
from typing import Any

from benchmarks.candidates import Bench
from benchmarks.figures import percentile
from benchmarks.machine import say
from benchmarks.year import ADVISERS, BODIES, DESK, ROLES, Helper, Question, Year, the_year
from bot.domain.routing import Ask, Candidate, Coordinator, rank

QUESTIONS, TARGET = 20_000, 240


async def measure(bench: Bench) -> dict[str, Any]:
    """No database is needed."""
    year = the_year(QUESTIONS)
    found: dict[str, Any] = {"bodies": BODIES, "advisers": ADVISERS, "questions": QUESTIONS}
    for name, choose in WAYS.items():
        say(f"routing: {name}")
        found[name] = simulate(year, choose(year))
    for measured in ("waiting_mean", "waiting_p99", "waiting_of_bodies_spread", "load_spread"):
        rule = found["rank"][measured]
        found[f"{measured}, rank to others"] = {
            name: round(rule / found[name][measured], 2) for name in WAYS if name != "rank"
        }
    return found


Choose = Callable[[Question, dict[str, Helper]], str]
"""Who is asked."""


def simulate(year: Year, choose: Choose) -> dict[str, Any]:
    """Let a year pass."""
    helpers = year.helpers()
    waits: list[list[int]] = [[] for _ in range(BODIES)]
    late: deque[Question] = deque()
    fitting = at_desk = 0

    def pass_on(now: int) -> None:
        while late and late[0].at + TARGET <= now:
            question = late.popleft()
            desk = min((helpers[user] for user in DESK), key=lambda each: each.busy_until)
            ended = desk.take(question, question.at + TARGET, year.minutes.many)
            waits[question.body].append((ended or year.minutes.many) - question.at)

    begun = time.perf_counter()
    for question in year.questions:
        pass_on(question.at)
        user = choose(question, helpers)
        fitting += f"f{question.field}" in helpers[user].fields
        at_desk += user in DESK
        ended = helpers[user].take(question, question.at, TARGET)
        if ended is None:
            late.append(question)
        else:
            waits[question.body].append(ended - question.at)
    pass_on(year.minutes.many)
    seconds = round(time.perf_counter() - begun, 1)
    return {
        **_figures(year, helpers, waits),
        **_shares(fitting, at_desk, len(year.questions)),
        "seconds": seconds,
    }


def _shares(fitting: int, at_desk: int, asked: int) -> dict[str, Any]:
    return {
        "own_field": round(fitting / asked, 3),
        "at_desk": round(at_desk / asked, 3),
    }


def _figures(year: Year, helpers: dict[str, Helper], waits: list[list[int]]) -> dict[str, Any]:
    on_duty = Counter(user for users in year.duty for user in users)
    loads = [helpers[user].served / on_duty[user] for user in sorted(on_duty)]
    everything = [waited for body in waits for waited in body]
    means = [fmean(body) for body in waits if body]
    return {
        "load_of_duty": {
            "least": round(min(loads), 3),
            "mean": round(fmean(loads), 3),
            "most": round(max(loads), 3),
        },
        "load_spread": round(pstdev(loads) / fmean(loads), 3),
        "answered": len(everything),
        "most_open_at_once": max(helper.most_open for helper in helpers.values()),
        "waiting_mean": round(fmean(everything), 1),
        "waiting_p50": percentile(everything, 0.5),
        "waiting_p90": percentile(everything, 0.9),
        "waiting_p99": percentile(everything, 0.99),
        "within_target": round(sum(waited <= TARGET for waited in everything) / len(everything), 4),
        "waiting_of_bodies": {
            "least": round(min(means), 1),
            "median": round(percentile(means, 0.5), 1),
            "most": round(max(means), 1),
        },
        "waiting_of_bodies_spread": round(pstdev(means) / fmean(means), 3),
    }


def by_rank(year: Year) -> Choose:
    """The rule of the bot."""
    begins = [year.minutes.begins(number) for number in range(year.minutes.many)]

    def choose(question: Question, helpers: dict[str, Helper]) -> str:
        at, ends = question.at, min(question.at + TARGET, year.minutes.many - 1)
        later = {user for start, user in year.starts[_place(year, at + 1) : _place(year, ends)]}
        candidates = [
            _candidate(year, begins, helper, question, later)
            for helper in helpers.values()
            if helper.user not in DESK
        ]
        desk = [Coordinator(user, user, helpers[user].open_at(at)) for user in DESK]
        roles = (ROLES[question.field % 4], ROLES[(question.field + 1) % 4])
        ask = Ask(f"f{question.field}", roles, f"b{question.body}", begins[ends])
        return rank(ask, candidates, desk, begins[at]).chosen.user_id

    return choose


def _place(year: Year, number: int) -> int:
    return bisect_left(year.starts, (number, ""))


def _candidate(
    year: Year, begins: Sequence[datetime], helper: Helper, question: Question, later: set[str]
) -> Candidate:
    at, user = question.at, helper.user
    index = bisect_left(helper.works, at)
    return Candidate(
        user,
        user,
        helper.role,
        helper.fields,
        on_duty=user in year.duty[at],
        deputy=user in year.standby[at],
        duty_later=user in later,
        next_working=begins[helper.works[index]] if index < len(helper.works) else None,
        absent=any(low <= at < high for low, high in helper.away),
        under_contract=_serves(helper, year.minutes.day_of(at)),
        conflicts=helper.conflicts,
        open_questions=helper.open_at(at),
        helped_before=question.body in helper.helped,
    )


def _serves(helper: Helper, day: date) -> bool:
    first, last = helper.days
    return (first is None or first <= day) and (last is None or day <= last)


def in_turn(year: Year) -> Choose:
    """Those on duty who are not barred, one after another."""
    last: Counter[str] = Counter()

    def choose(question: Question, helpers: dict[str, Helper]) -> str:
        user = min(_allowed(year, question, helpers), key=lambda each: (last[each], each))
        last[user] = max(last.values(), default=0) + 1
        return user

    return choose


def anybody(year: Year) -> Choose:
    """One of those on duty who are not barred, at random."""
    random = Random(7)
    return lambda question, helpers: random.choice(_allowed(year, question, helpers))


def _allowed(year: Year, question: Question, helpers: dict[str, Helper]) -> list[str]:
    barred = {f"f{question.field}", f"body:b{question.body}"}
    found = [user for user in sorted(year.duty[question.at]) if not barred & set(helpers[user].conflicts)]
    return found or list(DESK)


WAYS: dict[str, Callable[[Year], Choose]] = {"rank": by_rank, "round robin": in_turn, "random": anybody}
