"""What is printed: the card with steps and numbers, and the log. Excel, because every town hall opens and prints it, its
filters let it pass, and own numbers that are not known here can be written in before it is hung up. Pure.

openpyxl is loaded by whoever prints first, never at the start: it loads numpy where there is one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.emergency import KEEP, NEVER, OTHERS, PRECEDENCE, REPORT
from handlers.common.sheets import outside
from handlers.emergency.views import Numbers

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border
    from openpyxl.worksheet.worksheet import Worksheet

_A4, _FACE = 9, "Yu Gothic"
_WIDTHS = (20, 18, 70, 24, 20)
"""Of the log's columns, in letters of its first size."""
_HIGHEST, _A_LINE = 400.0, 1.6
"""Points: no row may be higher (Excel ends at 409); a line is so many times its letters."""


@dataclass(frozen=True, slots=True)
class Card:
    """The printable card: the names of the prefecture and the body, the steps, the numbers, the day as of which it holds."""

    whose: str
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
    book = _book()
    page = _page(book, "緊急のとき", landscape=False)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 58
    row = _across(page, 1, "緊急のとき(ウイルス・情報漏えい)", 26, bold=True)
    row = _across(page, row, found.steps, 20 if _lines(found.steps, 92, 20) < _most(20) else 14, bold=True)
    for name, number in (
        ("自団体の責任者(CSIRT)", found.numbers.own),
        ("自団体の夜間の連絡先", found.numbers.own_night),
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
        f"{found.whose} {found.day} 現在。Slack が使えないときのため、電話のそばに貼ってください。",
        10,
    )
    return _bytes(book)


def log(found: Log) -> bytes:
    """The log, A4 lying, its header on every page."""
    book = _book()
    page = _page(book, "記録", landscape=True)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    whole = sum(_WIDTHS)
    row = _across(page, 1, found.title, 16, bold=True, columns=5, width=whole)
    row = _across(page, row, found.as_of, 10, columns=5, width=whole)
    for name, said in found.head:
        for number, piece in enumerate(_pieces(said, 130, 11)):
            _put(page, row, 1, "" if number else name, 11, bold=True)
            _put(page, row, 2, piece, 11)
            page.merge_cells(start_row=row, start_column=2, end_row=row, end_column=5)
            _height(page, row, 11, (piece, 130))
            row += 1
    row += 1
    for place, title in enumerate(("日時", "だれが", "内容", "ファイル", "直した日時"), 1):
        _put(page, row, place, title, 11, bold=True, box=True)
    page.print_title_rows = f"{row}:{row}"
    for line in (part for whole in found.lines for part in _parts(whole)):
        row += 1
        cells = (line.at, line.who, line.said, line.files, line.edited)
        for place, said in enumerate(cells, 1):
            _put(page, row, place, said, 10, box=True)
        _height(page, row, 10, *zip(cells, _WIDTHS, strict=True))
    return _bytes(book)


def _parts(line: Line) -> Iterator[Line]:
    """A line that is higher than a row may be goes on in the next ones: on paper nothing can be scrolled."""
    first, *rest = _pieces(line.said, _WIDTHS[2], 10)
    yield replace(line, said=first)
    for part in rest:
        yield Line("", f"{line.who}(続き)", part, "", "")


def _book() -> Workbook:
    from openpyxl import Workbook

    return Workbook()


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
    from openpyxl.styles import Font

    cell = page.cell(row, column)
    cell.value = outside(said) or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format, cell.alignment = "@", _wrap()
    cell.font = Font(name=_FACE, size=size, bold=bold)
    if box:
        cell.border = _frame()


@cache
def _wrap() -> Alignment:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top")


@cache
def _frame() -> Border:
    from openpyxl.styles import Border, Side

    thin = Side(style="thin", color="FF666666")
    return Border(left=thin, right=thin, top=thin, bottom=thin)


def _across(
    page: Worksheet, row: int, said: str, size: int, *, bold: bool = False, columns: int = 2, width: int = 92
) -> int:
    for piece in _pieces(said, width, size):
        _put(page, row, 1, piece, size, bold=bold)
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        _height(page, row, size, (piece, width))
        row += 1
    return row


def _pair(page: Worksheet, row: int, name: str, said: str, size: int) -> int:
    _put(page, row, 1, name, min(size, 14), bold=True, box=True)
    _put(page, row, 2, said, size, bold=size > 14, box=True)
    _height(page, row, size, (said, 58))
    return row + 1


def _height(page: Worksheet, row: int, size: int, *cells: tuple[str, int]) -> None:
    """High enough for its texts, each in its width: Excel does not measure merged cells itself."""
    lines = max(_lines(said, width, size) for said, width in cells)
    page.row_dimensions[row].height = min(_HIGHEST, lines * size * _A_LINE + 4)


def _pieces(said: str, width: int, size: int) -> list[str]:
    """A text in parts that each fit into a row."""
    letters, rows = _letters(width, size), list[str]()
    for line in said.split("\n"):
        rows += [line[at : at + letters] for at in range(0, len(line) or 1, letters)]
        rows[-1] += "\n"
    most = _most(size)
    return ["".join(rows[at : at + most]).removesuffix("\n") for at in range(0, len(rows), most)]


def _lines(said: str, width: int, size: int) -> int:
    letters = _letters(width, size)
    return sum(max(1, -(-len(line) // letters)) for line in said.split("\n"))


def _letters(width: int, size: int) -> int:
    """So many stand in a line: a Japanese letter takes two columns, and a little is left at the edge."""
    return max(1, int((width - 2) * 11 / size / 2))


def _most(size: int) -> int:
    """So many lines stand in the highest row."""
    return int((_HIGHEST - 4) / (size * _A_LINE))


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
