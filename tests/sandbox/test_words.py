"""The words tests speak in: what they wait for, and what they say when it does not come.

Source: docs/architecture.md, "The stand-in" and "Tests".
"""

import asyncio
import time

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, SandboxError, Workspace
from tests.sandbox.kit import actions, button, mrkdwn, plain, section


async def test_shows_waits_for_what_comes_later(slack: AsyncWebClient, desk: Channel) -> None:
    waiting = asyncio.create_task(desk.shows("やっと", within=5))
    await slack.auth_test()
    assert not waiting.done()
    await slack.chat_postMessage(channel=desk.id, text="やっと来ました")
    assert (await waiting).text == "やっと来ました"


async def test_shows_says_what_there_was_instead(slack: AsyncWebClient, desk: Channel) -> None:
    await slack.chat_postMessage(channel=desk.id, text="別の話")
    with pytest.raises(AssertionError, match=r"did not show 「これ」 within 0.05 s[\s\S]*別の話"):
        await desk.shows("これ", within=0.05)


async def test_shows_reads_inside_blocks_and_finds_the_newest(slack: AsyncWebClient, desk: Channel) -> None:
    for number in (1, 2):
        blocks = [section(mrkdwn(f"*受け付けました* A&amp;B {number}"))]
        await slack.chat_postMessage(channel=desk.id, text="No.", blocks=blocks)
    shown = await desk.shows("受け付けました")
    assert "A&B 2" in shown.words


async def test_shows_can_look_into_one_thread_only(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    asked, other = await town.says("動きません", desk), await town.says("別件", desk)
    await slack.chat_postMessage(channel=desk.id, thread_ts=asked.ts, text="電源を確認してください")
    await desk.shows("電源", thread=asked)
    await desk.never_shows("電源", thread=other, for_=0.05)
    assert [each.text for each in await desk.thread(asked)] == ["動きません", "電源を確認してください"]


async def test_never_shows_fails_as_soon_as_it_does(slack: AsyncWebClient, desk: Channel) -> None:
    started = time.monotonic()
    watching = asyncio.create_task(desk.never_shows("内緒", for_=30))
    await slack.chat_postMessage(channel=desk.id, text="内緒の話")
    with pytest.raises(AssertionError, match="which it never should"):
        await watching
    assert time.monotonic() - started < 10


async def test_no_longer_shows_waits_for_the_end(slack: AsyncWebClient, desk: Channel) -> None:
    posted = await slack.chat_postMessage(channel=desk.id, text="まもなく消えます")
    with pytest.raises(AssertionError, match="still shows"):
        await desk.no_longer_shows("まもなく", within=0.05)
    gone = asyncio.create_task(desk.no_longer_shows("まもなく"))
    await slack.chat_delete(channel=desk.id, ts=posted["ts"])
    await gone


async def test_changed_waits_for_an_edit(slack: AsyncWebClient, desk: Channel) -> None:
    posted = await slack.chat_postMessage(channel=desk.id, text="受け付けました")
    shown = await desk.shows("受け付けました")
    waiting = asyncio.create_task(desk.changed(shown, "対応中"))
    await slack.chat_update(channel=desk.id, ts=posted["ts"], text="対応中")
    assert (await waiting).ts == shown.ts


async def test_clicks_says_which_buttons_there_are(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    await slack.chat_postMessage(
        channel=desk.id, text="x", blocks=[actions(button("解決した"), button("その他"))]
    )
    with pytest.raises(AssertionError, match=r"saw no 「対応します」.*解決した.*その他"):
        await town.clicks("対応します", within=0.05)


async def test_a_person_outside_a_private_channel_sees_nothing_of_it(
    slack: AsyncWebClient, ws: Workspace, town: Person
) -> None:
    private = await ws.channel("県と担当", private=True)
    await slack.chat_postMessage(channel=private.id, text="x", blocks=[actions(button("秘密"))])
    with pytest.raises(SandboxError, match="channel_not_found"):
        await private.shows("x", to=town)
    with pytest.raises(AssertionError, match="saw no 「秘密」"):
        await town.clicks("秘密", within=0.05)


async def test_what_a_message_shows_can_be_read(slack: AsyncWebClient, desk: Channel) -> None:
    metadata = {"event_type": "banso_card", "event_payload": {"id": "k1"}}
    blocks = [section(plain("相談 No.128")), actions(button("対応します"))]
    await slack.chat_postMessage(channel=desk.id, text="受け付けました", blocks=blocks, metadata=metadata)
    shown = await desk.shows("No.128")
    assert (shown.text, shown.by_bot, shown.ephemeral) == ("受け付けました", True, False)
    assert shown.buttons == ["対応します"]
    assert shown.metadata == metadata


async def test_a_person_and_a_channel_are_found_again_by_name(
    ws: Workspace, desk: Channel, town: Person
) -> None:
    assert (await ws.channel("相談-端末")).id == desk.id
    assert (await ws.person("山田 花子")).id == town.id


async def test_counters_count_what_people_and_the_app_did(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person
) -> None:
    """An asking: messages of one author in one place within two minutes count once."""
    await town.says("動きません", desk)
    await town.says("急いでいます", desk)
    await ws.advance(121)
    await town.says("別件です", desk)
    await slack.chat_postMessage(channel=desk.id, text="受け付けました")
    counters = await ws.counters()
    assert (counters["human_messages"], counters["asked"], counters["posts"]) == (3, 2, 1)
