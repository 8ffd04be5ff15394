"""Opening to the municipalities: before it only practice questions exist (docs/decisions/0019-before-opening.md)."""

from __future__ import annotations

from storage import channels, due, failures, messages, questions, workspace
from storage.database import Transaction

EARLY = "question.early"
"""Due when it opens: what people wrote before is taken in."""
KEPT, CALLED = "early", "early_called"
WHYS = frozenset({KEPT, CALLED})
"""Why such a message is set aside for now; the second one called the bot."""
LAST_STEP = 7
"""The step of the set-up with which it opens."""


def open_up(tx: Transaction, actor: str | None = None) -> bool:
    """Open, by whom (None: the operator, with a workspace file); whether it was not open yet."""
    if workspace.workspace(tx).is_open:
        return False
    workspace.set_workspace(tx, opened_at=tx.now, setup_step=LAST_STEP)
    if messages.set_aside_as(tx, WHYS, most=1):
        due.schedule(tx, EARLY, EARLY, 0, tx.now)
    failures.note(tx, "opened to municipalities", actor=actor)
    return True


def open_if_in_use(tx: Transaction) -> None:
    """An installation that was set up when there was no other way than a workspace file goes on as it was."""
    space = workspace.workspace(tx)
    if space.is_open or space.setup_step > 0:
        return
    asks = any(place.purpose == "consultation" for place in channels.all_channels(tx))
    if asks or questions.how_many(tx, practice=False):
        open_up(tx)
