"""A private desk channel without Slack: questions that have two sides, cards that stand, letters as they would be read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from bot.domain.asking import Audience, Details, Way
from bot.feature import FirstPost, Outgoing
from handlers import members as members_feature
from handlers import questions as questions_feature
from handlers.questions.base.sides import CARD, DESK_CARD
from handlers.questions.lifecycle.asking import ask, on_posted
from storage import channels, questions
from storage.database import Transaction
from storage.questions import Question
from storage.tables import held_letters, outbox
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
    """The direct messages somebody gets, as they would be rendered now, and then those that wait for when they may be
    rung; those that have nothing to say any more are left out."""
    o = outbox.c
    query = (
        select(o.uid, o.renderer, o.record_id, o["values"])
        .where(o.workspace == ken.workspace, o.user_id == user, o.kind == "direct")
        .order_by(o.id)
    )
    h = held_letters.c
    waits = (
        select(h.key, h.renderer, h.record_id, h["values"])
        .where(h.workspace == ken.workspace, h.user_id == user, h.done_at.is_(None))
        .order_by(h.id)
    )
    rows = [row for each in (query, waits) for row in ken.read(_outgoing, each)]
    shown = [ken.read(_RENDERERS[row.renderer], row) for row in rows]
    return [f"{each.text}\n{each.blocks}" for each in shown if each is not None]


def posted(ken: Prefecture, user: str, renderer: str) -> tuple[str, str]:
    """Somebody's latest letter of a kind is on Slack now: where it stands."""
    channel, o = f"D0{user[2:]}", outbox.c
    mine = (o.workspace == ken.workspace, o.user_id == user, o.renderer == renderer, o.kind == "direct")
    stamp = ken.message(user, "").ts

    def post(tx: Transaction) -> int:
        found = select(o.id, o.record_id).where(*mine).order_by(o.id.desc()).limit(1)
        row, record = tx.connection.execute(found).one()
        values = {"posted_channel": channel, "posted_ts": stamp, "sent": o.wanted}
        tx.connection.execute(outbox.update().where(o.id == row).values(values))
        on_posted(tx, FirstPost(renderer, record, user, channel, stamp))
        return int(record)

    ken.write(post)
    return channel, stamp


def shown(ken: Prefecture, channel: str, thread_ts: str | None = None) -> list[str]:
    """What the bot wants to stand in a channel, as it would be rendered now, cards first posts and all."""
    o = outbox.c
    query = select(o.uid, o.renderer, o.record_id, o["values"]).where(
        o.workspace == ken.workspace, o.channel == channel, o.kind.in_(["card", "notice"])
    )
    if thread_ts is not None:
        query = query.where(o.thread_ts == thread_ts)
    rows = ken.read(lambda tx: [Outgoing(*row, True) for row in tx.connection.execute(query.order_by(o.id))])
    found = [ken.read(_RENDERERS[row.renderer], row) for row in rows]
    return [f"{each.text}\n{each.blocks}" for each in found if each is not None]


def _outgoing(tx: Transaction, query: Select[Any]) -> list[Outgoing]:
    found = tx.connection.execute(query)
    return [Outgoing(row[0], row[1], row[2], row[3], True) for row in found]
