"""The figures of a period, as a file for coordinators.

gathering (rows → facts, as they stood at a moment) → figures (facts → counts, small ones not shown) → sheets (counts → what
an office reads) → files (→ Excel, CSV) → making (all of it) → actions (asking for one; the row that waits becomes a file) →
listeners, views.

What belongs here: what is counted and told. What never does: changing a question.
"""

from bot.feature import Feature
from handlers.reports import actions, listeners
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="reports",
    register=listeners.register,
    renderers={actions.REPORT: actions.report, actions.FAILED: actions.not_delivered},
    on_dead_letter=actions.on_dead_letter,
    commands=(listeners.COMMAND,),
)
