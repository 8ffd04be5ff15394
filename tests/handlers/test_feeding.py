"""How often an address is read, and that it is cheap when nothing changed."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import ics
from bot.metrics import Metrics
from handlers.calendars import taking, tokens
from handlers.calendars.feeding import OWN, UNKNOWN, Feeds
from handlers.calendars.tokens import Token
from handlers.common.doors import Visitor
from handlers.common.services import Services
from storage.database import Database
from storage.members import save_members
from storage.workspace import save_workspace
from tests.conftest import StillClock

URL = "https://banso.example.jp"


class Seconds:
    """Real time that stands still until a test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def feeds(database: Database, seconds: Seconds) -> Feeds:
    await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url=""))
    row = {"user_id": "U1", "name": "森脇", "permission": "talent"}
    await database.write(save_members, [row])
    return Feeds(Services(database, AsyncWebClient(), "U0", Metrics()), seconds)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


async def made(database: Database) -> Token:
    token = tokens.new()
    await database.write(taking.make, Visitor("U1", ""), "mine", token, URL)
    return token


async def test_what_is_known_already_is_not_written_again(
    feeds: Feeds, database: Database, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await made(database)
    first = await feeds.fetch(str(token))
    assert first.status == 200
    assert first.body.startswith(b"BEGIN:VCALENDAR")
    monkeypatch.setattr(ics, "write", None)
    clock.business = clock.business.replace(hour=9)
    again = await feeds.fetch(str(token), {first.mark})
    assert (again.status, again.body, again.mark) == (304, b"", first.mark)


async def test_revoked_it_is_gone_at_once(feeds: Feeds, database: Database) -> None:
    token = await made(database)
    mark = (await feeds.fetch(str(token))).mark
    await database.write(taking.revoke, Visitor("U1", ""), "mine", URL)
    assert (await feeds.fetch(str(token), {mark})).status == 404


async def test_who_guesses_is_slowed_down_and_who_has_an_address_is_not(
    feeds: Feeds, database: Database, seconds: Seconds
) -> None:
    token = await made(database)
    assert (await feeds.fetch(str(token))).status == 200
    answers = [(await feeds.fetch(str(tokens.new()))).status for _ in range(UNKNOWN[0])]
    assert answers == [404] * (UNKNOWN[0] - 1) + [429]
    assert (await feeds.fetch(str(token))).status == 200
    assert (await feeds.fetch("x" * 54)).status == 404
    seconds.now += 1.1
    assert (await feeds.fetch(str(tokens.new()))).status == 404


async def test_one_feed_read_too_often_waits(feeds: Feeds, database: Database, seconds: Seconds) -> None:
    token = await made(database)
    answers = [await feeds.fetch(str(token)) for _ in range(OWN[0] + 2)]
    assert answers[-1].status == 429
    assert 1 <= answers[-1].wait <= 30
    seconds.now += answers[-1].wait
    assert (await feeds.fetch(str(token))).status == 200
