"""Gathering the facts for routing and asking the rule of the domain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain.asking import Audience
from bot.domain.business_time import BusinessCalendar
from bot.domain.fields import OTHER, Field
from bot.domain.question import State, Turn, turn
from bot.domain.routing import Ask, Candidate, Choice, Coordinator, Routing, TalentRole, rank
from handlers.common.working import calendar_of, next_by_hours
from handlers.questions.base.on_duty import on_duty
from storage import channels, members, rankings, talents, workspace
from storage.database import Transaction
from storage.offices import calendar_of_body
from storage.questions import Question
from storage.talents import Standing
from storage.workspace import Workspace

__all__ = ["DESK", "calendar_of", "field_named", "given", "route"]
DESK = ("coordinator", "admin")


def clock_of(tx: Transaction, question: Question) -> BusinessCalendar:
    """The business time in which it is counted what happens to a question by itself: of whoever it waits for. Until its
    asker has said before whom they ask, that is their body."""
    space = workspace.workspace(tx)
    if question.audience == Audience.UNDECIDED or turn(State(question.state)) is Turn.ASKER:
        return calendar_of_body(tx, space, question.municipality_code)
    return calendar_of(space)


def route(
    tx: Transaction,
    space: Workspace,
    field: Field | None,
    municipality_code: str | None,
    target: datetime,
    *,
    asker: str,
    told: Collection[str] = (),
    desk: bool = False,
    standing: Standing | None = None,
    talks_in: str | None = None,
) -> Routing:
    """Who gets the question. The asker never gets their own; `told` have had their turn; `desk` asks the desk only;
    `standing` is read unless the caller has it already; `talks_in` is the private channel in which those who answer talk,
    where only who is in it can.

    Raises:
        NobodyToAsk: neither a talent nor a coordinator is left.
    """
    never, known = {asker, *told}, standing or talents.standing(tx, None, municipality_code)
    never |= _outside(tx, talks_in, never)
    candidates = [] if desk else _candidates(tx, space, field, target, known, never)
    coordinators = [
        Coordinator(member.user_id, member.name, known.load.get(member.user_id, 0))
        for member in members.with_permission(tx, *DESK)
        if member.user_id not in never
    ]
    roles = cast(tuple[TalentRole, ...], tuple(TalentRole(role) for role in field.roles)) if field else ()
    ask = Ask(field.id if field else OTHER, roles, municipality_code, target)
    return rank(ask, candidates, coordinators, tx.now)


def _outside(tx: Transaction, channel: str | None, never: Collection[str]) -> set[str]:
    """Those who answer but are not in a channel; nobody while it is not known who is in it, or nobody is left there."""
    helpers = {*talents.active(tx), *(member.user_id for member in members.with_permission(tx, *DESK))}
    helpers -= set(never)
    inside = channels.members_of(tx, channel) if channel else frozenset()
    return helpers - inside if helpers & inside else set()


def _candidates(
    tx: Transaction,
    space: Workspace,
    field: Field | None,
    target: datetime,
    standing: Standing,
    never: Collection[str],
) -> list[Candidate]:
    """Every active talent: on duty and under contract now (out of hours: at the next opening), or later until the target."""
    calendar, minute = calendar_of(space), tx.now.replace(second=0, microsecond=0)
    start = calendar.next_open(tx.now)
    day = start.astimezone(ZoneInfo(space.zone)).date()
    duty = on_duty(tx, field, start, target)
    there = duty.now | duty.deputy  # whatever their own hours say
    return [
        Candidate(
            user_id=user,
            name=found.name,
            role=TalentRole(found.role),
            fields=(*found.fields, field.id) if field and user in duty.serves else found.fields,
            on_duty=user in duty.now,
            deputy=user in duty.deputy,
            duty_later=user in duty.later,
            next_working=start if user in there else next_by_hours(calendar, found.working_hours, minute),
            absent=user in duty.away,
            under_contract=found.under_contract(day),
            conflicts=found.conflicts,
            open_questions=standing.load.get(user, 0),
            helped_before=user in standing.helped,
        )
        for user, found in talents.active(tx).items()
        if user not in never
    ]


def field_named(tx: Transaction, field_id: str | None) -> Field | None:
    """The field with this id, None when there is none."""
    return next((field for field in workspace.all_fields(tx) if field.id == field_id), None)


def given(routing: Routing, field_id: str | None, chosen: Choice | None = None) -> dict[str, Any]:
    """What is stored when a question of this field is given to whoever was `chosen` (None: the first): the person, what
    speaks for them, which all may read, and the ranking with what spoke against the others, for coordinators only."""
    person = chosen or routing.chosen
    # `routing.later` has no entry of its own: they are ranked, with what spoke against them, and when they next work is
    # reckoned anew wherever it is shown, for hours change.
    kept = {person.user_id, *(each.user_id for each in routing.ranked[: rankings.MOST])}
    kept |= {routing.later.user_id} if routing.later else set()
    return {
        "responsible": person.user_id,
        "reasons": [reason.code.value for reason in person.reasons],
        "ranking": {
            "chosen": person.user_id,
            "field": field_id,
            "ranked": [_weighed(each) for each in routing.ranked if each.user_id in kept],
            "more": sum(each.user_id not in kept for each in routing.ranked),
            "excluded": [_weighed(each) for each in routing.excluded],
        },
    }


def _weighed(choice: Choice) -> list[Any]:
    return [choice.user_id, [reason.code.value for reason in choice.reasons], list(choice.against)]
