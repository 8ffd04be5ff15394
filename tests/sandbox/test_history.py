"""Reading back: conversations.history and replies, lists with cursors, metadata on request."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import Json
from tests.sandbox.test_calls import refusal

META: Json = {"event_type": "banso_card", "event_payload": {"id": "k1", "number": 3}}


async def post(slack: AsyncWebClient, channel: Channel, count: int, **more: Any) -> list[str]:
    """Post that many messages and return their stamps."""
    return [
        (await slack.chat_postMessage(channel=channel.id, text=f"文{number}", **more))["ts"]
        for number in range(count)
    ]


@pytest.fixture(autouse=True)
async def unlimited(ws: Workspace) -> None:
    """These tests post faster than Slack allows."""
    await ws.limits("off")


@pytest.fixture
async def quiet_room(ws: Workspace) -> Channel:
    """A channel in which even the line that the bot has joined is gone."""
    return await ws.channel("静か")


async def test_history_is_newest_first_and_without_replies(slack: AsyncWebClient, desk: Channel) -> None:
    """Page conversations.history."""
    stamps = await post(slack, desk, 3)
    await slack.chat_postMessage(channel=desk.id, text="返信", thread_ts=stamps[0])
    body = await slack.conversations_history(channel=desk.id, limit=3)
    assert [each["ts"] for each in body["messages"]] == stamps[::-1]
    parent = body["messages"][-1]
    assert (parent["reply_count"], parent["reply_users_count"]) == (1, 1)


async def test_history_comes_in_pages(slack: AsyncWebClient, desk: Channel) -> None:
    """Page pagination: next_cursor until there is none, has_more in between."""
    stamps = await post(slack, desk, 5)
    seen, cursor, more = [], None, []
    while cursor != "":
        body = await slack.conversations_history(
            channel=desk.id, limit=2, cursor=cursor, oldest=stamps[0], inclusive=True
        )
        seen += [each["ts"] for each in body["messages"]]
        more.append(body["has_more"])
        cursor = (body.get("response_metadata") or {}).get("next_cursor", "")
    assert seen == stamps[::-1]
    assert more == [True, True, False]


async def test_history_between_two_times(slack: AsyncWebClient, desk: Channel) -> None:
    """Page conversations.history: oldest and latest, `inclusive` for the ends themselves."""
    stamps = await post(slack, desk, 5)
    ends: Json = {"channel": desk.id, "oldest": stamps[1], "latest": stamps[3]}
    body = await slack.conversations_history(**ends)
    assert [each["ts"] for each in body["messages"]] == [stamps[2]]
    body = await slack.conversations_history(**ends, inclusive=True)
    assert [each["ts"] for each in body["messages"]] == stamps[3:0:-1]


async def test_replies_begin_with_the_parent_and_come_in_pages(slack: AsyncWebClient, desk: Channel) -> None:
    """Page conversations.replies: oldest first."""
    (parent,) = await post(slack, desk, 1)
    stamps = [parent, *await post(slack, desk, 5, thread_ts=parent)]
    seen, cursor = [], None
    while cursor != "":
        body = await slack.conversations_replies(channel=desk.id, ts=parent, limit=3, cursor=cursor)
        seen += [each["ts"] for each in body["messages"]]
        cursor = (body.get("response_metadata") or {}).get("next_cursor", "")
    assert seen == stamps
    assert all(each["thread_ts"] == parent for each in body["messages"])


async def test_a_thread_that_is_not_there(slack: AsyncWebClient, desk: Channel) -> None:
    """Error thread_not_found; a lone message is a thread of one."""
    assert await refusal(slack.conversations_replies(channel=desk.id, ts="1.000001")) == "thread_not_found"
    (lone,) = await post(slack, desk, 1)
    body = await slack.conversations_replies(channel=desk.id, ts=lone)
    assert [each["ts"] for each in body["messages"]] == [lone]


@pytest.mark.parametrize("method", ["conversations_history", "conversations_replies"])
async def test_metadata_comes_back_only_on_request(slack: AsyncWebClient, desk: Channel, method: str) -> None:
    """Page message-metadata: include_all_metadata; otherwise just event_type."""
    posted = await slack.chat_postMessage(channel=desk.id, text="x", metadata=META)
    args = {"channel": desk.id, "ts": posted["ts"]} if method.endswith("replies") else {"channel": desk.id}
    plain = await getattr(slack, method)(**args)
    whole = await getattr(slack, method)(**args, include_all_metadata=True)
    assert plain["messages"][0]["metadata"] == {"event_type": "banso_card"}
    assert whole["messages"][0]["metadata"] == META


@pytest.mark.parametrize(
    "metadata",
    ["text", {"event_type": "a"}, {"event_type": "a b", "event_payload": {}}, {"event_payload": {}}],
)
async def test_metadata_has_a_form(slack: AsyncWebClient, desk: Channel, metadata: Any) -> None:
    """Page metadata: event_type (letters, digits, _ . -) and event_payload (an object); invalid_metadata_format."""
    args = {"channel": desk.id, "text": "x", "metadata": metadata}
    assert await refusal(slack.api_call("chat.postMessage", json=args)) == "invalid_metadata_format"


async def test_the_same_metadata_id_twice_is_counted(
    slack: AsyncWebClient, ws: Workspace, desk: Channel
) -> None:
    """Page chat.postMessage has no idempotency key: the sandbox itself says what an app posted twice."""
    first = await slack.chat_postMessage(channel=desk.id, text="x", metadata=META)
    assert (await ws.counters())["duplicates"] == []
    second = await slack.chat_postMessage(channel=desk.id, text="x", metadata=META)
    assert (await ws.counters())["duplicates"] == [{"id": "k1", "ts": [first["ts"], second["ts"]]}]


@pytest.mark.parametrize("cursor", ["!", "bm90aGluZw==", "dGVhbTpDMQ=="])
async def test_a_made_up_cursor_is_refused(slack: AsyncWebClient, desk: Channel, cursor: str) -> None:
    """Error invalid_cursor."""
    assert await refusal(slack.conversations_history(channel=desk.id, cursor=cursor)) == "invalid_cursor"
    assert await refusal(slack.users_list(limit=1, cursor=cursor)) == "invalid_cursor"


async def test_people_and_channels_come_in_pages(slack: AsyncWebClient, ws: Workspace) -> None:
    """Page pagination; Slackbot and the bot are among the people."""
    made = {(await ws.person(f"職員 {number}")).id for number in range(5)}
    seen: list[str] = []
    async for page in await slack.users_list(limit=2):
        assert len(page["members"]) <= 2
        seen += [each["id"] for each in page["members"]]
    assert made < set(seen)
    assert len(seen) == len(set(seen)) == 7
    rooms = [(await ws.channel(f"室{number}")).id for number in range(3)]
    seen = []
    async for page in await slack.conversations_list(limit=2):
        seen += [each["id"] for each in page["channels"]]
    assert seen == rooms


async def test_members_of_a_channel(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person
) -> None:
    body = await slack.conversations_members(channel=desk.id)
    assert set(body["members"]) == {town.id, (await ws.info())["bot_user_id"]}


async def test_lists_hide_private_channels_from_outside(slack: AsyncWebClient, ws: Workspace) -> None:
    """Page conversations.list: private channels only where the bot is; archived ones unless excluded."""
    hidden = await ws.channel("県だけ", private=True, bot=False)
    known = await ws.channel("県と担当", private=True)
    old = await ws.channel("去年")
    await old.archives()
    types = "public_channel,private_channel"
    body = await slack.conversations_list(types=types)
    assert [each["id"] for each in body["channels"]] == [known.id, old.id]
    body = await slack.conversations_list(types=types, exclude_archived=True)
    assert [each["id"] for each in body["channels"]] == [known.id]
    assert await refusal(slack.conversations_info(channel=hidden.id)) == "channel_not_found"


async def test_history_may_lag_behind(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    """docs/slack.md, "Unsure": how soon the history shows a message; the fault history_delay makes it late."""
    await ws.faults("history_delay", seconds=60)
    (late,) = await post(slack, desk, 1)
    body = await slack.conversations_history(channel=desk.id)
    assert late not in [each["ts"] for each in body["messages"]]
    assert await refusal(slack.conversations_replies(channel=desk.id, ts=late)) == "thread_not_found"
    await ws.clear_faults()
    body = await slack.conversations_history(channel=desk.id)
    assert late in [each["ts"] for each in body["messages"]]


async def test_a_direct_message_is_opened_once(slack: AsyncWebClient, town: Person) -> None:
    """Page conversations.open: already_open and no_op the second time."""
    first = await slack.conversations_open(users=town.id)
    again = await slack.conversations_open(users=[town.id])
    assert first["channel"]["id"] == again["channel"]["id"] == (await town.dm()).id
    assert again["already_open"] is True


async def test_people_are_found_by_id_and_address(slack: AsyncWebClient, ws: Workspace) -> None:
    """Pages users.info (user_not_found) and users.lookupByEmail (users_not_found)."""
    person = await ws.person("森脇 次郎", email="moriwaki@example.jp")
    found = await slack.users_lookupByEmail(email="MORIWAKI@example.jp")
    assert found["user"]["id"] == person.id
    info = await slack.users_info(user=person.id)
    assert (info["user"]["real_name"], info["user"]["tz"]) == ("森脇 次郎", "Asia/Tokyo")
    await person.deactivates()
    assert (await slack.users_info(user=person.id))["user"]["deleted"] is True
    assert await refusal(slack.users_lookupByEmail(email="moriwaki@example.jp")) == "users_not_found"
    assert await refusal(slack.users_info(user="U0NOBODY")) == "user_not_found"
