"""The private offer to make a kept message a question after all."""

from __future__ import annotations

from bot.domain.judging import Reason, judge
from storage import outbox
from storage.database import Transaction
from storage.messages import MessageRow
from storage.outbox import Kind

OFFER = "question.offer"


def offer_to_register(
    tx: Transaction, channel: str, ts: str, thread_ts: str | None, author: str, *, called: bool = False
) -> None:
    """Say privately that a message was kept, and how to make it a question; `called` = the bot was mentioned in it."""
    outbox.send(
        tx,
        Kind.EPHEMERAL,
        f"offer:{channel}:{ts}",
        OFFER,
        0,
        channel=channel,
        thread_ts=thread_ts,
        user_id=author,
        values={"channel": channel, "ts": ts, "called": called},
    )


def says_nothing(row: MessageRow) -> bool:
    """Whether a message holds neither a word nor a file: nobody could answer it."""
    return judge(row.body, has_files=bool(row.files)).reason is Reason.EMPTY
