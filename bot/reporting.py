"""`banso report`: the figures of a period, to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.app import database_for
from bot.domain.report import Period
from bot.errors import OperatorError
from bot.lists import put
from bot.settings import Settings
from handlers.reports.files import Form
from handlers.reports.making import prepare
from storage import workspace
from storage.database import Transaction


def report_to(settings: Settings, file: Path, first: str, last: str) -> str:
    """Write the report of a period, given by its days; the sentence for the operator.

    Raises:
        OperatorError: there is no such period or form, or the file cannot be written.
    """
    begins, ends, ending = _day("--from", first), _day("--to", last), file.suffix.lower().removeprefix(".")
    if ends < begins:
        raise OperatorError("--to は --from と同じ日か、それよりあとの日にしてください。")
    if ending not in list(Form):
        raise OperatorError("ファイル名は .xlsx か .zip(CSV)で終わるものにしてください。")

    def read(tx: Transaction) -> tuple[Callable[[], bytes], str]:
        space = workspace.workspace(tx)
        period, zone = Period(begins, ends, space.years), space.zone
        if period.bounds(zone)[0] > tx.now:
            raise OperatorError("--from は今日までの日にしてください。")
        at = period.as_of(tx.now, zone)
        return prepare(tx, period, at, Form(ending)), f"{period.title}({period.said_as_of(at, zone)})"

    async def work() -> tuple[Callable[[], bytes], str]:
        async with database_for(settings) as database:
            return await database.read(read)

    make, said = asyncio.run(work())
    put(file, make())
    return f"✅ {file} に書き出しました:{said}"


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"{option} は 2026-04-01 のように書いてください。") from None
