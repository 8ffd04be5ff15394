"""Two rotas of three people, and what each sees and is told of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.rota import Scope, ScopeKind
from handlers.common.telling import LETTERS
from handlers.home.morning import MORNING, letters_due, morning
from handlers.members.hours import begin_days
from handlers.rota import FEATURE, gaps, swapping
from storage import duties, rotas
from storage.cache import set_up_changed
from storage.database import Transaction
from storage.duties import Shift
from storage.rotas import Plan
from storage.tables import due_work, held_letters, outbox, talents
from tests.handlers.prefecture import ARIMA, MORI, TOKANO

HOURS = {MORI: "火・木 9:00-17:00", ARIMA: "平日 8:30-17:15", TOKANO: "月・水・金 9:00-12:00"}
WORK = {**FEATURE.due_work, LETTERS: letters_due}
RENDERERS = {
    **{name: FEATURE.renderers[name] for name in (swapping.MOVED, swapping.TOLD, swapping.CARD)},
    MORNING: morning,
}
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)
"""Whenever what runs began."""
Seen = tuple[int, datetime, datetime, bool]
"""What somebody sees of a turn: its rota, from when until when, and whether they stand by."""


def begin(tx: Transaction) -> None:
    """Two rotas instead of duty in everybody's hours, one of a week with a deputy, one of a day for a field."""
    for rota in rotas.living(tx):
        rotas.archive(tx, rota.id)
    for user, hours in HOURS.items():
        theirs = (talents.c.workspace == tx.workspace, talents.c.user_id == user)
        tx.connection.execute(talents.update().where(*theirs).values(working_hours=hours))
    set_up_changed(tx)
    for plan in (
        Plan("当番A", Scope(), "weekly", deputies=1),
        Plan("当番B", Scope(ScopeKind.FIELD, "net"), "daily"),
    ):
        rota_id = rotas.add(tx, plan)
        for user in HOURS:
            rotas.add_member(tx, rota_id, user)
    begin_days(tx)
    gaps.look_soon(tx)


def planned(tx: Transaction) -> list[Shift]:
    """The shifts that are not over."""
    return [each for each in duties.shifts(tx) if each.ends > tx.now and each.source != duties.HOURS]


def seen(tx: Transaction) -> dict[str, set[Seen]]:
    """What each person sees of their duty; turns that touch are one."""
    found = defaultdict[str, set[Seen]](set)
    for each in planned(tx):
        begins, theirs = each.starts if each.starts > tx.now else BEGUN, found[each.user_id]
        for touch in [turn for turn in theirs if (turn[0], turn[3]) == (each.rota_id, each.deputy)]:
            if touch[1] <= begins <= touch[2]:
                theirs.discard(touch)
                begins = touch[1]
        theirs.add((each.rota_id, begins, each.ends, each.deputy))
    return {user: found[user] for user in HOURS}


def all_letters(tx: Transaction) -> list[tuple[tuple[bool, int], str, int, Any, str]]:
    """What was sent (False, its id) and what waits (True, its id): what renders it of which record, with what, to whom."""
    o, h = outbox.c, held_letters.c
    named = list(RENDERERS)
    sent = select(o.id, o.renderer, o.record_id, o["values"], o.user_id)
    waits = select(h.id, h.renderer, h.record_id, h["values"], h.user_id)
    sent = sent.where(o.workspace == tx.workspace, o.renderer.in_(named))
    waits = waits.where(h.workspace == tx.workspace, h.renderer.in_(named), h.done_at.is_(None))
    return [
        ((held, row[0]), *row[1:])
        for held, query in ((False, sent), (True, waits))
        for row in tx.connection.execute(query)
    ]


def next_due(tx: Transaction) -> datetime | None:
    """When something falls due."""
    d = due_work.c
    query = select(func.min(d.due_at)).where(d.workspace == tx.workspace, d.kind.in_(list(WORK)))
    found: datetime | None = tx.connection.execute(query).scalar_one()
    return found
