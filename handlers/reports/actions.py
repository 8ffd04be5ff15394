"""Asking for a report, and what waits in the outbox becoming a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.permissions import Deed, allowed, role_of
from bot.domain.report import Period
from bot.feature import DeadLetter, Made, Message, Outgoing
from handlers.common.blocks import Block
from handlers.common.telling import tell
from handlers.reports import views
from handlers.reports.files import Form
from handlers.reports.making import file_name, prepare
from storage import failures, members, outbox, workspace
from storage.database import Transaction
from storage.letters import is_dead
from storage.outbox import Kind

REPORT, FAILED = "reports.report", "reports.not_delivered"


def dialog(tx: Transaction) -> Block:
    """The dialog, with the periods as they are called today."""
    return views.dialog(_today(tx), workspace.workspace(tx).years)


def submit(
    tx: Transaction, user: str, view: Mapping[str, Any], *, source: str
) -> tuple[Block | None, dict[str, str]]:
    """Ask for the report that was entered; returns what the dialog shows then, or sentences by block when something is
    missing. The figures are those of this moment, whenever they are sent."""
    wanted = views.read(view, _today(tx), workspace.workspace(tx).years)
    period, form = wanted.period, wanted.form
    if period is None:
        return None, dict(wanted.problems)
    at = period.as_of(tx.now, workspace.workspace(tx).zone)
    first, last = period.first.isoformat(), period.last.isoformat()
    values = {"first": first, "last": last, "form": form.value, "at": at.isoformat(), "user": user}
    if failures.first_time(tx, source):
        key = f"{REPORT}:{source}"
        outbox.send(tx, Kind.FILE, key, REPORT, 0, user_id=user, values=values)
        failures.note(tx, "report asked for", actor=user, first=first, last=last, form=form.value)
    return views.on_its_way(file_name(period, form)), {}


def report(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The file; nothing for somebody who may not have it any more."""
    values, period = outgoing.values, _period(tx, outgoing.values)
    form, at = Form(values["form"]), datetime.fromisoformat(str(values["at"]))
    if not _may_have_it(tx, str(values["user"])):
        return None
    made = Made(file_name(period, form), prepare(tx, period, at, form))
    return views.delivered(made, period.said_as_of(at, workspace.workspace(tx).zone))


def _may_have_it(tx: Transaction, user: str) -> bool:
    known = members.member(tx, user)
    if known is None:
        return False
    return allowed(Deed.REPORT, role_of(known.permission, deactivated=known.deactivated, elsewhere=False))


def _period(tx: Transaction, values: Mapping[str, Any]) -> Period:
    first, last = (date.fromisoformat(str(values[each])) for each in ("first", "last"))
    return Period(first, last, workspace.workspace(tx).years)


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Slack takes no file: whoever waits for one hears of it."""
    if letter.renderer == REPORT and letter.user_id is not None:
        tell(tx, letter.user_id, FAILED, 0, key=letter.uid, values={"letter": letter.uid})


def not_delivered(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """That a file could not be shared; nothing when it was meanwhile."""
    return views.not_delivered() if is_dead(tx, str(outgoing.values["letter"])) else None


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(ZoneInfo(workspace.workspace(tx).zone)).date()
