"""Lists as offices keep them: CSV (Shift_JIS or UTF-8) and Excel, read as plain texts and written so that both open.

A cell that begins like a formula is written with an apostrophe before it, and read without: nobody's name is ever run by
the program that opens the file (owasp.org, "CSV Injection").

openpyxl is loaded with the first Excel file, never at the start: it loads numpy where there is one.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import ParseError

from handlers.common.lists import Sheet, Table, UnreadableFile
from storage.database import Database, Transaction

MOST_BYTES: Final = 100 * 2**20
"""As much as an Excel file may hold once it is unpacked; 10,000 people are 1 MB."""
_RUNS = "=+-@\uff1d\uff0b\uff0d\uff20"  # their full-width forms too
_ESCAPED = re.compile(f"\\A'(?=[{re.escape(_RUNS)}'])")
_TO_ESCAPE = re.compile(f"[{re.escape(_RUNS)}']")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What neither Excel (XML 1.0, "Characters") nor UTF-8 can hold."""
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED_TWICE = re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel would take for a character written as its number (ECMA-376, part 1, "ST_Xstring")."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def is_excel(name: str) -> bool:
    """Whether a file is named as an Excel file.

    Raises:
        UnreadableFile: it is named neither so nor as CSV.
    """
    ending = name.lower().rpartition(".")[2]
    if ending not in {"csv", "xlsx"}:
        raise UnreadableFile("ファイル名は .csv か .xlsx で終わるものにしてください。何も変えていません。")
    return ending == "xlsx"


def read(name: str, content: bytes) -> Sheet:
    """Read a file by its name's ending.

    Raises:
        UnreadableFile: it is no such file, or holds no list.
    """
    rows = enumerate(_excel(content) if is_excel(name) else _csv(content), start=1)
    full = [(number, cells) for number, cells in rows if any(cells)]
    if not full:
        raise UnreadableFile("ファイルに何も書かれていません。何も変えていません。")
    (_, headers), *rest = full
    return Sheet(headers, tuple(rest))


def _csv(content: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(content)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            yield tuple(_inside(cell) for cell in row)
    except csv.Error:
        raise UnreadableFile(
            "CSV として読めません(引用符が閉じていないところなどがあります)。何も変えていません。"
        ) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        "文字コードが分かりません。Excel で「CSV UTF-8」か .xlsx として保存し直してください。何も変えていません。"
    )


def _excel(content: bytes) -> Iterator[tuple[str, ...]]:
    from openpyxl import load_workbook

    if content.startswith(_OLD_EXCEL):
        raise UnreadableFile(
            "古い形の Excel か、パスワードのついたファイルです。パスワードを外し、.xlsx で保存し直してください。"
            "何も変えていません。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                raise UnreadableFile("Excel ファイルが大きすぎます。何も変えていません。")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write them wrongly
        yield from (
            tuple(_inside(_ESCAPED_TWICE.sub("_", _text(value))) for value in row) for row in sheet.values
        )
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, ParseError, EOFError, OSError):
        raise UnreadableFile("Excel ファイル(.xlsx)として読めません。何も変えていません。") from None


def _text(value: object) -> str:
    """A cell's value as people see it: a whole number without a point, a day without its midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        at_midnight = value.time().replace(microsecond=0).isoformat() == "00:00:00"
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _inside(cell: str) -> str:
    return _ESCAPED.sub("", cell.strip())


async def exported(database: Database, name: str, query: Callable[[Transaction], Table]) -> bytes:
    """The file of a list as it stands. It is made after the transaction: ten thousand rows of Excel take longer than a
    database lets one be idle.

    Raises:
        UnreadableFile: it is named neither as CSV nor as Excel.
    """
    is_excel(name)
    found = await database.read(query)
    return write(name, found.headers, found.rows)


def write(name: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A file by its name's ending, which `read` reads back as it was.

    Raises:
        UnreadableFile: it is named neither as CSV nor as Excel.
    """
    safe = [[outside(cell) for cell in row] for row in [headers, *rows]]
    return _as_excel(safe) if is_excel(name) else _as_csv(safe)


def as_read(cell: str) -> str:
    """What is read back of a cell that is written."""
    return _UNSEEN.sub("", cell).strip()


def outside(cell: str) -> str:
    """A text as it may stand in a cell: nothing runs it, and nothing in it breaks the file."""
    text = as_read(cell)
    return f"'{text}" if _TO_ESCAPE.match(text) else text


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig", "replace")  # Excel takes it for Shift_JIS without the mark


def _as_excel(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, _LIKE_ESCAPED.sub("_x005F_", text) or None)
            cell.number_format = "@"  # or Excel eats the zero of a code that is edited
            if number == 1:
                cell.font = Font(bold=True)
                sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
