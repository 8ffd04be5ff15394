"""What is entered for a series, read back, carried along and looked at; no database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.errors import Malformed
from handlers.study import draft, form
from tests.handlers.study import (
    WEEKLY,
    state,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("wrong", "block", "sentence"),
    [
        ({"title": " "}, draft.TITLE, "名前を"),
        ({"title": "あ" * 61}, draft.TITLE, "60文字まで"),
        ({"place": "あ" * 101}, draft.PLACE, "100文字まで"),
        ({"link": "meet.example.jp"}, draft.LINK, "https://"),
        ({"link": "javascript:alert(1)"}, draft.LINK, "https://"),
        ({"every": "daily"}, draft.EVERY, "選んで"),
        ({"every": None}, draft.EVERY, "選んで"),
        ({"on": None}, draft.ON, "3年先まで"),
        ({"on": "9999-12-31"}, draft.ON, "3年先まで"),
        ({"on": "0001-01-01"}, draft.ON, "3年先まで"),
        ({"starts": None}, draft.FROM, "時刻を"),
        ({"ends": "25:00"}, draft.TO, "時刻を"),
        ({"ends": "15:00"}, draft.TO, "始まりより後"),
        ({"ends": "14:00"}, draft.TO, "始まりより後"),
        ({"until": "2026-12-02"}, draft.UNTIL, "最初の日より前"),
        ({"times": 0}, draft.TIMES, "1から200まで"),
        ({"times": 201}, draft.TIMES, "1から200まで"),
        ({"times": 10**10}, draft.TIMES, "1から200まで"),
        ({"times": 5, "until": "2027-03-31"}, draft.TIMES, "どちらか一つ"),
        ({"on_closed": "never"}, draft.CLOSED, "選んで"),
        ({"audience": "world"}, draft.AUDIENCE, "選んで"),
        ({"audience": "channel"}, draft.CHANNEL, "チャンネルを選んで"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(wrong: dict[str, Any], block: str, sentence: str) -> None:
    given = form.read({"state": state(replace(WEEKLY, **wrong))})
    found, problems = draft.check(given, TODAY)
    assert found is None
    assert list(problems) == [block]
    assert sentence in problems[block]


def test_many_mistakes_are_said_at_once() -> None:
    _, problems = draft.check(form.read({}), TODAY)
    asked = {draft.TITLE, draft.EVERY, draft.ON, draft.FROM, draft.TO, draft.CLOSED, draft.AUDIENCE}
    assert set(problems) == asked


def test_what_is_entered_is_read_as_it_was() -> None:
    given = replace(WEEKLY, times=5, channel="C1")
    assert form.read({"state": state(given)}) == given
    found, problems = draft.check(given, TODAY)
    assert (found is not None, problems) == (True, {})
    assert found is not None
    assert (found.minutes, found.times, found.about.channel) == (90, 5, "C1")


def test_a_single_one_has_no_end() -> None:
    found, _ = draft.check(replace(WEEKLY, every="once", times=999, until="2026-01-01"), TODAY)
    assert found is not None
    assert (found.times, found.until) == (None, None)


def test_a_draft_is_carried_along() -> None:
    longest = replace(WEEKLY, title='"' * 60, place='"' * 100, link="https://a.jp/" + "a" * 487)
    assert draft.check(longest, TODAY)[1] == {}
    carried = draft.carried(longest, "123456789012345678:123456789012345678")
    assert len(carried) <= 3000
    assert draft.brought(carried) == (longest, "123456789012345678:123456789012345678")


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 3000,
        json.dumps({"about": None, "title": "x"}),
        json.dumps({"about": "0:0", "title": 3}),
        json.dumps({"about": "0:0", "title": "\ud800"}),
        json.dumps({"about": "0:0", "more": 1}),
        json.dumps({"about": "0:0", "times": "3"}),
        "x" * 10,
    ],
)
def test_what_somebody_made_up_is_refused(metadata: str) -> None:
    with pytest.raises(Malformed):
        draft.brought(metadata)
