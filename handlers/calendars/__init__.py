"""What people take into their own calendars: their turns of duty and study sessions, as a file or at an address of its own.

tokens (what an address is made of) · gathering (rows → a calendar; `bot.ics` writes it) → taking (the dialog, the file,
making and revoking an address) → views, listeners · feeding (what an address answers; `bot.web` serves it).

What belongs here: what one person may take along. What never does: who asked what, and any word of a question.
"""

from bot.feature import Feature
from handlers.calendars import listeners, taking
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="calendars",
    register=listeners.register,
    renderers={taking.FILE: taking.file, taking.FAILED: taking.not_delivered},
    on_dead_letter=taking.on_dead_letter,
    commands=(listeners.COMMAND,),
)
