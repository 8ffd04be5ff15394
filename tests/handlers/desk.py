"""A private desk channel without Slack: questions that have two sides, cards that stand, letters as they would be read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.domain.asking import Audience, Details, Way
from bot.feature import FirstPost, Outgoing
from handlers import members as members_feature
from handlers import questions as questions_feature
from handlers.questions.asking import ask, on_posted
from handlers.questions.sides import CARD, DESK_CARD
from storage import channels, questions
from storage.questions import Question
from storage.tables import outbox
from tests.handlers.prefecture import HERE, KEN, MORI, NAGI, Prefecture

DESK, MINE = "C0TAIOU", "D0NAGI"
SECRET = "懲戒した職員のパソコンの画面に書類が残っています。どうすればいいですか"
_RENDERERS = {**members_feature.FEATURE.renderers, **questions_feature.FEATURE.renderers}
_forms = itertools.count(1)


def with_desk(ken: Prefecture, people: Sequence[str] = (KEN, MORI)) -> None:
    """The prefecture's private channel, and who is in it."""
    known = {"name": "県の対応", "purpose": "desk", "bot_is_member": True}
    ken.write(lambda tx: channels.save_channel(tx, DESK, **known))
    ken.write(channels.set_channel_members, DESK, people)


def asks(ken: Prefecture, asker: str = NAGI, text: str = SECRET, **how: Any) -> int:
    """A question from a dialog, whose cards are posted at once."""
    number = next(_forms)
    details = Details(**{"way": Way.FORM, "audience": Audience.PRIVATE, **how})
    found = ken.write(ask, asker, text, details, source=f"view:V{number}", channel=HERE)
    question = ken.read(questions.need, found)
    stands(ken, question, CARD, question.channel or MINE, asker)
    if question.desk_channel is not None:
        stands(ken, question, DESK_CARD, question.desk_channel, None)
    return found


def stands(ken: Prefecture, question: Question, renderer: str, channel: str, user: str | None) -> None:
    """A card is posted now."""
    stamp = ken.message(NAGI, "").ts
    ken.write(on_posted, FirstPost(renderer, question.id, user, channel, stamp))


def read(ken: Prefecture, question_id: int) -> Question:
    return ken.read(questions.need, question_id)


def letters(ken: Prefecture, user: str) -> list[str]:
    """The direct messages somebody gets, as they would be rendered now; those that have nothing to say any more are left
    out."""
    o = outbox.c
    query = (
        select(o.uid, o.renderer, o.record_id, o["values"])
        .where(o.workspace == ken.workspace, o.user_id == user, o.kind == "direct")
        .order_by(o.id)
    )
    rows = ken.read(lambda tx: [Outgoing(*row, True) for row in tx.connection.execute(query)])
    shown = [ken.read(_RENDERERS[row.renderer], row) for row in rows]
    return [f"{each.text}\n{each.blocks}" for each in shown if each is not None]
