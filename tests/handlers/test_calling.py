"""「電話がほしい」 after the question was asked: whom the number is for reads it, and nobody else. On either engine."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.question import Verb
from bot.errors import NotPossibleNow, NotYours
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, last_deed
from handlers.questions.lifecycle.calling import ask_for_call
from handlers.questions.surface import more
from tests.handlers.desk import letters, read, shown
from tests.handlers.prefecture import HERE, KEN, MORI, NAGI, Prefecture

NUMBER = "0000-12-3456 内線 78"


@pytest.fixture
def asked(ken: Prefecture) -> Prefecture:
    ken.write(capture.capture, ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか"))
    return ken


def test_who_has_it_hears_once_and_nobody_else_sees_the_number(asked: Prefecture) -> None:
    for press in range(2):
        asked.write(ask_for_call, 1, NAGI, NUMBER, source=f"view:{press}")
    (letter,) = [each for each in letters(asked, MORI) if NUMBER in each]
    assert "電話での返事を希望しています" in letter
    card = "".join(shown(asked, HERE))
    assert "電話での返事を希望" in card
    assert NUMBER not in card
    assert NUMBER not in "".join(letters(asked, KEN) + letters(asked, NAGI))
    for user, sees in ((MORI, True), (KEN, False)):
        assert (NUMBER in str(asked.read(more.open_for, 1, user))) is sees


def test_only_the_asker_while_an_answer_is_owed(asked: Prefecture) -> None:
    with pytest.raises(NotYours):
        asked.write(ask_for_call, 1, MORI, NUMBER, source="view:1")
    asked.write(act, 1, Verb.RESOLVE, NAGI, source="action:1")
    with pytest.raises(NotPossibleNow):
        asked.write(ask_for_call, 1, NAGI, NUMBER, source="view:2")
    assert "電話がほしい" not in str(asked.read(more.open_for, 1, NAGI))
    assert read(asked, 1).phone is None


def test_it_stands_in_nobody_s_way_to_take_a_deed_back(asked: Prefecture) -> None:
    asked.write(act, 1, Verb.CLAIM, MORI, source="action:1")
    asked.write(ask_for_call, 1, NAGI, NUMBER, source="view:1")
    assert asked.read(last_deed, read(asked, 1), MORI) is not None


@pytest.mark.parametrize(("typed", "right"), [(NUMBER, True), ("", False), ("内線まで", False)])
def test_a_number_is_needed(typed: str, right: bool) -> None:
    values: dict[str, Any] = {
        more.WHAT: {more.WHAT: {"selected_option": {"value": more.CALL}}},
        more.NUMBER: {more.NUMBER: {"value": typed}},
    }
    found = more.read({"private_metadata": "1", "state": {"values": values}})
    assert (found.problem is None) is right
