"""Failed events, what was handled already, the audit log."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from storage import failures, ledger
from storage.database import Database, Transaction
from storage.tables import audit
from tests.conftest import StillClock


def keep(tx: Transaction, reference: str = "AAAA-AA") -> None:
    failures.keep_failed(tx, reference=reference, kind="message", body={"text": "相談"}, error="ValueError")


async def test_a_natural_key_is_handled_once_until_it_is_forgotten(
    opened: Database, clock: StillClock
) -> None:
    assert [await opened.write(failures.first_time, "action:1") for _ in range(3)] == [True, False, False]
    assert await opened.write(failures.first_time, "action:2")
    clock.real += timedelta(days=1)
    await opened.write(failures.forget_handled, clock.real - timedelta(days=2))
    assert not await opened.write(failures.first_time, "action:1")
    await opened.write(failures.forget_handled, clock.real)
    assert await opened.write(failures.first_time, "action:1")


async def test_a_replayed_event_is_closed_and_one_that_fails_again_counts_its_tries(opened: Database) -> None:
    await opened.write(keep)
    (event,) = await opened.read(failures.to_replay)
    assert event.body == {"text": "相談"}
    for tries in range(1, failures.MAX_REPLAYS + 1):
        await opened.write(keep)  # the error handler stores it anew, under the same reference
        assert not await opened.write(failures.replayed, event)
        assert await opened.read(ledger.unreplayed) == 1
        (event,) = await opened.read(lambda tx: failures.to_replay(tx, all_of_them=True))
        assert event.attempts == tries
    assert await opened.read(failures.to_replay) == [], "after five tries only when asked for"
    assert await opened.write(failures.replayed, event)
    assert await opened.read(ledger.unreplayed) == 0


async def test_two_replicas_replay_an_event_once(opened: Database, database_url: str) -> None:
    await opened.write(keep)
    async with Database(database_url, opened.clock, opened.workspace) as other:
        both = (opened, other)
        found = [(await each.read(failures.to_replay))[0] for each in both]
        mine = await asyncio.gather(
            *(db.write(failures.claim, ev) for db, ev in zip(both, found, strict=True))
        )
        assert sorted(mine) == [False, True]
        (again,) = await other.read(failures.to_replay)
        assert (again.attempts, await other.write(failures.claim, again)) == (1, True), (
            "who died left it open"
        )


async def test_another_failed_event_is_no_second_failure_of_this_one(opened: Database) -> None:
    await opened.write(keep)
    (event,) = await opened.read(failures.to_replay)
    await opened.write(keep, "BBBB-BB")
    assert await opened.write(failures.replayed, event)
    assert [each.reference for each in await opened.read(failures.to_replay)] == ["BBBB-BB"]


async def test_the_audit_log_keeps_who_did_what(opened: Database) -> None:
    await opened.write(lambda tx: failures.note(tx, "workspace file loaded", actor="U1", members=3))

    def lines(tx: Transaction) -> list[tuple[str, str, dict[str, int]]]:
        a = audit.c
        return [tuple(row) for row in tx.connection.execute(select(a.what, a.actor, a.detail))]

    assert await opened.read(lines) == [("workspace file loaded", "U1", {"members": 3})]
