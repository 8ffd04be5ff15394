"""Coordinators say who is in a rota, since when and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain import words
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import need, number
from handlers.common.pressing import two
from handlers.members.hours import extend
from handlers.rota import arrange_views, gaps
from handlers.rota.arrange_views import JOINS, LEAVES, WHO, Somebody
from handlers.rota.releasing import release
from storage import failures, members, rotas, talents, workspace
from storage.database import Transaction
from storage.rotas import Membership, NoSuchRota

Answer = tuple[Block | None, dict[str, str]]
OVERLAP = "同じ方の、ほかの期間と重なっています。"
BACKWARDS = "始まりより前です。"


def dialog(tx: Transaction, visitor: Visitor, rota_id: int, said: str = "") -> Block:
    """「メンバー」: who is in a rota, and who could be.

    Raises:
        NoSuchRota: with the sentence that says why.
    """
    rota, active = rotas.need(tx, rota_id), talents.active(tx)
    inside = rotas.members_of(tx, rota.id)
    shown = [Somebody(each.id, _name(tx, each.user_id), _span(each)) for each in inside]
    today = workspace.today(tx)
    there = {each.user_id for each in inside if each.leaves is None}
    others = [
        (user, talent.name)
        for user, talent in active.items()
        if user not in there and (talent.contract_until is None or talent.contract_until >= today)
    ]
    return arrange_views.people(rota.name, str(rota.id), shown, others, said)


def _name(tx: Transaction, user: str) -> str:
    talent = talents.talent(tx, user)
    return (
        talent.name
        if talent is not None
        else f"{members.name_of(tx, user)}(いまはアドバイザーではありません)"
    )


def _span(each: Membership) -> str:
    begins = f"{words.full_day(each.joins)}から" if each.joins else ""
    return begins + (f"{words.full_day(each.leaves)}まで" if each.leaves else "")


def added(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Put people into a rota.

    Raises:
        NoSuchRota: nothing was changed.
    """
    rota = rotas.need(tx, number(view, "private_metadata"))
    users = forms.choices(view, WHO)
    joins, leaves = forms.day(view, JOINS), forms.day(view, LEAVES)
    if not users or any(talents.talent(tx, user) is None for user in users):
        return None, {WHO: "一覧から選んでください。"}
    if joins and leaves and leaves < joins:
        return None, {LEAVES: BACKWARDS}
    there = rotas.members_of(tx, rota.id)
    if any(each.user_id in users and overlaps((each.joins, each.leaves), (joins, leaves)) for each in there):
        return None, {WHO: OVERLAP}
    for user in users:
        rotas.add_member(tx, rota.id, user, joins, leaves)
    _changed(tx, visitor, rota.id)
    return dialog(tx, visitor, rota.id, f"{len(users)}人を加えました。"), {}


def overlaps(one: tuple[date | None, date | None], two: tuple[date | None, date | None]) -> bool:
    """Whether two spells (from, until, both included; None: from ever, for ever) share a day."""
    (since, until), (joins, leaves) = one, two
    before = leaves is not None and since is not None and leaves < since
    after = joins is not None and until is not None and until < joins
    return not (before or after)


def _changed(tx: Transaction, visitor: Visitor, rota_id: int, before: Membership | None = None) -> None:
    """`before`: somebody's days in it, which are others now, or none."""
    extend(tx, gone=[before.user_id] if before is not None else [])
    rota = rotas.need(tx, rota_id)
    if before is not None and not rota.by_hours:
        release(tx, rota, before, visitor.user)
    gaps.look_soon(tx)
    failures.note(tx, "rota members changed", actor=visitor.user, rota=rota_id)


def _member(tx: Transaction, about: str) -> tuple[int, Membership]:
    rota_id, member_id = two(about)
    rota = rotas.need(tx, rota_id)
    found = next((each for each in rotas.members_of(tx, rota.id) if each.id == member_id), None)
    if found is None:
        raise NoSuchRota("この方は、もうこの当番にいません。画面を開き直してください。")
    return rota.id, found


def one(tx: Transaction, visitor: Visitor, about: str) -> Block:
    """「期間・外す」 of somebody.

    Raises:
        NoSuchRota: with the sentence that says why.
    """
    _, found = _member(tx, about)
    joins, leaves = (each.isoformat() if each else None for each in (found.joins, found.leaves))
    return arrange_views.member(_name(tx, found.user_id), about, joins, leaves)


def changed(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Let somebody be in it between two other days.

    Raises:
        NoSuchRota: nothing was changed.
    """
    rota_id, found = _member(tx, need(view, "private_metadata"))
    joins, leaves = forms.day(view, JOINS), forms.day(view, LEAVES)
    if joins and leaves and leaves < joins:
        return None, {LEAVES: BACKWARDS}
    others = [each for each in rotas.members_of(tx, rota_id) if each.id != found.id]
    if any(
        each.user_id == found.user_id and overlaps((each.joins, each.leaves), (joins, leaves))
        for each in others
    ):
        return None, {JOINS: OVERLAP}
    rotas.change_member(tx, rota_id, found.id, joins, leaves)
    _changed(tx, visitor, rota_id, found)
    return dialog(tx, visitor, rota_id, "期間を変えました。"), {}


def out(tx: Transaction, visitor: Visitor, about: str) -> Block:
    """「この当番から外す」.

    Raises:
        NoSuchRota: nothing was changed.
    """
    rota_id, found = _member(tx, about)
    rotas.remove_member(tx, rota_id, found.id)
    _changed(tx, visitor, rota_id, found)
    return dialog(tx, visitor, rota_id, "外しました。")
