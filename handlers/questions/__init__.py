"""Asking, answering, following up: the life of a question, from the first word to the last.

Read downwards (an import contract holds it): surface (listeners) → catching (kept first, or missed) → intake (words
become questions, parts, replies) → shown (what the outbox posts) → lifecycle (`moves.move`: every change of state) → screens
(what people see, pure) → base (where a question lives, who is what to it).
"""

from bot.feature import Feature
from handlers.members.actions import SHUT
from handlers.members.introducing import BODY
from handlers.members.lowering import LOWERED
from handlers.members.offices import CALENDAR
from handlers.members.opening import EARLY
from handlers.questions.base import barred, exposed
from handlers.questions.base.sides import CARD, DESK_CARD, LETTER_FILE, MARK, RELAY_FILES, RELAYS
from handlers.questions.intake import early, followup
from handlers.questions.lifecycle import (
    absent,
    asking,
    conversation,
    narrowing,
    recording,
    recounting,
    undelivered,
)
from handlers.questions.lifecycle.actions import RING
from handlers.questions.lifecycle.moves import DUE
from handlers.questions.lifecycle.offering import AT_DESK, ELSEWHERE, OFFER, at_desk
from handlers.questions.screens import letters
from handlers.questions.shown import render
from handlers.questions.surface import forms, listeners, phone
from handlers.rota.away import ABSENT
from handlers.rota.leaving import LEFT
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
        AT_DESK: at_desk,
        early.NOTICE: early.notice,
        barred.BARRED_READER: barred.notice,
        **exposed.RENDERERS,
        **narrowing.RENDERERS,
        **recording.RENDERERS,
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
        CALENDAR: recounting.calendar_changed,
        ABSENT: absent.absent,
        LEFT: absent.left,
    },
    depends_on_words=frozenset({DUE, RING, OFFER, EARLY}),
    on_dead_letter=undelivered.on_dead_letter,
    on_posted=asking.on_posted,
    commands=(forms.COMMAND, phone.COMMAND),
)
