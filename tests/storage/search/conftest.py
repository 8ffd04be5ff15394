"""An index in a temporary directory, fed from memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.domain.finding import Document
from storage.search import Changed, Search
from tests.storage.search.feeding import Feed

Open = Callable[[Changed], Awaitable[Search]]
Filled = Callable[..., Awaitable[Search]]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a search on this test's directory, as another process would; not in step yet."""
    async with AsyncExitStack() as stack:

        async def open_one(changed: Changed) -> Search:
            return await stack.enter_async_context(Search(tmp_path / "index", changed))

        yield open_one


@pytest.fixture
def filled(opened: Open) -> Filled:
    """Open a search over these entries."""

    async def fill(*documents: Document) -> Search:
        search = await opened(Feed(*documents))
        assert await search.catch_up()
        return search

    return fill
