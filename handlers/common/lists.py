"""Lists as an office keeps them, whatever they list: their headers, their lines, what is wrong with which cell. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import my_number
from bot.domain.bodies import folded
from bot.domain.fields import Field
from bot.errors import UserError

SECRET = "マイナンバーと思われる番号があります。消してから取り込んでください。"
NONE = "なし"
"""What empties a cell; an empty one leaves as it is what is known."""
MISSING = "書かれていません。"
PAUSE = 0.05
"""Seconds between two portions of a list: another program that waits for SQLite looks every 25 ms at first
(sqlite3.c, "sqliteDefaultBusyCallback"), and gets its turn."""

_BETWEEN = re.compile(r"[、,;\n]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class UnreadableFile(UserError):
    """ファイルを読み取れませんでした。何も変えていません。"""


class WrongCell(UserError):
    """この書き方は読めません。"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read: its headers, and the rows that are not empty with the number a spreadsheet shows beside them."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A list to be written: its headers and rows."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the part of the entry it says, its header, and other headers it is known by."""

    key: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what its cells say; empty ones are left out."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A bad line: where it is, as a spreadsheet counts, and why. No column: the whole line; no reason: said already."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"{self.line}行目 {self.column}: {self.why}" if self.column else f"{self.line}行目: {self.why}"


def told(wrong: Iterable[object]) -> str:
    """What the operator reads."""
    return "\n".join(["ファイルに誤りがあります。何も変えていません。", *map(str, wrong)])


def in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Each once, by line."""
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.line)


def rows_of(
    sheet: Sheet, columns: Sequence[Column], missing: Callable[[Collection[str]], Sequence[str]]
) -> list[Row]:
    """The lines of a sheet, by column. `missing` says in sentences what is not among the keys of its columns.

    Raises:
        UnreadableFile: its headers are not those of the list.
    """
    found: list[Column | None] = []
    wrong = []
    for header in sheet.headers:
        column = _named(columns, header) if header else None
        if header and column is None:
            wrong.append(f"「{header}」という見出しは知りません。")
        if column is not None and column in found:
            wrong.append(f"「{column.title}」の列が二つあります。")
        found.append(column)
    wrong += missing({column.key for column in found if column is not None})
    if wrong:
        known = either(column.title for column in columns)
        raise UnreadableFile("\n".join([*wrong, f"1行目の見出しは、{known} です。何も変えていません。"]))
    return [Row(line, _cells(found, cells)) for line, cells in sheet.rows]


def _named(columns: Sequence[Column], header: str) -> Column | None:
    for column in columns:
        if folded(header) in {folded(name) for name in (column.title, *column.also)}:
            return column
    return None


def has(sheet: Sheet, columns: Sequence[Column], keys: Collection[str]) -> bool:
    """Whether a sheet has one of these columns, whatever stands in it."""
    found = [_named(columns, header) for header in sheet.headers if header]
    return any(column is not None and column.key in keys for column in found)


def _cells(columns: Sequence[Column | None], cells: Sequence[str]) -> dict[str, str]:
    pairs = zip(columns, cells, strict=False)
    return {column.key: text for column, text in pairs if column is not None and text}


def secrets(row: Row) -> list[str]:
    """The columns in which a My Number stands: nothing of that line may be repeated."""
    return [key for key, text in row.cells.items() if my_number.find(text)]


def said(words: Mapping[str, str], text: str, others: Mapping[str, str] | None = None) -> str | None:
    """What a word of the screen stands for, None if for nothing; `others` are further words for the same."""
    known = {_word(word): key for key, word in words.items()} | {_word(key): key for key in words}
    known |= {_word(word): key for word, key in (others or {}).items() if key in words}
    return known.get(_word(text))


def _word(text: str) -> str:
    return folded(text.replace("〜", "~"))  # Shift_JIS makes another wave of it


def one_of(words: Mapping[str, str], text: str, others: Mapping[str, str] | None = None) -> str:
    """The same.

    Raises:
        WrongCell: it stands for nothing.
    """
    found = said(words, text, others)
    if found is None:
        raise WrongCell(f"「{text}」は読めません。{either(words.values())} のどれかにしてください。")
    return found


def either(words: Iterable[str]) -> str:
    """The words to choose from, for a sentence."""
    return "・".join(words)


def several(text: str) -> list[str]:
    """The parts of a cell that lists something."""
    parts = _BETWEEN.split(unicodedata.normalize("NFKC", text))
    return [each.strip() for each in parts if each.strip()]


def field_named(fields: Sequence[Field], text: str) -> str:
    """The id of a field by what it is called.

    Raises:
        WrongCell: there is none.
    """
    word = folded(text.removeprefix("分野:"))
    for each in fields:
        if word in {folded(each.id), folded(each.short), folded(each.label)}:
            return each.id
    known = either(each.short for each in fields)
    raise WrongCell(f"「{text}」という分野はありません。{known} から選んでください。")


def iso_day(text: str) -> str:
    """A day as offices write it, as 2026-04-01; what is none stays as it is."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text
