"""What was asked by direct message, taken back, and asked again: the half hour begins anew. On either engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.asking import Audience
from bot.domain.question import Verb
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.shown.cards import contact_values
from tests.handlers.desk import MINE, SECRET, read
from tests.handlers.prefecture import NAGI, Prefecture

HALF = timedelta(minutes=30)


def asked_and_withdrawn(ken: Prefecture) -> str:
    message = ken.message(NAGI, SECRET, channel=MINE)
    ken.write(capture.capture, message)
    ken.later(minutes=25)
    ken.write(act, 1, Verb.WITHDRAW, NAGI, source="action:1")
    ken.later(minutes=9)
    assert (read(ken, 1).state, read(ken, 1).audience) == ("closed", "undecided")
    return message.ts


@pytest.mark.parametrize("how", ["word", "button", "undo"])
def test_who_asks_again_has_half_an_hour_to_choose(ken: Prefecture, how: str) -> None:
    ts = asked_and_withdrawn(ken)
    if how == "word":
        ken.write(capture.capture, ken.message(NAGI, "やはり教えてください", channel=MINE, thread=ts))
    elif how == "button":
        ken.write(act, 1, Verb.REOPEN, NAGI, source="action:2")
    else:
        ken.write(undo, 1, NAGI, source="action:2")
    again = ken.now
    assert read(ken, 1).next_at == again + HALF
    assert "11:04" in ken.read(contact_values, read(ken, 1)).until
    ken.later(minutes=10)
    ken.write(capture.capture, ken.message(NAGI, "型番はAB-12です", channel=MINE))
    assert read(ken, 1).next_at == again + HALF, "what is added does not put it off"
    ken.later(minutes=19)
    assert read(ken, 1).audience == Audience.UNDECIDED
    ken.later(minutes=2)
    assert read(ken, 1).audience == Audience.PRIVATE
