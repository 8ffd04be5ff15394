"""What messages, their edits and their ends say to an app. Source: docs.slack.dev/reference/events, a page for each type."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import Apps, Heard, hears_everything, kinds, sent, told
from tests.sandbox.kit import mrkdwn, section


@pytest.fixture
async def heard(apps: Apps) -> Heard:
    """Every event the app is sent, as the events themselves."""
    return await hears_everything(apps)


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
    """Page message: with bot_id; that Bolt drops them is Bolt's doing (below)."""
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
    """Measured with slack-bolt 1.30: it drops the bot's own events by default, and acknowledges them."""
    heard, app = Heard(), apps.make()

    app.event("message")(heard.event)
    await apps.by_socket(app)
    await slack.chat_postMessage(channel=desk.id, text="自分の文")
    await town.says("人の文", desk)
    assert [each["text"] for each in await heard.count(1)] == ["人の文"]
    await ws.quiet(for_=0.05, retries=True)
    assert [each["outcome"] for each in await sent(ws)] == ["delivered", "delivered"]


async def test_metadata_never_comes_with_an_event(slack: AsyncWebClient, desk: Channel, heard: Heard) -> None:
    """Page message-metadata: it comes back from history and replies, on request only."""
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


async def test_no_edit_rings_or_asks(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    """Page app_mention: an edit that adds a mention is a message_changed and nothing else."""
    said = await town.says("動きません", desk)
    await town.edits(said, "<@U0BANSO01> 動きません")
    await slack.chat_postMessage(channel=desk.id, text="x", blocks=[section(mrkdwn("終わり"))])
    assert kinds(await told(heard, 3)) == ["message", "message.message_changed", "message"]
