"""The dialog 「お休み・交代」: somebody's own turns of duty and absences; a coordinator opens it for anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.rota_checks import outlasts
from bot.errors import NotYours
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import need, storable
from handlers.rota import away, mine_views
from handlers.rota.asking import turn
from handlers.rota.explaining import sentences
from handlers.rota.mine_views import Away, Mine, Own
from handlers.rota.office import called, filled, is_coordinator, zone
from storage import absences, duties, swaps, talents, workspace
from storage.absences import OPEN, Absence
from storage.database import Transaction

FARTHEST, LONGEST = timedelta(days=730), timedelta(days=366)
SHOWN, TURNS = 12, 60
_ONE_OF_BOTH = "終わりを選ぶか、「終わりの日は決まっていない」を選ぶか、どちらかにしてください。"
Answer = tuple[Block | None, dict[str, str]]
"""What a dialog shows then, or sentences by block when something is to be mended."""


def dialog(tx: Transaction, visitor: Visitor, user: str | None = None) -> Block:
    """「お休み・交代」 of somebody; without one, of whoever opens it. A coordinator chooses whose.

    Raises:
        NotYours: it is somebody else's, and they are no coordinator.
    """
    desk = is_coordinator(tx, visitor.user)
    if user is not None and user != visitor.user and not desk:
        raise NotYours()
    whose = user or visitor.user
    if talents.talent(tx, whose) is None:
        return mine_views.dialog(None, _people(tx) if desk else ())
    return mine_views.dialog(_mine(tx, whose, visitor.user), _people(tx) if desk else ())


def _people(tx: Transaction) -> list[tuple[str, str]]:
    return [(user, talent.name) for user, talent in talents.active(tx).items()]


def _mine(tx: Transaction, user: str, viewer: str) -> Mine:
    planned, asked = {rota.id for rota in filled(tx)}, swaps.waiting_of(tx, user)
    theirs = [
        shift
        for shift in duties.shifts(tx)
        if shift.user_id == user and shift.ends > tx.now and shift.rota_id in planned
    ]
    turns, why = [], sentences(tx, theirs)
    for shift in theirs:
        swap = asked.get(shift.id)
        waits = f"{called(tx, swap.taker)}にお願い中です" if swap is not None else ""
        begun, number = shift.starts <= tx.now, swap.id if swap is not None else None
        turns.append(Own(shift.id, turn(tx, shift), begun, number, waits, why.get(shift.id, "")))
    away_ = [
        Away(each.id, span(tx, each), each.is_open and each.starts < tx.now) for each in absences.of(tx, user)
    ]
    today = workspace.today(tx).isoformat()
    return Mine(user, called(tx, user), user == viewer, turns[:TURNS], away_[:SHOWN], today)


def span(tx: Transaction, found: Absence) -> str:
    """An absence in words: whole days without the time of day."""
    return in_words(found.starts, found.ends, zone(tx))


def in_words(starts: datetime, ends: datetime, where: str) -> str:
    """A span of absence in words."""
    first, last = starts.astimezone(ZoneInfo(where)), ends.astimezone(ZoneInfo(where))
    if ends >= OPEN:
        begin = words.day(first.date()) if first.time() == time() else words.short(starts, where)
        return f"{begin}から(終わりは未定)"
    if first.time() == last.time() == time():
        until = last.date() - timedelta(days=1)
        return words.day(first.date()) + (f"〜{words.day(until)}" if until != first.date() else "")
    return words.spell(starts, ends, where)


@dataclass(frozen=True, slots=True)
class _Entered:
    starts: datetime
    ends: datetime
    said: str | None


def entered(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Keep the absence that was entered; the same twice is one.

    Raises:
        NotYours: it is somebody else's.
    """
    user = need(view, "private_metadata")
    if (user != visitor.user and not is_coordinator(tx, visitor.user)) or talents.talent(tx, user) is None:
        raise NotYours()
    found = _read(tx, view)
    if isinstance(found, dict):
        return None, found
    known = [each for each in absences.of(tx, user) if _is_same(each, found)]
    kept = (
        known[0]
        if known
        else away.add(tx, user, found.starts, found.ends, said=found.said, actor=visitor.user)
    )
    return mine_views.kept(
        called(tx, user),
        span(tx, kept),
        [words.spell(shift.starts, shift.ends, zone(tx)) for shift in away.affected(tx, kept)],
        desk=is_coordinator(tx, visitor.user),
        until_notice=kept.is_open,
        longer="" if kept.is_open else outlasts(kept.ends, _planned_until(tx), zone(tx)),
    ), {}


def _planned_until(tx: Transaction) -> datetime | None:
    rotas = {rota.id for rota in filled(tx)}
    return max((shift.ends for shift in duties.shifts(tx) if shift.rota_id in rotas), default=None)


def _is_same(known: Absence, found: _Entered) -> bool:
    """Of those until further notice one is enough."""
    if known.is_open and found.ends >= OPEN:
        return known.starts <= found.starts
    return (known.starts, known.ends) == (found.starts, found.ends)


def _read(tx: Transaction, view: Mapping[str, Any]) -> _Entered | dict[str, str]:
    first, last = forms.day(view, mine_views.FIRST), forms.day(view, mine_views.LAST)
    from_, to = forms.clock(view, mine_views.FROM), forms.clock(view, mine_views.TO)
    today = workspace.today(tx)
    if first is None or not today <= first <= today + FARTHEST:
        return {mine_views.FIRST: "今日から2年先までの日付を選んでください。"}
    until_notice = forms.ticked(view, mine_views.UNTIL_NOTICE)
    if until_notice and (last or to):
        return {mine_views.LAST if last else mine_views.TO: _ONE_OF_BOTH}
    last = last or first
    if last < first:
        return {mine_views.LAST: "最初の日より前です。"}
    if last - first > LONGEST:
        return {mine_views.LAST: "1年より長いお休みは、「終わりの日は決まっていない」を選んでください。"}
    where = zone(tx)
    starts = _moment(first, from_ or time(), where)
    ends = _moment(last, to, where) if to else _moment(last + timedelta(days=1), time(), where)
    ends = OPEN if until_notice else ends
    if ends <= starts:
        return {mine_views.TO: "始まりより前です。"}
    if ends <= tx.now:
        return {mine_views.TO if to else mine_views.LAST: "もう過ぎた時間です。"}
    return _Entered(starts, ends, storable(forms.text(view, mine_views.SAID)) or None)


def _moment(day: date, clock: time, where: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(where)).astimezone(UTC)


def withdraw(tx: Transaction, visitor: Visitor, absence_id: int) -> Block:
    """「取り消す」: they will be there after all, 「お休みを終える」: they are back; shows the dialog as it is then.

    Raises:
        NoSuchAbsence, NotYours: nothing was changed.
    """
    found = absences.need(tx, absence_id)
    if found.user_id != visitor.user and not is_coordinator(tx, visitor.user):
        raise NotYours()
    if found.ends > tx.now:
        away.withdraw(tx, found, visitor.user)
    return dialog(tx, visitor, found.user_id)
