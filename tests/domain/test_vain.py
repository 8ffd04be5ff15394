"""What to write next, and how much use may teach."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.learning import learns
from bot.domain.vain import MOST, Vain, subjects

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_what_is_about_the_same_is_one_topic_and_trying_again_counts_once() -> None:
    searches = [
        Vain(6, "公用車の予約システム", TUESDAY),
        Vain(5, "公用車 予約", TUESDAY),
        Vain(4, "公用車 予約", TUESDAY),
        Vain(3, "公用車 予約", MONDAY),
        Vain(2, "戸籍の附票", MONDAY),
        Vain(1, "こうしんりょう", MONDAY),
    ]
    first, *rest = subjects(searches)
    assert (first.words, first.ids, first.count) == ("公用車の予約システム", [6, 5, 4, 3], 3)
    assert [(each.words, each.count) for each in rest] == [("戸籍の附票", 1), ("こうしんりょう", 1)]
    assert subjects([]) == []


def test_only_the_newest_are_gathered() -> None:
    found = subjects(Vain(n, "あ", MONDAY) for n in range(MOST + 5, 0, -1))
    assert [len(each.ids) for each in found] == [MOST]


@pytest.mark.parametrize(
    ("words", "person", "body", "day", "yes"),
    [
        ("画面が黒い", 1, 1, 1, True),
        ("画面が黒い", 2, 3, 10, True),
        ("画面が黒い", 3, 3, 3, False),
        ("画面が黒い", 1, 4, 1, False),
        ("画面が黒い", 1, 1, 11, False),
        ("画面黒", 1, 1, 1, False),
    ],
)
def test_one_person_teaches_little(words: str, person: int, body: int, day: int, *, yes: bool) -> None:
    assert learns(words, of_person=person, of_body=body, of_day=day) is yes
