"""Who is here: members and channels, kept in step with Slack, and the administrators' notices.

loading (a workspace file → rows) · sync (what Slack knows, read at the start) · listeners (what changes meanwhile).
"""

from bot.feature import Feature
from handlers.members import listeners, notices
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="members",
    register=listeners.register,
    renderers={notices.DEAD_LETTER: notices.dead_letter},
    on_dead_letter=notices.on_dead_letter,
)
