"""What stands in the bot's database afterwards."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.clock import Clock
from storage import kept
from storage.database import Database, Transaction
from storage.tables import messages, questions

LOOK_EVERY = 0.5
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many questions and messages are recorded; `at`: when nothing more waited to become one (monotonic seconds)."""

    questions: int
    messages: int
    at: float


def _count(tx: Transaction, at: float) -> Count:
    found = [
        tx.connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (questions, messages)
    ]
    return Count(questions=found[0], messages=found[1], at=at)


async def count(database_url: str, workspace: str) -> Count:
    """Count, beside the running bot, once it has made of everything kept what it is (or does not get on with it)."""
    async with Database(database_url, Clock(), workspace) as database:
        left, at = None, time.monotonic()
        while (waiting := (await database.read(kept.backlog)).waiting) and waiting != left:
            left = waiting
            await asyncio.sleep(LOOK_EVERY)
            at = time.monotonic()
        return await database.read(_count, at)
