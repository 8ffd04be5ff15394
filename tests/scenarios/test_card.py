"""The card: one message a question that is edited in place, and everybody is rung once."""

from __future__ import annotations

import re

import pytest

from storage import members, talents
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import question, rung, settled

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
OWN = {"inbox_tray", "raising_hand", "question", "speech_balloon", "white_check_mark"}


async def test_one_card_goes_through_the_whole_life_and_rings_only_at_first(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        looks = {"inbox_tray": card}
        for person, press, words, mark in (
            (town.talent, "対応します", "対応しています", "raising_hand"),
            (town.talent, "回答した", "回答があります", "speech_balloon"),
            (town.asker, "まだ聞きたい", "続きがあります", "inbox_tray"),
            (town.talent, "対応します", "対応しています", "raising_hand"),
            (town.coordinator, "解決した", "終わりました(解決・11/24)", "white_check_mark"),
        ):
            await person.clicks(press, on=card)
            looks[mark] = await town.channel.changed(card, words)
            assert len(looks[mark].buttons) <= 3
            assert f"<@{town.talent.id}>" not in looks[mark].words, "editing rings nobody, so it names nobody"
        await settled(town, banso)
        mine = [m for m in await town.channel.messages() if m.by_bot and m["ts"] != asked.ts]
        assert len([m for m in mine if m.buttons]) == 1, "one card"
        (parent,) = [m for m in await town.channel.top() if m.ts == asked.ts]
        assert set(parent.reactions) & OWN == {"white_check_mark"}
        assert looks["white_check_mark"].buttons == ["もう一度聞く", "その他"]
        assert "最終の判断は各団体で" in looks["white_check_mark"].words
        assert "次は 相談者さん" in looks["speech_balloon"].words
        for look in looks.values():
            assert look.text.endswith("。")
            assert "No.1" in look.text
            assert not re.search(r"[*_|📥🙋💬✅]", look.text), "telephones show only the sentence"


async def test_a_card_that_was_deleted_is_posted_again_at_the_next_change_and_rings_nobody(
    town: Town,
) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        admin = await town.ws.person("管理 者", channels=[town.channel], admin=True)
        await admin.deletes(card, as_admin=True)
        await town.pm.says("型番を教えてください", town.channel, thread=asked)
        again = await town.channel.shows("戸叶さんが対応しています", thread=asked)
        assert again.ts != card.ts
        await town.pm.clicks("回答した", on=again)
        await town.channel.changed(again, "回答があります")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1


async def test_a_button_on_a_card_that_is_gone_still_does_what_it_says(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        admin = await town.ws.person("管理 者", channels=[town.channel], admin=True)
        await admin.deletes(card, as_admin=True)
        await town.talent.clicks_stale("対応します", on=card)
        await town.channel.shows("森脇さんが対応しています", thread=asked)
        assert (await question(banso)).responsible == town.talent.id


async def test_who_is_not_in_the_channel_gets_the_whole_question_directly_and_only_there(town: Town) -> None:
    text = "<b>VPN & ファイアウォール</b>がつながりません\n@channel どうすればいいですか"
    async with town.bot() as banso:
        asked = await town.asker.says(text, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        direct = await town.second.sees("No.1 が届きました")
        assert "<b>VPN & ファイアウォール</b>がつながりません" in direct.words
        assert "@channel どうすれば" in direct.words
        assert "波待島村 総務課" in direct.words
        assert f"/archives/{town.channel.id}/p{asked.ts.replace('.', '')}" in direct.words
        assert "有馬さん" in card.words
        assert "<@" not in card.words
        await settled(town, banso)
        assert [each["kind"] for each in await rung(town.second)] == ["direct"]
        dm = await town.second.dm()
        await town.second.joins(town.channel)
        await settled(town, banso)
        await town.second.clicks("対応します", on=card)
        await town.second.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await town.asker.clicks("まだ聞きたい", on=card)
        await town.channel.changed(card, "続きがあります")
        await town.later(minutes=3)
        await banso.scheduler.run_due()
        await town.second.is_rung("続きが届いています")
        assert len(await dm.messages()) == 2


async def test_forty_thousand_characters_are_one_question_and_its_reader_is_told_where_the_rest_is(
    town: Town,
) -> None:
    """The worst a text can be: every character escaped, hardly a line without a break."""
    async with town.bot() as banso:
        asked = await town.asker.says("VPNの設定です。" + "<&\n" * 13_000, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        direct = await town.second.sees("No.1 が届きました")
        assert "続きはスレッドにあります" in direct.words
        assert direct.words.count("<&") > 500
        await settled(town, banso)
        assert (await banso.health()).ok
        assert (await question(banso)).ts == asked.ts


async def test_a_card_with_names_full_of_marks_neither_links_nor_rings(town: Town) -> None:
    async with town.bot() as banso:
        await banso.database.write(
            lambda tx: members.save_members(
                tx,
                [{"user_id": town.asker.id, "name": "<!channel>", "section": "<!here> & *総務*"}],
                overwrite=["name", "section"],
            )
        )
        await banso.database.write(
            lambda tx: talents.save_talent(
                tx,
                user_id=town.talent.id,
                name="<!everyone>",
                role="engineer",
                fields=["device"],
                conflicts=[],
            )
        )
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応しています")
        await settled(town, banso)
        assert [each for each in await rung(town.neighbour) if each["kind"] == "everybody"] == []
        assert (await town.ws.counters())["warnings"] == []


async def test_somebody_we_never_saw_is_answered_at_once(town: Town) -> None:
    stranger = await town.ws.person("新しい 人", channels=[town.channel], quiet=True)
    async with town.bot() as banso:
        asked = await stranger.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        assert "ご所属は確認中" in card.words
        assert (await question(banso)).asker == stranger.id


async def test_with_nobody_to_ask_it_is_kept_and_said_to_the_operator_until_there_is_somebody(
    town: Town,
) -> None:
    def nobody(raw: dict[str, list[dict[str, str]]]) -> None:
        raw["talents"] = [
            {**each, "conflicts": ["device", "net", "other", "biz", "procure"]}  # type: ignore[dict-item]
            for each in raw["talents"]
        ]
        raw["members"][1]["permission"] = "asker"

    await set_up(town, nobody)
    async with town.bot() as banso:
        asked = await town.asker.says("パスワードを忘れてログインできません", town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        found = await question(banso)
        assert "次は 県の担当" in card.words
        assert (found.state, found.responsible) == ("received", None)
        health = await banso.health()
        assert health.findings == ("担当または次の予定がない相談があります:No.1",)
        await set_up(town)
        await town.later(hours=6)
        await banso.scheduler.run_due()
        found = await question(banso)
        assert found.responsible is not None
        await settled(town, banso)
        assert (await banso.health()).ok
