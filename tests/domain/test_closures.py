"""Closures and openings as people write them."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import closures
from bot.domain.opening_hours import USUAL

DAYS = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: f"{day:%m-%d}")


@pytest.mark.parametrize(
    "written",
    [
        "11月14日〜11月14日",
        "11月14日",
        "11/14",
        "11-14",
        "\uff11\uff11月\uff11\uff14日",
        " 11/14 ",
        "11 月 14 日",
        "\n\n11-14\n",
    ],
)
def test_however_it_is_written(written: str) -> None:
    assert closures.read(written) == ("11-14",)


def test_each_once_and_in_the_order_of_the_year() -> None:
    assert closures.read("12/28\n1月4日\n12-28\n2/29") == ("01-04", "02-29", "12-28")
    assert closures.read("") == ()


@pytest.mark.parametrize(
    "written",
    [
        *("県民の日", "13/1", "2月30日", "0/1", "11", "-", "11月"),
        *("11/14、11/15", "11/14 11/15", "11/14・15", "11月14日と15日", "8/15〜13", "28日〜3日", "8/13〜"),
        *("2026年2月29日", "1999/1/1", "2100/1/1", "令和0年1月1日", "26/12/28", "11/14〜2026/11/16"),
        *("2026/13/1 名前", "11/14県民の日"),
    ],
)
def test_what_is_no_date_is_named(written: str) -> None:
    with pytest.raises(closures.UnreadableClosures, match="1行に1日"):
        closures.read(f"11/14\n{written}")


def test_no_more_than_a_calendar_needs() -> None:
    days = [date(2028, 1, 1) + timedelta(days=number) for number in range(closures.MOST + 1)]
    with pytest.raises(closures.UnreadableClosures, match="まで"):
        closures.read("\n".join(f"{day:%m-%d}" for day in days))


@pytest.mark.parametrize(
    ("written", "kept", "shown"),
    [
        ("11月14日 開庁記念日", "11-14 開庁記念日", "11月14日 開庁記念日"),
        ("11月14日開庁記念日", "11-14 開庁記念日", "11月14日 開庁記念日"),
        ("11/14\u3000開庁 記念日", "11-14 開庁 記念日", "11月14日 開庁 記念日"),
        ("8/13〜15 夏の休み", "08-13~08-15 夏の休み", "8月13日〜8月15日 夏の休み"),
        ("8月30日から9月1日まで", "08-30~09-01", "8月30日〜9月1日"),
        ("12/28〜1/3", "12-28~01-03", "12月28日〜1月3日"),
        ("2026年12月28日(月) 臨時休庁", "2026-12-28 臨時休庁", "2026年12月28日 臨時休庁"),
        ("2026/11/23（月・祝）", "2026-11-23", "2026年11月23日"),
        ("令和8年12月28日〜1月3日", "2026-12-28~2027-01-03", "2026年12月28日〜2027年1月3日"),
        ("R8.8.13(木)〜15(土) 夏", "2026-08-13~2026-08-15 夏", "2026年8月13日〜8月15日 夏"),
        ("令和元年5月1日", "2019-05-01", "2019年5月1日"),
        ("2027-03-28", "2027-03-28", "2027年3月28日"),
    ],
)
def test_days_have_years_names_and_followers(written: str, kept: str, shown: str) -> None:
    assert closures.read(written) == (kept,)
    assert closures.shown((kept,)) == shown
    assert closures.read(shown) == (kept,) == closures.read(kept)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026年12月28日(火)", "月曜日です"),
        ("12月28日(月)", "年がありません"),
        ("8/13(木)〜15", "年がありません"),
        ("8/1〜9/1", "32 日あります"),
        (f"8/1 {'名' * 31}", "30 文字まで"),
    ],
)
def test_what_is_probably_a_slip_is_asked_about(written: str, why: str) -> None:
    with pytest.raises(closures.UnreadableClosures, match=why):
        closures.read(written)


@pytest.mark.parametrize(
    "label", ["午後", " 午後休庁", " 13:00〜17:15 臨時休庁", " 13時から", "\u3000１３:００〜", " 半日"]
)
def test_half_a_day_does_not_close_the_whole(label: str) -> None:
    for read in (closures.read, closures.read_openings):
        with pytest.raises(closures.UnreadableClosures, match="半日だけ閉まる日は書かず"):
            read(f"2026年12月28日{label}")
    kept = f"2026-12-28 {label.strip()}"
    assert closures.spell_of(kept).label, "what was kept before is still read"


def test_openings_are_of_one_year() -> None:
    assert closures.read_openings("2027年3月28日 異動期の窓口") == ("2027-03-28 異動期の窓口",)
    with pytest.raises(closures.UnreadableClosures, match="年がありません"):
        closures.read_openings("3月28日 異動期の窓口")


def test_a_calendar_is_made_of_what_is_kept() -> None:
    closed = closures.read("11/14 記念日\n8/13〜14\n12/30〜1/4\n2026/12/28")
    found = closures.calendar(
        "Asia/Tokyo", USUAL, closed, closures.read_openings("2026/11/14〜15\n2026/12/29")
    )
    open_days = {date(2026, 11, 15), date(2026, 12, 29), date(2027, 8, 12), date(2026, 11, 14)}
    shut = {date(2025, 11, 14), date(2027, 8, 13), date(2026, 12, 28), date(2028, 1, 4)}
    assert all(map(found.is_business_day, open_days))
    assert not any(map(found.is_business_day, shut))


def test_what_does_not_fit_together_is_said() -> None:
    assert closures.problem(("11-14", "08-13~08-15"), ("2026-11-14",)) is None
    assert "2026年12月27日" in (closures.problem(("2026-12-26~2026-12-28",), ("2026-12-27",)) or "")
    whole = [f"{m}/1〜{m}/28\n{m}/29〜{m}/{30 if m != 2 else 29}" for m in range(1, 13)]
    assert "続けて閉まる" in (closures.problem(closures.read("\n".join(whole)), ()) or "")
    two_months = closures.read("2027/1/20〜2/19\n2027/2/20〜3/20")
    assert "1月20日 から" in (closures.problem(two_months, ()) or "")


@given(st.sets(DAYS, max_size=closures.MOST))
def test_what_is_shown_is_read_again_and_the_calendar_takes_it(days: set[str]) -> None:
    found = closures.read(closures.shown(tuple(sorted(days))))
    assert set(found) == days
    assert closures.calendar("Asia/Tokyo", USUAL, found).yearly_closures == days


@given(st.text(max_size=200) | st.text("0123456789/-~〜年月日令和R元()月火 から", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    found: tuple[str, ...] = ()
    with contextlib.suppress(closures.UnreadableClosures):
        found = closures.read(text)
    assert closures.read("\n".join(found)) == found == closures.read(closures.shown(found))
    closures.calendar("Asia/Tokyo", USUAL, found)
