"""The index follows the database, across processes, and can be thrown away."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from functools import partial
from pathlib import Path

import pytest

from benchmarks.machine import until
from bot.domain.finding import Document
from bot.errors import DatabaseUnavailable
from storage.search import Changes, Search, place, searching, shelf
from storage.search.analysis import Analyser
from storage.search.generation import Generation, create
from tests.storage.search.conftest import Open
from tests.storage.search.feeding import PORTION, Feed, entry

MANY = [entry(n, f"図書館の利用 {n}") for n in range(1, 3 * PORTION + 1)]


async def found(search: Search, text: str) -> set[int]:
    return {hit.id for hit in await search.find(text) if not hit.weak}


def generations(directory: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[2] for path in (directory / "index").iterdir())


async def test_everything_is_taken_in_portion_by_portion(opened: Open, tmp_path: Path) -> None:
    feed = Feed(*MANY)
    search = await opened(feed)
    assert await search.find("図書館") == []
    assert not search.ready
    assert await search.catch_up()
    assert feed.asked == [0, 3, 6, 9]
    assert search.ready
    assert len(await search.find("図書館")) == len(MANY)
    assert generations(tmp_path) == ["1", "1.complete"]


async def test_of_many_entries_several_portions_are_written_at_once(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LARGE", PORTION)
    monkeypatch.setattr(searching, "AT_ONCE", 2 * PORTION)
    feed = Feed(*MANY)
    search = await opened(feed)
    assert await search.catch_up()
    assert feed.asked == [0, 3, 6, 9, 9]
    assert len(await search.find("図書館")) == len(MANY)
    pieces = {path.stem.partition(".")[0] for path in (tmp_path / "index").glob("*-1/*.store")}
    assert len(pieces) == 2


async def test_changes_and_archived_entries_are_followed(opened: Open) -> None:
    feed = Feed(entry(1, "住民票"), entry(2, "印鑑"))
    search = await opened(feed)
    await search.catch_up()
    feed.put(entry(1, "戸籍"))
    feed.archive(2)
    feed.put(entry(3, "納税"))
    assert await found(search, "住民票") == {1}
    await search.catch_up()
    assert [await found(search, text) for text in ("住民票", "戸籍", "印鑑", "納税")] == [
        set(),
        {1},
        set(),
        {3},
    ]
    feed.put(entry(2, "印鑑"))
    await search.catch_up()
    assert await found(search, "印鑑") == {2}


async def test_an_index_of_nothing_is_ready(opened: Open) -> None:
    search = await opened(Feed())
    assert await search.catch_up()
    assert search.ready
    assert await search.find("何か") == []


async def test_what_one_process_wrote_another_finds_and_writes_no_more(opened: Open) -> None:
    feed = Feed(*MANY)
    one, two = await opened(feed), await opened(feed)
    await one.catch_up()
    feed.asked.clear()
    assert await two.catch_up()
    assert feed.asked == [len(MANY)]
    assert len(await two.find("図書館")) == len(MANY)
    feed.put(entry(99, "新しい図書館"))
    await one.catch_up()
    await two.catch_up()
    assert 99 in await found(two, "新しい")


async def test_many_that_start_at_once_make_one_index(opened: Open, tmp_path: Path) -> None:
    feed = Feed(*MANY)
    searches = [await opened(feed) for _ in range(6)]
    await asyncio.gather(*(search.catch_up() for search in searches))
    for search in searches:
        assert await search.catch_up()
        assert len(await search.find("図書館")) == len(MANY)
    assert generations(tmp_path) == ["1", "1.complete"]


async def test_while_somebody_writes_others_search_and_leave_it_to_them(opened: Open, tmp_path: Path) -> None:
    feed = Feed(*MANY)
    search = await opened(feed)
    await search.catch_up()
    feed.put(entry(99, "新しい図書館"))
    other = shelf.Shelf(tmp_path / "index").look()
    writer = other._index.writer(15_000_000, 1)
    try:
        assert not await search.catch_up()
        assert len(await search.find("図書館")) == len(MANY)
    finally:
        writer.wait_merging_threads()
    assert await search.catch_up()
    assert 99 in await found(search, "新しい")


def test_nothing_newer_is_undone_by_what_was_read_before(tmp_path: Path) -> None:
    """Two processes read the database, and the one that read first writes last."""
    create(tmp_path)
    late, early = Generation(tmp_path, Analyser()), Generation(tmp_path, Analyser())
    before = Document(1, "住民票", "", (), None, "faq", 1)
    assert early.take_in(
        [Document(1, "戸籍", "", (), None, "faq", 2), Document(2, "印鑑", "", (), None, "faq", 3)]
    )
    assert late.take_in([before])
    assert late.applied == 3
    assert [hit.id for hit in late.find("戸籍", field_id=None, kind=None, most=9)] == [1]
    assert late.find("住民票", field_id=None, kind=None, most=9) == []


async def test_a_database_from_a_backup_makes_the_index_anew(opened: Open, tmp_path: Path) -> None:
    search = await opened(Feed(*MANY, entry(99, "印鑑")))
    await search.catch_up()
    restored = await opened(Feed(entry(1, "住民票")))
    assert await restored.catch_up()
    assert await found(restored, "図書館") == set()
    assert await found(restored, "住民票") == {1}
    assert generations(tmp_path) == ["2", "2.complete"]


def test_whoever_notices_late_begins_nothing_more(tmp_path: Path) -> None:
    mine, others = shelf.Shelf(tmp_path / "index"), shelf.Shelf(tmp_path / "index")
    first = mine.look()
    for _ in range(2):
        others.renew(others.look())
    others.complete(others.look())
    mine.renew(first)
    assert generations(tmp_path) == ["3", "3.complete"]
    assert mine.look().path == others.look().path


async def test_the_old_index_is_asked_until_the_new_one_is_complete(opened: Open, tmp_path: Path) -> None:
    await (await opened(Feed(*MANY, entry(99, "印鑑")))).catch_up()
    before, seen = Feed(*MANY[:7]), []

    async def watched(since: int) -> Changes:
        seen.append((since, await found(search, "印鑑"), search.ready))
        return await before(since)

    search = await opened(watched)
    assert await search.catch_up()
    assert [(since, ids, ready) for since, ids, ready in seen if since < 10] == [
        (0, {99}, True),
        (3, {99}, True),
        (6, {99}, True),
        (7, {99}, True),
    ]
    assert await found(search, "印鑑") == set()
    assert len(await search.find("図書館")) == 7


@pytest.mark.parametrize("end", [".store", "meta.json", ".managed.json"])
@pytest.mark.parametrize("harm", [b"", b"\x00garbage" * 40, None])
async def test_a_damaged_index_is_made_anew(
    opened: Open, tmp_path: Path, end: str, harm: bytes | None
) -> None:
    feed = Feed(*MANY)
    await (await opened(feed)).catch_up()
    for path in (tmp_path / "index").glob(f"*/*{end}"):
        path.unlink()
        if harm is not None:
            path.write_bytes(harm)
    search = await opened(feed)
    assert await search.catch_up()
    assert len(await search.find("図書館")) == len(MANY)


async def test_an_index_that_is_deleted_under_us_is_made_anew(opened: Open, tmp_path: Path) -> None:
    search = await opened(Feed(*MANY))
    await search.catch_up()
    shutil.rmtree(tmp_path / "index")
    assert len(await search.find("図書館")) == len(MANY)
    assert await search.catch_up()
    assert len(await search.find("図書館")) == len(MANY)
    assert generations(tmp_path) == ["1", "1.complete"]


async def test_another_recipe_has_an_index_of_its_own_and_the_old_one_goes_after_a_day(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed(*MANY)
    old = await opened(feed)
    await old.catch_up()
    monkeypatch.setattr(shelf, "recipe", lambda: "2.20990101")
    await (await opened(feed)).catch_up()
    names = {path.name for path in (tmp_path / "index").iterdir()}
    assert {"2.20990101-1", "2.20990101-1.complete"} < names
    assert len(names) == 4
    assert await old.catch_up()
    day_before = time.time() - 25 * 3600
    for path in (tmp_path / "index").rglob("*"):
        os.utime(path, (day_before, day_before))
    monkeypatch.setattr(shelf, "recipe", lambda: "3.20990101")
    await (await opened(feed)).catch_up()
    assert {path.name for path in (tmp_path / "index").iterdir()} == {"3.20990101-1", "3.20990101-1.complete"}


async def test_following_takes_in_what_changes_and_outlives_trouble(opened: Open) -> None:
    feed, troubles = Feed(*MANY), [DatabaseUnavailable(), OSError("disk full"), ValueError("index")]

    async def troubled(since: int) -> Changes:
        if troubles:
            raise troubles.pop()
        return await feed(since)

    search = await opened(troubled)
    following = asyncio.create_task(search.follow())
    try:
        for left in (2, 1, 0):
            search.wake()
            await until("trouble", partial(lambda most: len(troubles) <= most, left), 20)
        await until("ready", lambda: search.ready, 20)
        feed.put(entry(99, "新しい図書館"))
        search.wake()
        await until("in step", lambda: feed.asked[-1] == feed.newest, 20)
        assert 99 in await found(search, "新しい")
        assert not following.done()
    finally:
        following.cancel()


async def test_following_looks_by_itself_for_what_others_changed(opened: Open) -> None:
    feed = Feed(entry(1, "住民票"))
    search = await opened(feed)
    following = asyncio.create_task(search.follow())
    try:
        await until("ready", lambda: search.ready, 20)
        feed.put(entry(2, "印鑑"))
        await until("in step", lambda: feed.asked[-1] == feed.newest, 20)
        assert await found(search, "印鑑") == {2}
    finally:
        following.cancel()


@pytest.mark.parametrize(
    ("url", "directory", "expected"),
    [
        ("sqlite:////srv/banso.sqlite3", None, "/srv/banso.sqlite3.search"),
        ("sqlite:////srv/banso.sqlite3", Path("/ssd"), "/ssd"),
        ("postgresql://banso:secret@db/banso", None, "var/search"),
        ("postgresql+psycopg://banso@/banso?host=db1:5432&host=db2:5432", Path("/ssd"), "/ssd"),
    ],
)
def test_where_the_index_lies(url: str, directory: Path | None, expected: str) -> None:
    assert place(url, "T1", directory).parent == Path(expected)


def test_each_database_and_workspace_has_its_own_place_whatever_the_password() -> None:
    urls = [
        "sqlite:///a",
        "sqlite:///b",
        "postgresql://u:p@h/a",
        "postgresql://u:p@h/b",
        "postgresql://u:p@g/a",
    ]
    places = {place(url, workspace, Path("x")) for url in urls for workspace in ("T1", "T2")}
    assert len(places) == 2 * len(urls)
    assert place("postgresql://u:other@h/a", "T1", Path("x")) == place(urls[2], "T1", Path("x"))
