"""Files the app shares: where they lie is told by files.info, and deleting one takes it out of the conversation."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Workspace


async def shared(slack: AsyncWebClient, channel: Channel) -> str:
    """Share a file in the channel; returns its id."""
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=b"abc") as answer:
        assert answer.status == 200
    file_id = str(place["file_id"])
    done = await slack.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel.id)
    assert "ts" not in done
    return file_id


async def test_files_info_tells_where_a_file_was_shared(ws: Workspace, slack: AsyncWebClient) -> None:
    channel = await ws.channel("相談", bot=True)
    file_id = await shared(slack, channel)
    (message,) = [each for each in await channel.messages() if each.get("files")]
    found = await slack.files_info(file=file_id)
    assert found["file"]["shares"] == {"public": {channel.id: [{"ts": message.ts}]}}


async def test_a_file_goes_to_a_person_by_their_direct_message_alone(
    ws: Workspace, slack: AsyncWebClient
) -> None:
    person = await ws.person("県 太郎")
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=b"abc") as answer:
        assert answer.status == 200
    file_id = str(place["file_id"])
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await slack.files_completeUploadExternal(files=[{"id": file_id}], channel_id=person.id)
    direct = (await slack.conversations_open(users=person.id))["channel"]["id"]
    await slack.files_completeUploadExternal(
        files=[{"id": file_id}], channel_id=direct, initial_comment="お待たせしました"
    )
    (message,) = await (await person.dm()).messages()
    assert (message.text, message["files"][0]["id"]) == ("お待たせしました", file_id)
    assert direct in (await slack.files_info(file=file_id))["file"]["shares"]["private"]


async def test_a_deleted_file_leaves_the_conversation(ws: Workspace, slack: AsyncWebClient) -> None:
    channel = await ws.channel("相談", bot=True)
    file_id = await shared(slack, channel)
    await slack.files_delete(file=file_id)
    (message,) = [each for each in await channel.messages() if each.get("files")]
    assert message["files"] == [{"id": file_id, "mode": "tombstone"}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await slack.files_info(file=file_id)


async def test_a_bot_cannot_delete_what_a_person_uploaded(ws: Workspace, slack: AsyncWebClient) -> None:
    channel = await ws.channel("相談", bot=True)
    asker = await ws.person("浜野 凪", channels=[channel])
    await asker.says("これです", channel, files=[{"name": "b.png", "content": "x"}])
    (message,) = [each for each in await channel.messages() if each.get("files")]
    with pytest.raises(SlackApiError, match="cant_delete_file"):
        await slack.files_delete(file=message["files"][0]["id"])


async def test_what_a_picture_shows_is_said_with_it_and_has_a_limit(slack: AsyncWebClient) -> None:
    place = await slack.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="棒グラフです")
    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=b"abc"):
        pass
    assert (await slack.files_info(file=str(place["file_id"])))["file"]["alt_txt"] == "棒グラフです"
    await slack.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="a" * 1000)
    with pytest.raises(SlackApiError, match="alt_txt_too_large"):
        await slack.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="a" * 1001)
