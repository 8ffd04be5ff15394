"""How the Web API is called: arguments, tokens, scopes, unknown methods. Source: docs.slack.dev/apis/web-api."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, SandboxError, Workspace
from tests.sandbox.kit import section

WAYS = ["query by GET", "query by POST", "form", "multipart form", "JSON"]


async def send(
    http: aiohttp.ClientSession,
    sandbox: Sandbox,
    way: str,
    method: str,
    args: dict[str, Any],
    token: str = "",
) -> dict[str, Any]:
    """Call a method in one of the ways Slack takes arguments and return the answer."""
    url = sandbox.api_url + method
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in args.items()}
    ways: dict[str, dict[str, Any]] = {
        "query by GET": {"params": texts},
        "query by POST": {"params": texts},
        "form": {"data": texts},
        "multipart form": {"data": _multipart(texts)},
        "JSON": {"json": args},
    }
    verb = "GET" if way.endswith("GET") else "POST"
    async with http.request(verb, url, headers=headers, **ways[way]) as answer:
        assert answer.status == 200
        body: dict[str, Any] = await answer.json()
        return body


def _multipart(texts: dict[str, str]) -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in texts.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    return writer


async def refusal(call: Any) -> str:
    """Return the error a call of the SDK ends with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


@pytest.mark.parametrize("way", WAYS)
async def test_arguments_come_in_five_ways(
    way: str, sandbox: Sandbox, http: aiohttp.ClientSession, desk: Channel
) -> None:
    """Page web-api: query strings, form bodies or JSON; GET and POST. Lists travel in forms as JSON text."""
    blocks = [section(block_id="b1")]
    args = {"channel": desk.id, "text": "お知らせ & <連絡>", "blocks": blocks}
    body = await send(http, sandbox, way, "chat.postMessage", args, sandbox.bot_token)
    assert body["ok"] is True, body
    assert body["message"]["text"] == "お知らせ & <連絡>"
    assert body["message"]["blocks"] == blocks


@pytest.mark.parametrize(("way", "taken"), [(way, way != "JSON") for way in WAYS])
async def test_a_token_may_be_an_argument_but_not_in_json(
    way: str, taken: bool, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    """Page web-api, "Authentication": with JSON the token goes into the Authorization header."""
    body = await send(http, sandbox, way, "auth.test", {"token": sandbox.bot_token})
    assert body.get("user_id") == (sandbox.bot_user_id if taken else None)
    assert body.get("error") == (None if taken else "not_authed")


async def test_the_sdk_itself_is_understood(slack: AsyncWebClient, sandbox: Sandbox, ws: Workspace) -> None:
    """auth.test says whose token it is, which Bolt asks at every start."""
    answer = await slack.auth_test()
    info = await ws.info()
    assert (answer["user_id"], answer["bot_id"]) == (sandbox.bot_user_id, info["bot_id"])
    assert answer["team_id"] == sandbox.team_id


@pytest.mark.parametrize("address", ["https://slack.com/api/", "http://127.0.0.1:1/api/"])
def test_the_sdk_takes_the_machines_proxy_wherever_it_calls(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Measured with slack-sdk 3.47: it reads HTTPS_PROXY and never looks at NO_PROXY."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.jp:8080")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,slack.com,*")
    assert AsyncWebClient(token="xoxb-x", base_url=address).proxy == "http://proxy.example.jp:8080"


async def test_scopes_come_back_in_headers(slack: AsyncWebClient, ws: Workspace) -> None:
    """Page oauth/scopes: x-oauth-scopes and x-accepted-oauth-scopes."""
    answer = await slack.users_list()
    assert answer.headers["x-oauth-scopes"].split(",") == (await ws.info())["scopes"]
    assert answer.headers["x-accepted-oauth-scopes"] == "users:read"


@pytest.mark.parametrize("text", ["", "<!doctype html>", "[1, 2]", "3"])
async def test_broken_json_is_refused(text: str, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    """Errors invalid_json and json_not_object of every method's page."""
    expected = {"": None, "<!doctype html>": "invalid_json"}.get(text, "json_not_object")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {sandbox.bot_token}"}
    async with http.post(f"{sandbox.api_url}auth.test", data=text, headers=headers) as answer:
        assert (await answer.json()).get("error") == expected


@pytest.mark.parametrize("method", ["rtm.start", "search.messages", "chat.scheduleMessage", "nonsense"])
async def test_what_is_not_there_is_an_unknown_method(slack: AsyncWebClient, method: str) -> None:
    """Error unknown_method, for what the stand-in does not play too (docs/architecture.md). chat.scheduleMessage is no loss:
    with metadata its messages are never posted (its page, "Bug alert")."""
    with pytest.raises(SlackApiError) as caught:
        await slack.api_call(method)
    assert caught.value.response["error"] == "unknown_method"
    assert caught.value.response["req_method"] == method


async def test_no_token_and_a_wrong_token(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    """Errors not_authed, invalid_auth of every method's page; both with status 200."""
    assert (await send(http, sandbox, "JSON", "auth.test", {}))["error"] == "not_authed"
    assert (await send(http, sandbox, "JSON", "auth.test", {}, "xoxb-other"))["error"] == "invalid_auth"


async def test_the_two_tokens_are_not_for_the_same_methods(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    """Page apps.connections.open: it takes the app-level token; all others take the bot's."""
    wrong = [("auth.test", sandbox.app_token), ("apps.connections.open", sandbox.bot_token)]
    for method, token in wrong:
        assert (await send(http, sandbox, "JSON", method, {}, token))["error"] == "not_allowed_token_type"
    opened = await send(http, sandbox, "JSON", "apps.connections.open", {}, sandbox.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")


async def test_api_test_echoes(slack: AsyncWebClient) -> None:
    """Page api.test: it gives the arguments back, and the error one asks for."""
    assert (await slack.api_test(foo="bar"))["args"]["foo"] == "bar"
    assert await refusal(slack.api_test(error="my_error")) == "my_error"


async def test_numbers_and_flags_are_read_from_any_spelling(
    slack: AsyncWebClient, sandbox: Sandbox, http: aiohttp.ClientSession, desk: Channel
) -> None:
    """The SDK sends numbers as text and booleans as "true" or 1 in forms; JSON has real ones."""
    for number in range(3):
        await slack.chat_postMessage(channel=desk.id, text=f"{number}")
    spellings: list[dict[str, Any]] = [
        {"channel": desk.id, "limit": 1},
        {"channel": desk.id, "limit": "1", "inclusive": "true"},
        {"channel": desk.id, "limit": "1", "inclusive": "1"},
    ]
    for args in spellings:
        body = await send(http, sandbox, "JSON", "conversations.history", args, sandbox.bot_token)
        assert [each["text"] for each in body["messages"]] == ["2"]


async def test_a_missing_argument_is_named(slack: AsyncWebClient) -> None:
    """Error invalid_arguments with response_metadata.messages."""
    with pytest.raises(SlackApiError) as caught:
        await slack.api_call("chat.postMessage", json={"text": "x"})
    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel [json-pointer:/channel]"
    ]


@pytest.mark.parametrize(("how", "error"), [("revoke", "token_revoked"), ("uninstall", "account_inactive")])
async def test_a_token_can_be_taken_away(slack: AsyncWebClient, ws: Workspace, how: str, error: str) -> None:
    """Errors token_revoked and account_inactive of every method's page."""
    await ws.revokes(how)
    assert await refusal(slack.auth_test()) == error
    await ws.revokes("restore")
    assert (await slack.auth_test())["ok"]


MANIFEST: dict[str, Any] = {
    "features": {"bot_user": {"display_name": "banso"}},
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:read"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.channels", "app_mention"]}},
}

SCOPED = [
    ("users_info", {"user": "U1"}, "users:read"),
    ("conversations_history", {"channel": "C1"}, "channels:history"),
    ("reactions_add", {"channel": "C1", "timestamp": "1.000001", "name": "eyes"}, "reactions:write"),
    ("users_lookupByEmail", {"email": "a@example.jp"}, "users:read.email"),
    ("conversations_list", {"types": "private_channel"}, "groups:read"),
    ("files_info", {"file": "F1"}, "files:read"),
]


@pytest.mark.parametrize(("method", "args", "scope"), SCOPED)
async def test_a_call_outside_the_scopes_is_refused(
    http: aiohttp.ClientSession, method: str, args: dict[str, str], scope: str
) -> None:
    """Error missing_scope with `needed` and `provided`; the scopes are those of the manifest."""
    async with Sandbox(manifest=MANIFEST) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        with pytest.raises(SlackApiError) as caught:
            await getattr(client, method)(**args)
        body = caught.value.response
        assert body["error"] == "missing_scope"
        assert scope in body["needed"].split(",")
        assert body["provided"] == "channels:read,chat:write"


async def test_a_manifest_names_what_can_never_arrive() -> None:
    """An event without its scope, or a command without the scope `commands`, is never sent."""
    async with Sandbox(manifest=MANIFEST) as sandbox, Workspace(sandbox.control_url) as ws:
        assert (await ws.info())["manifest_problems"] == [
            "event app_mention needs scope app_mentions:read",
            "event message.channels needs scope channels:history",
        ]


async def test_names_posts_and_colours_need_their_own_scope(http: aiohttp.ClientSession) -> None:
    """Page chat.postMessage: username and icon need chat:write.customize; unjoined channels chat:write.public."""
    async with Sandbox(manifest=MANIFEST) as sandbox, Workspace(sandbox.control_url) as ws:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        joined, other = await ws.channel("a"), await ws.channel("b", bot=False)
        assert (
            await refusal(client.chat_postMessage(channel=joined.id, text="x", username="y"))
            == "missing_scope"
        )
        assert await refusal(client.chat_postMessage(channel=other.id, text="x")) == "not_in_channel"
    async with Sandbox() as sandbox, Workspace(sandbox.control_url) as ws:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        other = await ws.channel("b", bot=False)
        await client.chat_postMessage(channel=other.id, text="よそから", username="y")
        assert (await other.shows("よそから"))["username"] == "y"


async def test_the_control_api_names_its_verbs_and_refusals(ws: Workspace, desk: Channel) -> None:
    """What is wrong with a test must be readable in the test's output."""
    stranger = await ws.person("部外者")
    with pytest.raises(SandboxError, match="not_in_channel 部外者 is not in #相談-端末"):
        await stranger.says("入れて", desk)
    with pytest.raises(SandboxError, match="unknown fault 'flood'"):
        await ws.faults("flood")
