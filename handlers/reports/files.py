"""Sheets → the bytes of a file: Excel, or CSV as offices open it. Pure.

openpyxl is loaded with the first report, never at the start: it loads numpy where there is one.
"""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, Final

from handlers.common.sheets import outside
from handlers.reports.sheet import Cell, Sheet

_LIKE_OTHERS: Final = frozenset("0123456789#")
"""What Excel may take for a number, a date or a mistake begins so."""
_PORTION, _BREATH = 50, 0.0005
"""After so many lines the thread lets others have the processor for a moment: somebody may wait for an acknowledgement."""
_WHEN: Final = (2020, 1, 1, 0, 0, 0)
"""Inside an archive every file has a date; the same figures are the same bytes."""


class Form(StrEnum):
    """The form of the file, and how its name ends."""

    EXCEL = "xlsx"
    CSV = "zip"


def write(form: Form, name: str, found: Sequence[Sheet]) -> bytes:
    """The whole report as one file; with CSV, an archive with one file a sheet, each called after the report (`name`)."""
    return WRITERS[form](name, found)


def _excel(_: str, found: Sequence[Sheet]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for each in found:
        page = book.create_sheet(each.name)
        for place, width in enumerate(each.widths, start=1):
            page.column_dimensions[get_column_letter(place)].width = width
        page.freeze_panes = f"A{len(each.said) + 3}"
        for place, line in enumerate(each.said):
            page.append([_cell(page, line, bold=place == 0)])
        page.append([])
        page.append([_cell(page, title, bold=True) for title in each.headers])
        for row in _in_portions(each.rows):
            page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: Any, value: Cell, *, bold: bool = False) -> Any:
    """A number as it is; a text as text, whatever it looks like."""
    if not isinstance(value, str):
        return value
    text = outside(value)
    if not (bold or text[:1] in _LIKE_OTHERS):  # a plain one is written four times as quickly
        return text or None
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, text)
    cell.data_type, cell.number_format = "s", "@"  # or Excel eats the zero of a code that is edited
    if bold:
        cell.font = _bold()
    return cell


@cache
def _bold() -> Any:
    from openpyxl.styles import Font

    return Font(bold=True)


def _csv(name: str, found: Sequence[Sheet]) -> bytes:
    """Each table alone, for other programs; what is said above it stands in the first file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate(found):
            rows = io.StringIO(newline="")
            writer = csv.writer(rows)
            if number == 0:
                writer.writerows([[outside(line)] for line in each.said])
            writer.writerow([outside(title) for title in each.headers])
            writer.writerows([_plain(value) for value in row] for row in _in_portions(each.rows))
            info = zipfile.ZipInfo(f"{number}_{each.name}_{name}.csv", _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            content = rows.getvalue().encode(
                "utf-8-sig", "replace"
            )  # Excel takes it for Shift_JIS without the mark
            archive.writestr(info, content)
    return out.getvalue()


def _plain(value: Cell) -> str:
    return "" if value is None else outside(str(value))


def _in_portions(rows: Sequence[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % _PORTION == 0:
            time.sleep(_BREATH)


WRITERS: Final[Mapping[Form, Callable[[str, Sequence[Sheet]], bytes]]] = {Form.EXCEL: _excel, Form.CSV: _csv}
