"""User groups, pins and bookmarks. Source: the page of each method; slack.com/help, "Create a user group"."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, Workspace
from tests.sandbox.test_calls import refusal


@pytest.fixture
async def talent(ws: Workspace, desk: Channel) -> Person:
    """An adviser, in the channel too."""
    return await ws.person("森脇 次郎", channels=[desk])


async def test_a_group_is_made_filled_and_rings_its_members(
    slack: AsyncWebClient, desk: Channel, town: Person, talent: Person
) -> None:
    """Pages usergroups.create, users.update (it replaces everybody) and list."""
    group = (await slack.usergroups_create(name="今週の当番", handle="toban"))["usergroup"]["id"]
    await slack.usergroups_users_update(usergroup=group, users=[town.id])
    await slack.usergroups_users_update(usergroup=group, users=talent.id)
    assert (await slack.usergroups_users_list(usergroup=group))["users"] == [talent.id]
    await slack.chat_postMessage(channel=desk.id, text=f"<!subteam^{group}> お願いします")
    assert [each["kind"] for each in await talent.notifications()] == ["group"]
    assert await town.notifications() == []
    assert [each["handle"] for each in (await slack.usergroups_list())["usergroups"]] == ["toban"]


async def test_a_groups_name_and_handle_are_its_own(slack: AsyncWebClient) -> None:
    """Page usergroups.create: name_already_exists, handle_already_exists."""
    await slack.usergroups_create(name="当番", handle="toban")
    assert await refusal(slack.usergroups_create(name="当番", handle="other")) == "name_already_exists"
    assert await refusal(slack.usergroups_create(name="別", handle="toban")) == "handle_already_exists"
    assert await refusal(slack.usergroups_create(name="別", handle="here")) == "handle_already_exists"


async def test_a_group_has_members_of_the_workspace_only_and_never_nobody(
    slack: AsyncWebClient, ws: Workspace
) -> None:
    """Page usergroups.users.update: neither guests nor bots; all members cannot be removed: disable it instead."""
    group = (await slack.usergroups_create(name="当番"))["usergroup"]["id"]
    guest = await ws.person("客 花子", guest=True)
    own = (await slack.auth_test())["user_id"]
    for users in (guest.id, own, "U0NOBODY"):
        assert await refusal(slack.usergroups_users_update(usergroup=group, users=users)) == "invalid_users"
    assert await refusal(slack.usergroups_users_update(usergroup=group, users="")) == "no_users_provided"
    assert await refusal(slack.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"
    await slack.usergroups_disable(usergroup=group)
    assert (await slack.usergroups_list())["usergroups"] == []
    assert len((await slack.usergroups_list(include_disabled=True))["usergroups"]) == 1
    await slack.usergroups_enable(usergroup=group)
    assert len((await slack.usergroups_list())["usergroups"]) == 1


@pytest.mark.parametrize(
    ("who", "error"), [("admins", "permission_denied"), ("no plan", "plan_upgrade_required")]
)
async def test_a_workspace_may_leave_groups_to_its_admins_or_not_have_them(
    slack: AsyncWebClient, ws: Workspace, who: str, error: str
) -> None:
    """Page usergroups.users.update: "a bot token can be used only if permissions are set to everyone"."""
    await ws.around(user_groups=who)
    assert await refusal(slack.usergroups_create(name="当番")) == error
    if who == "admins":
        await slack.usergroups_list()
    else:
        assert await refusal(slack.usergroups_list()) == error


async def test_a_message_is_pinned_once(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    """Pages pins.add, remove and list: already_pinned, no_pin, no_item_specified, bad_timestamp, message_not_found."""
    posted = await slack.chat_postMessage(channel=desk.id, text="次第")
    assert await refusal(slack.pins_remove(channel=desk.id, timestamp=posted["ts"])) == "no_pin"
    await slack.pins_add(channel=desk.id, timestamp=posted["ts"])
    assert await refusal(slack.pins_add(channel=desk.id, timestamp=posted["ts"])) == "already_pinned"
    assert [each["message"]["text"] for each in (await slack.pins_list(channel=desk.id))["items"]] == ["次第"]
    assert (await slack.conversations_history(channel=desk.id))["pin_count"] == 1
    assert await refusal(slack.pins_add(channel=desk.id)) == "no_item_specified"
    assert await refusal(slack.pins_add(channel=desk.id, timestamp="昨日")) == "bad_timestamp"
    assert await refusal(slack.pins_add(channel=desk.id, timestamp="1.000001")) == "message_not_found"
    await slack.pins_remove(channel=desk.id, timestamp=posted["ts"])
    assert (await slack.pins_list(channel=desk.id))["items"] == []


async def test_a_channel_takes_a_hundred_pins(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    """coreos/triagebot issue 15: a hundred. What was joined cannot be pinned (page pins.add: not_pinnable)."""
    await ws.limits("off")
    stamps = [(await slack.chat_postMessage(channel=desk.id, text=str(each)))["ts"] for each in range(101)]
    for ts in stamps[:100]:
        await slack.pins_add(channel=desk.id, timestamp=ts)
    assert await refusal(slack.pins_add(channel=desk.id, timestamp=stamps[100])) == "too_many_pins"


async def test_links_stand_in_a_channels_head(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    """Pages bookmarks.add (a hundred a conversation; invalid_link, invalid_bookmark_type), edit, remove, list."""
    await ws.limits("off")
    add = slack.bookmarks_add
    made = (await add(channel_id=desk.id, title="表", type="link", link="https://example.com/1"))["bookmark"]
    assert await refusal(add(channel_id=desk.id, title="表", type="link", link="example")) == "invalid_link"
    assert (
        await refusal(add(channel_id=desk.id, title="表", type="file", link="https://example.com"))
        == "invalid_bookmark_type"
    )
    await slack.bookmarks_edit(bookmark_id=made["id"], channel_id=desk.id, title="一覧")
    (shown,) = (await slack.bookmarks_list(channel_id=desk.id))["bookmarks"]
    assert (shown["title"], shown["link"]) == ("一覧", "https://example.com/1")
    for number in range(99):
        await add(channel_id=desk.id, title=str(number), type="link", link="https://example.com")
    again = add(channel_id=desk.id, title="多い", type="link", link="https://example.com")
    assert await refusal(again) == "too_many_bookmarks"
    await slack.bookmarks_remove(bookmark_id=made["id"], channel_id=desk.id)
    assert await refusal(slack.bookmarks_remove(bookmark_id=made["id"], channel_id=desk.id)) == "not_found"
