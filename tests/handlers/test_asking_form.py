"""「相談する」: where an open question goes is chosen in the dialog when there are several places."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.domain.asking import Audience, Details, Way
from handlers.questions.lifecycle.asking import ask
from handlers.questions.screens import asking_form
from handlers.questions.shown.cards import card_values
from handlers.questions.surface import forms
from sandbox.modals import checked
from storage import channels, questions
from storage.database import Transaction
from storage.questions import Question
from tests.handlers.desk import read
from tests.handlers.prefecture import HERE, NAGI, Prefecture

pytestmark = pytest.mark.screens

SECOND, PRACTICE = "C1KEIYAKU", "C1RENSHU"
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def with_places(ken: Prefecture) -> None:
    def add(tx: Transaction) -> None:
        channels.save_channel(tx, SECOND, name="相談-契約", purpose="consultation", bot_is_member=True)
        channels.save_channel(tx, PRACTICE, name="練習", purpose="practice", bot_is_member=True)

    ken.write(add)


def opened(ken: Prefecture, near: str = "") -> dict[str, Any]:
    view: dict[str, Any] = ken.read(forms.dialog, "", near)
    checked(json.loads(json.dumps(view)), "modal")
    return view


def element(view: dict[str, Any], block: str) -> dict[str, Any] | None:
    found = [each["element"] for each in view["blocks"] if each.get("block_id") == block]
    return found[0] if found else None


def sent(ken: Prefecture, view: dict[str, Any], **chosen: str) -> Question:
    values: dict[str, Any] = {"text": {"text": {"value": BROKEN}}}
    for block, value in {"audience": "open", **chosen}.items():
        values[block] = {block: {"selected_option": {"value": value}}}
    filled = {**view, "state": {"values": values}}
    shown, problems = ken.write(forms.submit, NAGI, filled, source=f"view:V{ken.now}{chosen}")
    assert (problems, shown is None) == ({}, False)
    number = int(str(shown).split("No.")[1].split(" ")[0])
    return read(ken, number)


def test_with_one_place_nothing_is_asked(ken: Prefecture) -> None:
    view = opened(ken)
    assert element(view, asking_form.PLACE) is None
    assert sent(ken, view).channel == HERE


def test_of_several_the_one_it_was_called_from_is_chosen_at_first(ken: Prefecture) -> None:
    with_places(ken)
    for near, first in (("", HERE), (HERE, HERE), (SECOND, SECOND), (PRACTICE, PRACTICE), ("C1ZATSU", HERE)):
        menu = element(opened(ken, near), asking_form.PLACE)
        assert menu is not None
        assert menu["initial_option"]["value"] == first
        assert {each["value"] for each in menu["options"]} == {HERE, SECOND} | ({near} & {PRACTICE})


def test_it_goes_where_the_asker_says(ken: Prefecture) -> None:
    with_places(ken)
    view = opened(ken, HERE)
    assert sent(ken, view, place=SECOND).channel == SECOND
    assert sent(ken, view, place=HERE, urgency="today").channel == HERE
    hidden = sent(ken, view, place=SECOND, audience="body")
    assert (hidden.channel, hidden.desk_channel) == ("", SECOND)


def test_a_place_that_is_none_is_not_gone_to(ken: Prefecture) -> None:
    with_places(ken)
    ken.write(
        lambda tx: channels.save_channel(tx, "C1ZATSU", name="雑談", purpose="other", bot_is_member=True)
    )
    for forged in ("C1ZATSU", "C1NOWHERE", "D0NAGI", PRACTICE):
        found = sent(ken, opened(ken), place=forged)
        assert (found.channel, found.practice) == (HERE, False)


def test_what_is_like_it_comes_below_the_choice_and_goes_again(ken: Prefecture) -> None:
    view = json.loads(json.dumps(opened(ken)))
    ids = [each.get("block_id") for each in view["blocks"]]
    shown = asking_form.with_like(
        {**view, "id": "V1", "hash": "1.a", "state": {}}, {7: "<!here>", 12: "印刷"}
    )
    checked(json.loads(json.dumps(shown)), "modal")
    assert asking_form.shown_like(shown) == [7, 12]
    assert "<!here>" not in str(shown)
    at = ids.index(asking_form.AUDIENCE) + 1
    assert [each.get("block_id") for each in shown["blocks"]][:at] == ids[:at]
    assert asking_form.with_like(shown, {}) == {key: value for key, value in view.items() if value}


def test_inputs_that_slack_forgot_when_the_dialog_changed_read_as_they_were_shown(ken: Prefecture) -> None:
    """Whether an input that nobody touched keeps its first value then is unsure (docs/slack.md, "Unsure")."""
    with_places(ken)
    asked = sent(ken, opened(ken, SECOND))
    assert (asked.channel, asked.urgency) == (SECOND, "week")


@pytest.mark.parametrize(
    ("day", "wishes"), [(None, "必要な日 未定(議会)"), (date(2026, 12, 3), "必要な日 12月3日(木)(議会)")]
)
def test_what_it_is_needed_for_is_shown_without_a_day_as_well(
    ken: Prefecture, day: date | None, wishes: str
) -> None:
    how = Details(way=Way.FORM, audience=Audience.OPEN, needed_for="assembly", needed_on=day)
    found = ken.write(ask, NAGI, "議員の質問に答えたい", how, source="view:k", channel=HERE)
    values = ken.read(lambda tx: card_values(tx, questions.need(tx, found), first=True))
    assert values.wishes == wishes


def test_the_form_says_what_is_rather_for_the_prefecture_alone(ken: Prefecture) -> None:
    shown = str(opened(ken, HERE))
    assert "議会・予算・契約のことは、「県と担当だけに」もお選びいただけます。" in shown
