"""Who is barred from a private question and sits in the desk channel reads its card all the same: the coordinators hear
of it. On either engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.question import Verb
from handlers.members import actions as members_actions
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.base.sides import DESK_CARD
from handlers.questions.lifecycle.actions import act
from storage import channels
from tests.handlers.desk import DESK, asks, letters, read, stands, with_desk
from tests.handlers.prefecture import ARIMA, HERE, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture, talent

AWARE = "利害関係"


def told(ken: Prefecture, user: str = KEN) -> list[str]:
    return [each for each in letters(ken, user) if AWARE in each]


def quietly(ken: Prefecture, *people: str) -> None:
    """They are in the desk channel, and nobody has spoken of it."""
    with_desk(ken, people)


def test_the_coordinators_hear_once_which_question_somebody_barred_can_read(ken: Prefecture) -> None:
    quietly(ken, KEN, MORI, ARIMA)
    found = asks(ken, ITSUKI)
    (letter,) = told(ken)
    assert "No.1" in letter
    assert "ARIMAさん" in letter
    assert "MORI" not in letter, "who is barred from other fields only"
    assert "外して" in letter, "what to do"
    for other in (ARIMA, MORI, ITSUKI):
        assert told(ken, other) == []
    stands(ken, read(ken, found), DESK_CARD, DESK, None)
    assert len(told(ken)) == 1, "the card was deleted and posted anew"
    asks(ken, ITSUKI)
    assert len(told(ken)) == 2, "once for each question"
    ken.write(channels.left, DESK, ARIMA)
    assert told(ken) == [], "what is no longer so is not said"


def test_nobody_hears_of_it_when_nobody_barred_reads_it(ken: Prefecture) -> None:
    quietly(ken, KEN, MORI, ARIMA)
    asks(ken, NAGI)
    asks(ken, ITSUKI, audience="body")
    assert told(ken) == []
    quietly(ken, KEN, MORI)
    asks(ken, ITSUKI)
    assert told(ken) == []


def test_who_is_barred_by_a_later_change_is_said_as_well(ken: Prefecture) -> None:
    quietly(ken, KEN, MORI, TOKANO)
    found = asks(ken, NAGI, field_id="device")
    assert told(ken) == []
    ken.write(act, found, Verb.SET_FIELD, KEN, source="view:1", field_id="procure")
    (letter,) = told(ken)
    assert "MORIさん" in letter
    ken.now += timedelta(minutes=1)
    ken.write(act, found, Verb.STEP_ASIDE, read(ken, found).responsible or "", source="view:2")
    assert len(told(ken)) == 2, "one more cannot help reading it now"


def load_talent(ken: Prefecture, *conflicts: str, user: str = TOKANO) -> None:
    ken.write(load, parse({"talents": [talent(user, "pm", "procure", *conflicts)]}))


def test_a_bar_that_is_registered_for_somebody_at_the_desk_is_said(ken: Prefecture) -> None:
    quietly(ken, KEN, TOKANO)
    load_talent(ken)
    assert told(ken) == []
    load_talent(ken, "device")
    (letter,) = told(ken)
    assert "TOKANOさん" in letter
    assert "県の対応" in letter
    load_talent(ken, "device")
    assert len(told(ken)) == 1, "the same again is no news"
    load_talent(ken, "device", "net")
    assert len(told(ken)) == 2
    load_talent(ken, "device", user=ARIMA)
    assert len(told(ken)) == 2, "who is not there reads nothing"


def test_somebody_barred_who_comes_to_the_desk_is_said(ken: Prefecture) -> None:
    quietly(ken, KEN)
    ken.write(members_actions.joined, HERE, ARIMA, is_bot=False)
    assert told(ken) == []
    ken.write(members_actions.joined, DESK, ARIMA, is_bot=False)
    (letter,) = told(ken)
    assert "ARIMAさん" in letter
    place: dict[str, Any] = {"id": DESK, "name": "県の対応"}
    before = ken.read(members_actions.known, DESK)
    ken.write(members_actions.save_place, place, [KEN, ARIMA, MORI], before)
    assert len(told(ken)) == 2, "found by reading who is there"
    ken.write(channels.left, DESK, ARIMA)
    assert len(told(ken)) == 1


def test_a_channel_that_becomes_the_desk_with_somebody_barred_in_it_is_said(ken: Prefecture) -> None:
    with_desk(ken, [KEN, ARIMA])
    ken.write(lambda tx: channels.save_channel(tx, DESK, name="県の対応", purpose="other"))
    assert told(ken) == []
    ken.write(load, parse({"channels": [{"id": DESK, "name": "県の対応", "purpose": "desk"}]}))
    assert len(told(ken)) == 1
