"""Who is on duty when: rotas and their turns, absences, and who steps in for whom.

office, planning (facts all read) · values and `…views` (what people see, pure) → swapping (somebody else takes a shift)
→ gaps (what nobody covers), covering (「案を見る」), asking (one shift) → away (absences), leaving (ended contracts),
mine (「お休み・交代」), board (`/banso 当番`) → reminding, weekly, days (what happens by itself), groups (a Slack user
group) · notices (direct messages) · listeners, plan_listeners.

What belongs here: planning duty, and telling of it. What never does: the rules by which a rota is filled
(`bot.domain.rota_filling`), who gets a question (`handlers.questions.base.routing`).
"""

from bot.feature import Feature
from handlers.members.hours import DAY
from handlers.rota import (
    asking,
    away,
    days,
    gaps,
    groups,
    leaving,
    listeners,
    notices,
    reminding,
    swapping,
    weekly,
)
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="rota",
    register=listeners.register,
    renderers={
        away.TO_DESK: notices.absence_at_desk,
        away.HELD: notices.absence_held,
        away.FOR_YOU: notices.absence_for_you,
        leaving.TO_DESK: leaving.at_desk,
        swapping.CARD: asking.card,
        swapping.TOLD: asking.told,
        swapping.MOVED: notices.moved,
        gaps.CARD: gaps.card,
        weekly.WEEK: weekly.notice,
        groups.NOT_IN_STEP: groups.notice,
        reminding.WEEK: reminding.reminder,
        reminding.DAY: reminding.reminder,
    },
    due_work={
        away.BEGINS: away.begins,
        DAY: days.day,
        swapping.ASKS: swapping.asks,
        swapping.LAPSES: swapping.lapses,
        swapping.SETTLED: swapping.settled,
        gaps.LOOK: gaps.look,
        reminding.WEEK: reminding.remind,
        reminding.DAY: reminding.remind,
    },
    commands=(listeners.COMMAND,),
)
