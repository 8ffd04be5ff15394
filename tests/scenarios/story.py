"""Words the stories share: waiting for a condition, reading the books, counting rings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import select

from bot.app import Banso
from sandbox.client import Person
from sandbox.client.things import Placed
from storage import kept, ledger, outbox, questions, timelines
from storage.database import Transaction
from storage.ledger import Ledger
from storage.questions import Question
from storage.tables import questions as questions_table
from storage.timelines import Event
from tests.scenarios.conftest import Town

T = TypeVar("T")


async def until(check: Callable[[], Awaitable[T | None]], within: float = 20.0) -> T:
    """Ask again and again until `check` gives something true; the deadline is in real seconds."""
    deadline = time.monotonic() + within
    while not (found := await check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{check.__qualname__} was not true within {within} s")
        await asyncio.sleep(0.02)
    return found


def _all(tx: Transaction) -> list[Question]:
    ids = tx.connection.execute(
        select(questions_table.c.id)
        .where(questions_table.c.workspace == tx.workspace)
        .order_by(questions_table.c.id)
    ).scalars()
    return [questions.need(tx, number) for number in list(ids)]


async def all_questions(banso: Banso) -> list[Question]:
    """Every question, oldest first."""
    return await banso.database.read(_all)


async def question(banso: Banso) -> Question:
    """The one question there is."""
    (found,) = await all_questions(banso)
    return found


async def verbs(banso: Banso, of: Question) -> list[str]:
    """What was done to a question, oldest first."""
    events: list[Event] = await banso.database.read(timelines.timeline, of.id)
    return [event.verb for event in events]


async def books(banso: Banso) -> Ledger:
    """The ledger; it always balances."""
    found = await banso.database.read(ledger.ledger)
    assert found.balanced
    return found


async def settled(town: Town, banso: Banso) -> None:
    """Wait until every event is acknowledged and everything that should be on Slack is there."""

    async def delivered() -> bool:
        if (await banso.database.read(kept.backlog)).waiting:
            return False
        waiting = await banso.database.read(outbox.backlog)
        return not waiting.waiting and not waiting.marks

    await town.ws.quiet(0.1)
    await until(delivered)
    await town.ws.quiet(0.1)


async def events_of(town: Town, message: Placed) -> list[dict[str, Any]]:
    """What became of the events that carried one message."""
    rows = await town.ws.deliveries(payloads=True)
    return [row for row in rows if row["payload"].get("event", {}).get("ts") == message.ts]


async def rung(person: Person) -> list[dict[str, Any]]:
    """What rang for somebody because it was meant for them: mentions and direct messages, not threads they follow."""
    return [each for each in await person.notifications() if each["kind"] != "thread"]


async def state_is(banso: Banso, state: str) -> Question:
    """Wait until the one question is in a state."""

    async def there() -> Question | None:
        found = await all_questions(banso)
        return found[0] if len(found) == 1 and found[0].state == state else None

    return await until(there)
