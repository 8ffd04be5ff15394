"""「その他」: a dialog made for who pressed it, and everything one can choose in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from sandbox.client import Message, Person, Shown
from storage.database import Transaction
from storage.tables import outbox
from tests.scenarios.conftest import BODY, Town, set_up
from tests.scenarios.story import books, question, rung, settled, state_is, until, verbs

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def ask(town: Town, text: str = BROKEN) -> tuple[Message, Shown]:
    asked = await town.asker.says(text, town.channel)
    return asked, await town.channel.shows("受け付けました", thread=asked)


async def choose(person: Person, card: Shown, what: str, **more: object) -> dict[str, str] | None:
    """Open the dialog on a card, choose and send it; returns the errors it shows."""
    await person.clicks("その他", on=card)
    await person.view(title="相談のその他")
    return await person.submits({"何をしますか": what, **more})


async def options(person: Person, card: Shown) -> list[str]:
    """What somebody may choose."""
    await person.clicks("その他", on=card)
    view = await person.view()
    found = [block["element"] for block in view["blocks"] if block.get("block_id") == "what"]
    await person.closes()
    return [option["text"]["text"] for element in found for option in element["options"]]


@pytest.mark.screens
async def test_everybody_finds_only_what_they_may_do_now(town: Town) -> None:
    async with town.bot():
        _, card = await ask(town)
        assert await options(town.neighbour, card) == []
        own = ["必要な日を入れる・変える", "解決した", "相談を取り下げる", "電話がほしい"]
        assert await options(town.asker, card) == own
        assert "利害関係があるので外れる" in await options(town.talent, card)
        assert await options(town.pm, card) == []
        await town.coordinator.clicks("対応します", on=card)
        await town.channel.changed(card, "県さんが対応しています")
        everything = await options(town.coordinator, card)
        assert everything[0] == "元に戻す(対応を始めました)"
        assert {"相談ではない", "担当を替える", "利害関係があるので外れる", "相談を取り下げる"} <= set(
            everything
        )


@pytest.mark.screens
async def test_an_asker_asks_to_be_called(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        wanted = "電話がほしい"
        assert "職場の番号を書いてください" in str(await choose(town.asker, card, wanted))
        assert await town.asker.submits({"職場の番号": "0000-12-3456 内線 78"}) is None
        await town.channel.changed(card, "電話での返事を希望")
        assert "0000-12-3456 内線 78" in (await town.talent.sees("電話での返事を希望しています")).words
        await settled(town, banso)
        assert "0000-12" not in str([dict(each) for each in await town.channel.messages()])


async def test_waiting_for_the_asker_and_back(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.pm.clicks("対応します", on=card)
        await choose(town.pm, card, "相談者に確認している(返事を待つ)")
        await town.channel.changed(card, "戸叶さんから確認があります")
        await town.asker.is_rung("確認したいことがあります")
        await town.asker.says("ありがとうございます", town.channel, thread=asked)
        await settled(town, banso)
        assert (await question(banso)).state == "waiting", "thanks are no answer"
        await town.asker.says("富士通のA577です", town.channel, thread=asked)
        await town.channel.changed(card, "戸叶さんが対応しています")
        await town.pm.is_rung("相談者さんの書き込みがあります")
        await settled(town, banso)
        assert len(await rung(town.pm)) == 1, "who pressed a button does not follow the thread: one notice"
        found = await question(banso)
        assert (found.nudged_at, found.next_step) == (None, "remind")


async def test_handing_over_rings_the_new_one_once_wherever_they_are(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        assert await choose(town.talent, card, "担当を替える") == {"who": "替わりの方を選んでください。"}
        await town.talent.submits({"だれに": "戸叶 梨紗"})
        await town.channel.changed(card, "次は 戸叶さん")
        await town.pm.is_rung("担当をお願いします")
        await choose(town.pm, card, "担当を替える", だれに="有馬 駿介")
        await town.channel.changed(card, "次は 有馬さん")
        direct = await town.second.sees("担当をお願いします")
        assert BROKEN in direct.words, "who is not in the channel gets the whole question"
        await settled(town, banso)
        assert [len(await rung(each)) for each in (town.talent, town.pm, town.second)] == [1, 1, 1]
        found = await question(banso)
        assert (found.state, found.responsible, found.claimed_at) == ("assigned", town.second.id, None)


async def test_who_steps_aside_never_gets_or_touches_it_again(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await choose(town.talent, card, "利害関係があるので外れる")
        found = await state_is(banso, "assigned")
        await settled(town, banso)
        found = await question(banso)
        assert found.responsible not in {None, town.talent.id}
        await town.talent.clicks("対応します", on=card)
        await town.talent.sees("利害関係の登録があるため", town.channel)
        await town.coordinator.clicks("その他", on=card)
        view = await town.coordinator.view()
        (who,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "who"]
        assert town.talent.id not in [option["value"] for option in who["options"]]
        await town.coordinator.closes()
        for _ in range(4):
            await town.later(days=2)
            await banso.scheduler.run_due()
            assert (await question(banso)).responsible != town.talent.id


async def test_a_registered_conflict_of_interest_is_never_asked_and_may_not_claim(town: Town) -> None:
    def barred(raw: dict[str, list[dict[str, object]]]) -> None:
        raw["talents"][0]["conflicts"] = [f"body:{BODY['code']}"]

    await set_up(town, barred)
    async with town.bot() as banso:
        asked, card = await ask(town)
        assert (await question(banso)).responsible != town.talent.id
        await town.talent.clicks("対応します", on=card)
        await town.talent.sees("利害関係の登録があるため", town.channel)
        await town.talent.says("ここに書いても担当にはなりません", town.channel, thread=asked)
        await settled(town, banso)
        assert (await question(banso)).state == "assigned"


async def test_a_field_set_right_takes_it_from_whom_it_must_not_lie_with(town: Town) -> None:
    def barred(raw: dict[str, list[dict[str, object]]]) -> None:
        raw["talents"][0]["conflicts"] = ["procure"]

    await set_up(town, barred)
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await choose(town.coordinator, card, "分野を直す", 分野="調達・契約・共同調達")
        await town.channel.changed(card, "分野:調達")
        await settled(town, banso)
        found = await question(banso)
        assert found.field_id == "procure"
        assert found.responsible != town.talent.id
        assert "(推定)" not in (await town.channel.shows("受け付けました")).words


async def test_each_way_to_end_it_is_in_the_books(town: Town) -> None:
    ends = {
        "電話で回答した": "電話で回答しました",
        "ほかの相談と同じ内容なので、まとめて閉じる": "ほかの相談とまとめました",
        "相談を取り下げる": "取り下げられました",
        "相談ではない": "相談ではないものとして閉じました",
    }
    async with town.bot() as banso:
        for what, shown in ends.items():
            _, card = await ask(town, f"プリンターの印刷が{len(what)}枚ずれます")
            await choose(town.coordinator, card, what)
            await town.channel.changed(card, shown)
            await town.later(minutes=5)
        ledger = await books(banso)
        assert ledger.closed == {"by_phone": 1, "duplicate": 1, "withdrawn": 1}
        assert (ledger.received, ledger.set_aside) == (3, 1)
        assert (await banso.health()).ok


async def test_withdrawing_tells_who_had_begun(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await choose(town.asker, card, "相談を取り下げる")
        await town.talent.is_rung("取り下げられました")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 2


async def test_undo_takes_back_ones_own_latest_deed_once_within_ten_minutes(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await settled(town, banso)
        before = await question(banso)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await choose(town.talent, card, "元に戻す")
        await town.channel.changed(card, "受け付けました")
        assert await question(banso) == before
        assert not any("元に戻す" in each for each in await options(town.talent, card)), "not twice"

        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await town.coordinator.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        assert not any("元に戻す" in each for each in await options(town.talent, card)), (
            "somebody acted since"
        )

        await town.coordinator.clicks("その他", on=card)
        await town.coordinator.view()
        await town.later(minutes=11)
        await town.coordinator.submits({"何をしますか": "元に戻す"})
        told = await town.coordinator.view(title="お知らせ")
        assert "10分以内" in told.words
        assert (await question(banso)).state == "closed"
        assert await verbs(banso, await question(banso)) == [
            "receive", "assign", "claim", "undo", "claim", "resolve",
        ]  # fmt: skip


async def test_a_hand_over_is_taken_back_whole_until_somebody_acts_or_ten_minutes_are_over(
    town: Town,
) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        before = await question(banso)
        await choose(town.talent, card, "担当を替える", だれに="戸叶 梨紗")
        await town.channel.changed(card, "次は 戸叶さん")
        assert not any("元に戻す" in each for each in await options(town.pm, card)), "it is not theirs"
        await town.later(minutes=9)
        await choose(town.talent, card, "元に戻す(担当を替えました)")
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        after = await question(banso)
        assert replace(after, next_at=before.next_at) == before, "only the next reminder is counted from now"

        await choose(town.talent, card, "担当を替える", だれに="戸叶 梨紗")
        await town.channel.changed(card, "次は 戸叶さん")
        await town.talent.clicks("その他", on=card)
        await town.talent.view()
        await town.later(minutes=11)
        await town.talent.submits({"何をしますか": "元に戻す"})
        assert "10分以内" in (await town.talent.view(title="お知らせ")).words
        await town.talent.closes()
        await choose(town.pm, card, "担当を替える", だれに="有馬 駿介")
        letter = await town.second.sees("担当をお願いします")
        await town.second.clicks("対応します", on=letter)
        await town.channel.changed(card, "有馬さんが対応しています")
        assert not any("元に戻す" in each for each in await options(town.pm, card)), "somebody acted since"
        found = await question(banso)
        assert (found.state, found.responsible) == ("claimed", town.second.id)
        assert (await verbs(banso, found))[2:] == [
            "claim",
            "hand_over",
            "undo",
            "hand_over",
            "hand_over",
            "claim",
        ]


async def test_who_was_asked_hears_that_it_was_taken_back(town: Town) -> None:
    """Their message with its button cannot be taken back: without a word they would begin for nothing."""
    async with town.bot() as banso:
        _, card = await ask(town)
        await choose(town.talent, card, "担当を替える", だれに="戸叶 梨紗")
        await town.pm.is_rung("担当をお願いします")
        await choose(town.talent, card, "元に戻す")
        told = await town.pm.sees("担当のお願いは、取り消されました。対応は要りません")
        assert told.buttons == []
        await town.channel.changed(card, "次は 森脇さん")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1, "who did it knows"

        await choose(town.talent, card, "利害関係があるので外れる")
        await town.second.is_rung("担当をお願いします")
        await choose(town.talent, card, "元に戻す")
        await town.second.is_rung("取り消されました")

        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await choose(town.asker, card, "相談を取り下げる")
        await town.talent.is_rung("対応は要りません")
        await choose(town.asker, card, "元に戻す")
        await town.talent.is_rung("取り下げは、元に戻されました")
        await settled(town, banso)
        assert [len(await rung(each)) for each in (town.talent, town.second, town.pm)] == [3, 2, 2]


async def test_what_was_taken_back_before_it_was_said_is_not_said_at_all(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await settled(town, banso)
        await town.ws.faults("429", method="conversations.open", count=1, retry_after=3)
        await choose(town.talent, card, "担当を替える", だれに="戸叶 梨紗")

        async def waits() -> list[str]:
            return await banso.database.read(_held_back)

        await until(waits)
        await choose(town.talent, card, "元に戻す")
        await settled(town, banso)
        assert await rung(town.pm) == []
        assert (await question(banso)).responsible == town.talent.id


def _held_back(tx: Transaction) -> list[str]:
    waiting = select(outbox.c.key).where(outbox.c.wanted > outbox.c.sent, outbox.c.error.is_not(None))
    return list(tx.connection.execute(waiting).scalars())


@pytest.mark.screens
async def test_a_dialog_that_was_open_too_long_says_so_and_changes_nothing(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.asker.clicks("その他", on=card)
        await town.asker.view()
        await choose(town.coordinator, card, "電話で回答した")
        await town.channel.changed(card, "電話で回答しました")
        await town.asker.submits({"何をしますか": "相談を取り下げる"})
        told = await town.asker.view(title="お知らせ")
        assert "ほかの操作で状態が変わりました" in told.words
        assert (await books(banso)).closed == {"by_phone": 1}


async def test_the_same_dialog_sent_twice_is_done_once(town: Town) -> None:
    await town.ws.faults("duplicate", method="view_submission", count=1, copies=2)
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await choose(town.talent, card, "担当を替える", だれに="戸叶 梨紗")
        await asyncio.gather(town.channel.changed(card, "次は 戸叶さん"), town.pm.is_rung("お願いします"))
        await settled(town, banso)
        assert (await verbs(banso, await question(banso))).count("hand_over") == 1
        assert len(await rung(town.pm)) == 1
