"""All that was written about a question, for who gets it later and has no thread to read it in: by letter, and below the
letter what one message does not hold, and the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import words
from bot.domain.text import clean
from bot.feature import FirstPost, Message, Outgoing
from handlers.common.blocks import WHOLE, portions, quoted
from handlers.questions.base.naming import asker_for, family_name, link_for
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.sides import LETTER_FILE, RELAY_FILES, asked, helpers_channel, is_shut, whole
from handlers.questions.screens.letters import TO_ANSWER, TO_ASKER, TO_CLAIM
from storage import messages, outbox, questions, workspace
from storage.database import Transaction
from storage.messages import MessageRow
from storage.outbox import Kind
from storage.questions import Question, is_stamp

CONTINUED = "question.continued"
_WITH_FILES = TO_ANSWER | TO_ASKER.keys()


def by_letter(tx: Transaction, question: Question, renderer: str, user: str) -> list[str] | None:
    """What a letter of this kind has to hold, in as many messages as it needs; None when it need not: they read on in a
    thread, or had the question before."""
    if renderer not in TO_CLAIM or link_for(tx, workspace.workspace(tx), question, user) is not None:
        return None
    return portions(_conversation(tx, question, user), WHOLE)


def _conversation(tx: Transaction, question: Question, user: str) -> str:
    later = messages.of_question(tx, question.id, asks=False)
    said = [_word(tx, question, row, user) for row in later if row.deleted_at is None]
    files = _names([file for row in asked(tx, question) for file in row.files])
    return "\n".join([whole(tx, question), *files, *said])


def _word(tx: Transaction, question: Question, row: MessageRow, user: str) -> str:
    mine = row.author == question.asker
    who = asker_for(tx, question, user) if mine else f"{family_name(tx, row.author)}さん"
    files = "".join(f"\n{line}" for line in _names(row.files))
    at = words.short(row.written_at, workspace.workspace(tx).zone)
    return f"— {who} {at}\n{clean(row.body)}{files}"


def _names(files: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"📎 {'、'.join(str(file.get('name', '')) for file in files)}"] if files else []


def go_on(tx: Transaction, post: FirstPost) -> None:
    """A letter stands: what it could not hold follows below it, and so do files."""
    question = questions.get(tx, post.record_id) if post.renderer in _WITH_FILES else None
    if question is None or post.user_id is None:
        return
    _files_below(tx, question, post, post.user_id)
    parts = by_letter(tx, question, post.renderer, post.user_id) or []
    for number in range(1, len(parts)):
        outbox.send(
            tx,
            Kind.NOTICE,
            f"continued:{post.channel}:{post.ts}:{number}",
            CONTINUED,
            question.id,
            channel=post.channel,
            thread_ts=post.ts,
            values={"user": post.user_id, "renderer": post.renderer, "part": number},
        )


def continued(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """One of the messages below a letter, while it is still theirs to read."""
    question, user = questions.get(tx, outgoing.record_id), str(outgoing.values["user"])
    if question is None or not is_helper(parts_of(tx, question, user)):
        return None
    parts = by_letter(tx, question, str(outgoing.values["renderer"]), user) or []
    number = int(outgoing.values["part"])
    if number >= len(parts):
        return None
    return Message(text=f"相談 No.{question.number} の続きです。", blocks=quoted(parts[number]))


def _files_below(tx: Transaction, question: Question, post: FirstPost, user: str) -> None:
    """Who has no thread to write in sees the others' files below the letter: each once, and none that they find where they
    may still read."""
    if not is_shut(tx, question, user) or not parts_of(tx, question, user):
        return
    reads_on = link_for(tx, workspace.workspace(tx), question, user) is not None
    for row in messages.of_question(tx, question.id):
        if row.deleted_at is not None or row.author == user:
            continue
        for each in (str(file["id"]) for file in row.files if file.get("id")):
            if not (reads_on and _stands_there(tx, question, row, each)):
                copy = outbox.file(LETTER_FILE, row.id, each, post.channel, post.ts, reader=user)
                outbox.want(tx, copy, once=True)


def _stands_there(tx: Transaction, question: Question, row: MessageRow, file_id: str) -> bool:
    """Whether a file lies in the thread of those who answer."""
    if is_stamp(row.ts) and row.channel == helpers_channel(question):
        return True
    copies = (outbox.file(renderer, row.id, file_id, "", "")["key"] for renderer in RELAY_FILES)
    return any(outbox.sent_version(tx, key) for key in copies)


def letter_file(tx: Transaction, outgoing: Outgoing) -> Message:
    """One file below a letter, while its message has it and the question is theirs to read."""
    row, file_id = messages.by_id(tx, outgoing.record_id), str(outgoing.values["file"])
    question = questions.get(tx, row.question_id) if row is not None and row.question_id is not None else None
    if row is None or question is None or row.deleted_at is not None:
        return Message(text="")
    theirs = parts_of(tx, question, str(outgoing.values["user"]))
    there = any(each["id"] == file_id for each in row.files)
    return Message(text="", file=file_id) if theirs and there else Message(text="")
