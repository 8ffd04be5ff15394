"""Words that belong to something else than a question, whatever they say: they are kept, and what they belong to is told.

That lies above the questions, so it hears of them by a due row (`WORD`); and it shows what is offered (`URGENT`).
"""

from __future__ import annotations

from bot.domain.emergency import looks_urgent
from handlers.questions.base.incoming import Incoming
from handlers.questions.lifecycle.replies import keep
from storage import channels, due, emergencies, members, messages, outbox
from storage.database import Transaction
from storage.members import ASKER, GUEST
from storage.messages import MessageRow
from storage.outbox import Kind

WORD, URGENT = "emergency.word", "emergency.offer"


def is_anothers(tx: Transaction, channel: str, thread_ts: str | None) -> bool:
    """Whether a thread is that of an emergency."""
    return thread_ts is not None and emergencies.place_at(tx, channel, thread_ts) is not None


def keep_for_it(tx: Transaction, message: Incoming) -> None:
    """Keep a word written there."""
    keep(tx, message)
    row = messages.find(tx, message.channel, message.ts)
    if row is not None:
        tell_it(tx, row)


def tell_it(tx: Transaction, row: MessageRow) -> None:
    """A word that was written there is new, or was changed or deleted."""
    due.schedule(tx, f"{WORD}:{row.id}", WORD, row.id, tx.now)


def offer_steps(tx: Transaction, message: Incoming) -> None:
    """Who seems to tell of an emergency sees privately what is done first and whom to call; once a thread. What they wrote
    becomes what it would have become."""
    if channels.purpose(tx, message.channel) == "desk" or not looks_urgent(message.text):
        return
    member = members.member(tx, message.author)
    if member is not None and member.permission not in {ASKER, GUEST}:
        return
    place = message.thread_ts or message.ts
    outbox.send(
        tx,
        Kind.EPHEMERAL,
        f"{URGENT}:{message.channel}:{place}:{message.author}",
        URGENT,
        0,
        channel=message.channel,
        thread_ts=message.thread_ts,
        user_id=message.author,
        values={"channel": message.channel, "user": message.author},
    )
