"""The outbox and its leases: what is wanted is sent once, in order, by one worker at a time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage import dead_letters, delivered, outbox, sending
from storage.database import Database, Transaction
from storage.outbox import Backlog, Kind
from storage.sending import OutboxRow
from storage.tables import outbox as table
from tests.conftest import StillClock

LEASE = timedelta(seconds=30)
HERE, THREAD = "C1", "1.000001"


def card(
    tx: Transaction, number: int = 1, *, thread: str = THREAD, channel: str = HERE, clicked: bool = False
) -> None:
    outbox.want(tx, outbox.card("question.card", number, channel, thread, clicked=clicked))


def notice(tx: Transaction, key: str = "n", *, thread: str | None = THREAD, channel: str = HERE) -> None:
    outbox.send(tx, Kind.NOTICE, key, "question.notice", 1, channel=channel, thread_ts=thread)


def take(tx: Transaction, /, limit: int = 10, **skip: Any) -> list[OutboxRow]:
    """Claim and lease, as delivery does."""
    return sending.lease(tx, [row.id for row in sending.ready(tx, limit=limit, **skip)], LEASE)


def claimable(tx: Transaction, /, **skip: Any) -> list[tuple[str, int]]:
    return [(row.kind.value, row.record_id) for row in sending.ready(tx, limit=20, **skip)]


def stored(tx: Transaction) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.connection.execute(select(table).order_by(table.c.id)).mappings()]


async def test_ten_changes_of_a_card_are_one_row_and_a_notice_is_written_once(opened: Database) -> None:
    for _ in range(10):
        await opened.write(card)
        await opened.write(notice)
    first, second = await opened.read(stored)
    assert (first["kind"], first["wanted"], first["sent"]) == ("card", 10, 0)
    assert (second["kind"], second["wanted"]) == ("notice", 1)
    assert len(first["uid"]) == len(second["uid"]) == 32
    assert first["uid"] != second["uid"]


async def test_what_was_sent_is_no_longer_due_until_it_changes(opened: Database) -> None:
    await opened.write(card)
    (row,) = await opened.write(take)
    assert (row.wanted, row.unsure, row.attempts) == (1, False, 1)
    assert await opened.write(delivered.sent, row, channel=HERE, ts="2.0")
    assert await opened.write(take) == []
    await opened.write(card, clicked=True)
    (again,) = await opened.write(take)
    assert (again.wanted, again.sent, again.posted_ts, again.attempts) == (2, 1, "2.0", 1)


async def test_a_change_while_it_is_being_sent_is_sent_afterwards(opened: Database) -> None:
    await opened.write(card)
    (row,) = await opened.write(take)
    await opened.write(card)
    assert await opened.write(take) == [], "somebody is at it"
    await opened.write(delivered.sent, row, channel=HERE, ts="2.0")
    (again,) = await opened.write(take)
    assert again.wanted == 2


async def test_a_crowds_card_waits_for_the_others_also_while_it_is_being_sent(
    opened: Database, clock: StillClock
) -> None:
    """Or each change that comes while one is on its way would be an update of its own."""

    def crowded(tx: Transaction) -> None:
        outbox.want(tx, outbox.card("question.card", 1, HERE, THREAD), wait=outbox.CROWD)

    await opened.write(card)
    (row,) = await opened.write(take)
    await opened.write(crowded)
    assert await opened.write(delivered.sent, row, channel=HERE, ts="2.0")
    assert await opened.write(take) == []
    clock.real += outbox.CROWD / 2
    await opened.write(crowded)
    assert await opened.write(take) == []
    clock.real += outbox.CROWD / 2
    (again,) = await opened.write(take)
    assert (again.wanted, again.sent) == (3, 1), "who came later has not put it off"


async def test_a_thread_takes_one_post_at_a_time_in_its_order(opened: Database) -> None:
    await opened.write(card)
    await opened.write(notice)
    await opened.write(card, 2, thread="9.9")
    assert await opened.write(claimable) == [("card", 1), ("card", 2)]
    first, _ = await opened.write(take)
    assert await opened.write(claimable) == [], "the notice waits for the card, even while that is under way"
    await opened.write(delivered.sent, first, channel=HERE, ts="2.0")
    assert await opened.write(claimable) == [("notice", 1)]


async def test_a_post_that_was_given_up_holds_up_nothing_behind_it(opened: Database) -> None:
    await opened.write(card)
    await opened.write(notice)
    (row,) = await opened.write(take)
    assert await opened.write(delivered.give_up, row, "is_archived")
    assert await opened.write(claimable) == [("notice", 1)]


async def test_first_posts_go_before_clicked_cards_before_others_before_reactions(opened: Database) -> None:
    for number in (1, 2):
        await opened.write(card, number, thread=f"{number}.0")
    for row in await opened.write(take):
        await opened.write(delivered.sent, row, channel=HERE, ts=f"{row.record_id}.5")
    await opened.write(lambda tx: outbox.want(tx, outbox.mark("question.mark", 9, HERE, "1.0")))
    for number, clicked in ((1, False), (2, True)):
        await opened.write(card, number, thread=f"{number}.0", clicked=clicked)
    await opened.write(card, 3, thread="3.0")
    assert await opened.write(claimable) == [("card", 3), ("card", 2), ("card", 1), ("mark", 9)]
    assert await opened.write(claimable, skip_channels={HERE}) == [("card", 2), ("card", 1), ("mark", 9)]
    assert await opened.write(claimable, skip_kinds={"update", "mark"}) == [("card", 3)]


async def test_a_clicked_card_keeps_its_place_when_something_else_changes_it_too(opened: Database) -> None:
    await opened.write(card, clicked=True)
    await opened.write(card)
    (row,) = await opened.read(stored)
    assert row["priority"] == outbox.Priority.CLICKED


async def test_a_worker_whose_lease_ran_out_changes_nothing(opened: Database, clock: StillClock) -> None:
    await opened.write(card)
    (slow,) = await opened.write(take)
    clock.real += timedelta(seconds=31)
    (quick,) = await opened.write(take)
    assert quick.unsure, "nobody knows whether the slow one posted it"
    later = clock.real + timedelta(minutes=1)
    assert not await opened.write(delivered.sent, slow, channel=HERE, ts="666.0")
    assert not await opened.write(delivered.put_off, slow, later, "x")
    assert not await opened.write(delivered.unsure, slow, later, "x")
    assert not await opened.write(delivered.give_up, slow, "x")
    assert not await opened.write(delivered.message_gone, slow)
    assert await opened.write(delivered.sent, quick, channel=HERE, ts="2.0")
    (row,) = await opened.read(stored)
    assert (row["posted_ts"], row["sent"], row["dead_at"], row["lease"]) == ("2.0", 1, None, None)


async def test_an_unsure_post_is_looked_for_twice_before_it_is_posted_again(
    opened: Database, clock: StillClock
) -> None:
    wait = timedelta(seconds=5)
    await opened.write(card)
    (row,) = await opened.write(take)
    await opened.write(delivered.unsure, row, clock.real + wait, "drop")
    assert await opened.write(take) == []
    for looks in (0, 1):
        clock.real += wait
        (row,) = await opened.write(take)
        assert (row.unsure, row.looks) == (True, looks)
        if looks == 0:
            await opened.write(delivered.looked, row, clock.real + wait)
    await opened.write(delivered.sure, row)
    (row,) = await opened.write(take)
    assert (row.unsure, row.looks) == (False, 0)


async def test_what_the_history_shows_was_sent_with_the_version_it_shows(opened: Database) -> None:
    await opened.write(card)
    (row,) = await opened.write(take)
    await opened.write(card)
    await opened.write(delivered.found, row, channel=HERE, ts="2.0", version=1)
    (again,) = await opened.write(take)
    assert (again.posted_ts, again.sent, again.wanted) == ("2.0", 1, 2)


async def test_a_look_that_fails_leaves_it_unsure(opened: Database, clock: StillClock) -> None:
    await opened.write(card)
    (row,) = await opened.write(take)
    await opened.write(delivered.unsure, row, clock.real, "drop")
    (row,) = await opened.write(take)
    await opened.write(delivered.look_later, row, clock.real, "429")
    (row,) = await opened.write(take)
    assert (row.unsure, row.looks) == (True, 0)


async def test_a_row_that_waits_for_its_retry_after_keeps_waiting_when_it_changes(
    opened: Database, clock: StillClock
) -> None:
    await opened.write(card)
    (row,) = await opened.write(take)
    until: datetime = clock.real + timedelta(seconds=40)
    await opened.write(delivered.put_off, row, until, "ratelimited")
    await opened.write(card, clicked=True)
    assert [row["due_at"] for row in await opened.read(stored)] == [until]
    assert await opened.write(claimable) == []
    assert not await opened.read(sending.anything_ready)
    clock.real = until
    assert await opened.read(sending.anything_ready)
    assert await opened.write(claimable) == [("card", 1)]


async def test_a_429_holds_back_exactly_what_would_meet_the_same_limit(
    opened: Database, clock: StillClock
) -> None:
    for number, channel in ((1, HERE), (2, HERE), (3, "C2")):
        await opened.write(card, number, thread=f"{number}.0", channel=channel)
    first, *_ = await opened.write(take)
    await opened.write(delivered.sent, first, channel=HERE, ts="1.5")
    clock.real += timedelta(seconds=31)
    await opened.write(card, 1, thread="1.0")
    until = clock.real + timedelta(seconds=40)
    await opened.write(delivered.hold_back, until, channel=HERE)
    assert {number for _, number in await opened.write(claimable)} == {1, 3}
    await opened.write(delivered.hold_back, until, updates=True)
    assert {number for _, number in await opened.write(claimable)} == {3}


async def test_dead_letters_are_counted_named_revived_by_channel_and_settled(
    opened: Database, clock: StillClock
) -> None:
    await opened.write(card, 1, channel="C1")
    await opened.write(card, 2, channel="C2")
    for row in await opened.write(take):
        await opened.write(delivered.give_up, row, "is_archived")
    assert await opened.read(outbox.backlog) == Backlog(waiting=0, marks=0, dead=2, oldest=None)
    assert [(dead.place, dead.error) for dead in await opened.read(dead_letters.dead_letters)] == [
        ("C1", "is_archived"),
        ("C2", "is_archived"),
    ]
    assert await opened.write(dead_letters.revive, "C1") == 1
    assert await opened.write(claimable) == [("card", 1)]
    await opened.write(dead_letters.settle_dead)
    assert (await opened.read(outbox.backlog)).dead == 0
    assert await opened.write(claimable) == [("card", 1)], "what was settled is not sent any more"


async def test_a_dead_card_that_changes_lives_again_and_so_do_all_when_asked(
    opened: Database, clock: StillClock
) -> None:
    for number in (1, 2):
        await opened.write(card, number, thread=f"{number}.0")
    for row in await opened.write(take):
        await opened.write(delivered.put_off, row, clock.real + timedelta(minutes=1), "ratelimited")
    clock.real += timedelta(minutes=1)
    for row in await opened.write(take):
        await opened.write(delivered.give_up, row, "is_archived")
    clock.real += timedelta(minutes=1)
    await opened.write(card, 1, thread="1.0", clicked=True)
    (alive,) = await opened.write(take)
    assert (alive.record_id, alive.wanted, alive.attempts, alive.unsure) == (1, 2, 1, False)
    assert (await opened.read(outbox.backlog)).dead == 1
    await opened.write(dead_letters.retry_dead)
    (alive,) = await opened.write(take)
    assert (alive.record_id, alive.wanted, alive.attempts) == (2, 1, 1)


async def test_a_dead_letter_that_may_have_been_posted_is_looked_for_when_it_lives_again(
    opened: Database, clock: StillClock
) -> None:
    for revived in (lambda tx: dead_letters.revive(tx, HERE), dead_letters.retry_dead, card):
        await opened.write(card)
        (row,) = await opened.write(take)
        await opened.write(delivered.unsure, row, clock.real, "drop")
        (row,) = await opened.write(take)
        await opened.write(delivered.looked, row, clock.real)
        (row,) = await opened.write(take)
        await opened.write(delivered.give_up, row, "not_in_channel", unsure=True)
        assert await opened.write(take) == []
        await opened.write(revived)
        (row,) = await opened.write(take)
        assert (row.unsure, row.looks) == (True, 0)
        await opened.write(delivered.sure, row)
        (row,) = await opened.write(take)
        await opened.write(delivered.sent, row, channel=None, ts=None)


async def test_trying_again_makes_nothing_young_and_the_same_failure_is_counted(
    opened: Database, clock: StillClock
) -> None:
    written = clock.real
    for number in (1, 2):
        await opened.write(card, number, thread=f"{number}.0")
    first, second = await opened.write(take)
    await opened.write(delivered.sent, first, channel=HERE, ts="1.5")
    await opened.write(delivered.put_off, second, clock.real, "http_500")
    for attempt in range(2, outbox.STUCK + 2):
        clock.real += timedelta(minutes=1)
        (row,) = await opened.write(take)
        assert (row.attempts, row.error) == (attempt, "http_500")
        await opened.write(delivered.unsure, row, clock.real, "http_500")
        assert (await opened.read(outbox.backlog)).oldest == written
    (row,) = await opened.write(take)
    await opened.write(delivered.put_off, row, clock.real, "ratelimited")
    (row,) = await opened.write(take)
    assert row.attempts == 2, "another failure begins anew"
    await opened.write(delivered.sent, row, channel=HERE, ts="2.5")

    await opened.write(card, 1, thread="1.0")
    assert (await opened.read(outbox.backlog)).oldest == clock.real
    for _ in range(outbox.STUCK):
        (row,) = await opened.write(take)
        await opened.write(delivered.put_off, row, clock.real, "http_500")
    assert (await opened.read(outbox.backlog)).oldest == written, "a change that keeps being put off is old"


async def test_every_workspace_has_its_own(opened: Database, database_url: str, clock: StillClock) -> None:
    await opened.write(card)
    async with Database(database_url, clock, "T0OTHER") as other:
        assert await other.write(claimable) == []
        assert (await other.read(outbox.backlog)).waiting == 0


async def test_two_workers_never_hold_the_same_row(opened: Database, database_url: str) -> None:
    for number in range(20):
        await opened.write(card, number, thread=f"{number}.0")
    async with Database(database_url, opened.clock, opened.workspace) as other:
        halves = await asyncio.gather(*(each.write(take, 3) for _ in range(5) for each in (opened, other)))
        while more := await opened.write(take, 3):  # what both reached for at once one of them left
            halves.append(more)
    held = [row.id for half in halves for row in half]
    assert len(held) == len(set(held)) == 20
