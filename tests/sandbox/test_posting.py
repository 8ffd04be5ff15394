"""What chat.postMessage, chat.update, chat.delete and chat.postEphemeral take and refuse."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, Workspace
from tests.sandbox.kit import actions, button, mrkdwn, section
from tests.sandbox.test_calls import refusal

POST = "docs.slack.dev/reference/methods/chat.postMessage"


async def test_a_post_is_seen_and_comes_back_as_history_shows_it(
    slack: AsyncWebClient, desk: Channel
) -> None:
    answer = await slack.chat_postMessage(channel=desk.id, text="受け付けました", blocks=[section()])
    shown = await desk.shows("受け付けました")
    assert (shown.ts, shown.by_bot) == (answer["ts"], True)
    assert answer["message"]["bot_id"] == shown["bot_id"]


async def test_parts_without_ids_are_given_some(slack: AsyncWebClient, desk: Channel) -> None:
    """Pages of all blocks and elements: "If not specified, one will be generated"."""
    answer = await slack.chat_postMessage(channel=desk.id, text="x", blocks=[actions(button(), button())])
    block = answer["message"]["blocks"][0]
    ids = [block["block_id"], *(each["action_id"] for each in block["elements"])]
    assert all(ids)
    assert len(set(ids)) == 3


@pytest.mark.parametrize("given", ["#相談-端末", "相談-端末"])
async def test_a_channel_may_be_named(slack: AsyncWebClient, desk: Channel, given: str) -> None:
    """Page chat.postMessage, argument channel: an encoded id or a name."""
    assert (await slack.chat_postMessage(channel=given, text="x"))["channel"] == desk.id


async def test_a_person_stands_for_the_direct_message(slack: AsyncWebClient, town: Person) -> None:
    """Page chat.postMessage, "Post to a DM": a user id opens the conversation with the bot."""
    answer = await slack.chat_postMessage(channel=town.id, text="ご相談ありがとうございます")
    assert answer["channel"] == (await town.dm()).id
    await (await town.dm()).shows("ご相談ありがとうございます")


async def test_a_text_over_40000_is_cut(slack: AsyncWebClient, desk: Channel) -> None:
    """Page chat.postMessage, "Truncating content": over 40,000 characters."""
    whole = await slack.chat_postMessage(channel=desk.id, text="あ" * 40_000)
    cut = await slack.chat_postMessage(channel=desk.id, text="あ" * 40_001)
    assert len(whole["message"]["text"]) == len(cut["message"]["text"]) == 40_000
    assert "warning" not in whole.data
    assert "message_truncated" in cut["warning"]


async def test_nothing_to_say_is_refused(slack: AsyncWebClient, desk: Channel) -> None:
    """Error no_text."""
    for nothing in ({}, {"text": ""}, {"text": "", "blocks": []}):
        args = {"channel": desk.id, **nothing}
        assert await refusal(slack.api_call("chat.postMessage", json=args)) == "no_text"


async def test_bad_blocks_are_refused_with_the_reason(slack: AsyncWebClient, desk: Channel) -> None:
    """Error invalid_blocks: `errors` has the sentences, response_metadata.messages the same after "[ERROR] "
    (bolt-js issue 1891, incidentbot issue 328)."""
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=desk.id, text="x", blocks=[section(mrkdwn("あ" * 3001))])
    body = caught.value.response
    sentence = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert body["error"] == "invalid_blocks"
    assert body["errors"] == [sentence]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {sentence}"]
    assert await desk.messages() == [each for each in await desk.messages() if not each.by_bot]


TOO_LONG = [section(mrkdwn("あ" * 2700)) for _ in range(5)]


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ("これは", "invalid_blocks_format"),
        ({"type": "section"}, "invalid_blocks_format"),
        (TOO_LONG, "msg_blocks_too_long"),
    ],
)
async def test_some_faults_have_errors_of_their_own(
    slack: AsyncWebClient, desk: Channel, blocks: Any, error: str
) -> None:
    """Page chat.postMessage, errors; msg_blocks_too_long: bolt-js issue 2509."""
    assert (
        await refusal(slack.api_call("chat.postMessage", json={"channel": desk.id, "blocks": blocks}))
        == error
    )


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
async def test_blocks_are_checked_by_every_method_that_takes_them(
    slack: AsyncWebClient, desk: Channel, town: Person, method: str
) -> None:
    posted = await slack.chat_postMessage(channel=desk.id, text="x")
    args = {
        "channel": desk.id,
        "user": town.id,
        "ts": posted["ts"],
        "text": "x",
        "blocks": [section(mrkdwn(""))],
    }
    assert await refusal(slack.api_call(method, json=args)) == "invalid_blocks"


async def test_membership_is_needed(slack: AsyncWebClient, ws: Workspace) -> None:
    """Errors channel_not_found (private channels are not even known) and not_in_channel."""
    hidden = await ws.channel("県だけ", private=True, bot=False)
    assert await refusal(slack.chat_postMessage(channel=hidden.id, text="x")) == "channel_not_found"
    assert await refusal(slack.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"
    public = await ws.channel("公開", bot=False)
    assert await refusal(slack.conversations_history(channel=public.id)) == "not_in_channel"
    assert (
        await refusal(slack.reactions_add(channel=public.id, timestamp="1.000001", name="eyes"))
        == "not_in_channel"
    )


async def test_a_bot_taken_out_can_no_longer_write(
    slack: AsyncWebClient, ws: Workspace, town: Person
) -> None:
    private = await ws.channel("県と担当", private=True, members=[town])
    await slack.chat_postMessage(channel=private.id, text="まだいます")
    await private.removes(bot=True)
    assert await refusal(slack.chat_postMessage(channel=private.id, text="x")) == "channel_not_found"


async def test_an_archived_channel_takes_nothing(slack: AsyncWebClient, desk: Channel, town: Person) -> None:
    """Error is_archived."""
    posted = await slack.chat_postMessage(channel=desk.id, text="前の話")
    await desk.archives()
    assert await refusal(slack.chat_postMessage(channel=desk.id, text="x")) == "is_archived"
    assert await refusal(slack.chat_postEphemeral(channel=desk.id, user=town.id, text="x")) == "is_archived"
    assert await refusal(slack.chat_update(channel=desk.id, ts=posted["ts"], text="x")) == "is_archived"
    assert (
        await refusal(slack.reactions_add(channel=desk.id, timestamp=posted["ts"], name="eyes"))
        == "is_archived"
    )
    await desk.unarchives()
    await slack.chat_postMessage(channel=desk.id, text="また話せます")


async def test_threads_hang_on_messages_of_the_channel(
    slack: AsyncWebClient, desk: Channel, town: Person, ws: Workspace
) -> None:
    """Page chat.postMessage, argument thread_ts: the parent's ts, never a reply's."""
    asked = await town.says("動きません", desk)
    reply = await slack.chat_postMessage(channel=desk.id, thread_ts=asked.ts, text="確認します")
    assert reply["message"]["thread_ts"] == asked.ts
    for wrong in (reply["ts"], "1.000001"):
        assert await refusal(slack.chat_postMessage(channel=desk.id, thread_ts=wrong, text="x")) in (
            "cannot_reply_to_message",
            "thread_not_found",
        )
    assert [each.text for each in await desk.top()][-1] == "動きません"
    wide = await slack.chat_postMessage(
        channel=desk.id, thread_ts=asked.ts, text="みなさんへ", reply_broadcast=True
    )
    assert wide["message"]["subtype"] == "thread_broadcast"
    assert [each.text for each in await desk.top()][-1] == "みなさんへ"


async def test_an_update_is_shorter_than_a_post(slack: AsyncWebClient, desk: Channel) -> None:
    """Page chat.update: 4,000 characters; error msg_too_long."""
    posted = await slack.chat_postMessage(channel=desk.id, text="x")
    await slack.chat_update(channel=desk.id, ts=posted["ts"], text="あ" * 4000)
    assert (
        await refusal(slack.chat_update(channel=desk.id, ts=posted["ts"], text="あ" * 4001)) == "msg_too_long"
    )


async def test_an_update_keeps_or_removes_blocks_as_documented(slack: AsyncWebClient, desk: Channel) -> None:
    """Page chat.update, argument blocks: text alone removes the blocks, nothing of both keeps them; with blocks
    there is no `edited` mark."""
    posted = await slack.chat_postMessage(channel=desk.id, text="前", blocks=[section(block_id="a")])
    where = {"channel": desk.id, "ts": posted["ts"]}
    answer = await slack.chat_update(**where, text="次", blocks=[section(block_id="b")])
    assert answer["message"]["blocks"][0]["block_id"] == "b"
    assert "edited" not in answer["message"]
    args = {**where, "blocks": [section(block_id="c")]}
    answer = await slack.api_call("chat.update", json=args)
    assert answer["message"]["text"] == "次"
    answer = await slack.chat_update(**where, text="文だけ")
    assert "blocks" not in answer["message"]
    assert "edited" in answer["message"]


async def test_only_ones_own_messages_can_be_changed(
    slack: AsyncWebClient, desk: Channel, town: Person
) -> None:
    """Errors cant_update_message, cant_delete_message, message_not_found."""
    theirs = await town.says("わたしの文", desk)
    assert await refusal(slack.chat_update(channel=desk.id, ts=theirs.ts, text="x")) == "cant_update_message"
    assert await refusal(slack.chat_delete(channel=desk.id, ts=theirs.ts)) == "cant_delete_message"
    assert await refusal(slack.chat_update(channel=desk.id, ts="1.000001", text="x")) == "message_not_found"
    own = await slack.chat_postMessage(channel=desk.id, text="わたしの文")
    await slack.chat_delete(channel=desk.id, ts=own["ts"])
    assert await refusal(slack.chat_delete(channel=desk.id, ts=own["ts"])) == "message_not_found"


async def test_an_ephemeral_is_for_members_only_and_kept_nowhere(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person
) -> None:
    """Page chat.postEphemeral: the user must be in the channel (user_not_in_channel); not kept across sessions."""
    outside = await ws.person("部外者")
    assert (
        await refusal(slack.chat_postEphemeral(channel=desk.id, user=outside.id, text="x"))
        == "user_not_in_channel"
    )
    answer = await slack.chat_postEphemeral(channel=desk.id, user=town.id, text="あなただけに")
    assert [each.text for each in await town.ephemerals(desk)] == ["あなただけに"]
    await desk.shows("あなただけに", to=town)
    await desk.never_shows("あなただけに", for_=0.05)
    history = await slack.conversations_history(channel=desk.id)
    assert all(each["ts"] != answer["message_ts"] for each in history["messages"])
    assert (
        await refusal(slack.chat_update(channel=desk.id, ts=answer["message_ts"], text="x"))
        == "message_not_found"
    )
    where = {"channel": desk.id, "timestamp": answer["message_ts"]}
    assert await refusal(slack.reactions_add(**where, name="eyes")) == "message_not_found"


async def test_reactions_are_unique_and_named(slack: AsyncWebClient, desk: Channel) -> None:
    """Page reactions.add: errors already_reacted, invalid_name, message_not_found; reactions.remove: no_reaction."""
    posted = await slack.chat_postMessage(channel=desk.id, text="x")
    where = {"channel": desk.id, "timestamp": posted["ts"]}
    await slack.reactions_add(**where, name="inbox_tray")
    assert (await desk.shows("x")).reactions == ["inbox_tray"]
    assert await refusal(slack.reactions_add(**where, name="inbox_tray")) == "already_reacted"
    assert await refusal(slack.reactions_add(**where, name="📥")) == "invalid_name"
    await slack.reactions_remove(**where, name="inbox_tray")
    assert await refusal(slack.reactions_remove(**where, name="inbox_tray")) == "no_reaction"


async def test_what_people_type_is_escaped(desk: Channel, town: Person, slack: AsyncWebClient) -> None:
    """Page formatting-message-text, "Escaping text": & < > in what people typed."""
    await town.says(f"A&B <b> {town.mention} @channel https://example.jp/?a=1&b=2", desk)
    history = await slack.conversations_history(channel=desk.id, limit=1)
    assert history["messages"][0]["text"] == (
        f"A&amp;B &lt;b&gt; {town.mention} <!channel> <https://example.jp/?a=1&amp;b=2>"
    )


async def test_a_message_has_an_address(slack: AsyncWebClient, desk: Channel) -> None:
    """Page chat.getPermalink; a reply's address names its thread."""
    parent = await slack.chat_postMessage(channel=desk.id, text="x")
    reply = await slack.chat_postMessage(channel=desk.id, text="y", thread_ts=parent["ts"])
    link = (await slack.chat_getPermalink(channel=desk.id, message_ts=reply["ts"]))["permalink"]
    assert link.endswith(
        f"/archives/{desk.id}/p{reply['ts'].replace('.', '')}?thread_ts={parent['ts']}&cid={desk.id}"
    )
