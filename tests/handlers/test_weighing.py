"""What is kept of how a question came to whom, and before whom it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.question import Verb
from bot.domain.routing import Choice, Routing, rank
from bot.errors import NotYours
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.base.routing import given
from handlers.questions.intake.capture import capture
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.surface.weighing import dialog
from storage import questions, rankings
from storage.questions import Question
from storage.rankings import MOST, Weighed
from tests.domain.test_routing import ASK, DESK, MORIWAKI, NOW
from tests.handlers.prefecture import ARIMA, FILE, HERE, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture, talent

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def asked(ken: Prefecture) -> Question:
    message = ken.message(NAGI, BROKEN)
    ken.write(capture, message)
    found = ken.read(questions.in_thread, HERE, message.ts)
    assert found is not None
    return found


def test_each_time_it_is_given_to_somebody_the_ranking_is_kept(ken: Prefecture) -> None:
    barred = talent(ARIMA, "engineer", "net", "device")
    ken.write(load, parse({**FILE, "talents": [FILE["talents"][0], barred, FILE["talents"][2]]}))
    found = asked(ken)
    (first,) = ken.read(rankings.of, found.id)
    assert (first.verb, first.chosen, first.field_id, first.more) == ("assign", MORI, "device", 0)
    assert [each.user_id for each in first.ranked] == [MORI, TOKANO, KEN]
    assert list(first.ranked[0].reasons) == list(found.reasons)
    assert first.ranked[1].against == ("分野・専門が合いません",)
    assert first.excluded == (Weighed(ARIMA, (), ("この分野に利害関係があります",)),)

    ken.write(act, found.id, Verb.HAND_OVER, KEN, person=TOKANO, source="a")
    assert len(ken.read(rankings.of, found.id)) == 1, "a person chose"
    ken.write(undo, found.id, KEN, source="b")
    ken.write(act, found.id, Verb.STEP_ASIDE, MORI, source="c")
    second, _ = ken.read(rankings.of, found.id)
    assert (second.verb, second.chosen) == ("step_aside", KEN)  # the others had had their turn
    assert MORI not in {each.user_id for each in second.ranked}
    shown = str(ken.read(dialog, found.id, KEN))
    assert "県さんが選びました" in shown
    assert "この分野に利害関係があります" in shown


@pytest.mark.parametrize("user", [NAGI, ITSUKI, MORI, TOKANO, ARIMA, "U0NOBODY", ""])
def test_the_dialog_itself_refuses_who_is_no_coordinator(ken: Prefecture, user: str) -> None:
    found = asked(ken)
    with pytest.raises(NotYours):
        ken.read(dialog, found.id, user)


def test_of_many_the_first_are_kept_and_whoever_was_chosen() -> None:
    people = [replace(MORIWAKI, user_id=f"U{number:02}") for number in range(12)]
    routing = rank(ASK, people, DESK, NOW)
    last = routing.ranked[-1]
    kept = given(routing, "device", last)["ranking"]
    assert [each[0] for each in kept["ranked"]] == [
        *(each.user_id for each in routing.ranked[:MOST]),
        last.user_id,
    ]
    assert kept["more"] == len(routing.ranked) - MOST - 1
    assert kept["chosen"] == last.user_id


def test_who_fits_and_works_only_later_is_kept_however_long_the_ranking() -> None:
    people = [Choice(f"U{number}", "x", 0) for number in range(MOST + 3)]
    kept = given(Routing(people[0], tuple(people), (), to_desk=True, later=people[-1]), None)["ranking"]
    assert [each[0] for each in kept["ranked"]] == [each.user_id for each in (*people[:MOST], people[-1])]
    assert kept["more"] == 2
