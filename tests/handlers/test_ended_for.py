"""Whoever asks hears of it when somebody else ends their question: what was done, and how to ask on."""

from __future__ import annotations

import pytest

from bot.domain.question import Verb
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.screens.views import REOPEN
from tests.handlers.desk import letters
from tests.handlers.faq import answered, source
from tests.handlers.prefecture import KEN, NAGI, Prefecture

SAID = {
    Verb.RESOLVE: "解決したものとして",
    Verb.BY_PHONE: "お電話で回答した",
    Verb.DUPLICATE: "ほかの相談とまとめました",
    Verb.NOT_A_QUESTION: "相談ではないものとして",
}


@pytest.mark.parametrize("verb", SAID)
def test_one_letter_to_the_asker_that_is_unsaid_with_the_deed(ken: Prefecture, verb: Verb) -> None:
    question_id = answered(ken)
    before = letters(ken, NAGI)
    ken.write(act, question_id, verb, KEN, source=source())
    (letter,) = [each for each in letters(ken, NAGI) if each not in before]
    assert SAID[verb] in letter
    assert REOPEN in letter
    ken.write(undo, question_id, KEN, source=source())
    assert letters(ken, NAGI) == before
    other = Verb.BY_PHONE if verb is Verb.RESOLVE else Verb.RESOLVE
    ken.now = ken.now.replace(second=7)
    ken.write(act, question_id, other, KEN, source=source())
    (letter,) = [each for each in letters(ken, NAGI) if each not in before]
    assert SAID[other] in letter


def test_what_the_asker_does_themselves_tells_them_nothing(ken: Prefecture) -> None:
    question_id = answered(ken)
    before = ken.rings(NAGI)
    ken.write(act, question_id, Verb.RESOLVE, NAGI, source=source())
    assert ken.rings(NAGI) == before
