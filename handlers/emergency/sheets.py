"""What is printed: the card with steps and numbers, and the log. Excel, because every town hall opens and prints it, its
filters let it pass, and the own numbers can be written in before it is hung up. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.emergency import KEEP, NEVER, OTHERS, PRECEDENCE, REPORT
from handlers.common.sheets import outside
from handlers.emergency.views import Numbers

_A4, _FACE = 9, "Yu Gothic"
_WRAP = Alignment(wrap_text=True, vertical="top")
_THIN = Side(style="thin", color="FF666666")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True, slots=True)
class Card:
    """The printable card: the prefecture's name, the steps, the numbers, the day as of which it holds."""

    prefecture: str
    steps: str
    numbers: Numbers
    day: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: when, who, what, which files; when it was last changed ("" never)."""

    at: str
    who: str
    said: str
    files: str
    edited: str


@dataclass(frozen=True, slots=True)
class Log:
    """The whole log of a record: `head` are names and values."""

    title: str
    head: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    as_of: str


def moment(at: datetime, zone: str) -> str:
    """A moment (aware) to the second, as evidence needs it."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def card(found: Card) -> bytes:
    """One page A4, upright, in letters that are read from a step away."""
    book = Workbook()
    page = _page(book, "緊急のとき", landscape=False)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 58
    row = _across(page, 1, "緊急のとき(ウイルス・情報漏えい)", 26, bold=True)
    row = _across(page, row, found.steps, 20, bold=True)
    for name, number in (
        ("自団体の責任者(CSIRT)", ""),
        ("自団体の夜間の連絡先", ""),
        ("県(昼)", found.numbers.day),
        ("県(夜間・休日)", found.numbers.night),
        ("つながる時間", found.numbers.hours),
    ):
        row = _pair(page, row, name, number, 18)
    row = _across(page, row, PRECEDENCE, 14, bold=True)
    for title, said in (("してはいけないこと", NEVER), ("残すもの", KEEP), *OTHERS):
        row = _pair(page, row, title, said, 11)
    row = _across(page, row, REPORT, 10)
    _across(
        page,
        row,
        f"{found.prefecture} {found.day} 現在。Slack が使えないときのため、電話のそばに貼ってください。",
        10,
    )
    return _bytes(book)


def log(found: Log) -> bytes:
    """The log, A4 lying, its header on every page."""
    book = Workbook()
    page = _page(book, "記録", landscape=True)
    for letter, width in zip("ABCDE", (20, 18, 70, 24, 20), strict=True):
        page.column_dimensions[letter].width = width
    _put(page, 1, 1, found.title, 16, bold=True)
    _put(page, 2, 1, found.as_of, 10)
    row = 3
    for name, said in found.head:
        _put(page, row, 1, name, 11, bold=True)
        _put(page, row, 2, said, 11)
        page.merge_cells(start_row=row, start_column=2, end_row=row, end_column=5)
        _height(page, row, said, 130, 11)
        row += 1
    row += 1
    for place, title in enumerate(("日時", "だれが", "内容", "ファイル", "直した日時"), 1):
        _put(page, row, place, title, 11, bold=True, box=True)
    page.print_title_rows = f"{row}:{row}"
    for line in found.lines:
        row += 1
        for place, said in enumerate((line.at, line.who, line.said, line.files, line.edited), 1):
            _put(page, row, place, said, 10, box=True)
        _height(page, row, line.said, 68, 10)
    return _bytes(book)


def _page(book: Workbook, name: str, *, landscape: bool) -> Worksheet:
    page = book.worksheets[0]
    page.title = name
    page.page_setup.paperSize = _A4
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0 if landscape else 1
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&P / &N"
    return page


def _put(
    page: Worksheet, row: int, column: int, said: str, size: int, *, bold: bool = False, box: bool = False
) -> None:
    """A text, whatever it looks like: nothing in it is ever run."""
    cell = page.cell(row, column)
    cell.value = outside(said) or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format, cell.alignment = "@", _WRAP
    cell.font = Font(name=_FACE, size=size, bold=bold)
    if box:
        cell.border = _BOX


def _across(page: Worksheet, row: int, said: str, size: int, *, bold: bool = False) -> int:
    _put(page, row, 1, said, size, bold=bold)
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
    _height(page, row, said, 92, size)
    return row + 1


def _pair(page: Worksheet, row: int, name: str, said: str, size: int) -> int:
    _put(page, row, 1, name, min(size, 14), bold=True, box=True)
    _put(page, row, 2, said, size, bold=size > 14, box=True)
    _height(page, row, said, 58, size)
    return row + 1


def _height(page: Worksheet, row: int, said: str, width: int, size: int) -> None:
    """High enough for a text: Excel does not measure merged cells itself. A Japanese letter takes two columns."""
    a_line = max(1, int(width * 11 / size / 2))
    lines = sum(max(1, -(-len(line) // a_line)) for line in said.split("\n"))
    page.row_dimensions[row].height = min(400.0, lines * size * 1.6 + 4)


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
