"""A database that knows its workspace."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.workspace import save_workspace


@pytest.fixture
async def opened(database: Database) -> Database:
    """The database of a workspace that has been started once."""
    await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/"))
    return database
