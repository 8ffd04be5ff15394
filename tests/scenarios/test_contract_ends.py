"""A contract ends on 3/31 with open questions, and a new one begins in mid-April: nothing waits for who is not there."""

from __future__ import annotations

from typing import Any

from bot.app import Banso
from handlers.members.form import parse
from handlers.members.loading import load
from sandbox.client import Message, Person, Shown
from tests.scenarios.conftest import Town, set_up, workspace_file
from tests.scenarios.story import all_questions, rung, settled
from tests.scenarios.test_clock import BROKEN, at

ENDED = "契約期間が終わった方に"


def until_march(raw: dict[str, Any]) -> None:
    raw["talents"][0] |= {"contract_from": "2026-04-01", "contract_until": "2027-03-31"}


async def ask(town: Town, who: Person) -> tuple[Message, Shown]:
    await town.later(minutes=3)
    asked = await who.says(BROKEN, town.channel)
    return asked, await town.channel.shows("受け付けました", thread=asked)


async def whose(banso: Banso) -> list[str | None]:
    return [each.responsible for each in await all_questions(banso)]


async def told(who: Person, words: str) -> int:
    return sum(words in each["text"] for each in await rung(who))


async def four_questions(town: Town) -> list[Message]:
    """Claimed, only assigned, answered and waiting for its asker, asked back: all with 森脇."""
    claimed, card = await ask(town, town.asker)
    await town.talent.clicks("対応します", on=card)
    await town.channel.changed(card, "森脇さんが対応しています")
    assigned, _ = await ask(town, town.neighbour)
    answered, card = await ask(town, town.asker)
    await town.talent.says("電源ボタンを長押ししてみてください", town.channel, thread=answered)
    await town.talent.clicks("回答した", on=card)
    await town.channel.changed(card, "回答があります")
    back, card = await ask(town, town.neighbour)
    await town.talent.says("機種を教えてください", town.channel, thread=back)
    await town.talent.clicks("その他", on=card)
    await town.talent.view()
    await town.talent.submits({"何をしますか": "相談者に確認している(返事を待つ)"})
    return [claimed, assigned, answered, back]


async def test_a_contract_ends_and_a_new_one_begins(town: Town) -> None:
    await set_up(town, until_march)
    async with town.bot() as banso:
        await at(town, banso, 3, 31, 16)
        asked = await four_questions(town)
        await settled(town, banso)
        left, others = town.talent.id, {town.second.id, town.pm.id, town.coordinator.id}
        for month, day, hour, minute in ((3, 31, 17, 16), (4, 1, 8, 29)):
            await at(town, banso, month, day, hour, minute)
            assert await whose(banso) == [left] * 4
        before = len(await rung(town.talent))

        await at(town, banso, 4, 1, 8, 31)
        assert await whose(banso) == [town.second.id] * 2 + [left] * 2
        assert "森脇さん:2件" in (await town.coordinator.is_rung(ENDED))["text"]
        await at(town, banso, 4, 1, 9, 1)
        await settled(town, banso)
        assert await told(town.second, "担当をお願いします") == 2

        await at(town, banso, 4, 1, 11)
        await town.asker.says("まだ映りません。どうすればいいですか", town.channel, thread=asked[2])
        await town.neighbour.says("富士通のA577です", town.channel, thread=asked[3])
        await settled(town, banso)
        third, fourth = (await all_questions(banso))[2:]
        assert (third.state, fourth.state, fourth.claimed_at) == ("reopened", "assigned", None)
        assert {third.responsible, fourth.responsible} <= others

        for day in (2, 5):
            await at(town, banso, 4, day, 8, 31)
        await settled(town, banso)
        assert await told(town.coordinator, ENDED) == 1
        assert len(await rung(town.talent)) == before
        assert left not in await whose(banso)

        raw = workspace_file(town)
        raw["talents"][0] |= {"contract_from": "2027-04-15", "contract_until": "2028-03-31"}
        await at(town, banso, 4, 14, 10)
        await banso.database.write(load, parse(raw))
        await ask(town, town.asker)
        assert (await whose(banso))[-1] in others
        await at(town, banso, 4, 15, 10)
        await ask(town, town.asker)
        assert (await whose(banso))[-1] == left
        assert await told(town.coordinator, ENDED) == 1
        assert (await banso.health()).ok
