"""Study sessions: series whose sessions are computed, each with its number, and single ones that are moved or cancelled.

form (the dialog of a series) → views → looking (what is to come, and who may know of it) → actions (what can be done, and
what happens by itself when a session begins) → dialogs → listeners.
Topics: topic_views, topic_forms (what is seen) → gathering (which there are) → agendas (the card in its channel) →
presenting (who presents, and so comes: replying keeps it), ready (what lacks two days before) → proposing → suggesting (what
the week proposes), pinning → topic_dialogs, topic_arranging → topic_listeners.

Around a session: meeting (who sees to it, how it stands) → announcing (near ones, what becomes of them) → reminding (who
comes is told) → changing (of a new time, or that it is cancelled) → replying (who comes, the file) · materials · recording
(minutes) → outcomes (back into the threads); card, record_views are what people see, choosing is its part of
「お知らせの設定」, meeting_listeners hear them.

What belongs here: all about sessions and their series. What never does: when a session is (`bot.domain.series`).
"""

from bot.feature import DueWork, Feature
from handlers.study import (
    actions,
    agendas,
    announcing,
    changing,
    listeners,
    meeting,
    outcomes,
    pinning,
    presenting,
    ready,
    reminding,
    replying,
)
from storage.database import Transaction


def _changed(tx: Transaction, work: DueWork) -> None:
    """What people were told of a series, and who presents, follow it."""
    announcing.changed(tx, work)
    ready.changed(tx, work)


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
        meeting.CARD: meeting.shown,
        meeting.LEFT: meeting.left,
        replying.FILE: replying.file,
        replying.FILE_LOST: replying.file_lost,
        **reminding.RENDERERS,
        **changing.RENDERERS,
        **outcomes.RENDERERS,
    },
    due_work={
        actions.BEGUN: actions.has_begun,
        actions.CHANGED: _changed,
        announcing.MORNING: announcing.morning,
        announcing.TELL_ALL: announcing.tell_all,
        announcing.OVER: announcing.over,
        announcing.SOON: reminding.tell_soon,
        announcing.TELL_CHANGE: changing.tell_change,
        announcing.TELL_DAY: reminding.tell_day,
        announcing.TELL_WHERE: reminding.tell_where,
        presenting.ASKS: presenting.asks,
        ready.READY: ready.look,
        reminding.TELL_RECAP: reminding.tell_recap,
    },
    on_posted=agendas.posted,
    on_dead_letter=replying.on_dead_letter,
    commands=(listeners.COMMAND,),
)
