"""A picture without a word is a question, and its asker is kindly asked what it is about. On either engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.domain.question import Verb
from bot.feature import Outgoing
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.shown.render import card
from storage import outbox
from storage.tables import outbox as rows
from tests.handlers.desk import MINE
from tests.handlers.prefecture import HERE, MORI, NAGI, Prefecture

ASKS = "何についてですか"
PICTURE = {"id": "F1", "name": "gamen.png"}


def sends(ken: Prefecture, text: str = "", channel: str = HERE, **more: Any) -> Incoming:
    message = replace(ken.message(NAGI, text, channel=channel), files=(PICTURE,), **more)
    ken.write(capture.capture, message)
    return message


def says(
    ken: Prefecture, text: str, minutes: float, *, thread: str | None = None, channel: str = HERE
) -> None:
    ken.later(minutes=minutes)
    ken.write(capture.capture, ken.message(NAGI, text, thread=thread, channel=channel))


def shown(ken: Prefecture) -> str:
    message = ken.read(card, Outgoing("x", "question.card", 1, {}, False))
    assert message is not None
    return str(message.blocks)


def wanted(ken: Prefecture) -> int:
    """How often the card was to be shown anew."""
    key = outbox.card("question.card", 1, "", None)["key"]
    query = select(rows.c.wanted).where(rows.c.workspace == ken.workspace, rows.c.key == key)
    return int(ken.read(lambda tx: tx.connection.execute(query).scalar_one()))


def test_it_is_asked_on_the_card_and_a_word_is_the_answer(ken: Prefecture) -> None:
    asked = sends(ken)
    assert ASKS in shown(ken)
    before = wanted(ken)
    says(ken, "窓口の端末の印刷です", 5, thread=asked.ts)
    assert ASKS not in shown(ken)
    assert wanted(ken) == before + 1
    says(ken, "急いでいます", 5, thread=asked.ts)
    assert wanted(ken) == before + 1, "nothing else changes"


def test_so_it_is_when_the_word_follows_at_once_or_the_picture_is_edited(ken: Prefecture) -> None:
    sends(ken, "お世話になっております。")
    assert ASKS in shown(ken)
    before = wanted(ken)
    says(ken, "これは何の画面ですか", 0.5)
    assert ASKS not in shown(ken)
    assert wanted(ken) > before


def test_by_direct_message_too(ken: Prefecture) -> None:
    sends(ken, channel=MINE)
    assert ASKS in shown(ken)
    says(ken, "窓口の端末です", 5, channel=MINE)
    assert ASKS not in shown(ken)


def test_a_picture_with_words_is_asked_nothing_and_who_took_it_asks_themselves(ken: Prefecture) -> None:
    sends(ken, "この画面から進めません")
    assert ASKS not in shown(ken)


def test_who_answers_asks_themselves(ken: Prefecture) -> None:
    sends(ken)
    ken.write(act, 1, Verb.CLAIM, MORI, source="action:1")
    assert ASKS not in shown(ken)
