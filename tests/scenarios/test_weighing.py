"""「担当の決まり方」: coordinators read who was weighed and what spoke against whom; nobody else does, come what may."""

from __future__ import annotations

import pytest

from tests.scenarios.conftest import Town
from tests.scenarios.story import question, settled
from tests.scenarios.test_clock import absent, ask, at
from tests.scenarios.test_forged import pressed, send
from tests.scenarios.test_http_mode import address

AGAINST = ("休みです", "分野・専門が合いません", "利害関係があります", "ただし、", "選べなかった方")


@pytest.mark.screens
async def test_only_coordinators_see_how_it_came_to_whom(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        await banso.database.write(lambda tx: absent(tx, town.second.id))
        assert await town.ws.request_url(address(banso))
        _, card = await ask(town)
        await at(town, banso, 11, 24, 15, 1)
        await town.channel.changed(card, "次は 戸叶さん")
        await settled(town, banso)

        await town.coordinator.clicks("その他", on=card)
        await town.coordinator.view(title="相談のその他")
        await town.coordinator.clicks("担当の決まり方", on="view")
        shown = (await town.coordinator.view(title="担当の決まり方")).words
        assert "県の担当だけに見えます" in shown
        passed_on, first = shown.split("次の担当に回しました:戸叶さん")[1].split("担当を決めました:森脇さん")
        assert "森脇" not in passed_on  # they had had their turn
        assert "1. 戸叶さん|今日のとりまとめ役" in passed_on.replace("*", "")
        assert "1. 森脇さん|操作の担当・今日の当番" in first.replace("*", "")
        assert "2. 戸叶さん" in first
        assert "ただし、分野・専門が合いません" in first
        assert "選べなかった方:有馬さん(休みです)" in first
        await town.coordinator.closes(everything=True)

        found = str((await question(banso)).id)
        for person in (town.talent, town.pm, town.asker):
            await person.clicks("その他", on=card)
            view = await person.view(title="相談のその他")
            assert "担当の決まり方" not in view.buttons
            assert not [word for word in AGAINST if word in view.words], view.words
            await person.closes(everything=True)
            _, said, refused = await send(town, banso, pressed(town, "question_weighed", found, person.id))
            assert [line.get("deed") for line in refused] == ["weigh", None], refused  # the door
            assert not [word for word in AGAINST if word in said + str(refused)]
        for value in ("99", "x", ""):
            await send(town, banso, pressed(town, "question_weighed", value, town.coordinator.id))
        await settled(town, banso)
        whole = (await town.channel.changed(card, "次は 戸叶さん")).words
        assert not [word for word in AGAINST if word in whole], whole
        assert (await banso.health()).ok
