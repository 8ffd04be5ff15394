"""What stands in the bot's database afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from bot.clock import Clock
from storage.database import Database, Transaction
from storage.tables import messages, questions


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions and messages are recorded."""

    questions: int
    messages: int


def _count(tx: Transaction) -> Count:
    found = [
        tx.connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (questions, messages)
    ]
    return Count(*found)


async def count(database_url: str, workspace: str) -> Count:
    """Count, beside the running bot."""
    async with Database(database_url, Clock(), workspace) as database:
        return await database.read(_count)
