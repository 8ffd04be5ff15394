"""Asking, answering, following up: the life of a question, from the first word to the last.

incoming (Slack's payloads → values) → capture, asking, opening, replies (words become questions) · actions, place (buttons)
· followup (what happens by itself), undelivered (what Slack would not take) → life (`move`: every change of state) → parts
(who is what to it), barred (who reads it and should not) → sides (what is shown where) → render, cards, views, letters,
conversation, more (what people see) · catchup, rereading (what was written while we were away) · early (what was written
before it opened).
"""

from bot.feature import Feature
from handlers.members.actions import SHUT
from handlers.members.introducing import BODY
from handlers.members.lowering import LOWERED
from handlers.members.opening import EARLY
from handlers.questions import (
    asking,
    barred,
    conversation,
    early,
    exposed,
    followup,
    forms,
    letters,
    listeners,
    narrowing,
    phone,
    render,
    undelivered,
)
from handlers.questions.actions import RING
from handlers.questions.life import DUE
from handlers.questions.offering import ELSEWHERE, OFFER
from handlers.questions.sides import CARD, DESK_CARD, LETTER_FILE, MARK, RELAY_FILES, RELAYS
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="questions",
    register=listeners.register,
    renderers={
        CARD: render.card,
        DESK_CARD: render.desk_card,
        **dict.fromkeys(RELAYS, render.relay),
        **dict.fromkeys(RELAY_FILES, render.relay_file),
        conversation.CONTINUED: conversation.continued,
        LETTER_FILE: conversation.letter_file,
        MARK: render.mark,
        OFFER: render.offer,
        ELSEWHERE: render.elsewhere,
        early.NOTICE: early.notice,
        barred.BARRED_READER: barred.notice,
        **exposed.RENDERERS,
        **narrowing.RENDERERS,
        **dict.fromkeys(letters.NOTICES, render.notice),
    },
    due_work={
        DUE: followup.next_step,
        RING: followup.ring_after_reopening,
        OFFER: followup.offer_after_greeting,
        SHUT: undelivered.shut,
        BODY: followup.body_known,
        LOWERED: followup.lowered,
        EARLY: followup.opened,
    },
    depends_on_words=frozenset({DUE, RING, OFFER, EARLY}),
    on_dead_letter=undelivered.on_dead_letter,
    on_posted=asking.on_posted,
    commands=(forms.COMMAND, phone.COMMAND),
)
