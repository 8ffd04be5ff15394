"""Whose telephone rings. Sources: slack.com/help, "Guide to Slack notifications": mentions ring only members, and
only on new posts."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, SandboxError, Workspace
from tests.sandbox.kit import mrkdwn, plain, rich, section


async def kinds(person: Person, channel: Channel | None = None) -> list[str]:
    """Return why a person's telephone rang, oldest first."""
    return [each["kind"] for each in await person.notifications(channel)]


@pytest.fixture
async def talent(ws: Workspace, desk: Channel) -> Person:
    """An adviser, in the channel too."""
    return await ws.person("森脇 次郎", channels=[desk])


async def test_a_mention_rings_a_member(
    slack: AsyncWebClient, desk: Channel, talent: Person, town: Person
) -> None:
    posted = await slack.chat_postMessage(channel=desk.id, text=f"{talent.mention} お願いします")
    (ring,) = await talent.notifications()
    assert (ring["kind"], ring["channel"], ring["ts"]) == ("mention", desk.id, posted["ts"])
    assert await town.notifications() == []


async def test_a_mention_rings_nobody_outside(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    outside = await ws.person("部外者")
    await slack.chat_postMessage(channel=desk.id, text=f"{outside.mention} お願いします")
    assert await outside.notifications() == []


async def test_an_edit_rings_nobody(slack: AsyncWebClient, desk: Channel, talent: Person) -> None:
    posted = await slack.chat_postMessage(channel=desk.id, text="担当を探しています")
    await slack.chat_update(channel=desk.id, ts=posted["ts"], text=f"{talent.mention} お願いします")
    assert await talent.notifications() == []


async def test_an_ephemeral_rings_nobody(slack: AsyncWebClient, desk: Channel, talent: Person) -> None:
    await slack.chat_postEphemeral(channel=desk.id, user=talent.id, text=f"{talent.mention} あなただけに")
    assert await talent.notifications() == []


@pytest.mark.parametrize(
    ("where", "rings"),
    [("mrkdwn", True), ("user element", True), ("plain_text", False), ("text only", False)],
)
async def test_blocks_are_what_rings_when_there_are_any(
    slack: AsyncWebClient, desk: Channel, talent: Person, where: str, rings: bool
) -> None:
    """Page chat.postMessage: with blocks the text is only what notifications show; plain_text has no mentions."""
    blocks: dict[str, Any] = {
        "mrkdwn": section(mrkdwn(f"{talent.mention} へ")),
        "user element": rich({"type": "user", "user_id": talent.id}),
        "plain_text": section(plain(f"{talent.mention} へ")),
        "text only": section(),
    }
    text = f"{talent.mention} へ" if where == "text only" else "へ"
    await slack.chat_postMessage(channel=desk.id, text=text, blocks=[blocks[where]])
    assert await kinds(talent) == (["mention"] if rings else [])


async def test_followers_of_a_thread_are_rung(
    slack: AsyncWebClient, desk: Channel, town: Person, talent: Person
) -> None:
    """One follows a thread that one began, wrote in or was mentioned in."""
    asked = await town.says("動きません", desk)
    await slack.chat_postMessage(channel=desk.id, thread_ts=asked.ts, text="確認します")
    assert await kinds(town) == ["thread"]
    assert await kinds(talent) == []
    await talent.says("電源は?", desk, thread=asked)
    assert await kinds(town) == ["thread", "thread"]
    await slack.chat_postMessage(channel=desk.id, thread_ts=asked.ts, text="ありがとうございます")
    assert await kinds(talent) == ["thread"]


async def test_direct_messages_always_ring(slack: AsyncWebClient, town: Person) -> None:
    await slack.chat_postMessage(channel=town.id, text="回答が届いています")
    assert await kinds(town) == ["direct"]


async def test_a_call_to_everybody_rings_every_member(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, talent: Person
) -> None:
    outside = await ws.person("部外者")
    await slack.chat_postMessage(channel=desk.id, text="<!channel> 訓練です")
    assert [await kinds(each) for each in (town, talent, outside)] == [["everybody"], ["everybody"], []]
    await slack.chat_postMessage(
        channel=desk.id, text="訓練です", blocks=[section(mrkdwn("<!here> 訓練です"))]
    )
    assert await kinds(town) == ["everybody", "everybody"]


@pytest.fixture
async def team(ws: Workspace, desk: Channel, talent: Person) -> str:
    """A user group: the adviser, and somebody who is not in the channel."""
    return await ws.group("dx-team", [talent, await ws.person("部外者")])


async def test_a_group_rings_its_members_in_the_channel(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, talent: Person, team: str
) -> None:
    """slack.com/help, "Create a user group": like regular mentions; page formatting-message-text: `<!subteam^ID>`."""
    await slack.chat_postMessage(channel=desk.id, text=f"{team} お願いします")
    outside = await ws.person("部外者")
    assert [await kinds(each) for each in (talent, town, outside)] == [["group"], [], []]


async def test_a_group_in_blocks_rings_where_it_is_read_as_one(
    slack: AsyncWebClient, desk: Channel, talent: Person, team: str
) -> None:
    """Page usergroup-element of rich text; plain_text has no mentions."""
    number = team.removeprefix("<!subteam^").removesuffix(">")
    blocks = [
        section(mrkdwn(team)),
        rich({"type": "usergroup", "usergroup_id": number}),
        section(plain(team)),
    ]
    for block in blocks:
        await slack.chat_postMessage(channel=desk.id, text="x", blocks=[block])
    assert await kinds(talent) == ["group", "group"]


async def test_a_mention_and_a_groups_mention_ring_once(
    slack: AsyncWebClient, desk: Channel, talent: Person, team: str
) -> None:
    await slack.chat_postMessage(channel=desk.id, text=f"{team} とくに {talent.mention}")
    assert await kinds(talent) == ["mention"]


async def test_what_looks_like_a_group_and_was_escaped_rings_nobody(
    slack: AsyncWebClient, desk: Channel, talent: Person, team: str
) -> None:
    """Page formatting-message-text, "Escaping text"."""
    await slack.chat_postMessage(channel=desk.id, text=team.replace("<", "&lt;").replace(">", "&gt;"))
    assert await kinds(talent) == []


async def test_people_mention_groups_too(
    slack: AsyncWebClient, desk: Channel, town: Person, talent: Person, team: str
) -> None:
    await town.says(f"{team} 教えてください", desk)
    message = (await slack.conversations_history(channel=desk.id, limit=1))["messages"][0]
    assert message["text"] == f"{team} 教えてください"
    assert message["blocks"][0]["elements"][0]["elements"][0]["type"] == "usergroup"
    assert await kinds(talent) == ["group"]


async def test_guests_and_people_of_other_organisations_are_in_no_group(ws: Workspace, desk: Channel) -> None:
    """slack.com/help, "Create a user group": guests and people one works with in Slack Connect cannot be added."""
    for who in ({"guest": True}, {"external_team": "T0NEIGHBOR"}):
        person = await ws.person(f"だれか {who}", channels=[desk], **who)
        with pytest.raises(SandboxError, match="not_a_member"):
            await ws.group("dx-team", [person])


async def test_one_message_rings_once(slack: AsyncWebClient, desk: Channel, talent: Person) -> None:
    await slack.chat_postMessage(channel=desk.id, text=f"<!channel> {talent.mention} {talent.mention}")
    assert len(await talent.notifications()) == 1


async def test_nobody_is_rung_by_oneself(desk: Channel, talent: Person) -> None:
    await talent.says(f"{talent.mention} 自分用のメモ", desk)
    assert await talent.notifications() == []


async def test_the_deactivated_are_not_rung(slack: AsyncWebClient, desk: Channel, talent: Person) -> None:
    await talent.deactivates()
    await slack.chat_postMessage(channel=desk.id, text=f"{talent.mention} お願いします")
    assert await talent.notifications() == []
