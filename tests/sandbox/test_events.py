"""Which events an app is sent and what they say. Source: docs.slack.dev/reference/events, a page for each type."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import Apps, Heard, Json, sent, silently
from tests.sandbox.kit import mrkdwn, section
from tests.sandbox.wire import line


@pytest.fixture
async def heard(apps: Apps) -> Heard:
    """Every event the app is sent, as the events themselves."""
    heard, app = Heard(), apps.make(ignoring_self_events_enabled=False)

    app.event(re.compile(""))(heard.event)
    await apps.by_socket(app)
    return heard


async def told(heard: Heard, number: int) -> list[Json]:
    """Wait for so many events and return them in the order in which they happened (listeners run side by side)."""
    return sorted(await heard.count(number), key=lambda event: str(event["event_ts"]))


def kinds(events: list[Json]) -> list[str]:
    """Return type and subtype of events."""
    return [".".join(filter(None, (each["type"], each.get("subtype")))) for each in events]


async def test_a_mention_comes_as_two_events(desk: Channel, town: Person, heard: Heard) -> None:
    """Pages app_mention and message.channels: an app subscribed to both gets both, under different event_ids."""
    said = await town.mentions_bot("プリンターが動きません", desk)
    events = await told(heard, 2)
    assert sorted(kinds(events)) == ["app_mention", "message"]
    assert {each["ts"] for each in events} == {said.ts}
    assert {each["text"] for each in events} == {"<@U0BANSO01> プリンターが動きません"}


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


async def test_an_edit_is_an_event_with_both_versions(desk: Channel, town: Person, heard: Heard) -> None:
    """Page message_changed: hidden, with message and previous_message, under a stamp of its own."""
    said = await town.says("プリンタが動きません", desk)
    await town.edits(said, "プリンターが動きません")
    _, event = await told(heard, 2)
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert event["message"]["ts"] == event["previous_message"]["ts"] == said.ts
    assert event["ts"] > said.ts
    assert event["message"]["text"] == "プリンターが動きません"
    assert event["previous_message"]["text"] == "プリンタが動きません"
    assert event["message"]["edited"]["user"] == town.id


async def test_a_deletion_is_an_event(desk: Channel, town: Person, heard: Heard) -> None:
    """Page message_deleted."""
    said = await town.says("まちがえました", desk)
    await town.deletes(said)
    _, event = await told(heard, 2)
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", said.ts)
    assert event["previous_message"]["text"] == "まちがえました"


async def test_a_deleted_parent_leaves_a_tombstone(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    """The replies stay below "This message was deleted." (subtype tombstone); the last reply's end takes it away."""
    asked = await town.says("動きません", desk)
    reply = await town.says("電源でした", desk, thread=asked)
    await town.deletes(asked)
    *_, event = await told(heard, 3)
    assert kinds([event, event["message"]]) == ["message.message_changed", "message.tombstone"]
    thread = (await slack.conversations_replies(channel=desk.id, ts=asked.ts))["messages"]
    assert kinds(thread) == ["message.tombstone", "message"]
    assert thread[0]["text"] == "This message was deleted."
    assert thread[0]["user"] == "USLACKBOT"
    await town.deletes(reply)
    history = (await slack.conversations_history(channel=desk.id))["messages"]
    assert asked.ts not in [each["ts"] for each in history]


async def test_the_apps_own_messages_come_back(slack: AsyncWebClient, desk: Channel, heard: Heard) -> None:
    """Page message: with bot_id; that Bolt drops them is Bolt's doing (SLACK.md, The client)."""
    posted = await slack.chat_postMessage(channel=desk.id, text="受け付けました")
    await slack.chat_update(channel=desk.id, ts=posted["ts"], text="対応中")
    await slack.reactions_add(channel=desk.id, timestamp=posted["ts"], name="eyes")
    events = await told(heard, 3)
    assert kinds(events) == ["message", "message.message_changed", "reaction_added"]
    assert events[0]["bot_id"] == "B0BANSO01"
    assert events[0]["user"] == events[2]["user"] == "U0BANSO01"


async def test_bolt_drops_the_apps_own_messages(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """SLACK.md, The client: Bolt drops the bot's own events by default, and acknowledges them."""
    heard, app = Heard(), apps.make()

    app.event("message")(heard.event)
    await apps.by_socket(app)
    await slack.chat_postMessage(channel=desk.id, text="自分の文")
    await town.says("人の文", desk)
    assert [each["text"] for each in await heard.count(1)] == ["人の文"]
    await ws.quiet(retries=True)
    assert [each["outcome"] for each in await sent(ws)] == ["delivered", "delivered"]


async def test_metadata_never_comes_with_an_event(slack: AsyncWebClient, desk: Channel, heard: Heard) -> None:
    """SLACK.md, The client: metadata comes back from history and replies on request only."""
    metadata = {"event_type": "banso_card", "event_payload": {"id": "k1"}}
    await slack.chat_postMessage(channel=desk.id, text="x", metadata=metadata)
    (event,) = await told(heard, 1)
    assert "metadata" not in event


async def test_ephemerals_are_no_events(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, heard: Heard
) -> None:
    await slack.chat_postEphemeral(channel=desk.id, user=town.id, text="あなただけに")
    await ws.quiet(for_=0.1)
    assert heard.all == []


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
    """Page channel_left."""
    await desk.removes(bot=True)
    events = await heard.until(lambda all: "channel_left" in kinds(all))
    assert {"member_left_channel", "channel_left"} <= set(kinds(events))


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
            await ws.quiet(retries=True)
        assert [each["name"] for each in await sent(ws)] == ["message"]


async def test_a_thread_reply_names_its_thread(desk: Channel, town: Person, heard: Heard) -> None:
    """Page message: thread_ts; a broadcast has the subtype thread_broadcast and its root."""
    asked = await town.says("動きません", desk)
    await town.says("追加です", desk, thread=asked)
    await town.says("みなさんも見てください", desk, thread=asked, broadcast=True)
    _, reply, wide = await told(heard, 3)
    assert (reply["thread_ts"], reply["parent_user_id"]) == (asked.ts, town.id)
    assert (wide["subtype"], wide["root"]["ts"]) == ("thread_broadcast", asked.ts)


async def test_a_file_comes_with_its_address(
    sandbox: Sandbox, http: aiohttp.ClientSession, desk: Channel, town: Person, heard: Heard
) -> None:
    """Page file_share; url_private needs the bot's token, else it is a sign-in page with status 200."""
    await town.says("写真です", desk, files=[{"name": "画面.txt", "content": "エラー 0x1"}])
    (event,) = await told(heard, 1)
    (file,) = event["files"]
    assert (event["subtype"], file["name"]) == ("file_share", "画面.txt")
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with http.get(file["url_private"], headers=headers) as answer:
        assert await answer.text() == "エラー 0x1"
    async with http.get(file["url_private"]) as answer:
        assert answer.status == 200
        assert "Sign in" in await answer.text()


async def test_blocks_of_people_are_rich_text(desk: Channel, town: Person, heard: Heard) -> None:
    """Page rich-text-block: what a composer writes comes as rich_text."""
    await town.says(f"{town.mention} さんへ https://example.jp", desk)
    (event,) = await told(heard, 1)
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert [each["type"] for each in elements] == ["user", "text", "link"]


async def test_an_event_of_a_shared_channel_says_so(ws: Workspace, desk: Channel, apps: Apps) -> None:
    """SLACK.md, Slack Connect: check user and team."""
    heard, app = Heard(), apps.make()

    async def listener(body: Json) -> None:
        await heard.add(body)

    app.event("message")(listener)
    async with silently(ws):
        outsider = await ws.person("隣県の職員", external_team="T0NEIGHBOR", channels=[desk])
    await apps.by_socket(app)
    await outsider.says("こんにちは", desk)
    (body,) = await heard.count(1)
    assert body["is_ext_shared_channel"] is True
    assert body["event"]["user_team"] == "T0NEIGHBOR"


async def test_no_edit_rings_or_asks(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    """Page app_mention: an edit that adds a mention is a message_changed and nothing else."""
    said = await town.says("動きません", desk)
    await town.edits(said, "<@U0BANSO01> 動きません")
    await slack.chat_postMessage(channel=desk.id, text="x", blocks=[section(mrkdwn("終わり"))])
    assert kinds(await told(heard, 3)) == ["message", "message.message_changed", "message"]
