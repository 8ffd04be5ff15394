"""Which events an app is sent and what they say. Source: docs.slack.dev/reference/events, a page for each type."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import Apps, Heard, hears_everything, kinds, sent, silently, told
from tests.sandbox.wire import line


@pytest.fixture
async def heard(apps: Apps) -> Heard:
    """Every event the app is sent, as the events themselves."""
    return await hears_everything(apps)


async def test_a_mention_comes_as_two_events(desk: Channel, town: Person, heard: Heard) -> None:
    """Pages app_mention and message.channels: an app subscribed to both gets both, under different event_ids."""
    said = await town.mentions_bot("プリンターが動きません", desk)
    events = await told(heard, 2)
    assert sorted(kinds(events)) == ["app_mention", "message"]
    assert {each["ts"] for each in events} == {said.ts}
    assert {each["text"] for each in events} == {"<@U0BANSO01> プリンターが動きません"}


async def test_an_app_does_not_mention_itself(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, heard: Heard
) -> None:
    """Page app_mention: it tells of members who mention the app."""
    await slack.chat_postMessage(channel=desk.id, text=f"{ws.bot_mention} と書くと届きます")
    await heard.count(1)
    await ws.quiet(for_=0.1)
    assert kinds(heard.all) == ["message"]


async def test_a_direct_message_is_no_mention(ws: Workspace, town: Person, heard: Heard) -> None:
    """Page app_mention: "Direct messages to your app do not fire app_mention"."""
    await town.direct(f"{ws.bot_mention} 相談です")
    (event,) = await told(heard, 1)
    await ws.quiet(for_=0.1)
    assert kinds(heard.all) == ["message"]
    assert event["channel_type"] == "im"


async def test_a_private_channel_is_a_group(ws: Workspace, town: Person, heard: Heard) -> None:
    """Page message.groups."""
    async with silently(ws):
        private = await ws.channel("県と担当", private=True, members=[town])
    await town.says("内緒の話", private)
    (event,) = await told(heard, 1)
    assert (event["channel_type"], event["channel"]) == ("group", private.id)


async def test_where_the_bot_is_not_nothing_is_heard(ws: Workspace, town: Person, heard: Heard) -> None:
    elsewhere = await ws.channel("よそ", bot=False, members=[town])
    await town.says(f"{ws.bot_mention} 聞こえますか", elsewhere)
    await ws.quiet(for_=0.1)
    assert [each for each in heard.all if each["type"] in ("message", "app_mention")] == []


async def test_a_reaction_names_its_message(desk: Channel, town: Person, heard: Heard) -> None:
    """Pages reaction_added, reaction_removed."""
    said = await town.says("x", desk)
    await town.reacts("white_check_mark", said)
    await town.reacts("white_check_mark", said, remove=True)
    _, added, removed = await told(heard, 3)
    assert (added["type"], removed["type"]) == ("reaction_added", "reaction_removed")
    assert added["item"] == {"type": "message", "channel": desk.id, "ts": said.ts}
    assert (added["user"], added["reaction"], added["item_user"]) == (town.id, "white_check_mark", town.id)


async def test_coming_and_going_are_events(ws: Workspace, desk: Channel, heard: Heard) -> None:
    """Pages member_joined_channel, member_left_channel; in the channel stands a line with the subtype channel_join."""
    async with silently(ws):
        person = await ws.person("異動してきた人")
    await person.joins(desk)
    events = await told(heard, 2)
    assert sorted(kinds(events)) == ["member_joined_channel", "message.channel_join"]
    await person.leaves(desk)
    events = (await told(heard, 4))[2:]
    assert sorted(kinds(events)) == ["member_left_channel", "message.channel_leave"]
    assert all(each["user"] == person.id for each in events)


async def test_a_new_person_is_an_event(ws: Workspace, heard: Heard) -> None:
    """Pages team_join, user_change."""
    person = await ws.person("新人", email="shinjin@example.jp")
    await person.changes(title="端末担当")
    joined, changed = await told(heard, 2)
    assert (joined["type"], changed["type"]) == ("team_join", "user_change")
    assert joined["user"]["profile"]["email"] == "shinjin@example.jp"
    assert changed["user"]["profile"]["title"] == "端末担当"


ENDS: list[tuple[str, Callable[[Channel], Awaitable[None]]]] = [
    ("channel_archive", lambda channel: channel.archives()),
    ("channel_deleted", lambda channel: channel.deletes()),
    ("channel_rename", lambda channel: channel.renames("新しい名前")),
]


@pytest.mark.parametrize(("name", "happens"), ENDS)
async def test_what_becomes_of_a_channel_is_an_event(
    desk: Channel, heard: Heard, name: str, happens: Callable[[Channel], Awaitable[None]]
) -> None:
    """Pages channel_archive, channel_deleted, channel_rename."""
    await happens(desk)
    events = await heard.until(lambda all: name in kinds(all))
    (event,) = [each for each in events if each["type"] == name]
    place = event["channel"]
    assert (place if isinstance(place, str) else place["id"]) == desk.id


async def test_a_bot_taken_out_hears_of_it(desk: Channel, heard: Heard) -> None:
    """Page channel_left; it gets no member_left_channel of its own (slackapi/bolt-js issue 1847)."""
    await desk.removes(bot=True)
    events = await heard.until(lambda all: "channel_left" in kinds(all))
    assert "member_left_channel" not in kinds(events)


@pytest.mark.parametrize("private", [False, True])
async def test_only_a_private_channel_comes_back_with_its_members(
    ws: Workspace, heard: Heard, private: bool
) -> None:
    """slack.com/help, "Archive or delete a channel"; apps go at once (elastic/connectors issue 1972)."""
    person = await ws.person("浜野 凪")
    room = await ws.channel("部屋", private=private, members=[person], bot=True)
    before = await room.members()
    await room.archives()
    assert set(before) - set(await room.members()) == (set() if private else set(before) - {person.id})
    await room.unarchives()
    assert await room.members() == (before if private else [])
    kind = "group_unarchive" if private else "channel_unarchive"
    await heard.until(lambda all: kind in kinds(all))


async def test_a_revoked_token_is_an_event(ws: Workspace, heard: Heard) -> None:
    """Pages tokens_revoked, app_uninstalled."""
    await ws.revokes("uninstall")
    assert sorted(kinds(await told(heard, 2))) == ["app_uninstalled", "tokens_revoked"]


async def test_only_subscribed_events_in_scope_are_sent(http: aiohttp.ClientSession) -> None:
    """Page events-api: an event needs its subscription and its scope."""
    manifest: dict[str, Any] = {
        "features": {"bot_user": {"display_name": "b"}},
        "oauth_config": {"scopes": {"bot": ["channels:history", "reactions:read"]}},
        "settings": {
            "event_subscriptions": {"bot_events": ["message.channels", "app_mention"]},
            "socket_mode_enabled": True,
        },
    }
    async with Sandbox(manifest=manifest) as sandbox, Workspace(sandbox.control_url) as ws:
        async with silently(ws):
            room = await ws.channel("a")
            person = await ws.person("山田 花子", channels=[room])
        async with line(sandbox, http) as socket:
            said = await person.mentions_bot("x", room)
            await person.reacts("eyes", said)
            await socket.acks(await socket.next())
            await ws.quiet(for_=0.05, retries=True)
        assert [each["name"] for each in await sent(ws)] == ["message"]
