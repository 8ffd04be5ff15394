"""The small prefecture, on either engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engines import writer_engine
from tests.handlers.prefecture import Prefecture


@pytest.fixture
def ken(database_url: str) -> Iterator[Prefecture]:
    """A prefecture with a desk, three talents and two towns."""
    engine = writer_engine(database_url)
    yield Prefecture(engine, "T0ASAGI")
    engine.dispose()
