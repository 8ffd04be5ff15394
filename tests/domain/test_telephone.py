"""What is taken for a telephone number, and what is not: somebody will dial it at night."""

from __future__ import annotations

import pytest

from bot.domain.telephone import LONGEST, UnreadableNumber, read
from tests.digits import NUMBER


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        (" \n ", ""),
        ("000-000-0000", "000-000-0000"),
        ("0000000000", "0000000000"),
        ("(000)000-0000", "(000)000-0000"),
        ("000 0000 0000", "000 0000 0000"),
        ("+81 3-0000-0000", "+81 3-0000-0000"),
        ("000ー000ー0000", "000-000-0000"),
        ("情報政策課 000-000-0000(内線 12)", "情報政策課 000-000-0000(内線 12)"),
        ("000-000-0000(夜間 000-000-0001)", "000-000-0000(夜間 000-000-0001)"),
        ("内線 1234", "内線 1234"),
        ("000-000-0000\n000-000-0001", "000-000-0000、000-000-0001"),
        (
            "課長 000-0000-0000、000-000-0001 平日8:30〜17:15",
            "課長 000-0000-0000、000-000-0001 平日8:30〜17:15",
        ),
        ("総務課2係 000-000-0000", "総務課2係 000-000-0000"),
        ("警察 110", "警察 110"),
    ],
)
def test_numbers_are_kept_as_they_were_written(written: str, kept: str) -> None:
    assert read(written) == kept
    assert read(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "なし",
        "県に聞く",
        "12",
        "0000",
        "000-000",
        "000-000-0000 000-000-0001",
        "000-000-0000、夜は課長へ",
        "1234567890",
        "00000000000000",
        NUMBER,
        "a@example.jp",
        "2026-11-24",
        "、",
        "電話" * LONGEST + "000-000-0000",
    ],
)
def test_what_cannot_be_dialled_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(UnreadableNumber, match="例:"):
        read(written)
