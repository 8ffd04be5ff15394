"""The report as a file: what is asked for, from the row that waits to the bytes, and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.domain.report import Period
from handlers.reports.figures import Facts, figures
from handlers.reports.files import Form, write
from handlers.reports.gathering import gather
from handlers.reports.sheets import sheets
from storage.database import Transaction


def file_name(period: Period, form: Form) -> str:
    """「令和8年11月 相談実績.xlsx」."""
    return f"{period.title}.{form}"


def prepare(tx: Transaction, period: Period, at: datetime, form: Form) -> Callable[[], bytes]:
    """Read what the report is made of; what comes back makes the file of it, which may take seconds, without the
    transaction."""
    return partial(_make, gather(tx, period, at), form)


def _make(facts: Facts, form: Form) -> bytes:
    return write(form, facts.period.name, sheets(facts, figures(facts)))
