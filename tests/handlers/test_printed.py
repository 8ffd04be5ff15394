"""What is printed of an emergency: nothing of it is cut off on paper, however much was written."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain import telephone
from bot.domain.emergency import LONGEST_STEPS
from handlers.emergency import sheets
from handlers.emergency.views import Numbers

EXCELS_HIGHEST = 409.0
"""Points; what a row holds beyond it is not seen (support.microsoft.com, "Excel specifications and limits")."""
WRITTEN = {
    "long": "あ" * 3999,
    "many lines": "ログ 12:00:01 error\n" * 200,
    "both": ("い" * 100 + "\n\n") * 30,
    "one": "電話しました",
    "nothing": "",
}


def opened(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def fits(page: Worksheet) -> None:
    """Every cell's text is no higher than its row, by the least that a line takes."""
    merged = {str(each).split(":")[0]: each for each in page.merged_cells.ranges}
    for row in page.iter_rows():
        height = page.row_dimensions[row[0].row].height or 15.0
        assert height <= EXCELS_HIGHEST
        for cell in (each for each in row if each.value):
            span = merged.get(cell.coordinate)
            columns = range(span.min_col, span.max_col + 1) if span else [cell.column]
            width = sum(page.column_dimensions["ABCDE"[each - 1]].width for each in columns)
            a_line = width * 11 / cell.font.sz / 2
            lines = sum(max(1, len(each) / a_line) for each in str(cell.value).split("\n"))
            assert lines * cell.font.sz * 1.2 <= height, cell.coordinate


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_all_that_was_written_stands_in_the_log(written: str) -> None:
    line = sheets.Line("2026-11-27 23:10:05", "県のとても長い名前の方", written, "画面の写真.png、" * 9, "")
    page = opened(sheets.log(sheets.Log("緊急 No.1", [("最後のまとめ", written)], [line], "現在")))
    fits(page)
    for column in (2, 3):
        cells = [str(page.cell(row, column).value or "") for row in range(1, page.max_row + 1)]
        assert written.replace("\n", "").strip() in "".join(cells).replace("\n", "")
    assert "画面の写真.png" in "".join(str(each.value) for each in page["D"])


@pytest.mark.parametrize("steps", ["①抜く\n②電話", "①" + "長" * (LONGEST_STEPS - 1)])
def test_all_steps_stand_on_the_card(steps: str) -> None:
    own = ("情報政策課の課長 000-000-0000(内線 12)、" * 3)[: telephone.LONGEST]
    numbers = Numbers("000-000-0000", "000-000-9999", "昼は平日 8:30〜17:15", own, own)
    page = opened(sheets.card(sheets.Card("あさぎ県", steps, numbers, "11月27日")))
    fits(page)
    assert steps in "".join(str(each.value or "") for each in page["A"])
    assert [each.value for each in page["B"]].count(own) == 2
    assert page.page_setup.fitToHeight == page.page_setup.fitToWidth == 1
