"""Topics: answers of presenters, when a session should be ready, what is alike, the order of an agenda."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.business_time import BusinessCalendar
from bot.domain.terms import characters
from bot.domain.topics import Asking, Request, alike, answered, most_wanted, moved, problems, settled_by

A, YES, NO, GONE = Request.ASKED, Request.ACCEPTED, Request.DECLINED, Request.WITHDRAWN


@pytest.mark.parametrize(
    ("state", "yes", "taken", "after"),
    [
        (A, True, False, YES),
        (A, False, False, NO),
        (YES, False, False, NO),
        (NO, True, False, YES),
        (NO, True, True, None),
        (NO, False, True, NO),
        (GONE, True, False, None),
        (GONE, False, False, None),
    ],
)
def test_people_may_change_their_mind_as_long_as_nobody_else_was_asked(
    state: Request, yes: bool, taken: bool, after: Request | None
) -> None:
    assert answered(state, yes=yes, taken=taken) is after


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2026, 12, 3), date(2026, 12, 1)),
        (date(2026, 12, 7), date(2026, 12, 3)),  # a Monday
        (date(2026, 12, 6), date(2026, 12, 3)),  # a Sunday
        (date(2027, 1, 5), date(2026, 12, 28)),  # after New Year
        (date(2026, 5, 7), date(2026, 4, 30)),  # after 5/3 to 5/6
    ],
)
def test_a_session_should_be_ready_two_business_days_before(day: date, by: date) -> None:
    assert settled_by(day, BusinessCalendar()) == by


def asking(number: int, text: str, *entries: int) -> Asking:
    return Asking(number, frozenset(characters(text)), frozenset(entries))


def test_what_asks_the_same_is_one_group() -> None:
    found = alike(
        [
            asking(1, "マイナンバーカードの更新予約が取れません"),
            asking(2, "プリンターから紙が出てきません"),
            asking(3, "マイナンバーカードの更新の予約について教えてください"),
            asking(4, "議会のタブレット", 7),
            asking(5, "議員さんの端末", 7),
            asking(6, "更新予約、マイナンバーカードの"),
            asking(7, ""),
            asking(8, ""),
        ]
    )
    assert found == [[1, 3, 6], [4, 5]]


def test_one_that_is_like_two_brings_them_together() -> None:
    found = alike([asking(1, "あ", 1), asking(2, "い", 2), asking(3, "う", 1, 2)])
    assert found == [[1, 2, 3]]


def test_an_agenda_is_put_in_order() -> None:
    assert moved([1, 2, 3], 3, up=True) == [1, 3, 2]
    assert moved([1, 2, 3], 1, up=True) == [1, 2, 3]
    assert moved([1, 2, 3], 3, up=False) == [1, 2, 3]
    assert moved([1, 2, 3], 1, up=False) == [2, 1, 3]
    assert moved([1, 2], 9, up=True) == [1, 2]
    assert most_wanted([(1, 2), (2, 5), (3, 2)]) == [2, 1, 3]


def test_what_is_wrong_with_a_topic_is_said_at_its_place() -> None:
    assert problems("題", "") == {}
    assert problems("題" * 100, "あ" * 3000) == {}
    assert set(problems("", "あ" * 3001)) == {"title", "said"}
    assert "3001文字" in problems("題", "あ" * 3001)["said"]
    assert set(problems("題" * 101, "")) == {"title"}
