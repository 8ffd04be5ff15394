"""What becomes of events an app does not take, with apps made with Bolt.

Measured with slack-bolt 1.30 (docs/slack.md, "Acknowledging"); docs.slack.dev/apis/events-api for the schedule.
"""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from sandbox.subscription import EVENTS_AN_HOUR, FEWEST_AN_HOUR, WELL_ANSWERED
from tests.sandbox.apps import MODES, QUICK, Apps, Heard, Json, listens, sent


async def test_the_schedule_is_slacks(ws: Workspace, sandbox: Sandbox) -> None:
    """Three seconds to acknowledge; again at once, after a minute, after five."""
    settings = sandbox.world.courier.settings
    assert settings.ack_seconds == 3.0
    assert settings.retry_delays[1:] == [60.0, 300.0]
    assert settings.retry_delays[0] <= 0.5


def test_the_limits_of_delivery_are_slacks() -> None:
    """Pages app_rate_limited (30,000 an hour) and events-api, "Failure limits" (over 95 %, not under 1,000 an hour)."""
    assert (EVENTS_AN_HOUR, FEWEST_AN_HOUR, WELL_ANSWERED) == (30_000, 1_000, 0.05)


@pytest.mark.parametrize("mode", MODES)
async def test_more_events_than_slack_sends_in_an_hour_are_found_in_the_history_only(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, slack: AsyncWebClient, mode: str
) -> None:
    """30,000 an hour (page app_rate_limited); here three."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await ws.event_limits(events_an_hour=3)
    for number in range(5):
        await town.says(f"{number}", desk)
    await ws.quiet(for_=0.05, retries=True)
    assert sorted(each["event"]["text"] for each in heard.all) == ["0", "1", "2"]
    outcomes = [each["outcome"] for each in await sent(ws, "message")]
    assert outcomes == ["delivered"] * 3 + ["rate_limited"] * 2
    history = await slack.conversations_history(channel=desk.id)
    assert {"0", "1", "2", "3", "4"} <= {each["text"] for each in history["messages"]}


@pytest.mark.parametrize("mode", MODES)
async def test_a_subscription_that_nearly_always_fails_is_switched_off(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Over 95 % of at least 1,000 in an hour (page events-api); here of four."""
    app = apps.make()
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=[], ack_seconds=0.2)
    await ws.event_limits(fewest_an_hour=4)
    for number in range(4):
        await town.says(f"{number}", desk)
    await ws.quiet(for_=0.05, retries=True)
    await town.says("もう届かない", desk)
    await ws.quiet(for_=0.05, retries=True)
    assert [each["outcome"] for each in await sent(ws, "message")] == ["given_up"] * 4 + ["disabled"]
    heard = Heard()
    listens(app, heard)
    await ws.subscribe_again()
    await town.says("また届く", desk)
    assert [each["event"]["text"] for each in await heard.count(1)] == ["また届く"]


async def test_one_event_in_ten_taken_keeps_the_subscription(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    heard, app = Heard(), apps.make(process_before_response=True)
    listens(app, heard, fails=9)
    await apps.connect(app, "http")
    await ws.delivery(retry_delays=[], ack_seconds=0.3)
    await ws.event_limits(fewest_an_hour=10)
    for number in range(11):
        await town.says(f"{number}", desk)
        await ws.quiet(for_=0.01, retries=True)
    outcomes = [each["outcome"] for each in await sent(ws, "message")]
    assert outcomes == ["given_up"] * 9 + ["delivered"] * 2


@pytest.mark.parametrize("mode", MODES)
async def test_an_event_is_heard_and_acknowledged(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await town.says("プリンターが動きません", desk)
    (body,) = await heard.count(1)
    await ws.quiet(for_=0.05, retries=True)
    assert body["event"]["text"] == "プリンターが動きません"
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"], row["failures"]) == ("delivered", 1, [])
    assert row["ms"] < 3000


@pytest.mark.parametrize("mode", MODES)
async def test_an_event_without_a_listener_comes_four_times(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """404, or no ack on the socket: Slack retries, three times in all."""
    await apps.connect(apps.make(), mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await town.says("だれも聞いていない", desk)
    await ws.quiet(for_=0.1, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("given_up", 4)
    assert set(row["failures"]) == {"http_error" if mode == "http" else "timeout"}


@pytest.mark.parametrize("mode", MODES)
async def test_a_listener_that_raises_has_lost_the_event(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Already acked: lost."""
    heard, app = Heard(), apps.make()
    listens(app, heard, fails=9)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK)
    await town.says("なくなる", desk)
    await heard.count(1)
    await ws.quiet(for_=0.2, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 1)


@pytest.mark.parametrize("mode", MODES)
async def test_processing_before_the_response_keeps_it(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """With process_before_response=True: 500 (no ack on the socket), Slack retries."""
    heard, app = Heard(), apps.make(process_before_response=True)
    listens(app, heard, fails=2)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await town.says("なくならない", desk)
    bodies = await heard.count(3)
    await ws.quiet(for_=0.1, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 3)
    assert len({each["event_id"] for each in bodies}) == 1


@pytest.mark.parametrize("mode", MODES)
async def test_a_redelivery_runs_the_listener_again(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Bolt runs the listener each time: deduplicate. Here the acknowledgement is lost on its way."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await ws.faults("lose_ack", method="message", count=1)
    await town.says("二度", desk)
    first, again = await heard.count(2)
    await ws.quiet(for_=0.1, retries=True)
    assert first["event_id"] == again["event_id"]
    assert first["event"] == again["event"]
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 2)
    assert row["ms"] >= QUICK[0] * 1000, "what was taken late counts from when it was sent first"


@pytest.mark.parametrize("mode", MODES)
async def test_the_same_envelope_twice_runs_the_listener_twice(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await ws.faults("duplicate", method="message", count=1)
    await town.says("二度", desk)
    bodies = await heard.count(2)
    await ws.quiet(for_=0.05, retries=True)
    assert len({each["event_id"] for each in bodies}) == 1
    assert len(heard.all) == 2


async def test_the_retry_header_of_a_first_delivery_is_zero_over_a_socket(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """Measured with slack-bolt 1.30: it reads ['0'] on a first delivery, so what counts is > 0."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_socket(app)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await ws.faults("lose_ack", method="message", count=1)
    await town.says("x", desk)
    first, again = await heard.count(2)
    await ws.quiet(for_=0.1, retries=True)
    assert first["headers"]["x-slack-retry-num"] == ["0"]
    assert again["headers"]["x-slack-retry-num"] == ["1"]
    assert again["headers"]["x-slack-retry-reason"] == ["timeout"]


@pytest.mark.parametrize("mode", MODES)
async def test_a_command_nobody_acknowledges_is_not_tried_again(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Command never acks: the person sees an error after 3 s. Page events-api: retries are for events."""
    heard, app = Heard(), apps.make()

    async def silent(body: Json) -> None:
        await heard.add(body)

    app.command("/soudan")(silent)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.2)
    outcome = await town.runs("/soudan", "印刷", desk, may_fail=True)
    await ws.quiet(for_=0.3, retries=True)
    assert not outcome.acked
    assert len(heard.all) == 1
    (row,) = await sent(ws, "/soudan")
    assert (row["outcome"], row["attempts"]) == ("failed", 1)
    assert [each["name"] for each in await town.errors()] == ["/soudan"]


async def test_held_events_come_when_released(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """The fault hold_events: late, none lost."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_socket(app)
    await ws.faults("hold_events")
    for number in range(3):
        await town.says(f"{number}", desk)
    await ws.quiet(for_=0.05)
    assert heard.all == []
    await ws.faults("hold_events", on=False)
    assert sorted(each["event"]["text"] for each in await heard.count(3)) == ["0", "1", "2"]


async def test_dropped_events_never_come(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """The fault drop_events: only reading history finds these."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_socket(app)
    await ws.faults("drop_events")
    await town.says("届かない", desk)
    await ws.faults("drop_events", on=False)
    await town.says("届く", desk)
    assert [each["event"]["text"] for each in await heard.count(1)] == ["届く"]
