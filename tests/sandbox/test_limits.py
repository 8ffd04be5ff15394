"""Rate limits. Sources: docs.slack.dev/apis/web-api/rate-limits, and the page of each method."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.calls import METHODS
from sandbox.client import Channel, Person, Workspace
from sandbox.limits import POST_BURST
from tests.sandbox.kit import home
from tests.sandbox.later import Later
from tests.sandbox.test_calls import refusal

TIERS: dict[int, tuple[str, ...]] = {
    20: (
        "bookmarks.add",
        "bookmarks.edit",
        "bookmarks.list",
        "bookmarks.remove",
        "conversations.archive",
        "conversations.close",
        "conversations.create",
        "conversations.list",
        "conversations.rename",
        "conversations.setPurpose",
        "conversations.setTopic",
        "conversations.unarchive",
        "pins.add",
        "pins.list",
        "pins.remove",
        "reactions.list",
        "reactions.remove",
        "usergroups.create",
        "usergroups.disable",
        "usergroups.enable",
        "usergroups.list",
        "usergroups.users.list",
        "usergroups.users.update",
        "users.list",
    ),
    50: (
        "bots.info",
        "chat.delete",
        "files.delete",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.invite",
        "conversations.join",
        "conversations.kick",
        "conversations.leave",
        "conversations.mark",
        "conversations.open",
        "conversations.replies",
        "reactions.add",
        "reactions.get",
        "team.info",
        "users.conversations",
        "users.getPresence",
        "users.lookupByEmail",
    ),
    100: (
        "api.test",
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "users.info",
        "users.profile.get",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ),
}
"""Calls a minute, as each method's page says ("Rate Limits")."""

SPECIAL = {"apps.connections.open", "auth.test", "chat.getPermalink", "chat.postMessage"}
"""Methods with a rule of their own, each with a test of its own below."""


async def limited(call: Any) -> int:
    """Return the seconds of Retry-After with which a call is refused; fail if it is not."""
    with pytest.raises(SlackApiError) as caught:
        await call
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    return int(response.headers["Retry-After"])


async def until_refused(call: Callable[[], Awaitable[None]], at_most: int) -> None:
    """Call on: while a slow machine makes the calls, the bucket fills a little."""
    for _ in range(at_most):
        await call()


def test_no_method_is_without_a_limit_of_its_own() -> None:
    assert {name for names in TIERS.values() for name in names} | SPECIAL == set(METHODS)


@pytest.mark.parametrize(
    ("method", "a_minute"), [(name, a_minute) for a_minute, names in TIERS.items() for name in names]
)
async def test_every_method_has_its_tier(
    slack: AsyncWebClient, desk: Channel, town: Person, later: Later, method: str, a_minute: int
) -> None:
    """Page rate-limits: tier 2 is 20, tier 3 is 50, tier 4 is 100 calls a minute and method."""
    posted = await slack.chat_postMessage(channel=desk.id, text="x")
    args: dict[str, Any] = {"channel": desk.id, "ts": posted["ts"], "text": "y"}
    args |= {
        "reactions.add": {"timestamp": posted["ts"], "name": "eyes"},
        "conversations.open": {"channel": (await town.dm()).id},
        "views.publish": {"user_id": town.id, "view": home()},
        "users.info": {"user": town.id},
        "chat.postEphemeral": {"user": town.id},
    }.get(method, {})

    async def call() -> None:
        try:
            await slack.api_call(method, json=args)
        except SlackApiError as error:
            if error.response["error"] == "ratelimited":
                raise

    for _ in range(a_minute - 1):
        await call()
    wait = await limited(until_refused(call, a_minute))
    assert wait == 60 // a_minute or wait == 60 // a_minute + 1
    later.passes(wait)
    await call()
    assert await limited(until_refused(call, a_minute)) >= 1


async def test_the_token_may_be_tested_often(slack: AsyncWebClient, later: Later) -> None:
    """Page auth.test: "Special", hundreds of calls a minute."""
    for _ in range(200):
        await slack.auth_test()


async def test_an_address_is_not_limited(slack: AsyncWebClient, desk: Channel, later: Later) -> None:
    """Page chat.getPermalink: "Special", no limit is given."""
    posted = await slack.chat_postMessage(channel=desk.id, text="x")
    for _ in range(150):
        await slack.chat_getPermalink(channel=desk.id, message_ts=posted["ts"])


async def test_ten_connections_may_be_opened_at_once_but_not_again_and_again(
    sandbox: Sandbox, slack: AsyncWebClient, later: Later
) -> None:
    """Page apps.connections.open: tier 1, once a minute; rate-limits: "a small amount of burst behavior is tolerated".
    How much is not said: three times the ten connections an app may hold."""
    opener = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_url, session=slack.session)

    async def call() -> None:
        await opener.apps_connections_open(app_token=sandbox.app_token)

    for _ in range(30):
        await call()
    assert await limited(until_refused(call, 30)) > 1


async def test_a_channel_takes_one_post_a_second(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, later: Later
) -> None:
    """postMessage 1/s per channel; "short bursts of >1 allowed"."""
    other = await ws.channel("ほか")
    for _ in range(int(POST_BURST)):
        await slack.chat_postMessage(channel=desk.id, text="x")
    assert await limited(slack.chat_postMessage(channel=desk.id, text="x")) == 1
    await slack.chat_postMessage(channel=other.id, text="ほかの部屋はまだ")
    later.passes(1)
    await slack.chat_postMessage(channel=desk.id, text="x")
    assert await limited(slack.chat_postMessage(channel=desk.id, text="x")) == 1
    assert (await ws.counters())["outcomes"]["chat.postMessage ratelimited"] == 2


async def test_a_channel_and_its_name_share_a_limit(
    slack: AsyncWebClient, desk: Channel, later: Later
) -> None:
    for number in range(int(POST_BURST)):
        name = (desk.id, "#相談-端末", "相談-端末")[number % 3]
        await slack.chat_postMessage(channel=name, text="x")
    assert await limited(slack.chat_postMessage(channel="相談-端末", text="x")) == 1


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
async def test_an_app_that_is_sold_reads_once_a_minute_and_little(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, later: Later, method: str
) -> None:
    """Changelog 2025/05/29 and the page of each: one call a minute, 15 objects, for apps sold outside the Marketplace;
    tier 3 for internal ones, which is what every other test reads by."""
    first = await slack.chat_postMessage(channel=desk.id, text="1")
    await ws.limits({"off": ["chat.postMessage"]})
    for number in range(20):
        thread = {"thread_ts": first["ts"]} if method == "conversations.replies" else {}
        await slack.chat_postMessage(channel=desk.id, text=str(number), **thread)
    await ws.around(commercial=True)
    args = {"channel": desk.id, "ts": first["ts"], "limit": 100}
    assert len((await slack.api_call(method, params=args))["messages"]) == 15
    assert await limited(slack.api_call(method, params=args)) == 60
    later.passes(60)
    await slack.api_call(method, params=args)


async def test_one_methods_limit_is_not_anothers(slack: AsyncWebClient, later: Later) -> None:
    for _ in range(20):
        await slack.users_list()
    await limited(slack.users_list())
    await slack.conversations_list()


async def test_the_moved_clock_fills_no_bucket(slack: AsyncWebClient, ws: Workspace) -> None:
    """Limits go by real time: skipping a day in a story gives an app no more calls."""
    for _ in range(20):
        await slack.users_list()
    await ws.advance(86_400)
    assert await limited(slack.users_list()) > 0


async def test_limits_can_be_switched_off(slack: AsyncWebClient, ws: Workspace) -> None:
    await ws.limits({"off": ["users.list"]})
    for _ in range(30):
        await slack.users_list()
    await ws.limits("on")
    for _ in range(20):
        await slack.users_list()
    await limited(slack.users_list())
    await ws.limits("off")
    await slack.users_list()


async def test_a_refused_call_has_done_nothing(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    await ws.faults("429", method="chat.postMessage", count=1, retry_after=30)
    assert await limited(slack.chat_postMessage(channel=desk.id, text="届かない")) == 30
    await desk.never_shows("届かない", for_=0.05)


async def test_the_sdks_own_handler_waits_as_told(
    sandbox: Sandbox, ws: Workspace, desk: Channel, slack: AsyncWebClient
) -> None:
    """Measured with slack-sdk 3.47: the rate-limit handler is off by default; switched on, it reads Retry-After."""
    await ws.faults("429", method="chat.postMessage", count=1, retry_after=1)
    patient = AsyncWebClient(
        token=sandbox.bot_token,
        base_url=sandbox.api_url,
        session=slack.session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
    )
    started = asyncio.get_running_loop().time()
    await patient.chat_postMessage(channel=desk.id, text="待ってから")
    assert asyncio.get_running_loop().time() - started >= 1
    assert [each["outcome"] for each in await ws.calls("chat.postMessage")] == ["429", "ok"]


async def test_errors_count_too(slack: AsyncWebClient, later: Later) -> None:
    """A call that is refused for another reason has still used its turn."""
    for _ in range(100):
        assert await refusal(slack.users_info(user="U0NOBODY")) == "user_not_found"

    async def call() -> None:
        try:
            await slack.users_info(user="U0NOBODY")
        except SlackApiError as error:
            if error.response["error"] == "ratelimited":
                raise

    await limited(until_refused(call, 100))
