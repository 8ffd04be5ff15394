"""How long a first response may take: what is kept, what it means, what is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain import targets
from bot.domain.business_time import BusinessCalendar
from bot.domain.question import Span, Targets


@pytest.mark.parametrize("text", ["", "2h/4h", "x/y/z", "0h/4h/1d", "2h/4h/1d/9d", "-1h/4h/1d", "2h/4h/1w"])
def test_what_is_none_of_ours_means_the_usual_targets(text: str) -> None:
    assert targets.read(text) == Targets()


@pytest.mark.parametrize("today", targets.CHOICES["today"])
@pytest.mark.parametrize("none", targets.CHOICES["none"])
def test_what_can_be_chosen_is_kept_as_it_is(today: str, none: str) -> None:
    kept = targets.written(targets.Chosen(today=today, week="2d", none=none))
    assert targets.written_of(targets.read(kept)) == kept


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("30m", Span(timedelta(minutes=30)), "30分"),
        ("4h", Span(timedelta(hours=4)), "4時間"),
        ("2d", Span(days=2), "2開庁日"),
    ],
)
def test_a_span_in_words(text: str, span: Span, words: str) -> None:
    assert (targets.span(text), targets.said(text)) == (span, words)
    with pytest.raises(ValueError, match="no span"):
        targets.span(f"{text}x")


def test_a_business_day_is_as_long_as_the_offices_are_open() -> None:
    assert Span(days=2).length(BusinessCalendar()) == timedelta(hours=15, minutes=30)
