"""The Web API answers as Slack's does: tokens, scopes, arguments, pages, metadata, errors, limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "対応します"}, "action_id": "claim"}
CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "受け付けました"}},
    {"type": "actions", "elements": [BUTTON]},
]


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
    return await ws.channel("相談-端末")


@pytest.fixture
async def town(ws: Workspace, desk: Channel) -> Person:
    return await ws.person("山田 花子", email="hanako@example.jp", channels=[desk])


async def refusal(call: Any) -> dict[str, Any]:
    """Return the body of the error `call` must end with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body = caught.value.response.data
    assert isinstance(body, dict)
    return body


async def test_tokens_are_checked_as_slack_checks_them(sandbox: Sandbox, ws: Workspace) -> None:
    def client(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=sandbox.api_url)

    assert (await refusal(client(None).auth_test()))["error"] == "not_authed"
    assert (await refusal(client("xoxb-other").auth_test()))["error"] == "invalid_auth"
    assert (await refusal(client(sandbox.app_token).auth_test()))["error"] == "not_allowed_token_type"
    fine = await client(sandbox.bot_token).auth_test()
    assert "chat:write" in fine.headers["x-oauth-scopes"]
    assert "Date" in fine.headers
    await ws.revokes()
    assert (await refusal(client(sandbox.bot_token).auth_test()))["error"] == "token_revoked"
    await ws.revokes("uninstall")
    assert (await refusal(client(sandbox.bot_token).auth_test()))["error"] == "account_inactive"


async def test_arguments_come_as_query_form_or_json_by_get_or_post(
    sandbox: Sandbox, desk: Channel, town: Person
) -> None:
    said = await town.says("プリンター", desk)
    url, bearer = f"{sandbox.api_url}conversations.replies", {"Authorization": f"Bearer {sandbox.bot_token}"}
    given = {"channel": desk.id, "ts": said.ts}
    async with aiohttp.ClientSession() as http:
        answers = [
            await (await http.get(url, params=given, headers=bearer)).json(),
            await (await http.post(url, params=given, headers=bearer)).json(),
            await (await http.post(url, data=given | {"token": sandbox.bot_token})).json(),
            await (await http.post(url, json=given, headers=bearer)).json(),
        ]
        unauthorised = await (await http.post(url, json=given | {"token": sandbox.bot_token})).json()
        unknown = await (await http.post(f"{sandbox.api_url}chat.whisper", headers=bearer)).json()
    assert [each["messages"][0]["text"] for each in answers] == ["プリンター"] * 4
    assert unauthorised["error"] == "not_authed"
    assert unknown["error"] == "unknown_method"


async def test_a_missing_scope_is_named(ws: Workspace) -> None:
    manifest = {
        "features": {"bot_user": {"display_name": "Banso"}},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"socket_mode_enabled": True},
    }
    async with Sandbox(manifest=manifest) as narrow:
        client = AsyncWebClient(token=narrow.bot_token, base_url=narrow.api_url)
        body = await refusal(client.users_list())
    assert (body["error"], body["needed"], body["provided"]) == ("missing_scope", "users:read", "chat:write")


async def test_metadata_comes_back_only_when_asked_for_and_survives_an_update(
    slack: AsyncWebClient, desk: Channel
) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"id": "o-1"}}
    posted = await slack.chat_postMessage(channel=desk.id, text="受付", blocks=CARD, metadata=metadata)
    await slack.chat_update(channel=desk.id, ts=posted["ts"], text="対応中", blocks=CARD)
    brief = await slack.conversations_history(channel=desk.id, limit=1)
    full = await slack.conversations_history(channel=desk.id, limit=1, include_all_metadata=True)
    assert brief["messages"][0]["metadata"] == {"event_type": "outbox"}
    assert full["messages"][0]["metadata"] == metadata
    assert "edited" not in full["messages"][0]
    body = await refusal(slack.chat_postMessage(channel=desk.id, text="x", metadata={"event_type": "x"}))
    assert body["error"] == "invalid_metadata_format"


async def test_text_without_blocks_takes_the_blocks_away(slack: AsyncWebClient, desk: Channel) -> None:
    posted = await slack.chat_postMessage(channel=desk.id, text="受付", blocks=CARD)
    changed = await slack.chat_update(channel=desk.id, ts=posted["ts"], text="終わりました")
    assert "blocks" not in changed["message"]
    assert changed["message"]["edited"]["user"]


async def test_a_thread_is_read_in_pages_with_its_parent_first(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    parent = await town.says("相談", desk)
    for number in range(5):
        await town.says(f"返信{number}", desk, thread=parent)
    texts, cursor = [], ""
    while True:
        page = await slack.conversations_replies(channel=desk.id, ts=parent.ts, limit=2, cursor=cursor)
        assert len(page["messages"]) <= 2
        texts += [each["text"] for each in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert texts == ["相談", "返信0", "返信1", "返信2", "返信3", "返信4"]
    head = (await slack.conversations_history(channel=desk.id, limit=1))["messages"][0]
    assert (head["text"], head["reply_count"], head["thread_ts"]) == ("相談", 5, parent.ts)
    body = await refusal(slack.conversations_history(channel=desk.id, cursor="bogus"))
    assert body["error"] == "invalid_cursor"


async def test_history_keeps_to_oldest_latest_and_inclusive(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    one, two, three = [await town.says(text, desk) for text in ("一", "二", "三")]

    async def read(**window: Any) -> list[str]:
        body = await slack.conversations_history(channel=desk.id, **window)
        return [each["text"] for each in body["messages"]]

    assert await read(oldest=one.ts) == ["三", "二"]
    assert await read(oldest=one.ts, latest=three.ts, inclusive=True) == ["三", "二", "一"]
    assert await read(oldest=one.ts, latest=three.ts) == ["二"]
    assert two.ts < three.ts


async def test_places_the_bot_may_not_write_to_are_named_differently(
    slack: AsyncWebClient, sandbox: Sandbox, ws: Workspace, desk: Channel
) -> None:
    secret = await ws.channel("人事", private=True, bot=False)
    assert (await refusal(slack.chat_postMessage(channel=secret.id, text="x")))[
        "error"
    ] == "channel_not_found"
    elsewhere = await ws.channel("雑談", bot=False)
    assert (await refusal(slack.conversations_history(channel=elsewhere.id)))["error"] == "not_in_channel"
    lost = slack.chat_postMessage(channel=desk.id, text="x", thread_ts="1700000000.000100")
    assert (await refusal(lost))["error"] == "thread_not_found"
    await desk.archives()
    assert (await refusal(slack.chat_postMessage(channel=desk.id, text="x")))["error"] == "is_archived"


async def test_bad_blocks_and_long_texts_are_refused_or_cut(slack: AsyncWebClient, desk: Channel) -> None:
    bad = [{"type": "section", "text": {"type": "mrkdwn", "text": "あ" * 3001}}]
    body = await refusal(slack.chat_postMessage(channel=desk.id, text="x", blocks=bad))
    assert body["error"] == "invalid_blocks"
    assert "/blocks/0/text" in body["response_metadata"]["messages"][0]
    body = await refusal(slack.chat_postMessage(channel=desk.id, text="x", blocks=[bad[0]] * 51))
    assert body["error"] in ("invalid_blocks", "msg_blocks_too_long")
    posted = await slack.chat_postMessage(channel=desk.id, text="あ" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    body = await refusal(slack.chat_update(channel=desk.id, ts=posted["ts"], text="あ" * 4_001))
    assert body["error"] == "msg_too_long"
    empty = slack.api_call("chat.postMessage", json={"channel": desk.id, "text": ""})
    assert (await refusal(empty))["error"] == "no_text"


async def test_a_deleted_parent_leaves_a_tombstone_until_its_last_reply_goes(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    parent = await town.says("相談", desk)
    reply = await town.says("返信", desk, thread=parent)
    await town.deletes(parent)
    head = (await slack.conversations_replies(channel=desk.id, ts=parent.ts))["messages"][0]
    assert (head["subtype"], head["text"]) == ("tombstone", "This message was deleted.")
    await town.deletes(reply)
    gone = slack.conversations_replies(channel=desk.id, ts=parent.ts)
    assert (await refusal(gone))["error"] == "thread_not_found"


async def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(
    slack: AsyncWebClient, ws: Workspace, desk: Channel
) -> None:
    for number in range(4):
        await slack.chat_postMessage(channel=desk.id, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=f"#{desk.name}", text="too fast")
    response = caught.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert response.data == {"ok": False, "error": "ratelimited"}
    other = await ws.channel("練習")
    await slack.chat_postMessage(channel=other.id, text="another channel is free")
    await ws.limits("off")
    await slack.chat_postMessage(channel=desk.id, text="now it goes")
    assert (await ws.counters())["posts"] == 6


async def test_people_are_listed_in_pages_with_their_addresses(
    slack: AsyncWebClient, ws: Workspace, town: Person
) -> None:
    await ws.crowd([{"real_name": f"職員{number}", "email": f"s{number}@example.jp"} for number in range(30)])
    found: dict[str, str] = {}
    async for page in await slack.users_list(limit=7):
        found |= {each["id"]: each["profile"].get("email", "") for each in page["members"]}
    assert len(found) == 30 + 3
    assert found[town.id] == "hanako@example.jp"
    assert (await slack.users_lookupByEmail(email="s7@example.jp"))["user"]["real_name"] == "職員7"


async def test_a_file_goes_out_and_comes_back(sandbox: Sandbox, slack: AsyncWebClient, town: Person) -> None:
    said = await town.direct("名簿です", files=[{"name": "meibo.csv", "content": "氏名\n山田"}])
    message = (await slack.conversations_history(channel=said.channel, limit=1))["messages"][0]
    assert message["subtype"] == "file_share"
    async with aiohttp.ClientSession() as http:
        url, bearer = message["files"][0]["url_private_download"], f"Bearer {sandbox.bot_token}"
        assert "山田" in await (await http.get(url, headers={"Authorization": bearer})).text()
        assert "Sign in" in await (await http.get(url)).text()
    await slack.files_upload_v2(channel=said.channel, content="集計", filename="shukei.txt")
    await town.sees("shukei.txt")
