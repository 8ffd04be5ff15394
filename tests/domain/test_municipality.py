"""The check digit holds for every real code and finds every wrong digit it promises to find."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import storage
from bot.domain.municipality import check_digit, is_code

DATA = Path(storage.__file__).parent / "data"


def codes(name: str) -> list[str]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def test_every_municipality_and_prefecture_has_a_valid_code() -> None:
    listed = codes("municipalities.csv") + codes("prefectures.csv")
    assert len(listed) == 1741 + 47
    assert [code for code in listed if not is_code(code)] == []


@pytest.mark.parametrize(
    ("code5", "digit"), [("43202", "4"), ("01100", "2"), ("99341", "7"), ("99000", "1"), ("00000", "1")]
)
def test_the_check_digit_follows_the_published_rule(code5: str, digit: str) -> None:
    assert check_digit(code5) == digit
    assert is_code(code5 + digit)


@pytest.mark.parametrize(
    "text",
    ["", "43202", "4320244", "432025", "４３２０２４", "432024\n", " 432024", "43202a", "-32024", "४३२०२४"],
)
def test_anything_else_is_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize("text", ["", "4320", "432024", "４３２０２", "abcde"])
def test_a_check_digit_wants_five_digits(text: str) -> None:
    with pytest.raises(ValueError, match="five digits"):
        check_digit(text)


@given(st.from_regex(r"[0-9]{5}", fullmatch=True), st.integers(0, 9))
def test_exactly_one_last_digit_is_right(code5: str, digit: int) -> None:
    assert is_code(f"{code5}{digit}") is (str(digit) == check_digit(code5))


@given(st.sampled_from(codes("municipalities.csv")), st.integers(0, 4), st.integers(1, 9))
def test_one_mistyped_digit_is_found_unless_the_check_digit_is_one(code: str, place: int, by: int) -> None:
    """Remainders 0 and 10 both give the check digit 1: the rule's only blind spot."""
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert not is_code(wrong) or code[5] == "1"
