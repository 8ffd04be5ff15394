"""When offices are open and whom they call, as a list: a line for each day or spell, for the hours, for the emergency
numbers; `banso import offices` and `export`.

What a list says of a body is then all that is known of its offices; bodies it does not name stay as they are. A list
without a column for numbers says nothing of them: they stay. The prefecture's own lines have 「県」 for the body.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import closures, opening_hours, telephone
from bot.domain.bodies import Directory, UnclearBody, folded
from handlers.common import lists
from handlers.common.lists import (
    NONE,
    PAUSE,
    SECRET,
    Column,
    Fault,
    Row,
    Table,
    UnreadableFile,
    WrongCell,
    in_order,
    one_of,
    secrets,
    told,
)
from handlers.common.services import Services
from handlers.common.sheets import read
from handlers.members.offices import keep_office
from storage import offices, reference, workspace
from storage.database import Transaction
from storage.offices import Office

NAME, PREFECTURE = "開庁日", "県"
PORTION = 50
"""So many bodies are written in one go."""
CLOSED, OPENED, HOURS, CALLED, NOTHING = "閉庁", "臨時開庁", "開庁時間", "緊急電話", NONE
_KINDS = {each: each for each in (CLOSED, OPENED, HOURS, CALLED, NOTHING)}
_ALSO = {
    **{"休み": CLOSED, "閉庁日": CLOSED, "休庁": CLOSED, "開庁": OPENED, "開庁日": OPENED, "時間": HOURS},
    **{"電話": CALLED, "緊急": CALLED, "緊急の電話": CALLED, "緊急連絡先": CALLED},
}
_YES = {"true": "毎年", "false": "その日だけ"}
_ALSO_YES = {"○": "true", "はい": "true", "する": "true", "いいえ": "false", "しない": "false"}
COLUMNS = (
    Column("code", "団体コード", ("市町村コード", "自治体コード", "コード")),
    Column("prefecture", "都道府県", ("都道府県名", "県名")),
    Column("body", "団体名", ("団体", "市町村", "市町村名", "自治体名")),
    Column("kind", "区分", ("種別", "種類")),
    Column("first", "開始日", ("日", "日付", "月日")),
    Column("last", "終了日"),
    Column("yearly", "毎年"),
    Column("label", "名称", ("名前", "理由", "内容")),
    Column("hours", "開庁時間", ("時間",)),
    Column("phone", "電話番号", ("電話", "緊急電話", "緊急の電話")),
    Column("night", "夜間の電話番号", ("夜間の電話", "夜間・休日の電話", "夜間")),
    Column("note", "備考", ("メモ",)),
)
_TITLES = {column.key: column.title for column in COLUMNS}
_NUMBERS = ("phone", "night")
NOT_HERE = "県の番号は、「緊急」の画面の「番号・手順を直す」で変えます。"


@dataclass(slots=True)
class _Lines:
    """What the lines of one body say: from which on, its hours, closures and openings, its numbers."""

    line: int
    hours: opening_hours.OpeningHours | None = None
    days: dict[str, list[str]] = field(default_factory=lambda: {CLOSED: [], OPENED: []})
    numbers: Mapping[str, str] = field(default_factory=dict)

    def office(self) -> Office:
        """The same as it is kept."""
        closed, opened = (tuple(sorted(set(self.days[kind]))) for kind in (CLOSED, OPENED))
        return Office(self.hours, closed, opened, **self.numbers)


class _Wrong(Exception):
    """A cell of a line is wrong: which, and why."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key, self.why = key, why


def entries(rows: Sequence[Row], directory: Directory, prefecture: str) -> dict[str | None, Office]:
    """What the lines say, by body (None: the prefecture).

    Raises:
        UnreadableFile: every bad line.
    """
    found: dict[str | None, _Lines] = {}
    faults: list[Fault] = []
    for row in rows:
        if secret := secrets(row):
            faults += [Fault(row.line, _TITLES[key], SECRET) for key in secret]
            continue
        try:
            code = _body(row, directory, prefecture)
            _take(row, code, found.setdefault(code, _Lines(row.line)))
        except _Wrong as wrong:
            faults.append(Fault(row.line, _TITLES[wrong.key], wrong.why))
    faults += [fault for lines in found.values() for fault in _together(lines)]
    if faults:
        raise UnreadableFile(told(map(str, in_order(faults))))
    return {code: lines.office() for code, lines in found.items()}


def _together(lines: _Lines) -> list[Fault]:
    """What is wrong with the lines of a body beside one another."""
    office = lines.office()
    if max(len(office.closures), len(office.openings)) > closures.MOST:
        return [Fault(lines.line, "", f"この団体の日が {closures.MOST} 行を超えています。")]
    wrong = closures.problem(office.closures, office.openings)
    return [Fault(lines.line, "", wrong)] if wrong else []


def _body(row: Row, directory: Directory, prefecture: str) -> str | None:
    code, name, of = (row.cells.get(key, "") for key in ("code", "body", "prefecture"))
    if not code and folded(name) in {folded(each) for each in (PREFECTURE, "県庁", prefecture) if each}:
        return None
    if not code and not name:
        raise _Wrong("body", f"団体名か団体コードを書いてください。県のことは「{PREFECTURE}」と書きます。")
    try:
        return directory.meant(code=code, name=name, prefecture=of).code
    except UnclearBody as error:
        raise _Wrong("code" if code else "body", error.sentence) from None


def _take(row: Row, code: str | None, lines: _Lines) -> None:
    kind = _meant(row, "kind", _KINDS, _ALSO)
    if kind == CALLED:
        if code is None:
            raise _Wrong("kind", NOT_HERE)
        if lines.numbers:
            raise _Wrong("phone", "この団体の緊急電話が二度あります。一行に書いてください。")
        lines.numbers = _numbers(row)
    elif kind == HOURS:
        if lines.hours is not None:
            raise _Wrong("hours", "この団体の開庁時間が二度あります。")
        lines.hours = _hours(row)
    elif kind != NOTHING:
        spell = _day(row)
        if kind == OPENED and spell[2:3] == "-":
            raise _Wrong("first", "臨時に開く日は、2027年3月28日 のように年から書いてください。")
        lines.days[kind].append(spell)


def _meant(row: Row, key: str, words: Mapping[str, str], others: Mapping[str, str]) -> str:
    text = row.cells.get(key)
    if text is None:
        raise _Wrong(key, lists.MISSING)
    try:
        return one_of(words, text, others)
    except WrongCell as error:
        raise _Wrong(key, error.sentence) from None


def _hours(row: Row) -> opening_hours.OpeningHours:
    text = row.cells.get("hours")
    if text is None:
        raise _Wrong("hours", lists.MISSING)
    try:
        return opening_hours.read(text)
    except opening_hours.UnreadableHours as error:
        raise _Wrong("hours", str(error)) from None


def _numbers(row: Row) -> dict[str, str]:
    found = {}
    for key in _NUMBERS:
        try:
            found[key] = telephone.read(row.cells.get(key, ""))
        except telephone.UnreadableNumber as error:
            raise _Wrong(key, str(error)) from None
    if not any(found.values()):
        raise _Wrong("phone", lists.MISSING)
    return found


def _day(row: Row) -> str:
    """The line's day or spell as it is kept. Of 11/14 a spreadsheet makes a day of this year: 「毎年」 takes that off."""
    first, last = row.cells.get("first"), row.cells.get("last", "")
    if first is None:
        raise _Wrong("first", lists.MISSING)
    yearly = "yearly" in row.cells and _meant(row, "yearly", _YES, _ALSO_YES) == "true"
    label = row.cells.get("label", "")
    try:
        days = f"{first}〜{last}" if last and last != first else first
        spell = closures.entered(f"{days} {label}".rstrip())
        return str(closures.of_every_year(spell) if yearly else spell)
    except closures.UnreadableClosures as error:
        raise _Wrong("first", str(error)) from None


def _missing(keys: Collection[str]) -> list[str]:
    needed = ("kind",) if set(_NUMBERS) & set(keys) else ("kind", "first")
    wrong = [f"「{_TITLES[key]}」の列がありません。" for key in needed if key not in keys]
    nowhere = not {"code", "body"} & set(keys)
    return [*wrong, *(["「団体コード」か「団体名」の列がありません。"] if nowhere else [])]


async def import_offices(services: Services, name: str, content: bytes, *, dry_run: bool = False) -> int:
    """Take in a list in which nothing is wrong; `dry_run` only looks. Returns of how many bodies it speaks.

    Raises:
        UnreadableFile: every bad line; nothing was changed.
    """
    sheet = read(name, content)
    rows = lists.rows_of(sheet, COLUMNS, _missing)
    numbers = lists.has(sheet, COLUMNS, _NUMBERS)
    directory, prefecture = await services.database.read(_known)
    found = list(entries(rows, directory, prefecture).items())
    for start in range(0, 0 if dry_run else len(found), PORTION):
        await services.database.write(_keep, found[start : start + PORTION], numbers=numbers)
        await asyncio.sleep(PAUSE)
    return len(found)


def _known(tx: Transaction) -> tuple[Directory, str]:
    return reference.directory(tx), workspace.workspace(tx).prefecture


def _keep(tx: Transaction, found: Sequence[tuple[str | None, Office]], *, numbers: bool) -> None:
    """`numbers`: the list says those as well."""
    for code, office in found:
        before = offices.office(tx, code)
        kept = office if numbers else replace(office, phone=before.phone, night=before.night)
        keep_office(tx, None, code, kept)


def list_of_offices(tx: Transaction) -> Table:
    """The list as it stands, in the form in which it is read."""
    names = reference.directory(tx).by_code
    columns = [column for column in COLUMNS if column.key != "note"]
    rows: list[dict[str, str]] = [{"body": PREFECTURE, **each} for each in _rows(offices.office(tx, None))]
    for code, office in offices.own_offices(tx).items():
        body = names[code]
        who = {"code": code, "prefecture": body.prefecture, "body": body.name}
        rows += [{**who, **each} for each in _rows(office)]
    return Table(
        [column.title for column in columns], [[row.get(c.key, "") for c in columns] for row in rows]
    )


def _rows(office: Office) -> list[dict[str, str]]:
    rows = [{"kind": HOURS, "hours": opening_hours.shown(office.hours)}] if office.hours else []
    for kind, kept in ((CLOSED, office.closures), (OPENED, office.openings)):
        for each in kept:
            spell = closures.spell_of(each)
            first, last = closures.ends_of(spell)
            yearly = _YES["true"] if spell.yearly else ""
            rows.append({"kind": kind, "first": first, "last": last, "yearly": yearly, "label": spell.label})
    if office.phone or office.night:
        rows.append({"kind": CALLED, "phone": office.phone, "night": office.night})
    return rows
