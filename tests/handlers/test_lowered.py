"""Whoever no longer answers has no part in what they were given: it goes to the next, with all of it. On either engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.question import Verb
from bot.errors import NotYours
from handlers.members.actions import save_users
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.members.person import PERMISSION, change_person, open_person
from handlers.questions.base.parts import parts_of
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.surface import more
from storage import members, talents
from storage.questions import Question
from tests.handlers.desk import asks, letters, read, with_desk
from tests.handlers.prefecture import ARIMA, KEN, MORI, NAGI, TOKANO, Prefecture

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
Lower = Callable[[Prefecture, str], None]


def by_dialog(ken: Prefecture, user: str) -> None:
    view = json.loads(json.dumps(ken.read(open_person, KEN, user)))
    chosen = {PERMISSION: {PERMISSION: {"selected_option": {"value": "asker"}}}}
    assert (
        ken.write(
            lambda tx: change_person(
                tx, KEN, {**view, "state": {"values": chosen}}, source=f"view:{user}:{ken.now}"
            )
        )
        == {}
    )


def by_list(ken: Prefecture, user: str) -> None:
    ken.write(load, parse({"members": [{"id": user, "name": "森脇 一葉", "permission": "asker"}]}))


def by_slack(ken: Prefecture, user: str) -> None:
    ken.write(save_users, [{"id": user, "name": "x", "deleted": True}])


LOWER = pytest.mark.parametrize("lower", [by_dialog, by_list, by_slack])


def given_to_mori(ken: Prefecture, **how: Any) -> Question:
    with_desk(ken, [KEN, MORI, TOKANO])
    found = read(ken, asks(ken, NAGI, BROKEN, field_id="device", **how))
    assert found.responsible == MORI
    return found


@LOWER
@pytest.mark.parametrize("audience", ["private", "body", "open"])
def test_what_they_were_given_goes_to_the_next(ken: Prefecture, lower: Lower, audience: str) -> None:
    found = given_to_mori(ken, audience=audience)
    lower(ken, MORI)
    ken.run_due()
    after = read(ken, found.id)
    assert after.responsible not in {None, MORI}
    assert after.state == "assigned"
    assert any(BROKEN in each for each in letters(ken, str(after.responsible)))
    assert letters(ken, MORI) == []
    assert ken.read(parts_of, after, MORI) == frozenset()
    assert MORI not in ken.read(talents.active)


@LOWER
def test_even_before_it_is_passed_on_they_neither_read_nor_press(ken: Prefecture, lower: Lower) -> None:
    found = given_to_mori(ken)
    ken.write(act, found.id, Verb.CLAIM, MORI, source="action:1")
    lower(ken, MORI)
    with pytest.raises(NotYours):
        ken.read(more.open_for, found.id, MORI)
    for verb in (Verb.ANSWER, Verb.HAND_OVER, Verb.RESOLVE, Verb.STEP_ASIDE):
        with pytest.raises(NotYours):
            ken.write(act, found.id, verb, MORI, source=f"action:{verb}", person=ARIMA)
    assert letters(ken, MORI) == []


def test_what_is_answered_waits_for_its_asker_and_is_asked_of_another_then(ken: Prefecture) -> None:
    found = given_to_mori(ken)
    ken.write(act, found.id, Verb.CLAIM, MORI, source="action:1")
    ken.write(act, found.id, Verb.ANSWER, MORI, source="action:2")
    by_slack(ken, MORI)
    ken.run_due()
    assert read(ken, found.id).state == "answered", "the asker has an answer to read"
    ken.write(act, found.id, Verb.REOPEN, NAGI, source="action:3")
    assert read(ken, found.id).responsible not in {None, MORI}


def test_a_coordinator_who_becomes_an_asker_passes_on_too(ken: Prefecture) -> None:
    second = {"members": [{"id": "U0SECOND", "name": "県 次郎", "permission": "coordinator"}]}
    ken.write(load, parse(second))
    with_desk(ken, ["U0SECOND"])
    found = read(ken, asks(ken, NAGI, "補助金の様式はどこですか"))
    assert found.responsible == "U0SECOND"
    by_dialog(ken, "U0SECOND")
    ken.run_due()
    assert read(ken, found.id).responsible not in {None, "U0SECOND"}


def test_who_has_nothing_and_whoever_still_answers_change_nothing(ken: Prefecture) -> None:
    found = given_to_mori(ken)
    ken.write(save_users, [{"id": MORI, "name": "MORI", "deleted": False}])
    by_slack(ken, ARIMA)
    by_slack(ken, NAGI)
    ken.run_due()
    assert read(ken, found.id).responsible == MORI


def test_who_still_sits_at_the_desk_is_said(ken: Prefecture) -> None:
    with_desk(ken, [KEN, MORI])
    by_list(ken, MORI)
    (letter,) = letters(ken, KEN)
    assert "森脇さん" in letter
    assert "外して" in letter
    by_list(ken, ARIMA)
    assert len(letters(ken, KEN)) == 1


def test_an_adviser_who_became_an_asker_asks_like_one(ken: Prefecture) -> None:
    by_list(ken, MORI)
    ken.write(capture.capture, ken.message(MORI, BROKEN))
    assert read(ken, 1).asker == MORI
    again = {
        "talents": [
            {"id": MORI, "name": "M", "role": "engineer", "fields": ["device"], "hours": "月 9:00-17:00"}
        ]
    }
    ken.write(load, parse(again))
    assert MORI in ken.read(talents.active)
    found = ken.read(members.member, MORI)
    assert found is not None
    assert found.permission == "talent"
