"""What a window in the browser is told: all a person may see, nothing else, and little at a time."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.client import Channel, Workspace
from tests.sandbox.windows import window


async def test_a_window_hears_what_its_person_may_see_and_then_what_changes(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel
) -> None:
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    async with window(sandbox, http, nagi) as own:
        page = await own.opens(desk.id)
        assert {each["subtype"] for each in page["messages"]} == {"channel_join"}
        said = await kazuha.says("こんにちは", desk)
        told = await own.message(said.ts)
        assert told is not None
        assert told["text"] == "こんにちは"
        (listed,) = (each for each in own.sections["channels"] if each["id"] == desk.id)
        assert listed["unread"] == 1  # lines on who came are not counted
        await kazuha.edits(said, "こんばんは")
        changed = await own.message(said.ts)
        assert changed is not None
        assert changed["edited"]
        await kazuha.deletes(said)
        assert await own.message(said.ts) is None


async def test_nobody_hears_of_a_private_channel_or_of_what_is_shown_to_another(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel
) -> None:
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    closed = await ws.channel("担当", private=True, members=[kazuha])
    secret = await kazuha.says("まだ内緒です", closed)
    async with window(sandbox, http, nagi) as own:
        assert closed.id not in [each["id"] for each in own.sections["channels"]]
        await own.socket.send_json({"open": closed.id})
        assert (await own.until("page"))["gone"] is True
        await own.socket.send_json({"open": closed.id, "thread": secret.ts})
        assert (await own.until("page"))["gone"] is True
        await own.opens(desk.id)
        await kazuha.says("もう一つ内緒です", closed)
        sent = {"channel": desk.id, "user": kazuha.id, "text": "森脇さんだけに", "token": sandbox.bot_token}
        async with http.post(f"{sandbox.api_url}chat.postEphemeral", data=sent) as answer:
            assert (await answer.json())["ok"]
        seen = await kazuha.says("みんなに", desk)
        while await own.message(seen.ts) is None:
            pass
        assert own.sections["ephemerals"] == []
    async with window(sandbox, http, kazuha) as theirs:
        assert [each["text"] for each in theirs.sections["ephemerals"]] == ["森脇さんだけに"]


async def test_a_long_channel_comes_a_hundred_at_a_time_and_one_more_message_costs_little(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel
) -> None:
    nagi = await ws.person("浜野 凪", channels=[desk])
    await ws.flood(1000, 100_000, [desk], [nagi], within=0.01)
    async with window(sandbox, http, nagi) as own:
        page = await own.opens(desk.id)
        assert len(page["messages"]) == 100
        assert page["more"]
        seen, before = len(page["messages"]), page["messages"][0]["ts"]
        while page["more"]:
            await own.socket.send_json({"older": desk.id, "before": before})
            page = await own.until("page", before=before)
            seen, before = seen + len(page["messages"]), page["messages"][0]["ts"]
        assert seen == 1002  # and two lines on who has joined
        heard = own.heard
        said = await nagi.says("もう一つ", desk)
        await own.message(said.ts)
        assert own.heard - heard < 3000


async def test_a_thread_is_told_to_who_has_it_open_and_counted_to_the_others(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel
) -> None:
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    root = await nagi.says("質問です", desk)
    async with window(sandbox, http, nagi) as reading, window(sandbox, http, kazuha) as passing:
        await reading.opens(desk.id, root.ts)
        await passing.opens(desk.id)
        reply = await kazuha.says("答えです", desk, thread=root)
        told = await reading.message(reply.ts)
        assert told is not None
        assert told["thread_ts"] == root.ts
        parent = await passing.message(root.ts)
        assert parent is not None
        assert parent["reply_count"] == 1
        assert [(ring["kind"], ring["new"]) for ring in reading.sections["rings"]["items"]] == [
            ("thread", True)
        ]
        await reading.socket.send_json({"open": desk.id})
        async with http.post(
            f"{sandbox.control_url}act/read",
            json={"person": nagi.id, "channel": desk.id, "thread": root.ts, "ts": reply.ts},
        ):
            pass
        await reading.until("change")
        while reading.sections["rings"]["unseen"]:
            await reading.until("change")


async def test_a_window_that_was_told_too_much_at_once_asks_anew(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel
) -> None:
    nagi = await ws.person("浜野 凪", channels=[desk])
    async with window(sandbox, http, nagi) as own:
        for _ in range(10_001):
            sandbox.world.touch("message", desk.id, "1.000000")
        await own.until("again")


@pytest.mark.parametrize("who", ["", "U0NOBODY", "USLACKBOT"])
async def test_nobody_else_gets_a_window(sandbox: Sandbox, http: aiohttp.ClientSession, who: str) -> None:
    async with http.ws_connect(f"{sandbox.browser_url}browser/feed?person={who}") as socket:
        await socket.receive()
        assert socket.close_code == 4004


@pytest.mark.parametrize(
    "sent", ["", "[]", "7", '{"open": 7}', '{"older": "C1"}', "{", '{"open": {}, "thread": []}']
)
async def test_nonsense_from_a_window_is_not_answered(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel, sent: str
) -> None:
    nagi = await ws.person("浜野 凪", channels=[desk])
    async with window(sandbox, http, nagi) as own:
        await own.socket.send_str(sent)
        assert (await own.opens(desk.id))["messages"]


async def test_files_are_shown_to_those_who_see_the_message_and_never_as_pages(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel
) -> None:
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    other = await ws.person("他所 一", external_team="T0OTHER")
    page = {"name": "頁.html", "content": "<script>alert(1)</script>"}
    picture = {"name": "画.png", "content": "x"}
    await nagi.says("どうぞ", desk, files=[page, picture])
    first, second = sandbox.world.files
    for person, status in ((nagi, 200), (kazuha, 200), (other, 404)):
        async with http.get(f"{sandbox.browser_url}browser/file/{first}?person={person.id}") as answer:
            assert answer.status == status
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            if status == 200:
                assert answer.content_type == "application/octet-stream"
                assert answer.headers["Content-Disposition"].startswith("attachment")
    async with http.get(f"{sandbox.browser_url}browser/file/{second}?person={nagi.id}") as answer:
        assert answer.content_type == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
