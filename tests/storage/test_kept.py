"""What people wrote is kept, taken in once, and waited for."""

from __future__ import annotations

from storage import kept
from storage.database import Database, Transaction
from storage.kept import Backlog, Word
from tests.conftest import StillClock


def keep(tx: Transaction, text: str, *, author: str = "U1", owner: str = "one") -> None:
    kept.keep(tx, author, "written", {"text": text}, owner=owner, reference=f"REF-{text}")


async def waiting(database: Database, owner: str = "one") -> list[str]:
    return [word.body["text"] for word in await database.read(kept.waiting, owner, 32)]


async def test_words_wait_in_their_order_and_are_taken_once(opened: Database) -> None:
    for text in "abc":
        await opened.write(keep, text)
    first, _ = await opened.read(kept.waiting, "one", 2)
    assert first == Word(first.id, "written", {"text": "a"}, "REF-a", 0)
    assert [await opened.write(kept.take, first) for _ in range(2)] == [True, False]
    assert await waiting(opened) == ["b", "c"]


async def test_whoever_holds_a_word_that_is_gone_takes_no_other_for_it(opened: Database) -> None:
    """A number is not given twice, which is not SQLite's custom (sqlite.org/autoinc.html)."""
    await opened.write(keep, "a")
    (held,) = await opened.read(kept.waiting, "one", 32)
    assert await opened.write(kept.take, held)
    await opened.write(keep, "b")
    assert not await opened.write(kept.take, held)
    assert await waiting(opened) == ["b"]


async def test_another_process_adopts_only_what_was_left_behind(opened: Database, clock: StillClock) -> None:
    began = clock.real
    await opened.write(keep, "a", owner="one")
    clock.real += kept.LEFT_BEHIND
    await opened.write(keep, "b", owner="one")
    await opened.write(keep, "c", owner="two")
    assert await opened.read(kept.anything_left, "two", began)
    assert await opened.write(kept.adopt, "two", began, 32) == 1
    assert not await opened.read(kept.anything_left, "two", began)
    assert await waiting(opened, "two") == ["a", "c"]
    assert await waiting(opened, "one") == ["b"]
    assert [await opened.write(kept.adopt, "three", clock.real, 2) for _ in range(3)] == [2, 1, 0]
    assert await waiting(opened, "three") == ["a", "b", "c"]


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


async def test_words_are_found_by_who_said_them(opened: Database) -> None:
    for text, author in [("a", "U1"), ("b", "U2"), ("c", "U3"), ("d", "U1")]:
        await opened.write(keep, text, author=author)
    for people, texts in [({"U1", "U3"}, ["a", "c", "d"]), (set(), [])]:
        found = await opened.read(kept.of_people, people, 9)
        assert [word.body["text"] for word in found] == texts
    assert len(await opened.read(kept.of_people, {"U1"}, 1)) == 1


async def test_whether_words_wait(opened: Database, clock: StillClock) -> None:
    assert not await opened.read(kept.any_waiting)
    assert await opened.read(kept.backlog) == Backlog(0, 0, None)
    await opened.write(keep, "a")
    assert await opened.read(kept.any_waiting)
    assert await opened.read(kept.backlog) == Backlog(1, 0, clock.real)


async def test_a_failing_word_is_not_waited_for(opened: Database) -> None:
    await opened.write(keep, "a")
    (word,) = await opened.read(kept.waiting, "one", 9)
    await opened.write(kept.failed, word, "ValueError")
    assert not await opened.read(kept.any_waiting)
    assert await opened.read(kept.backlog) == Backlog(0, 1, None)
