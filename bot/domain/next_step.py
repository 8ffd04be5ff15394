"""What happens next to a question by itself, and when: a rule of facts and `now`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.business_time import BusinessCalendar
from bot.domain.deadline import reminder
from bot.domain.question import State, Step, Targets, Turn, turn


@dataclass(frozen=True, slots=True)
class Facts:
    """What the next step depends on. Times are aware UTC; `undecided`: the asker has not said before whom they ask;
    `later_at`: until when whoever answers put it off; `works_at`: when they next work, if not now; `needed_on`: the day on
    which an answer is needed."""

    state: State
    target_at: datetime
    since: datetime
    talent_wrote_at: datetime | None = None
    nudged_at: datetime | None = None
    asker_wrote_at: datetime | None = None
    undecided: bool = False
    later_at: datetime | None = None
    works_at: datetime | None = None
    needed_on: date | None = None

    @property
    def talent_spoke_last(self) -> bool:
        """Whether the talent answered and the asker has asked nothing since."""
        spoke, asked = self.talent_wrote_at, self.asker_wrote_at
        return spoke is not None and (asked is None or asked <= spoke)


@dataclass(frozen=True, slots=True)
class Plan:
    """The next step of a question and when."""

    step: Step
    at: datetime


def plan(facts: Facts, targets: Targets, calendar: BusinessCalendar, now: datetime) -> Plan | None:
    """What happens next by itself; None only for a closed question.

    `facts.since` is when the present state began. The answer lies in the future, so that every question that is alive
    has a next step (the auditor checks it). A claimed question with a reply counts as answered after one business
    day without a further word; one where the talent owes a reply reminds them, once they have worked a day or on the day
    to which they put it off. Whoever answers is reminded of a deadline on the business day before it.
    """
    usual = _usual(facts, targets, calendar, now)
    if usual is None or facts.undecided or facts.needed_on is None or turn(facts.state) is not Turn.TALENT:
        return usual
    at = reminder(facts.needed_on, calendar)
    return Plan(Step.DEADLINE, at) if now < at < usual.at else usual


def _usual(facts: Facts, targets: Targets, calendar: BusinessCalendar, now: datetime) -> Plan | None:
    if facts.state is State.CLOSED:
        return None
    if facts.undecided:
        return Plan(Step.DECIDE, calendar.add(facts.since, targets.decision))
    if facts.state in {State.WAITING, State.ANSWERED}:
        if facts.nudged_at is None:
            return Plan(Step.NUDGE, calendar.add_days(facts.since, targets.nudge_days))
        return Plan(Step.NO_REPLY, calendar.add_days(facts.nudged_at, targets.close_days))
    if facts.state is State.CLAIMED:
        return _claimed(facts, targets, calendar, now)
    if facts.target_at > now:
        return Plan(Step.ESCALATE, facts.target_at)
    return Plan(Step.REMIND, calendar.add_days(now, 1))


def _claimed(facts: Facts, targets: Targets, calendar: BusinessCalendar, now: datetime) -> Plan:
    later, spoke = facts.later_at, facts.talent_wrote_at
    if later is not None and later > now:
        return Plan(Step.RESUME, later)
    if facts.talent_spoke_last and spoke is not None:
        since = spoke if later is None else max(spoke, later)
        return Plan(Step.ASSUME_ANSWERED, calendar.add_days(since, targets.silent_talent_days))
    since = max(facts.since, now, facts.works_at or now)
    return Plan(Step.REMIND, calendar.add_days(since, targets.silent_talent_days))
