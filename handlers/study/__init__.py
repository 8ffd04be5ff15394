"""Study sessions: series whose sessions are computed, each with its number, and single ones that are moved or cancelled.

form (the dialog of a series) → views → looking (what is to come, and who may know of it) → actions (what can be done, and
what happens by itself when a session begins) → dialogs → listeners.
Topics: topic_views, topic_forms (what is seen) → gathering (which there are) → agendas (the card in its channel) →
presenting (who presents), ready (what lacks two days before) → proposing → suggesting (what the week proposes), pinning →
topic_dialogs, topic_arranging → topic_listeners.

What belongs here: all about sessions and their series. What never does: when a session is (`bot.domain.series`).
"""

from bot.feature import Feature
from handlers.study import actions, agendas, listeners, pinning, presenting, ready
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="study",
    register=listeners.register,
    renderers={
        agendas.CARD: agendas.card,
        presenting.CARD: presenting.card,
        presenting.YES: presenting.told,
        presenting.NO: presenting.told,
        presenting.RELEASED: presenting.told_released,
        ready.NOT_READY: ready.told,
        pinning.NOT_PINNED: pinning.told,
    },
    due_work={
        actions.BEGUN: actions.has_begun,
        actions.CHANGED: ready.changed,
        presenting.ASKS: presenting.asks,
        ready.READY: ready.look,
    },
    on_posted=agendas.posted,
    commands=(listeners.COMMAND,),
)
