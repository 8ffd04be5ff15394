"""The bar: on a terminal's standard error only, and never in the way of standard output."""

from __future__ import annotations

import pytest

from bot.meter import meter


def _use(*, shown: bool) -> None:
    with meter(2, shown=shown) as step:
        step("一")
        print("読みもの")
        step("二")


def test_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    _use(shown=True)
    assert capsys.readouterr() == ("読みもの\n", "")


def test_on_a_terminal_the_bar_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    _use(shown=True)
    said, bar = capsys.readouterr()
    assert said == "読みもの\n"
    assert "2/2" in bar


def test_the_bar_can_be_left_out(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    _use(shown=False)
    assert capsys.readouterr() == ("読みもの\n", "")
