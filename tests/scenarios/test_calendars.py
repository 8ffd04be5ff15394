"""What people take into their own calendars, through the wire: the file by direct message, and an address over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from ical.calendar_stream import IcsCalendarStream
from structlog.testing import capture_logs

from bot.app import Banso
from sandbox.client import Person, Shown
from storage import duties
from tests.scenarios.conftest import Town
from tests.scenarios.story import settled, until
from tests.scenarios.test_clock import TOKYO
from tests.scenarios.test_forged import pressed, send
from tests.scenarios.test_home import home
from tests.scenarios.test_http_mode import address as bot_address
from tests.scenarios.test_rota import planned
from tests.scenarios.test_study import registers

HERE = "http://127.0.0.1:0"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/calendar/[\w-]{55}\.ics")
Answer = tuple[int, str, Mapping[str, str]]


async def fetch(url: str, **headers: str) -> Answer:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers


def titles(content: str) -> dict[str, Any]:
    found = IcsCalendarStream.calendar_from_ics(content).events
    return {f"{each.dtstart:%m-%d} {each.summary}": each for each in found}


async def subscribes(town: Town, who: Person, button: str = "購読用のアドレスを作る") -> str:
    """Open the dialog from Home and make an address."""
    await home(town, who)
    await who.clicks("カレンダーに入れる", on="home")
    await who.view(title="カレンダーに入れる")
    await who.clicks(button, on="view")
    shown = await who.view(title="購読用のアドレス")
    found = ADDRESS.search(shown.words)
    assert found is not None
    await who.closes(everything=True)
    return found.group()


async def files(who: Person) -> list[Shown]:
    shown = [each for each in await (await who.dm()).messages() if each.by_bot]
    return [each for each in shown if each.get("files")]


async def test_a_rota_at_an_address_follows_what_happens(town: Town) -> None:
    with capture_logs() as logs:
        async with town.bot(public_url=HERE) as banso:
            await planned(town, banso)
            await registers(town, town.coordinator)
            url = await subscribes(town, town.talent)
            status, content, headers = await fetch(url)
            assert (status, headers["Cache-Control"]) == (200, "private, max-age=300")
            before = titles(content)
            assert "12-24 第1回 アドバイザー勉強会" in before
            assert [each for each in before if "毎日の当番" in each][:2] == [
                "11-24 毎日の当番",
                "11-25 毎日の当番",
            ]
            assert not any("控え" in each for each in before)
            assert (await fetch(url, **{"If-None-Match": headers["ETag"]}))[:2] == (304, "")

            gone = [
                each
                for each in await banso.database.read(duties.shifts)
                if each.user_id == town.talent.id and each.starts.astimezone(TOKYO).day == 25
            ]
            await banso.database.write(duties.cancel, [each.id for each in gone])
            status, content, _ = await fetch(url, **{"If-None-Match": headers["ETag"]})
            assert status == 200
            event = titles(content)["11-25 毎日の当番"]
            assert event.uid == before["11-25 毎日の当番"].uid
            assert (event.sequence, event.status.value) == (1, "CANCELLED")

            again = await subscribes(town, town.talent, "作り直す")
            assert (await fetch(url))[0] == 404
            assert (await fetch(again))[0] == 200
            await town.talent.deactivates()

            async def stopped() -> bool:
                return (await fetch(again))[0] == 404

            await until(stopped)
    assert url.rpartition("/")[2][:12] not in json.dumps(logs, default=repr)


async def test_the_file_comes_by_direct_message_and_nobody_else_learns_of_it(town: Town) -> None:
    async with town.bot() as banso:
        await planned(town, banso)
        await town.second.runs("/banso", "カレンダー", channel=town.other)
        shown = await town.second.view(title="カレンダーに入れる")
        assert "アドレス" not in shown.words
        assert "全員の当番" not in shown.words
        await town.second.clicks("ファイルでもらう", on="view")
        assert "送ります" in (await town.second.view(title="カレンダーに入れる")).words

        async def there() -> bool:
            return bool(await files(town.second))

        await until(there, within=60)
        await settled(town, banso)
        (message,) = await files(town.second)
        (file,) = message["files"]
        assert file["name"].endswith(".ics")
        bearer = {"Authorization": f"Bearer {town.sandbox.bot_token}"}
        async with aiohttp.ClientSession() as session:
            async with session.get(file["url_private"], headers=bearer) as answer:
                content = await answer.text()
        assert "11-24 毎日の当番(控え)" in titles(content)
        assert await files(town.talent) == []


@pytest.mark.screens
async def test_what_each_may_take_along(town: Town) -> None:
    async with town.bot(slack_app_token=None, public_url=HERE) as banso:
        assert await town.ws.request_url(bot_address(banso))
        await planned(town, banso)
        assert "カレンダーに入れる" not in (await home(town, town.asker)).buttons
        await registers(town, town.coordinator)
        assert "カレンダーに入れる" in (await home(town, town.asker)).buttons
        await town.asker.clicks("カレンダーに入れる", on="home")
        shown = await town.asker.view(title="カレンダーに入れる")
        assert "勉強会の予定を" in shown.words
        assert "当番" not in shown.words
        await town.coordinator.runs("/banso", "カレンダー", channel=town.channel)
        assert "全員の当番" in (await town.coordinator.view(title="カレンダーに入れる")).words
        await forged(town, banso)


async def forged(town: Town, banso: Banso) -> None:
    """Payloads that Slack would not send, or of people who may not."""
    for action, value, user in (
        ("calendars_make", "rota", town.asker.id),
        ("calendars_file", "rota", town.talent.id),
        ("calendars_make", "everything", town.coordinator.id),
        ("calendars_revoke", "", town.coordinator.id),
    ):
        payload = {**pressed(town, action, value, user), "view": {"id": "V1", "type": "modal"}}
        status, _, logs = await send(town, banso, payload)
        assert status == 200
        assert logs
    assert await files(town.talent) == []
