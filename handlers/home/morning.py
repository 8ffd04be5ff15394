"""Telling people what waited for them: each new question by itself, all else as one letter, 「朝のまとめ」.

Everything is rendered afresh by whoever knows how; what has nothing to say any more is left out, and nobody is rung for
nothing (docs/decisions/0031-quiet-mornings.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from bot.feature import DueWork, Message, Outgoing, Renderer
from handlers import calendars, digests, emergency, faq, members, questions, reports, rota, study
from handlers.common import telling
from handlers.common.quiet import GATHER
from handlers.common.telling import LETTERS
from handlers.home.morning_views import Told, letter
from storage import due, held
from storage.database import Transaction
from storage.held import Held
from storage.ledger import NEXT_STEP

MORNING = "home.morning"
APART = 3
"""So many new questions and replies come by themselves; more of them are one letter."""


@cache
def _renderers() -> Mapping[str, Renderer[Transaction]]:
    below = (members, rota, questions, emergency, faq, study, reports, calendars, digests)
    return {name: render for feature in below for name, render in feature.FEATURE.renderers.items()}


def letters_due(tx: Transaction, work: DueWork) -> None:
    """Tell somebody what they may be told by now, and let the rest wait for its moment."""
    first = held.these(tx, [work.record_id])
    if not first:
        return
    user = first[0].user_id
    rows = held.due(tx, user)
    if any(_is_late(row) for row in rows):
        if due.anything_due(tx, [NEXT_STEP]):
            due.schedule(
                tx, f"{LETTERS}:{user}", LETTERS, work.record_id, tx.now + GATHER
            )  # more of it comes
            return
        # What was gathered after the first of it goes with it, though its own seconds are not over.
        rows = [row for row in held.due(tx, user, within=GATHER) if row.due_at <= tx.now or _is_late(row)]
    # A renderer that nobody knows is delivery's to complain of: dropped here, the letter would be lost.
    live = [row for row in rows if row.renderer not in _renderers() or _rendered(tx, row) is not None]
    held.done(tx, [row.id for row in rows if row not in live], None)
    apart = [row for row in live if _comes_alone(row)]
    together = [row for row in live if row not in apart]
    if len(apart) > APART:
        together = [row for row in live if row.renderer in _renderers()]
        apart = [row for row in live if row not in together]
    for row in apart if len(together) != 1 else live:
        telling.send(tx, user, row.key, row.renderer, row.record_id, row.values)
        held.done(tx, [row.id], row.key)
    if len(together) > 1:
        _send_together(tx, user, together)
    telling.schedule(tx, user)


def _is_late(row: Held) -> bool:
    return bool(row.values.get("late"))


def _comes_alone(row: Held) -> bool:
    return row.renderer not in _renderers() or (not row.waits and not _is_late(row))


def _send_together(tx: Transaction, user: str, rows: Sequence[Held]) -> None:
    ids = [row.id for row in rows]
    key = telling.row_key(MORNING, f"{user}:{ids[0]}")
    telling.send(tx, user, key, MORNING, ids[0], {"user": user, "letters": ids})
    held.done(tx, ids, key)


def _rendered(tx: Transaction, row: Held) -> Message | None:
    """What a letter says now. One that nobody knows how to render fails aloud: it waits, and health says so."""
    render = _renderers()[row.renderer]
    return render(tx, Outgoing("", row.renderer, row.record_id, row.values, True))


def morning(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The letter, with what still holds; a single thing is told as if it had come alone."""
    rows = held.these(tx, [int(each) for each in outgoing.values["letters"]])
    found = [(row, message) for row in rows if (message := _rendered(tx, row)) is not None]
    if len(found) <= 1:
        return replace(found[0][1], file=None, made=None) if found else None
    return letter([Told(message, late=bool(row.values.get("late"))) for row, message in found])
