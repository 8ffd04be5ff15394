"""Private answers in a channel: the offer to make a kept message a question after all; how to ask one of one's own."""

from __future__ import annotations

from bot.domain.judging import Reason, judge
from handlers.questions.base.incoming import Incoming
from handlers.questions.base.parts import parts_of
from storage import outbox
from storage.database import Transaction
from storage.messages import MessageRow
from storage.outbox import Kind
from storage.questions import Question

OFFER, ELSEWHERE = "question.offer", "question.elsewhere"


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


def answer_outsider(tx: Transaction, question: Question, message: Incoming) -> None:
    """Somebody else calls the bot in a question's thread: their words are kept there, and they hear how to ask."""
    if message.mention and not parts_of(tx, question, message.author):
        values = {"channel": message.channel, "ts": message.ts}
        key, place = f"elsewhere:{message.channel}:{message.ts}", message.thread_ts
        outbox.send(
            tx,
            Kind.EPHEMERAL,
            key,
            ELSEWHERE,
            question.id,
            channel=message.channel,
            thread_ts=place,
            user_id=message.author,
            values=values,
        )
