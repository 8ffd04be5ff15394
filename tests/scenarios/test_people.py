"""Who people are: the first administrator, guests of the workspace."""

from __future__ import annotations

from bot.app import Banso
from sandbox.client import Person
from storage import members
from tests.scenarios.conftest import Town
from tests.scenarios.story import until


async def permission_is(banso: Banso, person: Person, wanted: str) -> None:
    async def so() -> bool:
        found = await banso.database.read(members.member, person.id)
        return found is not None and found.permission == wanted

    await until(so)


async def test_who_the_operator_names_administers_from_the_start_and_no_second_one(town: Town) -> None:
    async with town.bot(banso_admin=town.neighbour.id) as banso:
        await permission_is(banso, town.neighbour, "admin")
    async with town.bot(banso_admin=town.asker.id) as banso:
        await permission_is(banso, town.asker, "asker")
        assert await banso.database.read(members.admins) == (1, 0)


async def test_a_guest_is_one_as_long_as_slack_says_so(town: Town) -> None:
    guest = await town.ws.person("客 一", channels=[town.channel], guest=True)
    async with town.bot() as banso:
        await permission_is(banso, guest, "guest")
        await guest.changes(guest=False)
        await permission_is(banso, guest, "asker")
        await guest.changes(guest=True)
        await permission_is(banso, guest, "guest")
