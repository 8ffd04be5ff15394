"""Who is told of a dead letter, how often, and in which words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.feature import Outgoing
from bot.metrics import Metrics
from bot.setbacks import Patience, Setbacks
from bot.slack import Outcome
from handlers.members import actions, notices
from handlers.members.notices import why
from storage import channels, dead_letters, delivered, members, outbox, sending
from storage.database import Database, Transaction
from storage.outbox import Kind
from storage.tables import outbox as table
from storage.workspace import save_workspace
from tests.conftest import StillClock

KNOWN = (
    "is_archived",
    "is_inactive",
    "not_in_channel",
    "channel_not_found",
    "thread_not_found",
    "our_bug",
    "msg_blocks_too_long",
    "msg_too_long",
    "invalid_blocks",
    "user_not_found",
    "user_disabled",
    "cannot_dm_bot",
    "messages_tab_disabled",
    "restricted_action_read_only_channel",
)


@pytest.mark.parametrize("error", KNOWN)
def test_a_known_cause_is_said_in_words_with_what_to_do(error: str) -> None:
    what, next_step = why(error)
    assert error not in what + next_step
    assert what.endswith("。")
    assert next_step.endswith("。")
    assert len(what + next_step) < 140


def test_an_unknown_cause_is_named_and_what_it_says_rings_nobody() -> None:
    what, next_step = why("some_<!channel>_error")
    assert "some_&lt;!channel&gt;_error" in what
    assert next_step


SETBACKS = Setbacks([actions.on_dead_letter], Metrics(), Patience())


def _begin(tx: Transaction) -> None:
    save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
    people = [
        ("U1", "県 太郎", "coordinator"),
        ("U2", "県 花子", "coordinator"),
        ("U9", "有馬 駿介", "talent"),
    ]
    members.save_members(
        tx, [{"user_id": user, "name": name, "permission": permission} for user, name, permission in people]
    )
    channels.save_channel(tx, "C1", name="雑談", bot_is_member=True)
    channels.save_channel(tx, "C2", name="相談-端末", purpose="consultation", bot_is_member=True)


def _card(tx: Transaction, number: int, channel: str) -> None:
    outbox.want(tx, outbox.card("question.card", number, channel, f"{number}.0"))


def _fail(tx: Transaction, error: str | None) -> None:
    """Everything that is due (of cards and a person's ring) fails with this error, or goes through."""
    rows = [row.id for row in sending.ready(tx, limit=20) if row.renderer.startswith("question.")]
    for row in sending.lease(tx, rows, timedelta(seconds=30)):
        if error is None:
            delivered.sent(tx, row, channel=row.channel, ts=f"{row.id}.5")
        else:
            SETBACKS.note(tx, row, Outcome.DEAD, error, 0.0, False)


def _told(tx: Transaction) -> list[tuple[str, str]]:
    rows = tx.connection.execute(
        select(table).where(table.c.renderer.in_(notices.RENDERERS)).order_by(table.c.id)
    ).mappings()
    found = []
    for row in rows:
        render: Any = notices.dead_letter if row["renderer"] == notices.DEAD_LETTER else notices.channel_lost
        message = render(tx, Outgoing(row["uid"], row["renderer"], 0, row["values"], True))
        found.append((row["user_id"], message.text if message else ""))
    return found


async def test_each_place_and_cause_is_said_once_to_each_until_it_was_over(database: Database) -> None:
    await database.write(_begin)
    for number in (1, 2, 3):
        await database.write(_card, number, "C1")
        await database.write(_fail, "msg_blocks_too_long")
    told = await database.read(_told)
    assert [user for user, _ in told] == ["U1", "U2"]
    assert told[0][1].startswith("「雑談」へ届けられないお知らせがあります。")
    await database.write(_card, 1, "C1")
    await database.write(_fail, "msg_blocks_too_long")
    await database.write(dead_letters.retry_dead)
    await database.write(_fail, "msg_blocks_too_long")
    assert len(await database.read(_told)) == 2, "still the same"
    await database.write(_card, 4, "C1")
    await database.write(_fail, "restricted_action")
    assert len(await database.read(_told)) == 4, "another cause"
    await database.write(dead_letters.retry_dead)
    await database.write(_fail, None)
    assert {words for _, words in await database.read(_told)} == {""}, "what is over is not said any more"
    await database.write(_card, 1, "C1")
    await database.write(_fail, "msg_blocks_too_long")
    assert len(await database.read(_told)) == 6, "it happened anew"


async def test_a_person_who_left_is_said_once_by_name(database: Database) -> None:
    await database.write(_begin)
    for key in ("a", "b"):
        await database.write(
            lambda tx, key=key: outbox.send(tx, Kind.DIRECT, key, "question.asked", 1, user_id="U9")  # type: ignore[misc]
        )
        await database.write(_fail, "user_disabled")
    told = await database.read(_told)
    assert [user for user, _ in told] == ["U1", "U2"]
    assert told[0][1].startswith("有馬 駿介さんへの直接メッセージを届けられません。")
    assert "担当を替えてください" in told[0][1]


@pytest.mark.parametrize(("error", "why_lost"), [("is_archived", "archived"), ("not_in_channel", "removed")])
async def test_a_lost_channel_is_said_once_whichever_way_we_learn_of_it(
    database: Database, clock: StillClock, error: str, why_lost: str
) -> None:
    await database.write(_begin)
    for number in (1, 2):
        await database.write(_card, number, "C2")
        await database.write(_fail, error)
        await database.write(actions.lost, "C2", why_lost)
        await database.write(actions.lost, "C2", "missing")
    told = await database.read(_told)
    assert [user for user, _ in told] == ["U1", "U2"]
    assert "「相談-端末」" in told[0][1]
    await database.write(actions.joined, "C2", "UBOT", is_bot=True)
    await database.write(actions.unarchived, "C2")
    assert {words for _, words in await database.read(_told)} == {""}
    assert (await database.read(outbox.backlog)).dead == 0
    clock.real += timedelta(hours=1)
    await database.write(actions.lost, "C2", why_lost)
    assert len(await database.read(_told)) == 4


async def test_channels_we_never_knew_are_none_of_our_business(database: Database) -> None:
    """Page channel_archive: it is sent for every public channel of the workspace."""
    await database.write(_begin)
    await database.write(actions.lost, "C7", "archived")
    await database.write(actions.unarchived, "C7")
    assert await database.read(lambda tx: channels.channel(tx, "C7")) is None
    assert await database.read(_told) == []
