"""Channels kept in order, and people looked at, by the bot. Source: the page of each method."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import silently
from tests.sandbox.test_calls import MANIFEST, refusal


async def test_somebody_is_taken_out_of_a_channel(slack: AsyncWebClient, desk: Channel, town: Person) -> None:
    """Page conversations.kick: cant_kick_self, not_in_channel."""
    await slack.conversations_kick(channel=desk.id, user=town.id)
    assert town.id not in (await slack.conversations_members(channel=desk.id))["members"]
    assert await refusal(slack.conversations_kick(channel=desk.id, user=town.id)) == "not_in_channel"
    own = (await slack.auth_test())["user_id"]
    assert await refusal(slack.conversations_kick(channel=desk.id, user=own)) == "cant_kick_self"


async def test_a_bot_renames_what_it_made_and_nothing_else(slack: AsyncWebClient, desk: Channel) -> None:
    """Page conversations.rename: not_authorized, name_taken and the errors of names."""
    made = (await slack.conversations_create(name="bot-made"))["channel"]["id"]
    assert (await slack.conversations_rename(channel=made, name="renamed"))["channel"]["name"] == "renamed"
    assert await refusal(slack.conversations_rename(channel=desk.id, name="mine")) == "not_authorized"
    assert await refusal(slack.conversations_rename(channel=made, name=desk.name)) == "name_taken"
    assert await refusal(slack.conversations_rename(channel=made, name="x" * 81)) == "invalid_name_maxlength"
    assert await refusal(slack.conversations_rename(channel=made, name="Big")) == "invalid_name_specials"


@pytest.mark.parametrize("what", ["topic", "purpose"])
async def test_a_channel_is_described_and_says_so(slack: AsyncWebClient, desk: Channel, what: str) -> None:
    """Pages conversations.setTopic and setPurpose: too_long over 250; page message-event: channel_topic, channel_purpose."""
    method = f"conversations.set{what.capitalize()}"
    await slack.api_call(method, json={"channel": desk.id, what: "x" * 250})
    told: Any = (await slack.conversations_info(channel=desk.id))["channel"]
    assert told[what]["value"] == "x" * 250
    newest = (await slack.conversations_history(channel=desk.id, limit=1))["messages"][0]
    assert (newest["subtype"], newest[what]) == (f"channel_{what}", "x" * 250)
    assert await refusal(slack.api_call(method, json={"channel": desk.id, what: "x" * 251})) == "too_long"


async def test_a_bot_brings_no_channel_back(ws: Workspace, slack: AsyncWebClient, desk: Channel) -> None:
    """Page conversations.unarchive, "Bug alert": bot tokens cannot be used."""
    assert await refusal(slack.conversations_unarchive(channel=desk.id)) == "not_archived"
    await slack.conversations_archive(channel=desk.id)
    assert await refusal(slack.conversations_unarchive(channel=desk.id)) == "not_allowed_token_type"


async def test_a_direct_message_is_closed_until_something_opens_it(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    """Page conversations.close: no_op and already_closed when it was closed."""
    direct = (await slack.conversations_open(users=town.id))["channel"]["id"]
    assert (await slack.conversations_open(users=town.id))["already_open"]
    assert "no_op" not in (await slack.conversations_close(channel=direct)).data
    assert (await slack.conversations_close(channel=direct))["already_closed"]
    assert "already_open" not in (await slack.conversations_open(users=town.id)).data
    await slack.conversations_close(channel=direct)
    await slack.chat_postMessage(channel=direct, text="x")
    assert (await slack.conversations_open(users=town.id))["already_open"]
    assert (
        await refusal(slack.conversations_close(channel=desk.id)) == "method_not_supported_for_channel_type"
    )


async def test_a_read_cursor_is_moved_within_a_channel_one_is_in(
    ws: Workspace, slack: AsyncWebClient, desk: Channel
) -> None:
    """Page conversations.mark: invalid_timestamp, not_in_channel."""
    posted = await slack.chat_postMessage(channel=desk.id, text="x")
    await slack.conversations_mark(channel=desk.id, ts=posted["ts"])
    assert await refusal(slack.conversations_mark(channel=desk.id, ts="soon")) == "invalid_timestamp"
    async with silently(ws):
        other = await ws.channel("elsewhere", bot=False)
    assert await refusal(slack.conversations_mark(channel=other.id, ts=posted["ts"])) == "not_in_channel"


async def test_a_profile_is_the_one_within_the_person(slack: AsyncWebClient, town: Person) -> None:
    """Page users.profile.get; without a user it is one's own."""
    profile = (await slack.users_profile_get(user=town.id))["profile"]
    assert profile == (await slack.users_info(user=town.id))["user"]["profile"]
    assert profile["real_name"] == "山田 花子"
    assert (await slack.users_profile_get())["profile"]["bot_id"]
    assert await refusal(slack.users_profile_get(user="U0NOBODY")) == "user_not_found"


async def test_of_others_one_hears_only_whether_they_are_there(slack: AsyncWebClient, town: Person) -> None:
    """Page users.getPresence: more about oneself alone."""
    theirs = await slack.users_getPresence(user=town.id)
    assert {"presence"} == {name for name in theirs.data if name != "ok"}
    assert theirs["presence"] == "active"
    assert {"online", "auto_away", "manual_away", "connection_count"} <= set(
        (await slack.api_call("users.getPresence")).data
    )


async def test_what_somebody_reacted_to_is_listed_newest_first_and_in_pages(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    """Page reactions.list; by default one's own."""
    posted = [(await slack.chat_postMessage(channel=desk.id, text=f"{number}"))["ts"] for number in range(3)]
    for ts in posted[:2]:
        await slack.reactions_add(channel=desk.id, timestamp=ts, name="eyes")
    first = await slack.reactions_list(limit=1)
    (newest,) = first["items"]
    assert (newest["type"], newest["channel"], newest["message"]["ts"]) == ("message", desk.id, posted[1])
    rest = await slack.reactions_list(limit=1, cursor=first["response_metadata"]["next_cursor"])
    assert [each["message"]["ts"] for each in rest["items"]] == [posted[0]]
    assert rest["response_metadata"]["next_cursor"] == ""
    assert (await slack.reactions_list(user=town.id))["items"] == []


SCOPED = [
    ("conversations.kick", "channels:manage", "groups:write"),
    ("conversations.rename", "channels:manage", "groups:write"),
    ("conversations.setTopic", "channels:manage,channels:write.topic", "groups:write,groups:write.topic"),
    ("conversations.setPurpose", "channels:manage,channels:write.topic", "groups:write,groups:write.topic"),
    ("conversations.unarchive", "channels:manage", "groups:write"),
    ("conversations.close", "channels:manage", "groups:write"),
    ("conversations.mark", "channels:manage", "groups:write"),
    ("users.profile.get", "users.profile:read", "users.profile:read"),
    ("users.getPresence", "users:read", "users:read"),
    ("reactions.list", "reactions:read", "reactions:read"),
]


async def test_each_needs_its_scope_by_the_kind_of_channel(http: aiohttp.ClientSession) -> None:
    async with Sandbox(manifest=MANIFEST) as sandbox, Workspace(sandbox.control_url) as ws:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        rooms = [await ws.channel("open"), await ws.channel("closed", private=True)]
        for method, *scopes in SCOPED:
            for room, scope in zip(rooms, scopes, strict=True):
                answer = await refused(client, method, room.id)
                assert (answer["error"], answer["needed"]) == ("missing_scope", scope), method


async def refused(client: AsyncWebClient, method: str, channel: str) -> Any:
    """Return the whole refusal of a call about a channel."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json={"channel": channel})
    return caught.value.response
