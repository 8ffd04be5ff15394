"""When nobody is on duty in the two weeks to come: found, told to the coordinators with a proposal, and covered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain import words
from bot.domain.rota import Gap, Handoff, Turn
from bot.domain.rota_gaps import Offer, gaps, propose, worth_telling
from bot.domain.rota_words import because_words
from bot.domain.text import escape
from bot.errors import UserError
from bot.feature import DueWork, Message, Outgoing
from handlers.common.blocks import actions, button, section
from handlers.rota import planning, swapping
from handlers.rota.office import calendar, called, coordinators, filled, zone
from storage import channels, due, duties, duty_reasons, failures, outbox, rotas
from storage.database import Transaction
from storage.duties import OVERRIDE
from storage.rotas import Rota

CARD, LOOK = "rota.gaps", "rota.look_for_gaps"
"""The message of a week's gaps; due when somebody should look."""
OPEN = "rota_gaps"
AHEAD = timedelta(days=13)
SHOWN = 8


class NoGap(UserError):
    """この空きは、もう埋まっています。当番は変わっていません。"""


@dataclass(frozen=True, slots=True)
class Found:
    """A gap of a rota."""

    rota: Rota
    gap: Gap

    @property
    def key(self) -> str:
        """What names it in a button: rota, first and last minute."""
        return f"{self.rota.id}:{_seconds(self.gap.starts)}:{_seconds(self.gap.ends)}"


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def find(tx: Transaction) -> list[Found]:
    """The gaps of two weeks that are worth a word, in all rotas that are filled, by beginning."""
    office, found = calendar(tx), []
    first = office.day_of(tx.now)
    for rota in filled(tx):
        people, away = planning.people(tx, rota)
        turns = planning.turns(tx, rota, first, first + AHEAD)
        for gap in worth_telling(gaps(rota.rule, turns, people, away, office, first, first + AHEAD), office):
            # the quarter of the evening before is no gap beside a day's
            pieces = worth_telling(_turns_of(tx, rota, gap), office)
            found += [Found(rota, each) for each in pieces if each.ends > tx.now]
    return sorted(found, key=lambda each: (each.gap.starts, each.rota.id))


def _turns_of(tx: Transaction, rota: Rota, gap: Gap) -> list[Gap]:
    """A gap cut where the duty passes on: nobody is asked for the days of many."""
    office, found = calendar(tx), []
    starts, ends, day = max(gap.starts, _minute(tx)), gap.ends, office.day_of(gap.starts)
    while starts < ends:
        day += timedelta(days=1)
        cut = planning.begins(tx, day)
        passes = rota.handoff == Handoff.DAILY or day.weekday() == rota.handoff_weekday
        if cut >= ends or passes:
            found.append(Gap(starts, min(ends, _last_closing(tx, day)), gap.missing))
            starts = office.next_open(max(cut, starts))
            day = max(day, office.day_of(starts))
        if cut >= ends:
            break
    return [each for each in found if each.starts < each.ends]


def _last_closing(tx: Transaction, before: date) -> datetime:
    """When the last open day before a day ends."""
    office, day = calendar(tx), before - timedelta(days=1)
    while not office.is_business_day(day):
        day -= timedelta(days=1)
    return office.closing(day)


def _minute(tx: Transaction) -> datetime:
    return tx.now.replace(second=0, microsecond=0)


def offers(tx: Transaction, found: Found) -> tuple[Offer, ...]:
    """Who could take a gap, whose turn it is first."""
    office, rota = calendar(tx), found.rota
    first, last = office.day_of(found.gap.starts), office.day_of(found.gap.ends)
    people, away = planning.people(tx, rota)
    turns = [*planning.history(tx, rota, first), *planning.turns(tx, rota, first, last)]
    elsewhere = planning.elsewhere(tx, rota, first, last)
    return propose(
        found.gap, rota.rule, people, away, list(dict.fromkeys(turns)), office, elsewhere=elsewhere
    ).could


def look_soon(tx: Transaction) -> None:
    """The plan may have a gap since now: somebody looks in the next open minute. A night's changes are one look."""
    if filled(tx):
        due.schedule(tx, LOOK, LOOK, 0, calendar(tx).next_open(tx.now))


def look(tx: Transaction, work: DueWork | None = None) -> None:
    """Tell the gaps, in one message for each of the weeks in which they lie; one that was told is edited in place."""
    _show(tx, {_week(tx, each.gap.starts) for each in find(tx)})


def _show(tx: Transaction, weeks: Collection[int]) -> None:
    for number in _weeks(tx):
        row = _row(tx, number)
        if row is not None and number in weeks:
            outbox.want(tx, row)
        elif row is not None:
            outbox.changed(tx, row)


def _weeks(tx: Transaction) -> list[int]:
    this = _week(tx, tx.now)
    return [this, this + 7, this + 14]


def _week(tx: Transaction, at: datetime) -> int:
    day = calendar(tx).day_of(at)
    return (day - timedelta(days=day.weekday())).toordinal()


def _row(tx: Transaction, number: int) -> outbox.Row | None:
    desks, people = channels.with_purpose(tx, "desk"), coordinators(tx)
    if desks:
        return outbox.card(CARD, number, sorted(desks)[0], None)
    return outbox.card(CARD, number, "", None, user_id=people[0]) if people else None


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The gaps of one week, with who could take each. Only its first post rings."""
    monday = date.fromordinal(outgoing.record_id)
    week = f"{words.day(monday)}の週"
    mine = [each for each in find(tx) if _week(tx, each.gap.starts) == outgoing.record_id]
    if not mine:
        if outgoing.first:
            return None
        text = f"{week}の当番の空きは、なくなりました。"
        return Message(text, [section(text)])
    rings = " ".join(f"<@{user}>" for user in coordinators(tx)) + " " if outgoing.first else ""
    lines = [_line(tx, each) for each in mine[:SHOWN]]
    more = [f"ほか{len(mine) - SHOWN}件"] if len(mine) > SHOWN else []
    text = f"{rings}{week}に、当番の空きがあります。"
    row = actions(button("案を見る", OPEN, "-"))
    return Message(text, [section("\n".join([text, *lines, *more])), row])


def _line(tx: Transaction, found: Found) -> str:
    could = offers(tx, found)
    said = "案:入れる方がいません"
    if could:
        first = could[0]
        part = "" if first.whole else "、一部の時間"
        said = f"案:{called(tx, first.user_id)}({because_words(first.because, zone(tx))}{part})"
    return f"・{span(tx, found)}|{said}"


def span(tx: Transaction, found: Found) -> str:
    """A gap in words."""
    spelled = words.spell(found.gap.starts, found.gap.ends, zone(tx))
    return f"{spelled} {escape(found.rota.name)}"


def cover(tx: Transaction, rota_id: int, starts: int, ends: int, user: str, actor: str) -> None:
    """Let somebody take what they can of a gap. A turn of whoever is away that lies within is theirs no longer.

    Raises:
        NoSuchRota, NoGap: nothing was changed.
    """
    rota = rotas.need(tx, rota_id)
    wanted = datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)
    found = next(
        (
            each
            for each in find(tx)
            if each.rota.id == rota.id and each.gap.starts < wanted[1] and wanted[0] < each.gap.ends
        ),
        None,
    )
    could = offers(tx, found) if found else ()
    offer = next((each for each in could if each.user_id == user), None)
    if found is None or offer is None:
        raise NoGap()
    given = []
    for turn in offer.turns:
        _instead(tx, rota, turn)
        given.append(duties.give_one(tx, rota.id, turn, OVERRIDE))
    if offer is could[0]:  # else somebody chose, not the rule
        duty_reasons.keep(tx, {each.id: offer.because for each in given})
    if user != actor:
        swapping.tell_shifts(tx, user, given, [])
    failures.note(tx, "gap covered", actor=actor, about=user, rota=rota.id)
    _show(tx, ())  # whoever covers gaps at night rings nobody with the rest of them
    look_soon(tx)


def _instead(tx: Transaction, rota: Rota, turn: Turn) -> None:
    """Whoever is away while somebody else has their turn does not get it back with the absence."""
    _, away = planning.people(tx, rota)
    gone = [
        shift.id
        for shift in duties.in_span(tx, rota.id, turn.starts, turn.ends)
        if turn.starts <= shift.starts and shift.ends <= turn.ends and shift.user_id != turn.user_id
        for each in away
        if each.user_id == shift.user_id and each.starts <= shift.starts and shift.ends <= each.ends
    ]
    duties.cancel(tx, gone)
    swapping.drop(tx, gone)
