"""What use teaches the search."""

from __future__ import annotations

import pytest

from bot.domain.learning import learns, names_somebody


@pytest.mark.parametrize(
    "words",
    ["田中一郎様の住民票", "高齢の林さんの介護", "佐藤花子さんの戸籍", "山田氏の転入", "佐々さまの件"],
)
def test_what_may_name_a_resident_is_not_learned_unread(words: str) -> None:
    assert names_somebody(words)
    assert not learns(words, of_person=1, of_body=1, of_day=1)


@pytest.mark.parametrize(
    "words",
    [
        "調達仕様書の書き方",
        "様式の様々な例",
        "業者さんとの契約",
        "お子様の手当",
        "皆さんへの案内",
        "氏名の変更",
        "ある市の担当の方の予約",
    ],
)
def test_what_names_nobody_is_learned(words: str) -> None:
    assert learns(words, of_person=2, of_body=3, of_day=10)


@pytest.mark.parametrize("often", [(3, 3, 3), (1, 4, 4), (1, 1, 11)])
def test_nobody_teaches_too_much(often: tuple[int, int, int]) -> None:
    person, body, day = often
    assert not learns("公用車の予約", of_person=person, of_body=body, of_day=day)
    assert not learns("予約", of_person=1, of_body=1, of_day=1), "that would lead to too much"
