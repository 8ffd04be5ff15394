"""緊急 that is not over after all: everybody is rung anew, in private, at any hour, and somebody has to take it anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bot.app import Banso
from sandbox.client import Channel, Person, Shown
from storage import absences
from tests.scenarios.conftest import Town
from tests.scenarios.story import rung, settled
from tests.scenarios.test_emergency import FRIDAY_NIGHT, SEEN, begins, logged, prepared, with_numbers
from tests.scenarios.test_emergency_goes_wrong import URGENT_FINDING, findings, mine_now


async def moves_to(town: Town, who: Person, state: str, card: Shown, note: str) -> str:
    await who.clicks("状況・人を変える", on=card)
    await who.view(title="状況・人を変える")
    assert await who.submits({"いまの状況": state, "記録に足すこと": note}) is None
    return (await who.view(title="保存しました")).words


def flared(found: list[dict[str, Any]]) -> int:
    return sum("まだ終わっていません" in each["text"] for each in found)


async def over_by_night(town: Town, banso: Banso, desk: Channel) -> tuple[Shown, Shown, Shown]:
    """It begins, is taken and ends while one engineer is away; nine hours later he is there. Returns the asker's card, the
    desk's and the other engineer's."""
    now = town.clock.business_now()
    gone = partial(absences.add, starts=now, ends=now + timedelta(hours=8), said=None, made_by=town.talent.id)
    await banso.database.write(gone, town.talent.id)
    await begins(town, town.asker)
    mine, his = [await (await each.dm()).shows("緊急 No.1") for each in (town.asker, town.second)]
    at_desk = await desk.shows("緊急 No.1")
    await town.second.clicks(SEEN, on=his)
    await desk.changed(at_desk, "🙋 対応:有馬さん")
    await moves_to(town, town.second, "終わり", his, "1台だけでした")
    await (await town.asker.dm()).changed(mine, "1台だけでした")
    await settled(town, banso)
    await town.later(hours=9)
    assert await rung(town.talent) == []
    return mine, at_desk, his


async def test_it_flares_up_again_and_all_are_rung_anew_and_nobody_answers(town: Town) -> None:
    """Who was on it before is not on it any more; and another engineer is there by now, who is rung as well."""
    desk = await prepared(town, town.pm)
    people = (town.second, town.coordinator, town.talent, town.asker, town.pm)
    await town.move_to(FRIDAY_NIGHT)
    async with town.bot() as banso:
        await with_numbers(banso)
        mine, at_desk, his = await over_by_night(town, banso, desk)
        before = [len(await rung(each)) for each in people]
        said = await moves_to(town, town.coordinator, "対応中", at_desk, "2台目が見つかりました")
        assert "もう一度、呼び出しています" in said
        theirs, new = await town.second.dm(), await town.talent.dm()
        letter = await theirs.shows("は、まだ終わっていません。県さんが「対応中」に戻しました")
        assert "2台目が見つかりました" in letter.words
        await new.shows("緊急 No.1")  # the card is the first he hears of it
        await desk.changed(at_desk, "まだだれも「見ました・対応します」を押していません")
        assert "1台だけでした" not in (await mine_now(town, mine)).words
        await settled(town, banso)
        assert await rang_since(people, before) == [1, 0, 1, 0, 0]
        assert await findings(banso) == ()

        await town.later(minutes=10)
        await banso.scheduler.run_due()
        await new.shows("10分たってもだれも対応を始めていません")
        await settled(town, banso)
        assert await rang_since(people, before) == [2, 1, 2, 0, 1]
        assert await findings(banso) == (URGENT_FINDING,)
        await town.second.clicks(SEEN, on=letter)
        await desk.changed(at_desk, "🙋 対応:有馬さん(11/28(土)")
        assert await findings(banso) == ()

        await moves_to(town, town.coordinator, "落ち着いた(見守り中)", at_desk, "")
        await moves_to(town, town.second, "対応中", his, "")  # by somebody else: rung once more each
        await (await town.coordinator.dm()).shows("有馬さんが「対応中」に戻しました")
        await settled(town, banso)
        assert [flared(await rung(each)) for each in people] == [1, 1, 1, 0, 1]
        again = ["flared", "rung", "again", "seen", "state", "flared", "rung"]
        assert await logged(banso) == ["started", "rung", "seen", "state", *again]
        assert (await town.ws.counters())["duplicates"] == []


async def rang_since(people: Sequence[Person], before: Sequence[int]) -> list[int]:
    return [len(await rung(each)) - n for each, n in zip(people, before, strict=True)]
