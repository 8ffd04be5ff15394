"""Changing an entry, with what follows from a change whoever makes it: when it is looked at again, what was shared of it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import faq as rules
from bot.domain.faq import State, Verb
from handlers.faq import use
from storage import due, faq, sharing, workspace
from storage.database import Transaction
from storage.faq import Entry

REVIEW_DUE = "faq.review_due"
"""Due for each published entry on its review date."""


def change(tx: Transaction, entry: Entry, verb: Verb, actor: str | None, **more: Any) -> Entry:
    """`storage.faq.change`, and what follows from it."""
    after = faq.change(tx, entry, verb, actor, **more)
    if "said" in more:  # nothing that holds has changed
        return after
    schedule_review(tx, after)
    if after.state != entry.state or rules.reads_otherwise(entry.content, after.content):
        sharing.changed(tx, use.SHARED, after.id)
    if after.content.owner != entry.content.owner:
        for owner in (entry.content.owner, after.content.owner):
            use.plan_thanks(tx, owner)
    return after


def schedule_review(tx: Transaction, entry: Entry) -> None:
    """A published entry is due to be looked at on its day at nine; another is not."""
    key, on = f"{REVIEW_DUE}:{entry.id}", entry.content.review_on
    if entry.state != State.PUBLISHED or on is None:
        due.cancel(tx, key)
    else:
        due.schedule(tx, key, REVIEW_DUE, entry.id, nine(tx, on))


def nine(tx: Transaction, on: date) -> datetime:
    """Nine in the morning of a day, where the workspace is."""
    return datetime.combine(on, time(9), ZoneInfo(workspace.workspace(tx).zone))
