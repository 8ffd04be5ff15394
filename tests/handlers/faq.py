"""Words the tests of the FAQ share: a question that was answered, an entry made of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.asking import Audience, Details, Way
from bot.domain.faq import Content, Kind
from bot.domain.question import Verb
from bot.feature import Message, Outgoing
from handlers.faq import FEATURE, actions
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.lifecycle.asking import ask
from handlers.questions.lifecycle.replies import Said, keep_said
from storage import due, faq, questions
from storage.database import Transaction
from storage.faq import Entry
from storage.tables import held_letters, outbox
from storage.tables import questions as questions_table
from tests.handlers.prefecture import KEN, MORI, NAGI, Prefecture

ASKED = "パソコンの画面が真っ暗です。札幌市の浜野です。どうすればいいですか"
ANSWERED = "浜野さん、電源を長押ししてください"
CONTENT = Content(
    Kind.FAQ,
    "画面が真っ暗なとき",
    "電源を長押ししてください。",
    field_id="device",
    owner=MORI,
    review_on=date(2027, 11, 24),
)
_sources = itertools.count(1)


def source() -> str:
    """The natural key of one press."""
    return f"action:{next(_sources)}"


def answered(ken: Prefecture) -> int:
    """A question somebody answered; returns its id."""
    ken.now += timedelta(minutes=3)  # or it is one asking with the one before
    said = ken.message(NAGI, ASKED)
    ken.write(capture.capture, said)
    question_id = newest(ken)
    ken.write(act, question_id, Verb.CLAIM, MORI, source=source())
    ken.write(capture.capture, ken.message(MORI, ANSWERED, thread=said.ts))
    return question_id


def private(ken: Prefecture) -> int:
    """The same, before the prefecture alone."""
    details = Details(way=Way.FORM, audience=Audience.PRIVATE)
    question_id = ken.write(ask, NAGI, ASKED, details, source=f"view:{source()}", channel=None)
    ken.write(act, question_id, Verb.CLAIM, MORI, source=source())
    key = f"view:{source()}:answer"
    ken.write(lambda tx: keep_said(tx, question_id, Said("", key, MORI, ANSWERED, tx.now), asks=False))
    return question_id


def newest(ken: Prefecture) -> int:
    """The id of the question that was asked last."""
    q = questions_table.c
    query = select(q.id).where(q.workspace == ken.workspace).order_by(q.id.desc()).limit(1)
    return ken.read(lambda tx: int(tx.connection.execute(query).scalar_one()))


def resolve(ken: Prefecture, question_id: int) -> None:
    """The asker says that it is resolved."""
    ken.write(act, question_id, Verb.RESOLVE, NAGI, source=source())


def keep(ken: Prefecture, question_id: int, content: Content = CONTENT, user: str = MORI) -> Entry:
    """Who answered keeps it."""
    return ken.write(actions.keep, question_id, content, user, source=source())


def publish(ken: Prefecture, entry: Entry, content: Content | None = None, user: str = KEN) -> Entry:
    """A coordinator publishes an entry."""
    return ken.write(
        actions.decide,
        entry.id,
        content or entry.content,
        user,
        publish=True,
        note=None,
        seen=now(ken, entry).revision,
        source=source(),
    )


def published(ken: Prefecture, content: Content = CONTENT) -> Entry:
    """An entry that everybody finds."""
    return publish(ken, keep(ken, answered(ken), content))


def now(ken: Prefecture, entry: Entry) -> Entry:
    """An entry as it is now."""
    return ken.read(faq.need, entry.id)


def run_due(ken: Prefecture) -> None:
    """Run what the FAQ has due now."""
    while ken.write(due.run_next, FEATURE.due_work) is not None:
        pass


def state_of(ken: Prefecture, question_id: int) -> tuple[str, str | None]:
    """How a question stands, and why."""
    found = ken.read(questions.need, question_id)
    return found.state, found.close_reason


def letters(ken: Prefecture, user: str, like: str = "faq.") -> list[Mapping[str, Any]]:
    """The direct messages of the FAQ somebody is sent, oldest first; then those that wait for their morning."""

    def rows(tx: Transaction) -> list[Mapping[str, Any]]:
        o = outbox.c
        mine = (o.workspace == tx.workspace, o.user_id == user, o.renderer.like(f"{like}%"))
        query = select(o.renderer, o.record_id, o["values"], o.uid).where(*mine).order_by(o.id)
        found = [dict(row) for row in tx.connection.execute(query).mappings()]
        h = held_letters.c
        wait = (
            h.workspace == tx.workspace,
            h.user_id == user,
            h.renderer.like(f"{like}%"),
            h.done_at.is_(None),
        )
        waits = select(h.renderer, h.record_id, h["values"], h.key.label("uid")).where(*wait).order_by(h.id)
        return found + [dict(row) for row in tx.connection.execute(waits).mappings()]

    return ken.read(rows)


def rendered(ken: Prefecture, letter: Mapping[str, Any]) -> Message | None:
    """What a message says now."""
    outgoing = Outgoing(letter["uid"], letter["renderer"], letter["record_id"], letter["values"], first=True)
    found: Message | None = ken.read(FEATURE.renderers[letter["renderer"]], outgoing)
    return found


def told(ken: Prefecture, user: str, like: str = "faq.") -> list[str]:
    """Which messages somebody is sent that still say something."""
    return [each["renderer"] for each in letters(ken, user, like) if rendered(ken, each) is not None]
