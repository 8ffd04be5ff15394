"""Entries are embedded in the background and found by what they mean; whatever becomes of the embedder, they are found.

What the database does runs on both engines, what the embedder does on one (`screens`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
import structlog
from sqlalchemy import select

from bot import vectors as making
from bot.domain.faq import State, Verb
from bot.embedding.chosen import chosen
from bot.embedding.endpoint import Endpoint
from bot.embedding.guarded import Guarded
from bot.settings import load_settings
from bot.vectors import Vectors
from storage import faq, faq_documents, faq_use, vectors
from storage.database import Database, Transaction
from storage.faq import Entry
from storage.search import Changes, Search
from storage.tables import vectors as table
from tests.bot.embedding.small import make
from tests.bot.embedding.stub import DIMENSIONS, Stub, vector
from tests.conftest import StillClock
from tests.scenarios.story import until
from tests.storage.conftest import opened
from tests.storage.test_faq import WORDS, keep, published

__all__ = ["opened"]

KEY = "sk-very-secret"
OTHERS = ["議会の端末", "庁舎の電話", "給与の計算", "文書の保存", "窓口の番号札", "研修の申込", "会議室の鍵"]


@dataclass
class House:
    """A database with entries, a search over them, and an embedder that a test plays with."""

    database: Database
    stub: Stub
    search: Search
    made: Vectors
    ask: Guarded
    another: Callable[[str], Awaitable[Vectors]]

    async def publish(self, *questions: str) -> list[Entry]:
        def write(tx: Transaction) -> list[Entry]:
            return [
                published(tx, replace(WORDS, question=each, answer="県の担当へ。", tags=()))
                for each in questions
            ]

        found = await self.database.write(write)
        await self.search.catch_up()
        return found

    async def found(self, text: str, sent: str | None = None) -> list[int]:
        hits = await self.search.find(text, sent=text if sent is None else sent)
        return [hit.id for hit in hits if not hit.weak]

    async def rows(self) -> dict[int, bytes]:
        def read(tx: Transaction) -> dict[int, bytes]:
            return {row.entry_id: row.vector for row in tx.connection.execute(select(table))}

        return await self.database.read(read)


@pytest.fixture
async def house(opened: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        stub = await stack.enter_async_context(Stub().serving())
        endpoint = Endpoint(session, stub.url, "small", KEY)
        ask = Guarded(endpoint, patience=5)
        stack.push_async_callback(ask.close)

        async def search_of(name: str) -> Search:
            async def changes(since: int) -> Changes:
                return await opened.read(faq_documents.changes, since)

            return await stack.enter_async_context(Search(tmp_path / name, changes, embed=ask))

        async def another(model: str) -> Vectors:
            embedder = Endpoint(session, stub.url, model)
            return Vectors(opened, embedder, (await search_of(f"index of {model}")).nearness)

        search = await search_of("index")
        made = Vectors(opened, endpoint, search.nearness)
        yield House(opened, stub, search, made, ask, another)


async def test_an_entry_is_found_by_what_it_means_and_nothing_but_what_is_published_is_sent(
    house: House,
) -> None:
    car, *_ = await house.publish("公用車の予約", *OTHERS)
    hidden = await house.database.write(lambda tx: keep(tx, replace(WORDS, question="捨てたい秘密")))
    assert await house.found("出張の足がない") == [], "nothing is embedded yet"
    assert await house.made.catch_up()
    assert len(house.stub.seen) == 1 + len(OTHERS)
    assert not any("秘密" in each for each in house.stub.seen)
    assert await house.found("出張の足がない") == [car.id]
    assert house.stub.seen[-1] == "出張の足がない"
    (hit,) = [hit for hit in await house.search.find("出張の足がない", sent="出張の足") if hit.id == car.id]
    assert not hit.strong, "it is not offered unasked"
    calls = house.stub.calls
    assert await house.found("出張の足がない、浜野です", sent="") == []
    assert house.stub.calls == calls, "what is not given to be sent stays here"
    assert await house.found("公用車") == [car.id]
    assert hidden.id not in await house.rows()


async def test_a_vector_follows_its_entry(house: House) -> None:
    entry, *_ = await house.publish("公用車の予約", *OTHERS)
    await house.made.catch_up()

    async def change(verb: Verb, state: State, *, question: str | None = None) -> None:
        def write(tx: Transaction) -> Entry:
            now = faq.need(tx, entry.id)
            said = replace(now.content, question=question or now.content.question, owner="U3")
            return faq.change(tx, now, verb, "U9", state=state, content=said)

        await house.database.write(write)
        await house.search.catch_up()
        assert await house.made.catch_up()

    calls = house.stub.calls
    await house.database.write(
        lambda tx: faq_use.learn(tx, entry.id, "遠出のしかた", source="search:1", author=None)
    )
    await change(Verb.EDIT, State.PUBLISHED)
    assert house.stub.calls == calls, "only its words make its vector"
    await change(Verb.EDIT, State.PUBLISHED, question="住民票の写し")
    assert house.stub.calls == calls + 1
    assert await house.found("居住の証明") == [entry.id]
    assert await house.found("出張の足") == []
    await change(Verb.ARCHIVE, State.ARCHIVED)
    assert (await house.rows())[entry.id] == b""
    assert len(house.search.nearness) == len(OTHERS)
    await change(Verb.PUBLISH, State.PUBLISHED)
    assert await house.found("居住の証明") == [entry.id]


async def test_another_process_reads_what_this_one_made_and_only_one_makes_it(house: House) -> None:
    await house.publish("公用車の予約", *OTHERS)
    assert await house.database.write(vectors.claim)
    assert not await house.made.catch_up(), "somebody else does it"
    assert house.stub.calls == 0
    await house.database.write(vectors.release)
    assert await house.made.catch_up()
    calls, other = house.stub.calls, await house.another("small")
    assert await other.catch_up()
    assert house.stub.calls == calls
    assert len(other._nearness) == 1 + len(OTHERS)


async def test_a_process_that_was_killed_leaves_its_place_after_a_while(
    house: House, clock: StillClock
) -> None:
    await house.publish(*OTHERS)
    await house.database.write(vectors.claim)
    clock.real += vectors.LEASE
    assert await house.made.catch_up()
    assert len(house.search.nearness) == len(OTHERS)


async def test_another_model_makes_its_own_and_the_former_ones_go_after_a_day(
    house: House, clock: StillClock
) -> None:
    await house.publish(*OTHERS)
    await house.made.catch_up()
    other = await house.another("large")
    assert await other.catch_up()

    async def models() -> list[str]:
        def read(tx: Transaction) -> list[str]:
            return sorted(set(tx.connection.execute(select(table.c.model)).scalars()))

        return await house.database.read(read)

    assert await models() == ["large", "small"]
    clock.real += 2 * vectors.OTHERS_KEPT
    await house.publish("ごみの分別")
    assert await other.catch_up()
    assert await models() == ["large"]


@pytest.mark.screens
async def test_a_model_on_this_machine_does_the_same(house: House, tmp_path: Path) -> None:
    """A small one, whose 公 and 車 mean the same; an entry is as near as it has more of them."""
    other = ("公の電話機", "公の番号札", "公票の端末", "公住の研修", "公票票の鍵", "公住住の話")
    settings = load_settings(_env_file=None, embed_model_dir=make(tmp_path / "small"))
    meant, *_ = await house.publish("公公公公公", *other)

    async def changes(since: int) -> Changes:
        return await house.database.read(faq_documents.changes, since)

    async with chosen(settings) as model:
        assert model is not None
        async with Search(tmp_path / "local", changes, embed=Guarded(model, patience=30)) as search:
            await search.catch_up()
            assert await Vectors(house.database, model, search.nearness).catch_up()
            assert [hit.id for hit in await search.find("車", sent="車") if not hit.weak] == [meant.id]
    assert house.stub.calls == 0


@pytest.mark.screens
@pytest.mark.parametrize("how", ["dead", "refuses", "stumbles", "nonsense"])
async def test_a_bad_day_of_the_embedder_is_said_once_and_made_up_for(
    house: House, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(making, "FIRST_PAUSE", 0.0)
    car, *_ = await house.publish("公用車の予約", *OTHERS)
    house.stub.status = {"dead": 503, "refuses": 400, "stumbles": 500}.get(how, 200)
    house.stub.raw = json.dumps({"data": [{"index": 0, "embedding": ["公"]}]}).encode()
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            assert not await house.made.catch_up()
        assert await house.found("公用車") == [car.id]
        house.stub.status, house.stub.raw = 200, None
        assert await house.made.catch_up()
    said = [each["event"] for each in logs if each.get("log_level") == "warning"]
    assert said == ["entries cannot be embedded now; they are found by words"]
    assert KEY not in str(logs)
    assert "公用車" not in str(logs)
    assert await house.found("出張の足") == [car.id]


@pytest.mark.screens
@pytest.mark.parametrize("refused_with", [400, 500])
async def test_one_entry_that_the_model_does_not_take_keeps_no_other_from_it(
    house: House, refused_with: int
) -> None:
    house.stub.longest, house.stub.refused_with = 300, refused_with
    long = f"図書館の{'長い' * 200}話"
    entry, car, *_ = await house.publish(long, "公用車の予約", *OTHERS)
    with structlog.testing.capture_logs() as logs:
        assert await house.made.catch_up()
        calls = house.stub.calls
        assert await house.made.catch_up()
    assert house.stub.calls == calls, "it is not tried again and again"
    assert "長い" not in str(logs)
    assert await house.found("出張の足") == [car.id]
    assert await house.found("図書館") == [entry.id]
    house.stub.longest = 450
    await house.publish(f"{long}2")
    assert await house.made.catch_up()
    assert len(house.search.nearness) == 2 + len(OTHERS), "the beginning of it is taken"


@pytest.mark.screens
async def test_an_entry_without_a_direction_keeps_no_other_from_it(house: House) -> None:
    house.stub.embed = lambda text: [0.0] * DIMENSIONS if "電話" in text else vector(text)
    car, *_ = await house.publish("公用車の予約", *OTHERS)
    assert await house.made.catch_up()
    assert len(house.search.nearness) == len(OTHERS)
    assert await house.found("出張の足") == [car.id]


@pytest.mark.screens
async def test_a_slow_embedder_keeps_no_search(house: House) -> None:
    car, *_ = await house.publish("公用車の予約", *OTHERS)
    await house.made.catch_up()
    house.ask._patience = 0.05
    house.stub.held.clear()
    loop = asyncio.get_running_loop()
    for n in range(3):
        begun = loop.time()
        assert await house.found(f"公用車{'が' * n}") == [car.id]
        assert loop.time() - begun < 3
    assert house.ask.open
    calls = house.stub.calls
    assert await house.found("公用車") == [car.id]
    assert house.stub.calls == calls


@pytest.mark.screens
async def test_vectors_of_another_length_are_not_compared(house: House) -> None:
    car, *_ = await house.publish("公用車の予約", *OTHERS)
    await house.made.catch_up()
    house.stub.embed = lambda text: [1.0, 2.0]
    assert await house.found("出張の足") == []
    assert await house.found("公用車") == [car.id]


@pytest.mark.screens
async def test_following_goes_on_whatever_happens(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody thought of, then a good day."""
    monkeypatch.setattr(making, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(making, "EVERY_SECONDS", 0.01)
    await house.publish(*OTHERS)
    real, failed = house.search.nearness.take_in, asyncio.Event()

    def fail(rows: object) -> None:
        failed.set()
        monkeypatch.setattr(house.search.nearness, "take_in", real)
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(house.search.nearness, "take_in", fail)
    following = asyncio.create_task(house.made.follow())

    async def all_there() -> bool:
        return failed.is_set() and len(house.search.nearness) == len(OTHERS)

    await until(all_there)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
