"""A call or a visit of somebody who may not be on Slack: how its card begins, and what they hear. On either engine."""

from __future__ import annotations

import pytest

from bot.domain.asking import Audience, Details, Way
from handlers.questions.lifecycle.asking import ask
from handlers.questions.lifecycle.recording import record
from handlers.questions.screens import views
from handlers.questions.shown.cards import card_values
from storage import questions
from storage.database import Transaction
from tests.handlers.desk import letters
from tests.handlers.prefecture import BODY, HERE, KEN, NAGI, Prefecture


def test_who_was_answered_on_the_telephone_reads_it_once(ken: Prefecture) -> None:
    how = Details(way=Way.PHONE, audience=Audience.PRIVATE, entered_by=KEN, municipality_code=BODY)
    for _ in range(2):
        ken.write(record, NAGI, "電話の相談です", "こう答えました", how, source="view:p")
    ken.later(days=2)
    (letter,) = letters(ken, NAGI)
    assert "No.1 として登録しました" in letter
    assert "電話の相談です" in letter
    assert "こう答えました" in letter
    ken.write(record, KEN, "電話の相談です", "こう答えました", how, source="view:q")
    assert letters(ken, KEN) == []


def head(ken: Prefecture, asker: str, audience: Audience) -> str:
    how = Details(way=Way.PHONE, audience=audience, entered_by=KEN, municipality_code=BODY, section="総務課")
    found = ken.write(ask, asker, "電話の相談。LANが切れるそうです", how, source="view:p", channel=HERE)

    def card(tx: Transaction) -> str:
        question = questions.need(tx, found)
        values = card_values(tx, question, first=True, desk=question.desk_channel is not None)
        blocks = views.card(values).blocks or []
        return str(blocks[0]["text"]["text"])

    return ken.read(card)


def test_the_card_of_a_call_says_whose_it_is_and_who_entered_it(ken: Prefecture) -> None:
    assert head(ken, KEN, Audience.OPEN) == "*札幌市 総務課からの相談*(県さんが登録)"


@pytest.mark.parametrize(
    ("audience", "begins"), [(Audience.OPEN, f"<@{NAGI}> さん"), (Audience.BODY, "*匿名さん*")]
)
def test_who_is_there_asks_for_themselves(ken: Prefecture, audience: Audience, begins: str) -> None:
    assert head(ken, NAGI, audience).startswith(begins)
