"""「公開範囲を狭める」: what everybody could read goes on before the prefecture and whoever answers alone.

What the bot posted is taken out of the channel, word for word and file by file; what people wrote there with their own hands
stays, for a bot cannot delete it, and so does what was read already: the asker is told so before they choose. What was asked
by a message in a channel cannot be narrowed for that reason.
"""

from __future__ import annotations

from typing import Any

from bot.domain.asking import Audience
from bot.domain.question import State as Stage
from bot.domain.question import Verb, possible
from bot.errors import NotPossibleNow, NotYours
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.questions.base.incoming import Incoming
from handlers.questions.base.sides import (
    CARD,
    DESK_CARD,
    RELAY_FILES,
    RELAYS,
    desk_for,
    helpers_channel,
    helpers_thread,
    in_channel,
    is_public,
)
from handlers.questions.lifecycle.moves import move
from handlers.questions.lifecycle.replies import keep
from handlers.questions.lifecycle.ringing import of, ring
from storage import channels, failures, letters, outbox, questions, replacing
from storage.database import Transaction
from storage.outbox import Kind
from storage.questions import Question

MOVED, MOVED_WORD, MOVED_FILE = "question.moved", "question.moved_word", "question.moved_file"
"""What stands where the card, a word and a file stood."""
MOVED_ON = "question.moved_on"
NARROWED = "question.narrowed"
_INSTEAD = {
    **dict.fromkeys((CARD, DESK_CARD), MOVED),
    **dict.fromkeys(RELAYS, MOVED_WORD),
    **dict.fromkeys(RELAY_FILES, MOVED_FILE),
}
_GONE = "相談 No.{number} は「県と担当だけに」変わりました。続きは、相談者さんと担当だけで進めます。"
_HERE = "ここに書いたことは、相談者さんには届きません(書き込みは保存しました)。"


def can_narrow(question: Question) -> bool:
    """Whether all that was asked before everybody stands there in the bot's own messages, and it still goes on."""
    ours = question.rooted or not in_channel(question)
    goes_on = possible(Verb.NARROW, Stage(question.state))
    return is_public(question) and ours and goes_on and not question.practice


def narrow(tx: Transaction, question_id: int, actor: str, *, source: str) -> Question:
    """The asker wants the prefecture and whoever answers alone to read on.

    Raises:
        NotFound, NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = questions.need(tx, question_id)
    if not failures.first_time(tx, source) or question.audience == Audience.PRIVATE:
        return question
    if actor != question.asker:
        raise NotYours()
    if not can_narrow(question):
        raise NotPossibleNow()
    own: dict[str, Any] = {"channel": "", "thread_ts": question.ts} if in_channel(question) else {}
    _leave(tx, question)
    after = move(
        tx,
        question,
        Verb.NARROW,
        actor,
        why=question.responsible,
        clicked=True,
        audience=Audience.PRIVATE.value,
        desk_channel=desk_for(tx, Audience.PRIVATE, None),
        desk_ts=None,
        **own,
    )
    _tell(tx, after)
    return after


def _leave(tx: Transaction, question: Question) -> None:
    """Let what the bot posted for everybody say that it is not there any more."""
    place, thread_ts = helpers_channel(question) or "", helpers_thread(question)
    card = outbox.card(CARD if in_channel(question) else DESK_CARD, question.id, place, None)
    replacing.replace(tx, _INSTEAD, card=card["key"], channel=place, thread_ts=thread_ts)


def _tell(tx: Transaction, question: Question) -> None:
    """Who has it is mentioned by its new card; who does not sit at the desk reads on by letter."""
    user, desk = question.responsible, question.desk_channel
    if user is not None and not (desk is not None and channels.is_in_channel(tx, desk, user)):
        ring(tx, question, user, NARROWED, of(tx.now))


def moved_from(tx: Transaction, message: Incoming) -> bool:
    """Keep a word below a card that is not there any more; its author hears that it reaches nobody. False: it is none."""
    card = letters.standing_at(tx, message.channel, message.thread_ts or "", MOVED)
    if card is None:
        return False
    keep(tx, message)
    key, place = f"{MOVED_ON}:{message.channel}:{message.ts}", message.thread_ts
    outbox.send(
        tx,
        Kind.EPHEMERAL,
        key,
        MOVED_ON,
        card,
        channel=message.channel,
        thread_ts=place,
        user_id=message.author,
    )
    return True


def moved(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """In the place of the card; nothing where that was never posted."""
    question = questions.get(tx, outgoing.record_id)
    if question is None or outgoing.first:
        return None
    words = _GONE.format(number=question.number)
    return Message(text=words, blocks=[section(words)])


def moved_word(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """In the place of somebody's word."""
    words = "(「県と担当だけに」変わったため、ここには出ません)"
    return None if outgoing.first else Message(text=words, blocks=[section(words)])


def moved_file(tx: Transaction, outgoing: Outgoing) -> Message:
    """No file any more."""
    return Message(text="")


def moved_on(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Privately, to who wrote there all the same."""
    question = questions.get(tx, outgoing.record_id)
    if question is None:
        return None
    words = f"{_GONE.format(number=question.number)}{_HERE}"
    return Message(text=words, blocks=[section(words)])


RENDERERS = {MOVED: moved, MOVED_WORD: moved_word, MOVED_FILE: moved_file, MOVED_ON: moved_on}
