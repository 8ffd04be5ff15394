"""Who is on duty when: rotas and their turns, absences, and who steps in for whom.

office (facts all read) → board (`/banso 当番`), mine (「お休み・交代」) → away (absences), days (what happens by itself) ·
values, views, mine_views (what people see, pure) · notices (direct messages) · listeners.

What belongs here: planning duty, and telling of it. What never does: the rules by which a rota is filled
(`bot.domain.rota_filling`), who gets a question (`handlers.questions.base.routing`).
"""

from bot.feature import Feature
from handlers.members.hours import DAY
from handlers.rota import away, days, listeners, notices
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="rota",
    register=listeners.register,
    renderers={
        away.TO_DESK: notices.absence_at_desk,
        away.FOR_YOU: notices.absence_for_you,
    },
    due_work={away.BEGINS: away.begins, DAY: days.day},
    commands=(listeners.COMMAND,),
)
