"""An index in a temporary directory, fed from memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import pytest

from bot.domain.finding import Document
from storage.search import Changed, Search
from tests.storage.search.feeding import Feed

Open = Callable[..., Awaitable[Search]]
Filled = Callable[..., Awaitable[Search]]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a search on this test's directory, as another process would, or on another one; not in step yet."""
    async with AsyncExitStack() as stack:

        async def open_one(changed: Changed, name: str = "index") -> Search:
            return await stack.enter_async_context(Search(tmp_path / name, changed))

        yield open_one


@pytest.fixture
def filled(opened: Open) -> Filled:
    """Open a search over these entries, each time in a new directory."""
    numbers = count()

    async def fill(*documents: Document) -> Search:
        search = await opened(Feed(*documents), f"index {next(numbers)}")
        assert await search.catch_up()
        return search

    return fill
