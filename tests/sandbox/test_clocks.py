"""Two clocks: the workspace's, which a story moves, and real time, by which Slack's deadlines go."""

import time

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import Apps, Heard, Json
from tests.sandbox.kit import modal

DECEMBER = 1_796_000_000.0


async def test_the_workspace_clock_can_be_moved(ws: Workspace) -> None:
    assert abs(await ws.now() - time.time()) < 5
    await ws.set_clock(DECEMBER)
    assert 0 <= await ws.now() - DECEMBER < 5
    await ws.advance(3600)
    assert 3600 <= await ws.now() - DECEMBER < 3605


async def test_messages_carry_the_workspaces_time(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person
) -> None:
    await ws.set_clock(DECEMBER)
    said = await town.says("x", desk)
    posted = await slack.chat_postMessage(channel=desk.id, text="y")
    for ts in (said.ts, posted["ts"]):
        assert 0 <= float(ts) - DECEMBER < 5


async def test_stamps_never_repeat_or_go_back(ws: Workspace, desk: Channel, town: Person) -> None:
    """A stamp is a message's identity in its channel: even a clock set back makes greater ones."""
    stamps = [(await town.says(f"{number}", desk)).ts for number in range(3)]
    await ws.advance(-86_400)
    stamps += [(await town.says(f"{number}", desk)).ts for number in range(3)]
    assert stamps == sorted(set(stamps), key=lambda ts: tuple(map(int, ts.split("."))))
    assert len(set(stamps)) == 6


async def test_events_carry_the_workspaces_time(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    heard, app = Heard(), apps.make()

    async def listener(body: Json) -> None:
        await heard.add(body)

    app.event("message")(listener)
    await apps.by_socket(app)
    await ws.set_clock(DECEMBER)
    await town.says("x", desk)
    (body,) = await heard.count(1)
    assert 0 <= body["event_time"] - int(DECEMBER) < 5


async def test_signatures_go_by_real_time(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """Bolt refuses requests more than five minutes old (page verifying-requests-from-slack)."""
    heard, app = Heard(), apps.make()

    app.event("message")(heard.event)
    await apps.by_http(app)
    await ws.set_clock(DECEMBER)
    await town.says("x", desk)
    await heard.count(1)


async def test_triggers_go_by_real_time(
    slack: AsyncWebClient, ws: Workspace, town: Person, apps: Apps
) -> None:
    """Skipping a day between a click and the answer expires nothing."""
    heard, app = Heard(), apps.make()

    async def listener(ack: object, body: Json) -> None:
        await ack()  # type: ignore[operator]
        await heard.add(body)

    app.shortcut("ask")(listener)
    await apps.by_socket(app)
    await town.shortcut("ask")
    (body,) = await heard.count(1)
    await ws.advance(86_400)
    assert (await slack.views_open(trigger_id=body["trigger_id"], view=modal()))["ok"]


async def test_retries_go_by_real_time(ws: Workspace, desk: Channel, town: Person) -> None:
    """An event waiting for its retry in a minute still waits when a story has skipped a day."""
    await ws.delivery(retry_delays=[60.0], ack_seconds=0.1)
    await town.says("だれもいない", desk)
    await ws.quiet(for_=0.05)
    await ws.advance(86_400)
    await ws.quiet(for_=0.05)
    (row,) = [each for each in await ws.deliveries("message") if each["outcome"] != "dropped"]
    assert (row["outcome"], row["attempts"]) == ("retrying", 1)


async def test_history_is_asked_by_the_workspaces_time(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, http: aiohttp.ClientSession
) -> None:
    """`oldest` computed from a moved clock finds what was said after that moment."""
    await ws.set_clock(DECEMBER)
    await town.says("きのう", desk)
    await ws.advance(86_400)
    await town.says("きょう", desk)
    body = await slack.conversations_history(channel=desk.id, oldest=str(DECEMBER + 3600))
    assert [each["text"] for each in body["messages"]] == ["きょう"]
