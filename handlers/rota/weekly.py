"""Monday's 「今週の当番」: one message in the place of those who answer, in the first open minute of the week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain import words
from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section, small
from handlers.common.telling import tell
from handlers.rota.office import calendar, called, coordinators, filled
from handlers.rota.planning import begins
from storage import absences, channels, duties, outbox, rotas, talents, workspace
from storage.database import Transaction
from storage.outbox import Kind
from storage.rotas import Rota

WEEK = "rota.week"


def announce(tx: Transaction, settled: int) -> int:
    """In the first open minute of a week, whenever that comes to be, or later when we were away then; never twice, and not
    for a week of which nothing was due. `settled` is the last such week, by the ordinal of its Monday; returns it anew."""
    office = calendar(tx)
    number = _monday(office.day_of(tx.now)).toordinal()
    if number > settled and office.is_open(tx.now):
        if workspace.workspace(tx).is_open and rotas.living(tx):
            _tell(tx, number)
        return number
    return settled


def _tell(tx: Transaction, number: int) -> None:
    desks = channels.with_purpose(tx, "desk")
    for channel in desks:
        outbox.send(tx, Kind.NOTICE, f"{WEEK}:{number}:{channel}", WEEK, number, channel=channel)
    if not desks and filled(tx):  # that everybody has their own hours is no news
        for person in coordinators(tx):
            tell(tx, person, WEEK, number, key=f"{number}:{person}")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Who is on duty this week, day by day; days that are alike are one line."""
    monday = date.fromordinal(outgoing.record_id)
    office = calendar(tx)
    days = [day for n in range(7) if office.is_business_day(day := monday + timedelta(days=n))]
    known = rotas.living(tx)
    if not days or not known:
        return None
    parts = []
    for rota in known:
        lines = [_line(span, names) for span, names in _alike([(day, _names(tx, rota, day)) for day in days])]
        parts.append("\n".join([*([f"*■ {escape(rota.name)}*"] if len(known) > 1 else []), *lines]))
    text = "*今週の当番*\n" + "\n".join(parts)
    note = "お休み・交代は、`/banso 当番` から登録できます。"
    return Message(text.replace("*", ""), [section(text[:2900]), small(note)])


def _names(tx: Transaction, rota: Rota, day: date) -> tuple[str, ...]:
    office, active = calendar(tx), talents.active(tx)
    starts, ends = office.next_open(begins(tx, day)), office.closing(day)
    found = []
    for shift in duties.touching(tx, starts, ends):
        away = shift.user_id in absences.away(tx, max(shift.starts, starts))
        if shift.rota_id == rota.id and not shift.deputy and not away and shift.user_id in active:
            found.append(called(tx, shift.user_id))
    return tuple(dict.fromkeys(found))


def _alike(days: Sequence[tuple[date, tuple[str, ...]]]) -> list[tuple[list[date], tuple[str, ...]]]:
    found: list[tuple[list[date], tuple[str, ...]]] = []
    for day, names in days:
        if found and found[-1][1] == names:
            found[-1][0].append(day)
        else:
            found.append(([day], names))
    return found


def _line(days: Sequence[date], names: Sequence[str]) -> str:
    first = words.day(days[0])
    span = first if len(days) == 1 else f"{first}〜{words.day(days[-1])}"
    return f"・{span} {'、'.join(names) or '(空き)'}"
