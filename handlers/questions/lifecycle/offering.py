"""Private answers in a channel: the offer to make a kept message a question after all; how to ask one of one's own."""

from __future__ import annotations

from bot.domain.judging import Reason, judge
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.questions.base.incoming import Incoming
from handlers.questions.base.parts import parts_of
from storage import outbox
from storage.database import Transaction
from storage.messages import MessageRow
from storage.outbox import Kind
from storage.questions import Question

OFFER, ELSEWHERE, AT_DESK = "question.offer", "question.elsewhere", "question.at_desk"
IN_THE_DESK = (
    "ここは県と担当だけの場所です。相談は「相談する」か「電話・訪問の相談を登録」から登録してください。"
)


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


def answer_at_the_desk(tx: Transaction, message: Incoming) -> None:
    """Somebody calls the bot at the desk: they hear how a question is asked."""
    key, place = f"at_desk:{message.channel}:{message.ts}", message.thread_ts
    outbox.send(
        tx, Kind.EPHEMERAL, key, AT_DESK, 0, channel=message.channel, thread_ts=place, user_id=message.author
    )


def at_desk(_: Transaction, outgoing: Outgoing) -> Message | None:
    """The private answer there."""
    return Message(text=IN_THE_DESK, blocks=[section(IN_THE_DESK)])
