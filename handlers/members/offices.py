"""When offices are open and whom they call: keeping what somebody entered or a list says, and what follows from it.

Why so: docs/decisions/0029-whose-calendar.md.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.members.hours import days_moved
from storage import due, failures, offices, workspace
from storage.database import Transaction
from storage.offices import Office

CALENDAR = "members.calendar"
"""Due once when offices open or close on other days than before: what is to happen by itself is reckoned anew."""


def keep_office(tx: Transaction, actor: str | None, code: str | None, found: Office) -> bool:
    """Let this be what is known of a body's offices, or of the prefecture's (None); whether that is a change. `actor` is
    None where an operator says it."""
    before = offices.office(tx, code)
    if found == before:
        return False
    offices.save_office(tx, code, found)
    if replace(found, phone=before.phone, night=before.night) != before:
        calendar_changed(tx)
    failures.note(tx, "office hours changed", actor=actor, body=code)
    return True


def calendar_changed(tx: Transaction) -> None:
    """Reckon anew, soon, what is to happen by itself."""
    days_moved(tx)
    if workspace.is_known(tx):
        due.schedule(tx, CALENDAR, CALENDAR, 0, tx.now)
