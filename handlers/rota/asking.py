"""The dialog of one shift, made for who opens it: a colleague is asked to take it, or a coordinator gives it to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain import words
from bot.domain.question import UNDO_WITHIN
from bot.domain.rota_swaps import SwapState, SwapVerb
from bot.errors import NotYours
from bot.feature import Message, Outgoing
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import number, storable
from handlers.common.working import next_by_hours
from handlers.rota import explaining, gaps, swap_views, swapping, views
from handlers.rota.office import calendar, called, is_coordinator, zone
from handlers.rota.swap_views import Swapped
from storage import duties, rotas, swaps, talents
from storage.database import Transaction
from storage.duties import Shift
from storage.swaps import Asked
from storage.talents import Talent

Answer = tuple[Block | None, dict[str, str]]


def dialog(tx: Transaction, visitor: Visitor, shift_id: int) -> Block:
    """「交代を頼む」.

    Raises:
        NoSuchShift, NotYours: with the sentence that says why.
    """
    shift = _theirs(tx, visitor, shift_id)
    return swap_views.dialog(
        shift.id,
        turn(tx, shift),
        explaining.lines(tx, shift, visitor.user),
        _people(tx, shift),
        own=shift.user_id == visitor.user,
    )


def _theirs(tx: Transaction, visitor: Visitor, shift_id: int) -> Shift:
    shift = duties.need_live(tx, shift_id)
    if shift.user_id != visitor.user and not is_coordinator(tx, visitor.user):
        raise NotYours()
    return shift


def _people(tx: Transaction, shift: Shift) -> list[tuple[str, str]]:
    """Those in the same rota who could take it, and whether it is outside their days; the others only when a rota has
    nobody else."""
    inside = {member.user_id for member in rotas.members_of(tx, shift.rota_id)} - {shift.user_id}
    active = talents.active(tx)
    found = [user for user in active if user in inside and swapping.cannot(tx, shift.turn, user) is None]
    if not inside:
        found = [user for user in active if swapping.cannot(tx, shift.turn, user) is None]
    return [(user, f"{active[user].name}{_outside(tx, shift, active[user])}") for user in found]


def _outside(tx: Transaction, shift: Shift, talent: Talent) -> str:
    """That somebody works at no time of a shift: usual hours bind nobody who agrees, but whoever chooses should know."""
    minute = max(shift.starts, tx.now).replace(second=0, microsecond=0)
    begins = next_by_hours(calendar(tx), talent.working_hours, minute)
    return "(対応日の外)" if begins is not None and begins >= shift.ends else ""


def turn(tx: Transaction, shift: Shift) -> str:
    """A shift in words, with its rota."""
    name = next((f" {rota.name}" for rota in rotas.living(tx) if rota.id == shift.rota_id), "")
    standing = "(控え)" if shift.deputy else ""
    return f"{words.spell(shift.starts, shift.ends, zone(tx))}{name}{standing}"


def entered(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Ask, or give it to somebody else.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    shift = _theirs(tx, visitor, number(view, "private_metadata"))
    taker = forms.choice(view, swap_views.WHO)
    if taker is None or talents.talent(tx, taker) is None:
        return None, {swap_views.WHO: "一覧から選んでください。"}
    own = shift.user_id == visitor.user
    if own:
        said = storable(forms.text(view, swap_views.SAID)) or None
        problem = swapping.ask(tx, shift, visitor.user, taker, said)
    else:
        problem = swapping.override(tx, shift, taker, visitor.user)
    if problem:
        return None, {swap_views.WHO: problem}
    if not own:
        gaps.look_soon(tx)  # whoever was away may have had it
    who = called(tx, taker)
    done = (
        f"{who}にお願いしました。返事が来たら、お知らせします。それまでは、あなたの当番です。"
        if own
        else f"{who}に替えました。お二人に、お知らせします。"
    )
    return views.said(done), {}


def pressed(tx: Transaction, swap_id: int, verb: SwapVerb, visitor: Visitor) -> None:
    """A button of a swap; the card shows what came of it.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    found = swaps.need(tx, swap_id)
    done = {SwapVerb.ACCEPT: SwapState.ACCEPTED, SwapVerb.DECLINE: SwapState.DECLINED}
    if found.state is done.get(verb) and visitor.user == found.taker:
        return  # pressed twice
    swapping.do(tx, swap_id, verb, visitor.user)
    if verb in {SwapVerb.ACCEPT, SwapVerb.TAKE_BACK}:
        gaps.look_soon(tx)  # whoever gave it, or has it again, may be away


# --- the outbox -----------------------------------------------------------------------------------------------------


def _swapped(tx: Transaction, found: Asked) -> Swapped:
    shift = duties.need(tx, found.duty_id)
    undo = found.state is SwapState.ACCEPTED and tx.now <= found.at + UNDO_WITHIN and tx.now < shift.starts
    return Swapped(found.id, called(tx, found.giver), turn(tx, shift), found.said, found.state, undo)


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card of the one who is asked; nothing when that was over before they read of it."""
    found = swaps.need(tx, outgoing.record_id)
    if outgoing.first and found.state is not SwapState.ASKED:
        return None
    return swap_views.card(_swapped(tx, found))


def told(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To the other one; nothing when it has gone on since."""
    found = swaps.need(tx, outgoing.record_id)
    if found.state.value != outgoing.values["state"]:
        return None
    if found.state is not SwapState.ACCEPTED and duties.need(tx, found.duty_id).cancelled_at is not None:
        return None  # whose it would be is not true any more: the plan changed, and they hear of that
    to_giver = outgoing.values["user"] == found.giver
    return swap_views.told(_swapped(tx, found), called(tx, found.taker), to_giver=to_giver)
