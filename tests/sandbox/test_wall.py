"""What those see who watch the workspace and the app at work: the board, the wall, and how a single fault ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.client import Channel, Workspace
from sandbox.client.link import Link, SandboxError
from tests.sandbox.apps import Apps, hears_everything, silently
from tests.sandbox.windows import window

OPENS = 1_796_000_000.0


@pytest.fixture
async def link(sandbox: Sandbox) -> AsyncIterator[Link]:
    found = Link(sandbox.control_url)
    yield found
    await found.close()


async def test_moments_put_up_outside_reach_every_window_and_so_does_the_clock(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel, link: Link
) -> None:
    nagi = await ws.person("浜野 凪", channels=[desk])
    async with window(sandbox, http, nagi) as own:
        assert own.sections["jumps"] == []
        there = [{"name": "次に窓口が開くとき", "to": OPENS}]
        await link.call("jumps", jumps=there)
        assert (await own.until("change"))["sections"]["jumps"] == there
        version = sandbox.world.version
        await link.call("jumps", jumps=there)
        assert sandbox.world.version == version  # nobody is told the same twice
        await link.call("clock", to=OPENS)
        assert 0 <= (await own.until("change"))["now"] - OPENS < 60
        await link.call("clock", to=OPENS - 3600)  # somebody else was quicker
        assert await ws.now() >= OPENS


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        ("jumps", "soon"),
        ("jumps", [{"name": "", "to": 1}]),
        ("jumps", [{"name": "いつか", "to": "1"}]),
        ("jumps", [{"name": "いつか", "to": True}]),
        ("jumps", [{"name": "いつか", "to": 1e300}]),
        ("jumps", [{"name": "いつか", "to": float("nan")}]),
        ("jumps", [{"name": "いつか", "to": 1}] * 13),
        ("says", {"title": "台帳"}),
        ("says", [{"title": "台帳", "items": [["受付"]]}]),
        ("says", [{"title": "台帳", "items": [["受付", [1]]]}]),
        ("says", [{"title": "台帳", "state": "great"}]),
        ("says", [{"title": "台帳", "note": "長" * 20_000}]),
    ],
)
async def test_nonsense_is_not_put_up(link: Link, verb: str, what: Any) -> None:
    with pytest.raises(SandboxError, match="bad_arguments"):
        await link.call(verb, **{verb: what})
    assert (await link.call(verb))[verb] == []


async def test_the_wall_shows_envelopes_calls_and_waits_and_keeps_what_the_app_says(
    sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel, apps: Apps, link: Link
) -> None:
    async with silently(ws):
        nagi = await ws.person("浜野 凪", channels=[desk])
    heard = await hears_everything(apps)
    await nagi.says("こんにちは", desk)
    await heard.until(lambda all: any(each["type"] == "message" for each in all))
    await ws.quiet()
    await ws.faults("429", method="chat.postMessage", count=1, retry_after=7)
    for _ in range(2):
        sent = {"channel": desk.id, "text": "はい", "token": sandbox.bot_token}
        async with http.post(f"{sandbox.api_url}chat.postMessage", data=sent):
            pass
    said = [{"title": "台帳", "items": [["受け付けた", 1]], "state": "fine", "note": ""}]
    await link.call("says", says=said)
    wall = await link.call("wall")
    newest, refused = (row for row in wall["rows"] if row["name"] == "chat.postMessage")
    assert (newest["outcome"], newest["wait"]) == ("ok", None)
    assert (refused["outcome"], refused["wait"], refused["well"]) == ("429", 7, False)
    envelope = [row for row in wall["rows"] if row["way"] == "in"][-1]
    assert (envelope["name"], envelope["who"], envelope["attempts"]) == ("message", nagi.id, 1)
    assert envelope["outcome"] == "delivered"
    assert 0 < envelope["ms"] < 3000
    assert (wall["sums"]["limited"], wall["sums"]["asked"], wall["says"]) == (1, 1, said)
    assert [row["outcome"] for row in (await link.call("wall", trouble=True))["rows"]] == ["429"]
    assert len((await link.call("wall", last=2))["rows"]) == 2


async def test_one_fault_ends_and_the_others_go_on(ws: Workspace, desk: Channel, link: Link) -> None:
    async with silently(ws):
        nagi = await ws.person("浜野 凪", channels=[desk])
    await ws.faults("429")
    await ws.faults("slow", seconds=2)
    await ws.faults("history_delay", seconds=20)
    await ws.faults("hold_events", on=True)
    await nagi.says("こんにちは", desk)
    assert (await link.call("faults/clear", kind="429"))["released"] == 0
    faults = (await link.call("wall"))["faults"]
    assert [each["kind"] for each in faults["planned"]] == ["slow"]
    assert (faults["history_delay"], faults["hold_events"]) == (20.0, True)
    await link.call("faults/clear", kind="history_delay")
    assert (await link.call("faults/clear", kind="hold_events"))["released"] == 1
    with pytest.raises(SandboxError, match="bad_arguments"):
        await link.call("faults/clear", kind="sunspots")
    await link.call("faults/clear")
    faults = (await link.call("wall"))["faults"]
    assert faults == {"planned": [], "history_delay": 0.0, "hold_events": False, "drop_events": False}
