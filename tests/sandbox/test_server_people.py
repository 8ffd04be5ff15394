"""People: whose telephone rings, who sees what, what counts as an asking, what a manifest leaves out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, SandboxError, Workspace

MANIFEST: dict[str, Any] = {
    "features": {
        "bot_user": {"display_name": "Banso"},
        "slash_commands": [{"command": "/banso", "description": "相談"}],
        "shortcuts": [{"type": "message", "callback_id": "register", "name": "相談として登録"}],
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "channels:read", "commands"]}},
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["message.channels", "app_mention"]},
    },
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as speaking:
        yield speaking


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
async def desk(ws: Workspace) -> Channel:
    return await ws.channel("相談")


@pytest.fixture
async def town(ws: Workspace, desk: Channel) -> Person:
    return await ws.person("山田 花子", channels=[desk])


async def kinds(person: Person) -> list[str]:
    return [each["kind"] for each in await person.notifications()]


async def test_a_mention_rings_only_members_and_only_on_a_new_post(
    ws: Workspace, slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    outside = await ws.person("外の人")
    posted = await slack.chat_postMessage(channel=desk.id, text=f"{town.mention} {outside.mention} どうぞ")
    assert (await kinds(town), await kinds(outside)) == (["mention"], [])
    await slack.chat_update(channel=desk.id, ts=posted["ts"], text=f"{town.mention} 変わりました")
    await slack.chat_postEphemeral(channel=desk.id, user=town.id, text=f"{town.mention} こっそり")
    assert await kinds(town) == ["mention"]
    assert [each.text for each in await town.ephemerals(desk)] == [f"{town.mention} こっそり"]


async def test_with_blocks_only_the_mentions_in_the_blocks_ring(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    def section(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
        return {"type": "section", "text": {"type": kind, "text": text}}

    await slack.chat_postMessage(channel=desk.id, text=town.mention, blocks=[section("どうぞ")])
    await slack.chat_postMessage(channel=desk.id, text="x", blocks=[section(town.mention, "plain_text")])
    assert await kinds(town) == []
    await slack.chat_postMessage(channel=desk.id, text="x", blocks=[section(town.mention)])
    assert await kinds(town) == ["mention"]


async def test_a_thread_rings_who_started_wrote_in_or_was_mentioned_in_it(
    ws: Workspace, slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    talent = await ws.person("森脇 透", channels=[desk])
    bystander = await ws.person("見ている人", channels=[desk])
    asked = await town.says(f"{talent.mention} お願いします", desk)
    await slack.chat_postMessage(channel=desk.id, thread_ts=asked.ts, text="受け付けました")
    assert (await kinds(town), await kinds(talent), await kinds(bystander)) == (
        ["thread"],
        ["mention", "thread"],
        [],
    )
    assert (await slack.conversations_open(users=bystander.id))["ok"]
    await slack.chat_postMessage(channel=bystander.id, text="直接")
    assert await kinds(bystander) == ["direct"]


async def test_messages_within_two_minutes_are_one_asking(ws: Workspace, desk: Channel, town: Person) -> None:
    elsewhere = await ws.channel("雑談", bot=False, members=[town])
    await ws.set_clock(1_800_000_000)
    first = await town.says("プリンターが", desk)
    await ws.advance(119)
    await town.says("動きません", desk)
    await town.says("補足です", desk, thread=first)
    await ws.advance(121)
    await town.says("別の件です", desk)
    await town.direct("こちらも")
    await town.says("お昼", elsewhere)
    counted = await ws.counters()
    assert (counted["asked"], counted["human_messages"]) == (3, 6)
    assert first.ts.startswith("1800000000.")


async def test_stamps_never_go_back_when_the_clock_does(ws: Workspace, desk: Channel, town: Person) -> None:
    await ws.advance(86_400)
    later = await town.says("明日", desk)
    await ws.advance(-86_400)
    assert (await town.says("今日", desk)).ts > later.ts


async def test_what_people_type_is_escaped_but_mentions_and_links_stay(
    ws: Workspace, desk: Channel, town: Person
) -> None:
    await town.says(f"<!channel> & {ws.bot_mention} https://example.jp/a?b=1&c=2", desk)
    said = (await desk.messages())[-1]
    assert said.text == f"&lt;!channel&gt; &amp; {ws.bot_mention} <https://example.jp/a?b=1&amp;c=2>"
    assert [each["type"] for each in said["blocks"][0]["elements"][0]["elements"]] == [
        "text",
        "user",
        "text",
        "link",
    ]


async def test_a_response_url_works_five_times(
    sandbox: Sandbox, ws: Workspace, desk: Channel, town: Person
) -> None:
    await town.runs("/banso", "x", desk, may_fail=True)
    url = (await ws.deliveries("/banso", payloads=True))[-1]["payload"]["response_url"]
    async with aiohttp.ClientSession() as http:
        for number in range(5):
            answer = await http.post(url, json={"text": f"答え{number}"})
            assert answer.status == 200
        used = await (await http.post(url, json={"text": "もう一度"})).json()
    assert used == {"ok": False, "error": "used_url"}
    assert len(await town.ephemerals(desk)) == 5


async def test_a_trigger_opens_one_modal_and_three_views_are_the_most(
    sandbox: Sandbox, ws: Workspace, slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "一枚目"},
        "blocks": [
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": "次へ"}, "action_id": "next"}
                ],
            }
        ],
    }

    async def trigger(name: str) -> str:
        return str((await ws.deliveries(name, payloads=True))[-1]["payload"]["trigger_id"])

    async def error(call: Any) -> str:
        with pytest.raises(SlackApiError) as caught:
            await call
        return str(caught.value.response["error"])

    await town.runs("/banso", "x", desk, may_fail=True)
    first = await trigger("/banso")
    opened = await slack.views_open(trigger_id=first, view=view)
    assert await error(slack.views_open(trigger_id=first, view=view)) == "exchanged_trigger_id"
    assert await error(slack.views_open(trigger_id="nonsense", view=view)) == "invalid_trigger_id"
    for expected in ("ok", "ok", "push_limit_reached"):
        await town.clicks("次へ", may_fail=True)
        pushing = slack.views_push(trigger_id=await trigger("block_actions"), view=view)
        assert (await pushing)["ok"] if expected == "ok" else await error(pushing) == expected
    stale = slack.views_update(view_id=opened["view"]["id"], hash="1.abc", view=view)
    assert await error(stale) == "hash_conflict"
    assert await error(slack.views_update(view_id="V0", view=view)) == "not_found"
    await town.closes(everything=True)
    assert not await town.has_view()


async def test_only_what_the_manifest_names_is_sent_and_offered() -> None:
    async with Sandbox(manifest=MANIFEST) as narrow, Workspace(narrow.control_url) as ws:
        desk = await ws.channel("相談")
        town = await ws.person("山田 花子", channels=[desk])
        said = await town.mentions_bot("教えて", desk)
        await town.reacts("eyes", said)
        names = {each["name"] for each in await ws.deliveries()}
        assert names == {"message"}
        assert (await ws.info())["manifest_problems"] == ["event app_mention needs scope app_mentions:read"]
        with pytest.raises(SandboxError, match="not a valid command"):
            await town.runs("/faq", "", desk)
        with pytest.raises(SandboxError, match="no global shortcut"):
            await town.shortcut("register")


async def test_outsiders_and_guests_are_kept_to_what_slack_lets_them(ws: Workspace, desk: Channel) -> None:
    outsider = await ws.person("よその会社", external_team="T0OTHER01", channels=[desk])
    with pytest.raises(SandboxError, match="external_user"):
        await outsider.runs("/banso", "", desk)
    guest = await ws.person("ゲスト", guest=True)
    with pytest.raises(SandboxError, match="not_in_channel"):
        await guest.says("こんにちは", desk)


async def test_a_failed_expectation_says_what_was_there(desk: Channel, town: Person) -> None:
    await town.says("プリンターが動きません", desk)
    with pytest.raises(AssertionError, match="プリンターが動きません"):
        await desk.shows("受け付けました", within=0.05)
