"""`banso import rota` and `banso export rota`: who is in which rota from when until when, a line a person and spell.

A list says all of who is or will be in each rota it names: whoever it leaves out is in it no more. What ended before today
is over, and no list changes it. It is looked over whole; only when nothing is wrong with it, all of it is taken in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from bot.domain.bodies import folded
from handlers.common.lists import (
    MISSING,
    NONE,
    SECRET,
    Column,
    Fault,
    Row,
    Sheet,
    Table,
    UnreadableFile,
    in_order,
    iso_day,
    rows_of,
    secrets,
    told,
)
from handlers.common.services import Services
from handlers.common.sheets import read
from handlers.members.hours import begin_days, extend
from handlers.rota import gaps, swapping
from handlers.rota.joining import BACKWARDS, OVERLAP, overlaps
from handlers.rota.lists import MOST, TOO_LONG, missing, person
from handlers.rota.releasing import taken
from storage import failures, rotas, talents, workspace
from storage.database import Transaction
from storage.duties import Shift
from storage.rotas import Membership, Rota

NAME = "当番のメンバー"
COLUMNS = (
    Column("rota", "当番", ("当番名", "当番の組")),
    Column("id", "Slack ID", ("SlackのID", "ID")),
    Column("name", "氏名", ("名前",)),
    Column("joins", "いつから", ("開始", "開始日", "加わる日")),
    Column("leaves", "いつまで", ("終了", "終了日", "外れる日")),
)
_TITLES = {column.key: column.title for column in COLUMNS}
Days = tuple[date | None, date | None]
"""From when until when, both included; None: from ever, for ever."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as read: of each rota it names the spells of each person."""

    people: Mapping[int, Mapping[str, Sequence[Days]]]
    count: int


def list_of_members(tx: Transaction) -> Table:
    """Who is, or will be, in a rota."""
    active = talents.active(tx)
    rows = [
        [
            rota.name,
            each.user_id,
            active[each.user_id].name,
            *(str(day) if day else "" for day in (each.joins, each.leaves)),
        ]
        for rota in rotas.living(tx)
        for each in _going_on(tx, rota)
        if each.user_id in active
    ]
    return Table([column.title for column in COLUMNS], rows)


def _going_on(tx: Transaction, rota: Rota) -> list[Membership]:
    today = workspace.today(tx)
    return [each for each in rotas.members_of(tx, rota.id) if each.leaves is None or each.leaves >= today]


async def import_members(services: Services, name: str, content: bytes, *, dry_run: bool = False) -> int:
    """Take in a list in which nothing is wrong; returns how many lines it has.

    Raises:
        UnreadableFile: every bad line; nothing was changed.
    """
    sheet = read(name, content)
    found = await services.database.read(look_over, sheet)
    if not dry_run:
        await services.database.write(take_in, found)
    return found.count


def look_over(tx: Transaction, sheet: Sheet) -> Listed:
    """What a list says.

    Raises:
        UnreadableFile: what is wrong, line by line.
    """
    rows = rows_of(sheet, COLUMNS, lambda keys: missing(keys, _TITLES, ("rota",)))
    if len(rows) > MOST:
        raise UnreadableFile(TOO_LONG)
    faults: list[Fault] = []
    lines = defaultdict[tuple[Rota, str], list[Row]](list)
    for row in rows:
        if hidden := secrets(row):
            faults.append(Fault(row.line, _TITLES[hidden[0]], SECRET))
            continue
        rota, user = _rota(tx, row, faults), person(tx, row, faults)
        if rota is not None and user is not None:
            lines[rota, user].append(row)
    people = defaultdict[int, dict[str, Sequence[Days]]](dict)
    for (rota, user), theirs in lines.items():
        people[rota.id][user] = _spells(tx, rota, user, theirs, faults)
    if faults:
        raise UnreadableFile(told(map(str, in_order(faults))))
    return Listed(people, len(rows))


def _rota(tx: Transaction, row: Row, faults: list[Fault]) -> Rota | None:
    text = row.cells.get("rota", "")
    found = next((each for each in rotas.living(tx) if folded(each.name) == folded(text)), None)
    if found is None:
        why = f"「{text}」という当番はありません。「当番を組む」で先に作ってください。" if text else MISSING
        faults.append(Fault(row.line, _TITLES["rota"], why))
    return found


def _spells(
    tx: Transaction, rota: Rota, user: str, rows: Sequence[Row], faults: list[Fault]
) -> Sequence[Days]:
    """The spells of somebody's lines. An empty cell of somebody's only line leaves as it is what is known of them."""
    theirs = [each for each in rotas.members_of(tx, rota.id) if each.user_id == user]
    now = [each for each in _going_on(tx, rota) if each.user_id == user]
    known: Days = (now[0].joins, now[0].leaves) if len(rows) == len(now) == 1 else (None, None)
    found = [(_day(row, "joins", known[0], faults), _day(row, "leaves", known[1], faults)) for row in rows]
    over = [(each.joins, each.leaves) for each in theirs if each not in now]
    for row, (joins, leaves) in zip(rows, found, strict=True):
        if joins and leaves and leaves < joins:
            faults.append(Fault(row.line, _TITLES["leaves"], BACKWARDS))
        elif any(overlaps(each, (joins, leaves)) for each in over):
            faults.append(Fault(row.line, _TITLES["joins"], OVERLAP))
    wrong = {fault.line for fault in faults}
    sound = [(row, days) for row, days in zip(rows, found, strict=True) if row.line not in wrong]
    twice = [row for (_, one), (row, two) in combinations(sound, 2) if overlaps(one, two)]
    faults += [Fault(row.line, _TITLES["joins"], OVERLAP) for row in twice]
    return found


def _day(row: Row, key: str, known: date | None, faults: list[Fault]) -> date | None:
    text = row.cells.get(key)
    if text is None or text == NONE:
        return known if text is None else None
    try:
        return date.fromisoformat(iso_day(text))
    except ValueError:
        faults.append(Fault(row.line, _TITLES[key], "2027-04-01 のように、日付を書いてください。"))
        return None


def take_in(tx: Transaction, found: Listed) -> None:
    """Let the list be who is in all its rotas. Whose turns lie outside their days now is told so, once for all rotas."""
    changed = [
        (rota_id, each) for rota_id, people in found.people.items() for each in _put(tx, rota_id, people)
    ]
    extend(tx, gone=sorted({each.user_id for _, each in changed}))
    was, is_now = list[Shift](), list[Shift]()
    for rota_id, before in changed:
        if not (rota := rotas.need(tx, rota_id)).by_hours:
            gone, left = taken(tx, rota, before)
            was += gone
            is_now += left
    swapping.tell_moved(tx, was, is_now, "")
    begin_days(tx)
    gaps.look_soon(tx)
    failures.note(tx, "list of rota members taken in", lines=found.count)


def _put(tx: Transaction, rota_id: int, people: Mapping[str, Sequence[Days]]) -> Collection[Membership]:
    """Let these be who is in a rota; returns the spells that were others, or are no more, as they were."""
    there = defaultdict[str, list[Membership]](list)
    active = talents.active(tx)
    for each in _going_on(tx, rotas.need(tx, rota_id)):
        # no list can name others: whoever answers no more for now stays as they are
        if each.user_id in active:
            there[each.user_id].append(each)
    changed = []
    for user in dict.fromkeys([*people, *there]):
        now = [each for each in there[user] if (each.joins, each.leaves) not in people.get(user, ())]
        known = {(each.joins, each.leaves) for each in there[user]}
        new = [days for days in people.get(user, ()) if days not in known]
        for each, days in zip(now, new, strict=False):
            rotas.change_member(tx, rota_id, each.id, *days)
        for each in now[len(new) :]:
            rotas.remove_member(tx, rota_id, each.id)
        for days in new[len(now) :]:
            rotas.add_member(tx, rota_id, user, *days)
        changed += now
    return changed
