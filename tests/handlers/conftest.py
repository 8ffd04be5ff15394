"""The small prefecture, on either engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engines import writer_engine
from tests.handlers.prefecture import Prefecture
from tests.kept import keep, put_back


@pytest.fixture
def ken(database_url: str) -> Iterator[Prefecture]:
    """A prefecture with a desk, three talents and two towns."""
    known = put_back(database_url, "the small prefecture")
    engine = writer_engine(database_url)
    found = Prefecture(engine, "T0ASAGI")
    if not known:
        found.set_up()
        engine.dispose()
        keep(database_url, "the small prefecture")
    yield found
    engine.dispose()
