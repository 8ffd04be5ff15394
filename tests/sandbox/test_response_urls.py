"""Answers through a response_url. Source: docs.slack.dev/interactivity/handling-user-interaction, "Message responses"."""

from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person
from sandbox.responses import SECONDS, USES
from tests.sandbox.apps import Heard, card
from tests.sandbox.kit import mrkdwn, section
from tests.sandbox.later import Later


async def test_the_response_url_answers_the_person_alone(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession
) -> None:
    """Ephemeral unless in_channel; replace_original and delete_original change the message pressed on."""
    shown = await card(slack, desk)
    await town.clicks("対応します")
    (body,) = await heard.count(1)
    url = body["response_url"]
    assert await respond(http, url, text="あなただけに") == (200, None)
    assert [each.text for each in await town.ephemerals(desk)] == ["あなただけに"]
    await respond(http, url, text="みなさんへ", response_type="in_channel")
    await desk.shows("みなさんへ")
    await respond(http, url, text="対応中", replace_original=True)
    await desk.changed(shown, "対応中")
    await respond(http, url, delete_original=True)
    await desk.no_longer_shows("対応中")


async def respond(http: aiohttp.ClientSession, url: str, **body: Any) -> tuple[int, str | None]:
    """Post to a response_url; return the status and the error, if any."""
    async with http.post(url, json=body) as answer:
        try:
            return answer.status, (await answer.json()).get("error")
        except aiohttp.ContentTypeError:
            return answer.status, None


async def test_a_response_url_works_five_times(
    desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession
) -> None:
    """ "up to 5 times"."""
    assert USES == 5
    await town.runs("/soudan", "", desk)
    (body,) = await heard.count(1)
    for _ in range(5):
        assert (await respond(http, body["response_url"], text="はい"))[0] == 200
    assert await respond(http, body["response_url"], text="いいえ") == (404, "used_url")
    assert len(await town.ephemerals(desk)) == 5


async def test_a_response_url_works_for_half_an_hour(
    desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession, later: Later
) -> None:
    """ "within 30 minutes"."""
    assert SECONDS == 1800
    await town.runs("/soudan", "", desk)
    (body,) = await heard.count(1)
    later.passes(1790)
    assert (await respond(http, body["response_url"], text="はい"))[0] == 200
    later.passes(11)
    assert await respond(http, body["response_url"], text="いいえ") == (404, "expired_url")


async def test_a_response_is_checked_as_a_message_is(
    desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession
) -> None:
    await town.runs("/soudan", "", desk)
    (body,) = await heard.count(1)
    url = body["response_url"]
    assert (await respond(http, url, text="x", blocks=[section(mrkdwn(""))]))[1] == "invalid_blocks"
    assert (await respond(http, url))[1] == "no_text"
    assert await town.ephemerals(desk) == []
