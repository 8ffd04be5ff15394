"""The two sides of a question, and what is shown on each.

What is asked in a channel has one place for everybody. What is asked privately, or without one's name, has two: the
asker's thread in their direct message with the bot (`channel`, `thread_ts`), and the thread of those who answer
(`desk_channel`, `desk_ts`), which begins with a card that holds the whole question. Each word is shown on the other side
as a message of the bot, one row a word, so that an edit changes it and a deletion empties it
(docs/decisions/0016-private-questions.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.asking import Audience
from bot.domain.question import Reason, Verb
from bot.domain.text import clean
from bot.domain.topics import NO_TOPIC
from handlers.common.blocks import IN_CARD, overflows, portions
from storage import channels, messages, outbox, timelines
from storage.database import Transaction
from storage.messages import MessageRow
from storage.questions import Question, is_stamp
from storage.timelines import Event

CARD, MARK, DESK_CARD, RELAY = "question.card", "question.mark", "question.desk_card", "question.relay"
RELAY_FILE = "question.relay_file"
RELAY_DESK, RELAY_FILE_DESK = "question.relay_desk", "question.relay_file_desk"
"""The second copy of a word that was written on neither side, below a letter."""
RELAYED = 12_800
"""So much of a word one message shows: all its blocks hold about 13,200 characters (docs/slack.md)."""
RELAYS, RELAY_FILES = (RELAY, RELAY_DESK), (RELAY_FILE, RELAY_FILE_DESK)
LETTER_FILE = "question.letter_file"
"""A file below a letter, for who has no thread to see it in."""


def desk_for(tx: Transaction, audience: Audience, channel: str | None) -> str | None:
    """Where those who answer see what has two sides: the private desk, or the 相談チャンネル `channel` when only the name is
    hidden. None: nowhere (yet)."""
    if audience is Audience.PRIVATE:
        return next(iter(channels.with_purpose(tx, "desk")), None)
    return None if audience is Audience.UNDECIDED else channel


def in_channel(question: Question) -> bool:
    """Whether it was asked in a channel, before everybody: one place, one side."""
    return question.audience == Audience.OPEN and question.desk_channel is None


def is_public(question: Question) -> bool:
    """Whether it was asked before more people than the prefecture and whoever answers."""
    return question.audience in {Audience.OPEN, Audience.BODY}


def is_everybodys(tx: Transaction, question: Question) -> bool:
    """Whether everybody in the prefecture may read what was asked: not what was written in a private channel."""
    apart = in_channel(question) and question.channel != ""
    return is_public(question) and not (apart and not channels.is_everybodys(tx, question.channel))


def may_be_topic(tx: Transaction, question: Question) -> bool:
    """Whether it may be talked about in a study session: everybody may read it, and nobody took it back."""
    gone = question.close_reason is not None and Reason(question.close_reason) in NO_TOPIC
    return is_everybodys(tx, question) and not question.practice and not gone


def helpers_channel(question: Question) -> str | None:
    """The channel in which those who answer write; None when there is none, and the telephone is left."""
    return question.channel if in_channel(question) else question.desk_channel


def helpers_thread(question: Question) -> str | None:
    """The thread in it, once it is there."""
    ts = question.thread_ts if in_channel(question) else question.desk_ts
    return ts if ts is not None and is_stamp(ts) else None


def is_shut(tx: Transaction, question: Question, user_id: str) -> bool:
    """Whether somebody has no thread of this question to write in."""
    place = question.channel if user_id == question.asker else helpers_channel(question)
    if place is None or channels.is_shut(tx, place):
        return True
    apart = question.audience == Audience.PRIVATE and user_id != question.asker
    return apart and not channels.is_in_channel(tx, place, user_id)


def show(
    tx: Transaction, question: Question, *, card: bool = True, mark: bool = True, clicked: bool = False
) -> None:
    """Let the cards and the reaction on the asker's message say how the question stands. Where there is no such message
    the card is the first of its thread, and says it alone."""
    rows = []
    if card:
        rows.append(own_card(question, clicked=clicked))
    if card and question.desk_channel is not None:
        desk, key = question.desk_channel, about(question)
        rows.append(outbox.card(DESK_CARD, question.id, desk, None, clicked=clicked, about=key))
    if mark and not question.rooted:
        rows.append(outbox.mark(MARK, question.id, question.channel, question.ts))
    if rows:
        outbox.want(tx, *rows)


def own_card(question: Question, *, clicked: bool = False) -> outbox.Row:
    """The card on the asker's side, which is everybody's where there are no two."""
    thread_ts = None if question.rooted else question.thread_ts
    to = None if question.channel else question.asker
    key = about(question)
    return outbox.card(CARD, question.id, question.channel, thread_ts, user_id=to, clicked=clicked, about=key)


def about(question: Question) -> str:
    """Where a question was asked, which is its own; "" of one that was asked in no message."""
    return f"{question.channel}:{question.ts}" if is_stamp(question.ts) else ""


def show_word(tx: Transaction, question: Question, channel: str, ts: str) -> None:
    """Somebody wrote, edited or deleted a word: cards that quote what was asked show it, and the other side does."""
    if not question.rooted and (in_channel(question) or question.audience == Audience.UNDECIDED):
        return
    row = messages.find(tx, channel, ts)
    if row is None:
        return
    relay(tx, question, row)
    for renderer in RELAY_FILES:
        outbox.files_changed(tx, renderer, row.id)
    if row.asks:
        show(tx, question, mark=False)
        _push_off(tx, question)


def word_changed(tx: Transaction, question: Question, before: MessageRow) -> None:
    """A word that was there `before` was edited or deleted: its files below letters go with it."""
    if before.files:
        outbox.files_changed(tx, LETTER_FILE, before.id)
    show_word(tx, question, before.channel, before.ts)


@dataclass(frozen=True, slots=True)
class Across:
    """Where a word is shown that was not written there: the renderers of the word and of its files, the thread."""

    word: str
    file: str
    channel: str
    thread_ts: str


_Place = tuple[str, str, str | None, str | None]


def _across(tx: Transaction, question: Question, row: MessageRow) -> list[Across]:
    """Where a word is shown; nowhere yet, as long as that side is not there."""
    mine: _Place = (RELAY, RELAY_FILE, question.channel, question.thread_ts)
    desk: _Place = (RELAY, RELAY_FILE, question.desk_channel, question.desk_ts)
    if in_channel(question):
        places = [] if is_stamp(row.ts) else [mine]  # the files of a dialog, which stand nowhere yet
    elif row.channel in {"", question.channel} or not is_stamp(row.ts):
        places = [desk]
    elif row.channel == question.desk_channel:  # an asker who wrote there did so by their own name
        places = [] if row.author == question.asker else [mine]
    elif row.author == question.asker:  # where it was asked before everybody
        places = [desk]
    else:  # there, or below a letter: whoever else answers reads it too
        desk = (RELAY_DESK, RELAY_FILE_DESK, question.desk_channel, question.desk_ts)
        places = [mine] if channels.is_shut(tx, question.desk_channel or "") else [mine, desk]
    return [
        Across(word, file, to, ts) for word, file, to, ts in places if to and ts is not None and is_stamp(ts)
    ]


def _push_off(tx: Transaction, question: Question) -> None:
    """What was asked may have become more than the card holds: what stood there alone stands below it from now on."""
    if not _too_long(tx, question):
        return
    for row in asked(tx, question):
        for place in _across(tx, question, row):
            outbox.want(tx, *_copy(place, row), once=True)


def relay(tx: Transaction, question: Question, row: MessageRow) -> None:
    """Show a word, and its files, on the other side; once that side is there. What was asked stands in the card."""
    files = [str(file["id"]) for file in row.files if file.get("id")] if row.deleted_at is None else []
    for place in _across(tx, question, row):
        copy = _copy(place, row)
        if row.edited_ts is not None or row.deleted_at is not None:
            outbox.parts_changed(tx, place.word, row.id)
        if not row.asks or _too_long(tx, question):
            outbox.want(tx, *copy)
        else:
            outbox.changed(tx, copy[0])  # it did not fit before
        for each in files:
            outbox.want(tx, outbox.file(place.file, row.id, each, place.channel, place.thread_ts))


def _copy(place: Across, row: MessageRow) -> list[outbox.Row]:
    """The messages that show a word on the other side: one, unless it is very long."""
    number = 1 if row.deleted_at is not None else len(pieces(row.body))
    to, ts = place.channel, place.thread_ts
    return [outbox.card(place.word, row.id, to, ts, part=part) for part in range(number)]


def pieces(body: str) -> list[str]:
    """A word as plain text, in as many parts as messages are needed to quote it."""
    return portions(clean(body), RELAYED)


def relay_all(tx: Transaction, question: Question, here: str) -> None:
    """A side has come into being in channel `here`: it is shown what was written on the other."""
    for row in messages.of_question(tx, question.id):
        if (row.channel != here or not is_stamp(row.ts)) and row.deleted_at is None:
            relay(tx, question, row)


def _too_long(tx: Transaction, question: Question) -> bool:
    """Whether what was asked is more than a card quotes: then its messages are shown one by one as well."""
    return overflows(whole(tx, question), IN_CARD)


def whole(tx: Transaction, question: Question) -> str:
    """All that was asked, as plain text."""
    return "\n".join(clean(row.body) for row in asked(tx, question))


def asked(tx: Transaction, question: Question) -> list[MessageRow]:
    """The messages of what was asked that are not deleted, oldest first."""
    return [row for row in messages.of_question(tx, question.id, asks=True) if row.deleted_at is None]


def hears_replies(tx: Transaction, question: Question, user_id: str) -> bool:
    """Whether Slack itself rings somebody for a word of the other: the asker in their direct message; in a channel its
    members who wrote in the thread or were mentioned there, as the card's first post does, for they follow it
    (slack.com/help, "Guide to Slack notifications")."""
    if user_id == question.asker and not in_channel(question):
        return True
    place = helpers_channel(question)
    if place is None or not channels.is_in_channel(tx, place, user_id):
        return False
    if user_id == question.asker:  # began the thread, or is named by the card that did
        return True
    if messages.has_written(tx, question.id, user_id, place):
        return True
    return given_at_once(timelines.timeline(tx, question.id)) == user_id


def given_at_once(events: Sequence[Event]) -> str | None:
    """Who got the question when it first became visible to those who answer: the card's first post rings them. Who gets it
    later has a notice."""
    verbs = {Verb.RECEIVE, Verb.CHOOSE, Verb.NARROW}
    began = max((event for event in events if event.verb in verbs), key=lambda event: (event.at, event.id))
    if began.verb == Verb.NARROW:
        return began.why
    given = (event.why for event in events if event.verb == Verb.ASSIGN and event.at == began.at)
    return next(given, None)
