"""Channels shared with another organisation. Source: docs.slack.dev/apis/slack-connect, where nothing else is named."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, SandboxError, Workspace
from tests.sandbox.apps import Apps, Heard, Json, card, silently
from tests.sandbox.kit import form
from tests.sandbox.test_calls import refusal

THEIRS = "T0NEIGHBOR"


@pytest.fixture
async def outsider(ws: Workspace, desk: Channel) -> Person:
    """Somebody of another organisation, in the channel."""
    async with silently(ws):
        return await ws.person("隣県の職員", external_team=THEIRS, channels=[desk])


@pytest.fixture
async def bodies(apps: Apps) -> Heard:
    """Every event the app is sent, with its envelope."""
    heard, app = Heard(), apps.make()

    async def listener(body: Json) -> None:
        await heard.add(body)

    app.event("message")(listener)
    app.event("app_mention")(listener)
    await apps.by_socket(app)
    return heard


async def test_outsiders_can_press_but_have_no_commands_and_no_shortcuts(
    slack: AsyncWebClient, sandbox: Sandbox, desk: Channel, outsider: Person, heard: Heard
) -> None:
    """ "Slash commands are not shared"; "Interactive messages": actions by users from other teams come to the app. Whose
    team is whose: java-slack-sdk issue 1041."""
    await card(slack, desk)
    for refused in (outsider.runs("/soudan", "", desk), outsider.shortcut("ask")):
        with pytest.raises(SandboxError, match="external_user"):
            await refused
    await outsider.clicks("対応します")
    (body,) = await heard.count(1)
    assert (body["user"]["team_id"], body["team"]["id"]) == (THEIRS, sandbox.team_id)


async def test_a_submission_names_the_persons_team_and_where_the_app_is(
    slack: AsyncWebClient, sandbox: Sandbox, desk: Channel, outsider: Person, apps: Apps
) -> None:
    """bolt-js issue 1614, bolt-python pull request 734."""
    heard, app = Heard(), apps.make()
    _opens_a_form(app, heard, slack)
    await apps.by_socket(app)
    await card(slack, desk)
    await outsider.clicks("対応します")
    await outsider.view()
    await outsider.submits({"相談の内容": "動きません"})
    (body,) = await heard.count(1)
    assert body["team"]["id"] == body["user"]["team_id"] == THEIRS
    assert body["view"]["app_installed_team_id"] == sandbox.team_id


def _opens_a_form(app: AsyncApp, heard: Heard, slack: AsyncWebClient) -> None:
    async def opens(ack: Any, body: Json) -> None:
        await ack()
        await slack.views_open(trigger_id=body["trigger_id"], view=form())

    async def submitted(ack: Any, body: Json) -> None:
        await ack()
        await heard.add(body)

    app.action("claim")(opens)
    app.view("ask")(submitted)


async def test_an_event_says_whose_it_is_and_not_only_where_it_came_from(
    sandbox: Sandbox, desk: Channel, outsider: Person, bodies: Heard
) -> None:
    """`authorizations` names our installation, the envelope's team_id the team the event comes from (java-slack-sdk issue
    629), the event's user_team its author's (slack-go issue 695)."""
    await outsider.says("こんにちは", desk)
    (body,) = await bodies.count(1)
    assert body["is_ext_shared_channel"] is True
    assert body["authorizations"][0]["team_id"] == body["context_team_id"] == sandbox.team_id
    event = body["event"]
    assert {body["team_id"], event["team"], event["user_team"], event["source_team"]} == {THEIRS}


async def test_our_own_people_are_told_apart_in_a_shared_channel(
    sandbox: Sandbox, desk: Channel, town: Person, outsider: Person, bodies: Heard
) -> None:
    """A mention by one of ours has no user_team (slack_bolt 1.30, a comment in extract_actor_team_id)."""
    await town.mentions_bot("こんにちは", desk)
    await outsider.mentions_bot("こんにちは", desk)
    heard = await bodies.count(4)
    mentions = {
        each["event"]["team"]: each["event"] for each in heard if each["event"]["type"] == "app_mention"
    }
    assert "user_team" not in mentions[sandbox.team_id]
    assert mentions[THEIRS]["user_team"] == THEIRS
    messages = [each["event"] for each in heard if each["event"]["type"] == "message"]
    assert {each["user_team"] for each in messages} == {sandbox.team_id, THEIRS}


async def test_an_edit_and_the_history_name_the_authors_team(
    slack: AsyncWebClient, desk: Channel, outsider: Person, bodies: Heard
) -> None:
    said = await outsider.says("プリンタ", desk)
    await outsider.edits(said, "プリンター")
    *_, body = await bodies.count(2)
    assert body["event"]["message"]["user_team"] == THEIRS
    message = (await slack.conversations_history(channel=desk.id, limit=1))["messages"][0]
    assert message["user_team"] == THEIRS


async def test_in_a_channel_of_our_own_only_the_team_is_named(
    sandbox: Sandbox, desk: Channel, town: Person, bodies: Heard
) -> None:
    await town.says("こんにちは", desk)
    (body,) = await bodies.count(1)
    assert body["event"]["team"] == sandbox.team_id
    assert not {"user_team", "source_team"} & body["event"].keys()
    assert body["is_ext_shared_channel"] is False


async def test_a_file_in_a_shared_channel_has_to_be_asked_for(
    slack: AsyncWebClient, desk: Channel, outsider: Person, bodies: Heard
) -> None:
    """ "check_file_info": the event has its id only, the history and files.info all of it; a file_share has no `team`
    (PwrAgent pull request 1061)."""
    await outsider.says("写真です", desk, files=[{"name": "画面.png", "content": "x"}])
    (body,) = await bodies.count(1)
    (file,) = body["event"]["files"]
    assert (file["file_access"], "name" in file) == ("check_file_info", False)
    assert "team" not in body["event"]
    assert body["event"]["user_team"] == THEIRS
    message = (await slack.conversations_history(channel=desk.id, limit=1))["messages"][0]
    assert message["files"][0]["name"] == "画面.png"
    assert (await slack.files_info(file=file["id"]))["file"]["name"] == "画面.png"


async def test_outsiders_are_members_of_the_channel_and_not_of_the_workspace(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, outsider: Person
) -> None:
    """ "Use users.info … on cross-team user ID not found in users.list"; conversations.members has them."""
    assert outsider.id in (await slack.conversations_members(channel=desk.id))["members"]
    assert outsider.id not in {each["id"] for each in (await slack.users_list())["members"]}
    user = (await slack.users_info(user=outsider.id))["user"]
    assert (user["team_id"], user.get("is_stranger")) == (THEIRS, None)


async def test_who_shares_no_channel_is_a_stranger_and_gets_no_direct_message(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, outsider: Person
) -> None:
    """Page user-object: is_stranger; "A bot user is able to DM users on all connected workspaces, as long as users are in a
    shared channel together"; page conversations.open: user_not_visible."""
    stranger = await ws.person("よその職員", external_team=THEIRS)
    assert (await slack.users_info(user=stranger.id))["user"]["is_stranger"] is True
    assert await refusal(slack.conversations_open(users=stranger.id)) == "user_not_visible"
    assert await refusal(slack.chat_postMessage(channel=stranger.id, text="x")) == "channel_not_found"
    await slack.conversations_open(users=outsider.id)
    await slack.chat_postMessage(channel=outsider.id, text="ようこそ")
