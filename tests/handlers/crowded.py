"""A prefecture in which much has been asked, in every state at once: rows are written as they might have become."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from bot.domain.faq import Consent, Content, Kind, Verb
from bot.domain.faq import State as EntryState
from bot.domain.question import Reason, State
from handlers.members.form import parse
from handlers.members.loading import load
from storage import channels, emergencies, faq, faq_use, members, messages, outbox, questions, timelines
from storage.database import Transaction
from storage.outbox import Kind as OutboxKind
from storage.tables import outbox as outbox_table
from tests.handlers.desk import DESK, with_desk
from tests.handlers.prefecture import (
    ARIMA,
    BODY,
    HERE,
    ITSUKI,
    KEN,
    MORI,
    NAGI,
    OTHER_BODY,
    TOKANO,
    Prefecture,
)

STAFF, ADMIN, LOWERED = "U0SHOKU", "U0KANRI", "U0MOTO"
EVERYBODY = (NAGI, ITSUKI, MORI, ARIMA, TOKANO, KEN, STAFF, ADMIN, LOWERED)
_RESPONSIBLE = (None, MORI, ARIMA, TOKANO, KEN, STAFF, ADMIN, LOWERED)
WORDS = "<!channel> & 画面が真っ暗です。" * 30


def crowd(ken: Prefecture, *, asked: int, each: int, seed: int = 1) -> None:
    """So many questions of all kinds, and `each` of everything else that Home counts."""
    staff = [
        {"id": STAFF, "name": "職員 一子", "permission": "staff"},
        {"id": ADMIN, "name": "管理 二郎", "permission": "admin"},
        {"id": LOWERED, "name": "元 三郎", "municipality": BODY},
    ]
    ken.write(load, parse({"members": staff}))
    with_desk(ken, [KEN, MORI, ADMIN])
    ken.write(_ask_all, Random(seed), asked)
    ken.write(_entries, each)
    ken.write(_emergencies, each)
    ken.write(_strangers, each)
    ken.write(_messages, each)


def _ask_all(tx: Transaction, random: Random, many: int) -> None:
    for n in range(many):
        _ask(tx, random, n)


def _ask(tx: Transaction, random: Random, n: int) -> None:
    state = random.choice(list(State))
    audience = random.choice(["open", "open", "body", "private", "undecided"])
    asker, practice = random.choice(EVERYBODY), random.random() < 0.1
    at = tx.now - timedelta(days=random.choice([0, 1, 30, 59, 61, 300]), minutes=n)
    number = questions.next_number(tx, practice=practice)
    undecided = audience == "undecided"
    values: dict[str, Any] = {
        "number": number,
        "practice": practice,
        "channel": HERE,
        "ts": f"{n}.000001",
        "thread_ts": f"{n}.000001",
        "asker": asker,
        "municipality_code": random.choice([None, BODY, OTHER_BODY]),
        "section": "総務課" * 20,
        "field_id": random.choice([None, "device", "net", "procure"]),
        "state": State.RECEIVED if undecided else state,
        "close_reason": random.choice(list(Reason)) if state is State.CLOSED and not undecided else None,
        "responsible": None if undecided else random.choice(_RESPONSIBLE),
        "reasons": [],
        "received_at": at,
        "target_at": at + timedelta(hours=random.choice([4, 4, 10_000])),
        "first_reply_at": at if random.random() < 0.5 else None,
        "audience": audience,
        "desk_channel": DESK if audience == "private" else None,
    }
    verbs: list[tuple[str, str, str | None]] = [("receive", "received", None)]
    question_id = questions.add(tx, actor=asker, verbs=verbs, **values)
    words = {"channel": HERE, "ts": f"{n}.000001", "thread_ts": None, "author": asker, "body": WORDS}
    messages.add(tx, **words, files=[], written_at=at, question_id=question_id, asks=True, set_aside=None)
    if random.random() < 0.2:
        _step_aside(tx, question_id, random)
    for verb in ("escalate", "reopen", "escalate"):
        if random.random() < 0.3:
            questions.change(tx, questions.need(tx, question_id), verb=verb, actor=None)


def _step_aside(tx: Transaction, question_id: int, random: Random) -> None:
    """Somebody stepped aside, and perhaps took it back."""
    question, who = questions.need(tx, question_id), random.choice([MORI, TOKANO, KEN])
    questions.change(tx, question, verb="step_aside", actor=who)
    if random.random() < 0.5:
        last = timelines.timeline(tx, question_id)[-1]
        questions.change(tx, question, verb="undo", actor=who, undoes=last.id)


def _entries(tx: Transaction, many: int) -> None:
    for n in range(many):
        content = Content(Kind.FAQ, WORDS[:300], WORDS, owner=(MORI, KEN)[n % 2], review_on=_day(tx, n))
        entry = faq.add(tx, content, actor=MORI, consent=Consent.NOT_NEEDED)
        state = (EntryState.DRAFT, EntryState.REVIEW, EntryState.PUBLISHED)[n % 3]
        if state is not EntryState.DRAFT:
            entry = faq.change(tx, entry, Verb.SUBMIT, MORI, state=state)
        if n == 2:
            faq_use.helps(tx, entry.id, ITSUKI, source="help:1")


def _emergencies(tx: Transaction, many: int) -> None:
    """And two that no number counts: practice, and one that is closed."""
    for n in range(many + 2):
        about = {
            "asker": NAGI,
            "municipality_code": BODY,
            "section": "総務課" * 20,
            "kind": "virus",
            "body": WORDS,
        }
        found = emergencies.add(tx, practice=n == many, **about)
        emergencies.tell(tx, found, MORI, "duty", direct=True)
        if n % 2:
            emergencies.seen(tx, found, MORI)
        if n > many:
            emergencies.change(tx, found, state="closed", closed_at=tx.now)


def _day(tx: Transaction, n: int) -> date:
    return (tx.now + timedelta(days=n % 60 - 20)).date()


def _strangers(tx: Transaction, many: int) -> None:
    rows = [{"user_id": f"U9{n:04}", "name": "" if n == 0 else f"<名前> {n}" * 30} for n in range(many)]
    members.save_members(tx, rows)


def _messages(tx: Transaction, many: int) -> None:
    channels.met_directly(tx, "D0NAGI", NAGI)
    for n in range(many):
        place: dict[str, Any] = ({"channel": HERE}, {"user_id": NAGI}, {"channel": "D0NAGI"})[n % 3]
        outbox.send(tx, OutboxKind.DIRECT, f"{n}", "question.asked", n, **place)
    dead = {"dead_at": tx.now, "error": "is_archived"}
    here = outbox_table.c.channel == HERE
    tx.connection.execute(outbox_table.update().where(here).values(**dead))
