"""緊急: steps and telephone numbers first; then everybody it concerns is rung at once, in private, with a timed log.

listeners → actions (what can be done) → words (what is written in its threads) → calling (who is rung, and where each
reads) → values (rows → plain values) → render, forms, views, sheets (what people see, pure but for render).

What belongs here: all about emergencies. What never does: the rules (`bot.domain.emergency`); a question that was asked
beside it, which goes its own way. How it is meant: docs/decisions/0032-emergencies.md.
"""

from bot.feature import Feature
from handlers.emergency import actions, calling, listeners, render, words
from handlers.questions.intake.elsewhere import URGENT, WORD
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="emergency",
    register=listeners.register,
    renderers={
        calling.CARD: render.card,
        calling.AGAIN: render.again,
        calling.FLARED: render.flared,
        calling.ADDED: render.added,
        words.RELAY: render.relay,
        words.RELAY_FILE: render.relay_file,
        words.FILE_LOST: render.file_lost,
        actions.CARD_FILE: render.card_file,
        actions.LOG_FILE: render.log_file,
        URGENT: render.offer,
    },
    due_work={WORD: words.heard, calling.UNSEEN: calling.unseen},
    on_dead_letter=words.on_dead_letter,
    on_posted=words.on_posted,
    commands=(listeners.COMMAND,),
)
