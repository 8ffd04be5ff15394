"""What people wrote is kept, taken in once, and waited for."""

from __future__ import annotations

from datetime import timedelta

from storage import kept
from storage.database import Database, Transaction
from storage.kept import Backlog, Word
from tests.conftest import StillClock


def keep(tx: Transaction, text: str, *, channel: str = "C1", owner: str = "one") -> None:
    kept.keep(tx, channel, "written", {"text": text}, owner=owner, reference=f"REF-{text}")


async def waiting(database: Database, owner: str = "one", *, everybodys: bool = False) -> list[str]:
    words = await database.read(kept.waiting, owner, 32, everybodys=everybodys)
    return [word.body["text"] for word in words]


async def test_words_wait_in_their_order_and_are_taken_once(opened: Database) -> None:
    for text in "abc":
        await opened.write(keep, text)
    first, *_ = await opened.read(kept.waiting, "one", 2)
    assert first == Word(first.id, "written", {"text": "a"}, "REF-a", 0)
    assert [await opened.write(kept.take, first) for _ in range(2)] == [True, False]
    assert await waiting(opened) == ["b", "c"]


async def test_another_process_takes_only_what_was_left_behind(opened: Database, clock: StillClock) -> None:
    await opened.write(keep, "a", owner="one")
    clock.real += kept.LEFT_BEHIND
    await opened.write(keep, "b", owner="one")
    clock.real += timedelta(seconds=1)
    await opened.write(keep, "c", owner="two")
    assert await waiting(opened, "two") == ["a", "c"]
    assert await waiting(opened, "one") == ["a", "b"]
    assert await waiting(opened, "three", everybodys=True) == ["a", "b"], "nothing is older than this moment"
    clock.real += timedelta(seconds=1)
    assert await waiting(opened, "three", everybodys=True) == ["a", "b", "c"]


async def test_what_failed_keeps_no_other_waiting_and_is_tried_five_times(opened: Database) -> None:
    await opened.write(keep, "a")
    await opened.write(keep, "b")
    for attempt in range(1, kept.MAX_TRIES + 1):
        (word,) = [one for one in await opened.read(kept.waiting, "one", 9) if one.body["text"] == "a"]
        await opened.write(kept.failed, word, "ValueError")
        assert await waiting(opened) == ["b"]
        found = await opened.read(kept.backlog)
        assert (found.waiting, found.failing) == (1, 1)
        again = await opened.write(kept.try_again)
        assert again == (attempt < kept.MAX_TRIES)
    assert await opened.write(kept.try_again, all_of_them=True) == 1
    assert await waiting(opened) == ["a", "b"]


async def test_words_are_found_by_their_channels_and_those_of_direct_messages_always(
    opened: Database,
) -> None:
    for text, channel in [("a", "C1"), ("b", "C2"), ("c", "D3"), ("d", "C1")]:
        await opened.write(keep, text, channel=channel)
    for channels, texts in [({"C1"}, ["a", "c", "d"]), (set(), ["c"])]:
        assert [word.body["text"] for word in await opened.read(kept.of_channels, channels)] == texts


async def test_words_are_waited_for_a_quarter_of_an_hour(opened: Database, clock: StillClock) -> None:
    assert not await opened.read(kept.any_waiting)
    assert await opened.read(kept.backlog) == Backlog(0, 0, None)
    await opened.write(keep, "a")
    assert await opened.read(kept.any_waiting)
    assert await opened.read(kept.backlog) == Backlog(1, 0, clock.real)
    clock.real += kept.PATIENCE
    assert not await opened.read(kept.any_waiting)
    assert (await opened.read(kept.backlog)).waiting == 1


async def test_a_failing_word_is_not_waited_for(opened: Database) -> None:
    await opened.write(keep, "a")
    (word,) = await opened.read(kept.waiting, "one", 9)
    await opened.write(kept.failed, word, "ValueError")
    assert not await opened.read(kept.any_waiting)
    assert await opened.read(kept.backlog) == Backlog(0, 1, None)
