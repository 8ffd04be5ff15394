"""「週のお知らせ」 as coordinators use it: opening, keeping what was entered, a look at a digest before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain import digests as rules
from bot.domain.digests import Digest, monday_of
from bot.errors import Malformed
from handlers.common.blocks import Block
from handlers.digests import plan_views
from handlers.digests.looking import place, plan_next
from handlers.digests.plan_views import CHANNEL, NOT_HERE, TRIES, Known
from handlers.digests.rendering import preview
from handlers.rota.office import calendar, zone
from storage import channels, digests, failures
from storage.database import Transaction


def dialog(tx: Transaction, *, saved: bool = False) -> Block:
    """The dialog, as things stand."""
    chosen, office = digests.plans(tx), calendar(tx)
    week = monday_of(office.day_of(tx.now))
    following = {
        digest: rules.following(digest, plan, office, tx.now, digests.weeks_done(tx, digest, week))
        for digest, plan in chosen.of.items()
        if plan.on
    }
    return plan_views.dialog(Known(chosen, following, place(tx, chosen), zone(tx)), saved=saved)


def submit(tx: Transaction, actor: str, view: Mapping[str, Any]) -> tuple[Block | None, dict[str, str]]:
    """Keep what a coordinator entered; returns what the dialog shows then, or sentences by block."""
    before = digests.plans(tx)
    entered, problems = plan_views.read(view, before, tx.now)
    if entered.channel == place(tx, before):  # what was shown, be it chosen or as usual
        entered = replace(entered, channel=before.channel)
    elif not _is_here(tx, entered.channel):
        problems[CHANNEL] = NOT_HERE
    if problems:
        return None, problems
    digests.keep(tx, entered)
    plan_next(tx)
    failures.note(tx, "weekly digests changed", actor=actor, **rules.written(entered))
    return dialog(tx, saved=True), {}


def _is_here(tx: Transaction, channel: str) -> bool:
    known = channels.channel(tx, channel)
    return known is not None and known.bot_is_member and not known.archived


def tried(tx: Transaction, action_id: str, user: str) -> Block:
    """A digest as it would be if it were sent now.

    Raises:
        Malformed: there is no such digest.
    """
    found = TRIES.fullmatch(action_id)
    if found is None or found["digest"] not in {each.value for each in Digest}:
        raise Malformed()
    return preview(tx, Digest(found["digest"]), user)
