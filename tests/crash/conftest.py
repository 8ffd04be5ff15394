"""A small workspace for each test, and the bot as a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.crash.place import Place, place
from benchmarks.nursery import Nursery


@pytest.fixture
async def here(database_url: str, tmp_path: Path, nursery: Nursery) -> AsyncIterator[Place]:
    """A workspace in Socket Mode whose Slack behaves well until told otherwise."""
    async with place(database_url, "socket", tmp_path, nursery) as found:
        yield found
