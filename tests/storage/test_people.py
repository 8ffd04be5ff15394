"""Who is here: reference data, members, talents and their duty, channels; what is kept in memory is never stale."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import opening_hours
from bot.domain.municipality import is_code
from storage import channels, duties, members, offices, reference, talents, workspace
from storage.database import Database, Transaction
from storage.offices import Office
from storage.tables import municipalities
from tests.conftest import StillClock
from tests.storage.test_questions import ask

SATO = {"user_id": "U1", "name": "佐藤 恵"}


def hire(tx: Transaction, /, user: str = "U2", **more: Any) -> None:
    members.save_members(tx, [{"user_id": user, "name": user, "permission": "talent"}])
    values: dict[str, Any] = {
        "role": "engineer",
        "fields": ["device"],
        "conflicts": [],
        "working_hours": "",
        **more,
    }
    talents.save_talent(tx, user_id=user, name=f"{user} 氏", **values)


async def test_all_1741_municipalities_are_there_with_codes_that_check(opened: Database) -> None:
    def all_of_them(tx: Transaction) -> list[tuple[str, str, str]]:
        m = municipalities.c
        return [tuple(row) for row in tx.connection.execute(select(m.code, m.prefecture, m.name))]

    rows = await opened.read(all_of_them)
    assert len(rows) == await opened.read(lambda tx: reference.how_many(tx.connection)) == 1741
    assert all(is_code(code) for code, _, _ in rows)
    assert len({prefecture for _, prefecture, _ in rows}) == 47


async def test_the_default_fields_are_sixteen_in_their_order(opened: Database) -> None:
    await opened.write(workspace.save_fields, reference.default_fields())
    fields = await opened.read(workspace.all_fields)
    assert len(fields) == 16
    assert [each.id for each in fields] == [each["id"] for each in reference.default_fields()]
    assert fields[-1].id == "other"


async def test_members_are_saved_and_only_what_may_change_changes(opened: Database) -> None:
    await opened.write(members.save_members, [{**SATO, "municipality_code": "011002", "section": "総務課"}])
    await opened.write(members.save_members, [{"user_id": "U1", "name": "鈴木 恵"}])
    found = await opened.read(members.member, "U1")
    assert found is not None
    assert (found.name, found.municipality, found.section) == ("鈴木 恵", "札幌市", "総務課")
    await opened.write(members.save_stranger, "U1")
    assert await opened.read(members.member, "U1") == found
    assert await opened.read(members.name_of, "U1") == "鈴木 恵"
    assert await opened.read(members.name_of, "U9") == "U9"


async def test_the_desk_is_who_is_active_and_permitted(opened: Database) -> None:
    for user, permission, gone in (
        ("U3", "coordinator", False),
        ("U2", "admin", False),
        ("U4", "admin", True),
    ):
        row = {"user_id": user, "name": user, "permission": permission, "deactivated": gone}
        await opened.write(members.save_members, [row])
    found = await opened.read(members.with_permission, "coordinator", "admin")
    assert [each.user_id for each in found] == ["U2", "U3"]
    row = {"user_id": "U2", "name": "U2", "deactivated": True}
    await opened.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated"]))
    assert [each.user_id for each in await opened.read(members.with_permission, "admin")] == []


async def test_talents_know_duty_and_load_and_vanish_with_their_account(
    opened: Database, clock: StillClock
) -> None:
    now, hour = clock.business, timedelta(hours=1)
    await opened.write(hire, "U2")
    await opened.write(hire, "U3")
    await opened.write(duties.add_hours, [("U2", now - hour, now), ("U3", now, now + hour)])
    await opened.write(duties.add_hours, [("U3", now, now + hour)])
    assert await opened.read(duties.on_duty, now, now + hour) == ["U3"]
    assert await opened.read(duties.on_duty, now - hour, now + hour) == ["U2", "U3"]
    assert list(await opened.read(talents.active)) == ["U2", "U3"]
    await opened.write(ask, "1.0", responsible="U2")
    await opened.write(ask, "2.0", responsible="U2", state="answered")
    assert (await opened.read(talents.standing, None, None)).load == {"U2": 1}
    await opened.write(channels.joined, "C1", "U3")
    assert (await opened.read(talents.standing, "C1", None)).present == {"U3"}
    assert (await opened.read(talents.standing, "C2", None)).present == frozenset()
    await opened.write(duties.remove_hours, now, now + hour, users=["U2"])
    assert await opened.read(duties.on_duty, now, now + hour) == ["U3"]
    await opened.write(duties.remove_hours, now, now + hour, users=["U3"])
    assert await opened.read(duties.on_duty, now, now + hour) == []
    row = {"user_id": "U2", "name": "U2", "deactivated": True}
    await opened.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated"]))
    assert await opened.read(talents.talent, "U2") is None


async def test_who_helped_a_municipality_is_who_replied(opened: Database, clock: StillClock) -> None:
    await opened.write(
        ask, "1.0", municipality_code="011002", responsible="U2", first_reply_at=clock.business
    )
    await opened.write(ask, "2.0", municipality_code="011002", responsible="U3")
    assert (await opened.read(talents.standing, None, "011002")).helped == {"U2"}
    assert (await opened.read(talents.standing, None, None)).helped == frozenset()


async def test_channels_and_who_is_in_them(opened: Database, clock: StillClock) -> None:
    assert not await opened.read(channels.members_known)
    await opened.write(
        lambda tx: channels.save_channel(tx, "C1", name="相談", purpose="consultation", bot_is_member=True)
    )
    await opened.write(lambda tx: channels.save_channel(tx, "C1", archived=True))
    found = await opened.read(channels.channel, "C1")
    assert found is not None
    assert (found.name, found.purpose, found.bot_is_member, found.archived) == (
        "相談",
        "consultation",
        True,
        True,
    )
    assert await opened.read(channels.purpose, "C1") == "consultation"
    assert await opened.read(channels.purpose, "C9") == "other"
    await opened.write(channels.set_channel_members, "C1", ["U1", "U2"])
    await opened.write(channels.left, "C1", "U1")
    await opened.write(channels.joined, "C1", "U3")
    await opened.write(channels.joined, "C1", "U3")
    inside = [await opened.read(channels.is_in_channel, "C1", f"U{n}") for n in (1, 2, 3)]
    assert inside == [False, True, True]
    await opened.write(channels.caught_up, "C1", clock.business)
    assert [each.caught_up_at for each in await opened.read(channels.all_channels)] == [clock.business]


async def test_what_was_read_of_a_channel_gives_way_to_what_happened_since(
    opened: Database, clock: StillClock
) -> None:
    await opened.write(lambda tx: channels.save_channel(tx, "C1", bot_is_member=True))
    await opened.write(channels.joined, "C1", "U1")
    assert not await opened.read(channels.members_known), "one event is not a reading"
    before, began = await opened.read(channels.members_of, "C1"), clock.business
    await opened.write(channels.left, "C1", "U1")
    await opened.write(channels.joined, "C1", "U4")
    clock.business += timedelta(seconds=5)
    await opened.write(channels.set_channel_members, "C1", ["U1", "U2"], before=before, read_at=began)
    assert await opened.read(channels.members_of, "C1") == {"U2", "U4"}
    assert await opened.read(channels.members_known)
    await opened.write(channels.set_channel_members, "C1", ["U2", "U3"], read_at=clock.business)
    older = began - timedelta(seconds=5)
    await opened.write(channels.set_channel_members, "C1", ["U9"], read_at=older)
    assert await opened.read(channels.members_of, "C1") == {"U2", "U3"}, "a later reading wins"
    found = await opened.read(channels.channel, "C1")
    assert found is not None
    assert found.members_read_at == clock.business


async def test_from_when_on_nothing_is_missed_in_a_channel(opened: Database, clock: StillClock) -> None:
    week, now = timedelta(days=7), clock.business

    async def began() -> object:
        found = await opened.read(channels.channel, "C1")
        return None if found is None else found.caught_up_at

    await opened.write(lambda tx: channels.save_channel(tx, "C1", bot_is_member=True))
    for at, last in ((now, now), (now + week / 2, now), (now + 3 * week, now + 2 * week)):
        await opened.write(channels.begins, "C1", at, at_most=week)
        assert await began() == last


def _take_in(tx: Transaction, intake: str) -> None:
    workspace.set_workspace(tx, intake=intake)


async def test_a_changed_set_up_is_seen_by_every_replica_at_once(opened: Database, database_url: str) -> None:
    async with Database(database_url, opened.clock, opened.workspace) as other:
        for intake in ("desk", "direct", "desk"):
            await opened.write(_take_in, intake)
            for each in (opened, other):
                assert (await each.read(workspace.workspace)).intake == intake


async def test_a_change_of_the_set_up_that_fails_was_never_there(opened: Database) -> None:
    def fails(tx: Transaction) -> None:
        workspace.set_workspace(tx, intake="direct")
        assert workspace.workspace(tx).intake == "direct"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await opened.write(fails)
    assert (await opened.read(workspace.workspace)).intake == "desk"
    assert await opened.write(lambda tx: workspace.workspace(tx).intake) == "desk"
    results = await asyncio.gather(
        opened.write(lambda tx: workspace.workspace(tx).intake),
        opened.write(fails),
        opened.write(lambda tx: workspace.workspace(tx).intake),
        return_exceptions=True,
    )
    assert (results[0], type(results[1]), results[2]) == ("desk", ZeroDivisionError, "desk")


async def test_each_body_has_its_own_offices_and_all_replicas_see_them(
    opened: Database, database_url: str
) -> None:
    own = Office(opening_hours.read("9:00〜16:00"), ("11-25 開庁記念日",), ("2026-11-28 臨時開庁",))
    own_days = {"hours": "8:45〜17:30", "closures": ["2026-11-26"]}
    await opened.write(lambda tx: workspace.set_workspace(tx, **own_days))
    async with Database(database_url, opened.clock, opened.workspace) as other:
        assert await other.read(offices.office, "012025") == Office()
        await opened.write(offices.save_office, "012025", own)
        assert await other.read(offices.own_offices) == {"012025": own}

        def open_days(tx: Transaction, code: str | None) -> tuple[str, list[int]]:
            calendar = offices.calendar_of_body(tx, workspace.workspace(tx), code)
            days = [day for day in range(24, 29) if calendar.is_business_day(date(2026, 11, day))]
            return f"{calendar.opens:%H:%M}", days

        assert await other.read(open_days, "012025") == ("09:00", [24, 26, 27, 28])
        assert await other.read(open_days, "012033") == ("08:45", [24, 25, 26, 27]), (
            "not the prefecture's days"
        )
        assert await other.read(open_days, None) == ("08:45", [24, 25, 27])
        await opened.write(offices.save_office, "012025", Office())
        assert await other.read(offices.own_offices) == {}


async def test_a_zone_there_is_none_of_is_not_kept(opened: Database) -> None:
    with pytest.raises(ValueError, match="Asia/Tokio"):
        await opened.write(lambda tx: workspace.set_workspace(tx, zone="Asia/Tokio"))
    assert (await opened.read(workspace.workspace)).zone == "Asia/Tokyo"
