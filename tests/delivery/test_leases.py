"""A worker that was slow, or asleep, looks at its lease before it calls Slack: it may be another's turn by now."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.delivery import Delivery
from bot.feature import Message
from handlers.questions.screens import views
from storage.database import Transaction
from storage.outbox import Kind
from storage.sending import OutboxRow
from storage.tables import outbox
from tests.scenarios.conftest import Town
from tests.scenarios.story import settled, until

A_MINUTE = timedelta(minutes=1)
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_a_worker_that_slept_through_its_lease_does_not_post_after_another_has(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first renders, and sleeps; its lease runs out, the second makes sure and posts; then the first wakes up."""
    asleep, wake_up, real = threading.Event(), threading.Event(), views.card
    names: list[str] = []

    def sleepy(values: views.CardValues) -> Any:
        names.append("one" if not names else "another")
        if names[-1] == "one":
            asleep.set()
            wake_up.wait(60)
        return real(values)

    monkeypatch.setattr(views, "card", sleepy)
    async with town.bot() as one, town.bot() as two:
        await town.asker.says(BROKEN, town.channel)
        await until(lambda: _true(asleep))
        await town.channel.shows("受け付けました")
        wake_up.set()
        await settled(town, one)
        await settled(town, two)
    counted = await town.ws.counters()
    assert counted["posts"] == 1
    assert counted["duplicates"] == []
    assert len(names) >= 2


async def test_a_row_that_a_replica_with_a_fast_clock_took_over_early_is_not_posted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own clock the slow one may still post; the database knows better."""
    slow, go_on, read = threading.Event(), threading.Event(), Delivery._render

    def slow_at_first(self: Delivery, tx: Transaction, row: OutboxRow) -> Message | None:
        if row.kind is Kind.CARD and not slow.is_set():
            slow.set()
            go_on.wait(20)
        return read(self, tx, row)

    def taken_over(tx: Transaction) -> None:
        tx.connection.execute(update(outbox).values(lease="another's", leased_until=tx.real_now + A_MINUTE))

    monkeypatch.setattr(Delivery, "_render", slow_at_first)
    async with town.bot(lease_seconds=60) as banso:
        await town.asker.says(BROKEN, town.channel)
        await until(lambda: _true(slow))
        await banso.database.write(taken_over)
        go_on.set()
        await town.ws.quiet(0.5)
        assert await town.ws.calls("chat.postMessage") == []


async def _true(event: threading.Event) -> bool:
    return event.is_set()


async def test_a_lease_that_is_nearly_over_is_not_used_and_the_row_is_sent_under_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rendering took two thirds of a lease: Slack's answer might come too late. Nothing was sent, nothing is unsure."""
    real = views.card
    rendered: list[views.CardValues] = []

    def slow_at_first(values: views.CardValues) -> Any:
        rendered.append(values)
        if len(rendered) == 1:
            threading.Event().wait(1.6)
        return real(values)

    monkeypatch.setattr(views, "card", slow_at_first)
    async with town.bot(lease_seconds=2, unsure_wait_seconds=30) as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        assert len(rendered) == 2, "the first was not used"
        assert len(await town.ws.calls("chat.postMessage")) == 1
        calls = await town.ws.calls("conversations.replies")
        assert not [each for each in calls if "include_all_metadata" in each["args"]], "nobody had to look"
        assert (await banso.health()).ok
