"""Study sessions: series whose sessions are computed, each with its number, and single ones that are moved or cancelled.

form (the dialog of a series) → views → looking (what is to come, and who may know of it) → actions (what can be done, and
what happens by itself when a session begins) → dialogs → listeners.

What belongs here: all about sessions and their series. What never does: when a session is (`bot.domain.series`).
"""

from bot.feature import Feature
from handlers.study import actions, listeners
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="study",
    register=listeners.register,
    due_work={actions.BEGUN: actions.has_begun},
    commands=(listeners.COMMAND,),
)
