"""Who is on duty in a week, in words: a part of 「今週の予定」 (`handlers.digests`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.domain import words
from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.rota.office import calendar, called, serves
from handlers.rota.planning import begins
from storage import absences, duties, rotas
from storage.database import Transaction
from storage.duties import Shift
from storage.rotas import Rota

WEEK = "rota.week"


def duty(tx: Transaction, monday: date) -> list[str]:
    """Who is on duty that week, a paragraph a rota, day by day; days that are alike are one line. Empty when there is no
    rota, or no open day."""
    office = calendar(tx)
    days = [day for n in range(7) if office.is_business_day(day := monday + timedelta(days=n))]
    known = rotas.living(tx)
    if not days:
        return []
    parts = []
    for rota in known:
        lines = [_line(span, names) for span, names in _alike([(day, _names(tx, rota, day)) for day in days])]
        parts.append("\n".join([*([f"*{escape(rota.name)}*"] if len(known) > 1 else []), *lines]))
    return parts


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The week's duty alone, as an older version wanted it told: it may still wait to be sent."""
    parts = duty(tx, date.fromordinal(outgoing.record_id))
    text = "*今週の当番*\n" + "\n".join(parts)
    return Message(text.replace("*", ""), [section(text[:2900])]) if parts else None


def _names(tx: Transaction, rota: Rota, day: date) -> tuple[str, ...]:
    """Who is on duty on a day; whoever stands by, only instead of somebody who is away."""
    office = calendar(tx)
    span = office.next_open(begins(tx, day)), office.closing(day)
    ours = [each for each in duties.touching(tx, *span) if each.rota_id == rota.id]
    ours = [each for each in ours if serves(tx, each.user_id, day)]
    there = [each for each in ours if not _is_away(tx, each, *span)]
    gone = [each for each in ours if each not in there and not each.deputy]
    found = [called(tx, each.user_id) for each in there if not each.deputy]
    found += [
        f"{called(tx, each.user_id)}(お休みの方の代わり)"
        for each in there
        if each.deputy and any(each.starts < other.ends and other.starts < each.ends for other in gone)
    ]
    return tuple(dict.fromkeys(found))


def _is_away(tx: Transaction, shift: Shift, starts: datetime, ends: datetime) -> bool:
    """Whether somebody is away for all of what they have of a day."""
    first, last = max(shift.starts, starts), min(shift.ends, ends)
    return any(
        each.user_id == shift.user_id and each.starts <= first and last <= each.ends
        for each in absences.known(tx)
    )


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
