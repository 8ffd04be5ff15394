"""CSV and Excel as offices have them: what is written is read back, and nothing in them is ever run."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from handlers.common.lists import UnreadableFile
from handlers.common.sheets import read, write

NAMES = ("list.csv", "list.xlsx")
DANGEROUS = (
    "=1+1",
    "+81-3",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "'=1",
    "'氏",
    "''",
)
LIKE_ESCAPED = ("_x000D_", "a_x0041_b_x0042_", "_x005F_x000D_", "_x005f_")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_is_read_in_each_encoding_an_office_has(encoding: str) -> None:
    text = '氏名,課\r\n髙橋 ①郎,"総務課\r\n情報係"\r\n\r\n森脇 一葉,〜係\r\n'
    if encoding == "cp932":
        text = text.replace("〜", "~")
    sheet = read("名簿.CSV", text.encode(encoding))
    assert sheet.headers == ("氏名", "課")
    assert sheet.rows[0] == (2, ("髙橋 ①郎", "総務課\r\n情報係"))
    assert sheet.rows[1][0] == 4, "an empty line counts, as it does in a spreadsheet"


def excel(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_and_days_of_excel_are_read_as_people_see_them() -> None:
    content = excel(
        ["a", "b", "c", "d", "e"],
        [12025, 40.0, datetime(2026, 4, 1, tzinfo=UTC).replace(tzinfo=None), date(2027, 3, 31), None],
        [],
        [" x ", 1.5, True, datetime(2026, 4, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None), "=1+1"],
    )
    sheet = read("a.xlsx", content)
    assert sheet.rows[0] == (2, ("12025", "40", "2026-04-01", "2027-03-31"))
    assert sheet.rows[1] == (4, ("x", "1.5", "True", "2026-04-01 09:30:00", ""))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_like_a_formula_is_a_text_outside_and_itself_again_inside(name: str, text: str) -> None:
    content = write(name, ["氏名"], [[text], [f" {text}"]])
    assert [cells[0] for _, cells in read(name, content).rows] == [text] * 2
    if name.endswith("csv"):
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows[1][0].startswith("'")
    else:
        cell = load_workbook(io.BytesIO(content)).active["A2"]
        assert (cell.data_type, cell.value[0]) == ("s", "'")


@pytest.mark.parametrize("text", LIKE_ESCAPED)
def test_what_excel_would_take_for_a_character_stays_what_it_is(text: str) -> None:
    content = write("a.xlsx", ["氏名"], [[text]])
    assert read("a.xlsx", content).rows[0][1] == (text,)
    cell = str(load_workbook(io.BytesIO(content)).active["A2"].value)
    assert cell.startswith("_x005F_") or "_x005F_" in cell


@pytest.mark.parametrize("name", NAMES)
@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=8)] * 2),
        max_size=4,
    )
)
def test_what_is_written_is_read_back(name: str, rows: list[tuple[str, str]]) -> None:
    content = write(name, ["氏名", "課"], rows)
    expected = [tuple(cell.strip() for cell in row) for row in rows]
    assert [cells for _, cells in read(name, content).rows] == [row for row in expected if any(row)]


def test_excel_finds_the_mark_without_which_it_would_take_utf8_for_shift_jis() -> None:
    assert write("a.csv", ["氏名"], []).startswith(b"\xef\xbb\xbf")


def test_what_excel_could_not_keep_is_left_out() -> None:
    for name in NAMES:
        assert read(name, write(name, ["氏名"], [["a\x00\x0bb"]])).rows[0][1] == ("ab",)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"\0" * (101 * 2**20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", b"x", ".csv か .xlsx"),
        ("a", b"x", ".csv か .xlsx"),
        ("a.xls", b"x", ".csv か .xlsx"),
        ("a.csv", b"", "何も書かれていません"),
        ("a.csv", "\ufeff\r\n,,\r\n".encode(), "何も書かれていません"),
        ("a.csv", b"\x81\x00\xff\xff", "文字コード"),
        ("a.csv", '氏名\n"閉じない'.encode(), "CSV として読めません"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "パスワード"),
        ("a.xlsx", "氏名,課".encode(), "Excel ファイル(.xlsx)として読めません"),
        ("a.xlsx", excel(["氏名"])[:500], "Excel ファイル(.xlsx)として読めません"),
        ("a.xlsx", excel(), "何も書かれていません"),
    ],
)
def test_what_is_no_list_is_a_sentence(name: str, content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile) as said:
        read(name, content)
    assert why in said.value.sentence
    assert "何も変えていません" in said.value.sentence


def test_a_file_that_would_unpack_without_end_is_not_unpacked() -> None:
    with pytest.raises(UnreadableFile, match="大きすぎます"):
        read("a.xlsx", bomb())


def test_a_zip_of_something_else_is_no_excel_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("hello.txt", "x")
    with pytest.raises(UnreadableFile, match="として読めません"):
        read("a.xlsx", out.getvalue())


@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_sentence(content: bytes) -> None:
    for name in NAMES:
        for bytes_ in (content, b"PK\x03\x04" + content):
            with contextlib.suppress(UnreadableFile):
                read(name, bytes_)
