"""An address that embeds: what is sent, and every way in which it does not answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.embedding import Embedder, EmbedderAway, TextRefused, Vector
from bot.embedding.endpoint import Endpoint, read_answer
from bot.embedding.guarded import AT_ONCE, FIRST_LOOK, IN_A_ROW, Guarded
from tests.bot.embedding.stub import Stub, vector
from tests.digits import NUMBER

KEY = "sk-very-secret"


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with Stub().serving() as serving:
        yield serving


@pytest.fixture
async def endpoint(stub: Stub) -> AsyncIterator[Endpoint]:
    async with aiohttp.ClientSession() as session:
        yield Endpoint(session, stub.url, "small", KEY, ("query: ", "passage: "))


async def test_each_text_gets_its_vector_with_what_the_model_wants_before_it(
    stub: Stub, endpoint: Endpoint
) -> None:
    found = await endpoint.embed(["公用車", "住民票"])
    assert found == [vector("passage: 公用車"), vector("passage: 住民票")]
    assert await endpoint.embed(["出張の足"], asked=True) == [vector("query: 出張の足")]
    await endpoint.embed([f"番号は{NUMBER}です"])
    assert "番号は" in stub.seen[-1]
    assert NUMBER not in stub.seen[-1]
    assert stub.keys == {f"Bearer {KEY}"}
    assert endpoint.name == "small|passage: "


@pytest.mark.parametrize("status", [301, 307, 401, 429, 503])
async def test_what_is_no_answer_is_nobodys_vector_and_is_not_followed(
    stub: Stub, endpoint: Endpoint, status: int
) -> None:
    stub.status = status
    with pytest.raises(EmbedderAway, match=f"^http_{status}$"):
        await endpoint.embed(["公用車"])
    assert stub.calls == 1


async def test_a_text_that_is_refused_is_told_from_a_model_that_is_away(
    stub: Stub, endpoint: Endpoint
) -> None:
    stub.longest = 20
    with pytest.raises(TextRefused):
        await endpoint.embed(["あ" * 30])
    stub.longest = 10_000
    stub.port, port = 9, stub.port
    async with aiohttp.ClientSession() as session:
        with pytest.raises(EmbedderAway, match=r"^ClientConnectorError$"):
            await Endpoint(session, stub.url, "small").embed(["公用車"])
    stub.port = port


GOOD = {"index": 0, "embedding": [1, 2.5]}


@pytest.mark.parametrize(
    "data",
    [
        [],
        [GOOD, GOOD],
        [{"index": 1, "embedding": [1]}],
        [{"index": [], "embedding": [1]}],
        [{"index": 0, "embedding": []}],
        [{"index": 0, "embedding": [0, 0]}],
        [{"index": 0, "embedding": [1, None]}],
        [{"index": 0, "embedding": [True]}],
        [{"index": 0, "embedding": ["1"]}],
        [{"index": 0, "embedding": [float("nan")]}],
        [{"index": 0, "embedding": [float("inf"), 1]}],
        [{"index": 0, "embedding": [10**400]}],
        [{"index": 0, "embedding": "AAAA"}],
        [{"index": 0, "embedding": [1] * 9000}],
        {"index": 0},
        None,
    ],
)
def test_nonsense_is_no_vector(data: Any) -> None:
    with pytest.raises((EmbedderAway, TextRefused)):
        read_answer(json.dumps({"data": data}).encode(), 1)


def test_vectors_of_different_lengths_are_none() -> None:
    data = [GOOD, {"index": 1, "embedding": [1, 2, 3]}]
    with pytest.raises(TextRefused):
        read_answer(json.dumps({"data": data}).encode(), 2)


@settings(max_examples=30)
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_whatever_bytes_come_nothing_else_is_raised(raw: bytes) -> None:
    with pytest.raises((EmbedderAway, TextRefused)):
        read_answer(raw, 1)


# --- nobody waits -----------------------------------------------------------------------------------------------


class Moods:
    """An embedder whose answers a test lets go."""

    name = "moods"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.error: Exception | None = None
        self.let_go, self.busy = asyncio.Event(), asyncio.Event()

    async def embed(self, texts: list[str], *, asked: bool = False) -> list[Vector]:
        self.asked += texts
        if len(self.asked) >= AT_ONCE:
            self.busy.set()
        await self.let_go.wait()
        if self.error is not None:
            raise self.error
        return [[1.0, 2.0] for _ in texts]


class Hours:
    """A clock that stands still."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def moods() -> Moods:
    return Moods()


def guarded(moods: Any, hours: Hours, patience: float = 0.02) -> Guarded:
    embedder: Embedder = moods
    return Guarded(embedder, patience, hours)


async def test_after_three_that_were_too_slow_nobody_waits_until_it_is_well_again(moods: Moods) -> None:
    hours = Hours()
    ask = guarded(moods, hours)
    for n in range(IN_A_ROW):
        assert await ask(f"問い{n}") is None
        assert await ask(f"問い{n}") is None, "who narrows what they looked for does not wait again"
        assert ask._failed == n + 1
    assert ask.open
    asked = list(moods.asked)
    assert await ask("ほかの問い") is None
    assert moods.asked == asked, "nothing is sent while it is away"
    moods.let_go.set()
    await asyncio.gather(*ask._under_way.values())
    assert await ask("問い0") == [1.0, 2.0], "what came late is there when the same is looked for"
    hours.at += FIRST_LOOK
    assert await ask("ほかの問い") is None, "nobody waits for the look either"
    await asyncio.gather(*ask._under_way.values())
    await asyncio.sleep(0)
    assert not ask.open
    assert "ほかの問い" not in moods.asked, "what was typed is not what we look with"
    assert await ask("ほかの問い") == [1.0, 2.0]
    await ask.close()


async def test_a_look_that_fails_is_followed_by_a_later_one(moods: Moods) -> None:
    moods.let_go.set()
    moods.error = EmbedderAway("http_500")
    hours = Hours()
    ask = guarded(moods, hours, patience=5)
    for n in range(IN_A_ROW):
        assert await ask(f"問い{n}") is None
    looks = []
    for _ in range(100):
        before = len(moods.asked)
        await ask("問い")
        await asyncio.sleep(0)
        await asyncio.gather(*ask._under_way.values(), return_exceptions=True)
        if len(moods.asked) > before:
            looks.append(hours.at)
        hours.at += 5
    assert looks == [15, 30, 60, 120, 240, 480]
    assert ask.open


async def test_an_answer_to_a_look_is_as_late_as_the_first_one_that_waits_for_it(moods: Moods) -> None:
    hours = Hours()
    ask = guarded(moods, hours)
    for n in range(IN_A_ROW):
        await ask(f"問い{n}")
    for _ in range(5):
        hours.at += FIRST_LOOK
        await ask("問い")
    moods.let_go.set()
    await asyncio.gather(*ask._under_way.values())
    await asyncio.sleep(0)
    assert len(moods.asked) == IN_A_ROW + 1
    assert ask.open, "it took a minute"


async def test_a_refused_text_among_others_says_nothing_and_many_in_a_row_do(moods: Moods) -> None:
    moods.let_go.set()
    ask = guarded(moods, Hours(), patience=5)
    for n in range(2 * IN_A_ROW):
        moods.error = TextRefused("http_400")
        assert await ask(f"問い{n}") is None
        moods.error = None
        assert await ask(f"よい問い{n}") == [1.0, 2.0]
    assert not ask.open
    moods.error = TextRefused("http_400")
    for n in range(IN_A_ROW):
        assert await ask(f"悪い問い{n}") is None
    assert ask.open, "a model that takes nothing is not waited for either"


async def test_the_same_is_asked_once_and_no_more_than_a_few_at_once(moods: Moods) -> None:
    ask = guarded(moods, Hours(), patience=5)
    same = [asyncio.create_task(ask("同じ")) for _ in range(3)]
    others = [asyncio.create_task(ask(f"問い{n}")) for n in range(AT_ONCE + 1)]
    await moods.busy.wait()
    moods.let_go.set()
    assert await asyncio.gather(*same) == [[1.0, 2.0]] * 3
    assert (await asyncio.gather(*others)).count(None) == 2
    assert len(moods.asked) == AT_ONCE
    await ask.close()
