"""Who is here: members and channels, kept in step with Slack, and what coordinators and administrators are told.

loading (a workspace file → rows; form and checking say what is wrong with one) · importing, exporting (the same as lists:
columns and cells are their words, lists their entries) · admins · sync (what Slack knows, read at the start) ·
listeners (what changes meanwhile) → actions · notices (a channel that is not seen, a message that cannot be delivered) ·
conflicts (who should not read all that the desk reads), lowering (who answers no longer) · opening (from when on
municipalities are answered) · offices (when they are open) · introducing (where somebody belongs), presses (buttons and
dialogs about people).
"""

from bot.feature import Feature
from handlers.members import actions, conflicts, introducing, listeners, lowering, notices
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="members",
    register=listeners.register,
    renderers={
        notices.DEAD_LETTER: notices.dead_letter,
        notices.CHANNEL_LOST: notices.channel_lost,
        notices.DESK_PUBLIC: notices.desk_public,
        introducing.INTRODUCTION: introducing.letter,
        lowering.LOWERED_AT_DESK: lowering.lowered_at_desk,
        conflicts.BARRED_AT_DESK: conflicts.barred_at_desk,
    },
    on_dead_letter=actions.on_dead_letter,
)
