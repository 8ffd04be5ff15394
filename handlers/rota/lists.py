"""`banso import duty` and `banso export duty`: shifts as a list an office keeps, a line a shift.

A list says all of each rota it names between its first and its last moment: what it leaves out there is nobody's any more,
unless it has begun; a turn that runs when the list begins ends there, and one that goes on after its last moment goes on
from there. It is looked over whole; only when nothing is wrong with it, all of it is taken in.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.bodies import folded
from bot.domain.rota import Turn
from bot.domain.rota_checks import MUST_BE_MENDED, check_turns
from handlers.common.lists import Column, Fault, Row, Sheet, Table, UnreadableFile, in_order, rows_of, told
from handlers.common.services import Services
from handlers.common.sheets import read
from handlers.rota import gaps, swapping
from handlers.rota.office import calendar, filled, zone
from storage import duties, duty_reasons, failures, rotas, talents
from storage.database import Transaction
from storage.duties import LIST, Shift
from storage.rotas import Rota

COLUMNS = (
    Column("rota", "当番", ("当番名", "当番の組")),
    Column("id", "Slack ID", ("SlackのID", "ID")),
    Column("name", "氏名", ("名前",)),
    Column("starts", "開始", ("開始日時", "始まり")),
    Column("ends", "終了", ("終了日時", "終わり")),
    Column("deputy", "控え"),
)
_TITLES = {column.key: column.title for column in COLUMNS}
_MOMENT = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::\d{2})?")
_YES, _NO = {"はい", "○", "する", "控え"}, {"いいえ", "×", "しない", ""}
MOST = 20_000
OLDEST, FARTHEST = timedelta(days=400), timedelta(days=800)
"""A list says nothing of what is further away: a year that was mistyped would take everybody's turns between."""
SLIP = "今日から離れすぎています。年をお確かめください。"
TOO_LONG = f"一度に取り込めるのは {MOST} 行までです。何も変えていません。"


@dataclass(frozen=True, slots=True)
class Planned:
    """A list as read: the turns of each rota it names."""

    turns: Mapping[int, Sequence[Turn]]
    count: int


def list_of_duty(tx: Transaction) -> Table:
    """The shifts of the planned rotas that are not over."""
    names, active, where = {rota.id: rota.name for rota in filled(tx)}, talents.active(tx), zone(tx)
    rows = [
        [
            names[shift.rota_id],
            shift.user_id,
            active[shift.user_id].name if shift.user_id in active else "",
            _at(shift.starts, where),
            _at(shift.ends, where),
            "はい" if shift.deputy else "",
        ]
        for shift in duties.shifts(tx)
        if shift.rota_id in names and shift.ends > tx.now
    ]
    return Table([column.title for column in COLUMNS], rows)


def _at(moment: datetime, where: str) -> str:
    return f"{moment.astimezone(ZoneInfo(where)):%Y-%m-%d %H:%M}"


async def import_duty(services: Services, name: str, content: bytes, *, dry_run: bool = False) -> int:
    """Take in a list in which nothing is wrong; returns how many shifts it has.

    Raises:
        UnreadableFile: every bad line; nothing was changed.
    """
    sheet = read(name, content)
    found = await services.database.read(look_over, sheet)
    if not dry_run:
        await services.database.write(take_in, found)
    return found.count


def missing(keys: Collection[str], titles: Mapping[str, str], needed: Sequence[str]) -> list[str]:
    """What a list lacks among these columns, of which one says who."""
    wrong = [f"「{titles[key]}」の列がありません。" for key in needed if key not in keys]
    return [*wrong, *([] if {"id", "name"} & set(keys) else ["「Slack ID」か「氏名」の列がありません。"])]


def look_over(tx: Transaction, sheet: Sheet) -> Planned:
    """What a list says.

    Raises:
        UnreadableFile: what is wrong, line by line.
    """
    rows = rows_of(sheet, COLUMNS, lambda keys: missing(keys, _TITLES, ("rota", "starts", "ends")))
    if len(rows) > MOST:
        raise UnreadableFile(TOO_LONG)
    faults: list[Fault] = []
    lines: dict[Turn, int] = {}
    turns: dict[int, list[Turn]] = defaultdict(list)
    for row in rows:
        rota, turn = _rota(tx, row, faults), _turn(tx, row, faults)
        if rota is not None and turn is not None:
            turns[rota.id].append(turn)
            lines.setdefault(turn, row.line)
    for rota_id, mine in turns.items():
        faults += _misplaced(tx, rota_id, mine, turns, lines)
    if faults:
        raise UnreadableFile(told(map(str, in_order(faults))))
    return Planned(turns, len(rows))


def _rota(tx: Transaction, row: Row, faults: list[Fault]) -> Rota | None:
    text = row.cells.get("rota", "")
    found = next((each for each in filled(tx) if folded(each.name) == folded(text)), None)
    if found is None:
        why = f"「{text}」という当番はありません。「当番を組む」で先に作ってください。"
        faults.append(Fault(row.line, _TITLES["rota"], why if text else "書かれていません。"))
    elif not rotas.members_of(tx, found.id):
        faults.append(Fault(row.line, _TITLES["rota"], f"「{found.name}」にメンバーがいません。"))
    return found


def _turn(tx: Transaction, row: Row, faults: list[Fault]) -> Turn | None:
    user = person(tx, row, faults)
    starts, ends = (_moment(tx, row, key, faults) for key in ("starts", "ends"))
    said = row.cells.get("deputy", "")
    if said not in _YES | _NO:
        faults.append(Fault(row.line, _TITLES["deputy"], "「はい」か「いいえ」にしてください。"))
    if starts is not None and ends is not None and ends <= starts:
        faults.append(Fault(row.line, _TITLES["ends"], "始まりより前です。"))
        return None
    return None if user is None or starts is None or ends is None else Turn(user, starts, ends, said in _YES)


def person(tx: Transaction, row: Row, faults: list[Fault]) -> str | None:
    """The adviser whom a line names, by their id or else by a name that only they have."""
    active, number, name = talents.active(tx), row.cells.get("id"), row.cells.get("name", "")
    if number is not None:
        if number not in active:
            faults.append(Fault(row.line, _TITLES["id"], "この ID のアドバイザーはいません。"))
        return number if number in active else None
    same = [user for user, talent in active.items() if folded(talent.name) == folded(name)]
    if len(same) != 1:
        why = (
            "同じ名前の方が何人かいます。Slack ID を書いてください。"
            if same
            else "この名前のアドバイザーはいません。"
        )
        faults.append(Fault(row.line, _TITLES["name"], why if name else "書かれていません。"))
        return None
    return same[0]


def _moment(tx: Transaction, row: Row, key: str, faults: list[Fault]) -> datetime | None:
    text = unicodedata.normalize("NFKC", row.cells.get(key, ""))
    found = _MOMENT.fullmatch(text.strip())
    try:
        if found is not None:
            year, month, day, hour, minute = map(int, found.groups())
            local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone(tx)))
            if -OLDEST <= local - tx.now <= FARTHEST:
                return local.astimezone(UTC)
            faults.append(Fault(row.line, _TITLES[key], SLIP))
            return None
    except (ValueError, OverflowError):
        pass
    why = "2026-12-04 9:00 のように、日付と時刻を書いてください。" if text else "書かれていません。"
    faults.append(Fault(row.line, _TITLES[key], why))
    return None


def _misplaced(
    tx: Transaction,
    rota_id: int,
    mine: Sequence[Turn],
    turns: Mapping[int, Sequence[Turn]],
    lines: Mapping[Turn, int],
) -> list[Fault]:
    """Shifts that overlap, in the list, with what runs or with another rota, or in which it is never open."""
    names = {user: talent.name for user, talent in talents.active(tx).items()}
    known = {rota.id: rota.name for rota in filled(tx)}
    others = [(known[other], turn) for other, theirs in turns.items() if other != rota_id for turn in theirs]
    others += [
        (known[shift.rota_id], shift.turn)
        for shift in duties.touching(tx, min(each.starts for each in mine), max(each.ends for each in mine))
        if shift.rota_id in known.keys() - turns.keys()
    ]
    others += [(known[rota_id], shift.turn) for shift in _stay(tx, rota_id, mine)]
    found = check_turns(mine, names, calendar(tx), elsewhere=others)
    return [
        Fault(lines[each.turn], "", each.sentence)
        for each in found
        if each.turn is not None and each.trouble in MUST_BE_MENDED
    ]


def _stay(tx: Transaction, rota_id: int, mine: Sequence[Turn]) -> list[Shift]:
    """What runs of a rota and goes on beside a list that begins no later than now and says nothing of it."""
    listed = {(turn.user_id, turn.starts) for turn in mine}
    if min(turn.starts for turn in mine) > tx.now:
        return []
    running = duties.touching(tx, tx.now, tx.now + timedelta(seconds=1))
    ours = [each for each in running if each.rota_id == rota_id and each.starts <= tx.now]
    return [each for each in ours if (each.user_id, each.starts) not in listed]


def take_in(tx: Transaction, found: Planned) -> None:
    """Let the list be the plan of all its rotas; whom it changes is told once."""
    was, is_now = list[Shift](), list[Shift]()
    for rota_id, turns in found.turns.items():
        before, after = _exchange(tx, rota_id, turns)
        was += before
        is_now += after
    swapping.tell_moved(tx, was, is_now, "")
    failures.note(tx, "duty list taken in", shifts=found.count)
    gaps.look_soon(tx)


def _exchange(tx: Transaction, rota_id: int, turns: Sequence[Turn]) -> tuple[list[Shift], list[Shift]]:
    """Let these turns be a rota's, from the first to the last of their moments; its shifts before and after."""
    span = min(each.starts for each in turns), max(each.ends for each in turns)
    there, listed = duties.in_span(tx, rota_id, *span), set(turns)
    runs = [each for each in there if each.starts < span[0] and span[0] > tx.now]
    for each in runs:
        duties.cut(tx, each.id, span[0])
    before = [each for each in there if each.starts > tx.now and each not in runs]
    duties.cancel(tx, [each.id for each in before if each.turn not in listed])
    again = calendar(tx).next_open(span[1])
    goes_on = [_rest(tx, each, again) for each in (*runs, *before) if again < each.ends]
    begun = [each for each in there if each.starts <= tx.now < each.ends and each not in runs]
    here = {each.turn for each in (*before, *begun)}
    duties.give(tx, rota_id, [turn for turn in turns if turn not in here], LIST)
    rotas.touched(tx, rota_id)
    after = [each for each in duties.in_span(tx, rota_id, *span) if each.starts > tx.now]
    rest = [duties.need(tx, each.id) for each in (*runs, *begun)]
    return [*runs, *begun, *before], [*rest, *after, *goes_on]


def _rest(tx: Transaction, shift: Shift, starts: datetime) -> Shift:
    found = duties.give_one(tx, shift.rota_id, replace(shift.turn, starts=starts), shift.source)
    duty_reasons.carry(tx, shift.id, found.id)
    return found
