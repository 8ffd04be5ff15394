"""Asking without a message of one's own: commands, the dialog, shortcuts."""

from __future__ import annotations

import pytest

from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, question, rung, settled

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
OPEN = {"だれに聞きますか": "県内のみんなに"}


@pytest.mark.screens
@pytest.mark.parametrize("typed", ["", "ヘルプ", "へるぷ", "HELP", "?", "使い方"])
async def test_help_says_what_there_is(town: Town, typed: str) -> None:
    async with town.bot():
        await town.asker.runs("/banso", typed, channel=town.channel)
        shown = await town.asker.sees("Banso の使い方", town.channel)
        assert "/banso 相談" in shown.words
        assert "/banso 当番" in shown.words
        assert "電話・訪問" not in shown.words  # is for those who answer
        await town.coordinator.runs("/banso", typed, channel=town.channel)
        assert "電話・訪問" in (await town.coordinator.sees("Banso の使い方", town.channel)).words


@pytest.mark.screens
@pytest.mark.parametrize(
    ("command", "typed", "filled"),
    [
        ("/banso", "相談", ""),
        ("/banso", "そうだん", ""),
        ("/banso", f"相談 {BROKEN}", BROKEN),
        ("/banso", f"相談\u3000{BROKEN}", BROKEN),
        ("/banso", BROKEN, BROKEN),  # no word we know: somebody simply asks
        ("/soudan", "", ""),
        ("/soudan", BROKEN, BROKEN),
    ],
)
async def test_a_command_opens_the_dialog(town: Town, command: str, typed: str, filled: str) -> None:
    async with town.bot():
        await town.asker.runs(command, typed, channel=town.channel)
        view = await town.asker.view(title="相談する")
        assert view.entered["text"]["text"].get("value") in ({filled} if filled else {None, ""})


@pytest.mark.screens
async def test_who_is_on_duty(town: Town) -> None:
    async with town.bot():
        await town.asker.runs("/toban", channel=town.channel)
        shown = await town.asker.sees("今日の当番", town.channel)
        assert "森脇さん(17:00まで)" in shown.words
        assert "このあと" in shown.words


async def test_a_question_from_the_dialog_goes_the_whole_way(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.runs("/banso", f"相談 {BROKEN}", channel=town.channel)
        await town.asker.view(title="相談する")
        await town.asker.submits({**OPEN, "いつごろまでに": "今日中"})
        said = await town.asker.view(title="受け付けました")
        assert "No.1 として受け付けました" in said.words
        assert "11/24(火)13:00" in said.words  # two hours of business time, of which one is lunch
        card = await town.channel.shows("受け付けました")
        assert BROKEN in card.words
        assert "波待島村" in card.words
        assert await town.talent.is_rung("相談 No.1")
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await town.talent.says("電源を長押ししてください", town.channel, thread=card)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await town.asker.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        await settled(town, banso)
        assert (await books(banso)).closed == {"resolved": 1}


@pytest.mark.screens
async def test_the_dialog_does_not_take_nothing(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.runs("/soudan", channel=town.channel)
        await town.asker.view(title="相談する")
        for wrong, sentence in (
            ({"相談したいこと": "   ", **OPEN}, "ひとことでも"),
            ({"相談したいこと": "🙏", **OPEN}, "ひとことでも"),
            ({"相談したいこと": BROKEN, "必要な日(決まっているとき)": "2026-11-23", **OPEN}, "過ぎた日付"),
        ):
            errors = await town.asker.submits(wrong)
            assert sentence in str(errors)
        assert await all_questions(banso) == []


async def test_pressing_twice_asks_once(town: Town) -> None:
    async with town.bot() as banso:
        await town.ws.faults("duplicate", method="*", copies=1)
        await town.asker.runs("/soudan", BROKEN, channel=town.channel)
        await town.asker.view(title="相談する")
        await town.asker.submits(OPEN)
        await town.channel.shows("受け付けました")
        await town.ws.clear_faults()
        await settled(town, banso)
        assert len(await all_questions(banso)) == 1


@pytest.mark.screens
async def test_the_shortcut_opens_the_same_dialog(town: Town) -> None:
    async with town.bot():
        await town.asker.shortcut("question_ask")
        await town.asker.view(title="相談する")


async def test_a_colleague_s_words_are_registered_by_those_who_answer(town: Town) -> None:
    async with town.bot() as banso:
        said = await town.asker.says("そういえば " + BROKEN, town.other)
        await town.ws.quiet()
        await town.neighbour.shortcut("question_register_message", said)
        await town.neighbour.sees("登録できるのは、書いた方と", town.other)
        await town.coordinator.shortcut("question_register_message", said)
        await town.coordinator.sees("相談 No.1 として登録しました", town.other)
        await town.other.shows("受け付けました", thread=said)
        await town.coordinator.shortcut("question_register_message", said)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 1


@pytest.mark.screens
async def test_where_the_bot_is_not_the_dialog_opens_with_the_words(town: Town) -> None:
    async with town.bot():
        elsewhere = await town.ws.channel("総務課だけ", bot=False)
        await elsewhere.adds(town.asker)
        said = await town.asker.says(BROKEN, elsewhere)
        await town.asker.shortcut("question_register_message", said)
        view = await town.asker.view(title="相談する")
        assert view.entered["text"]["text"]["value"] == BROKEN


async def test_a_call_that_was_answered_is_counted_and_told_to_who_asked_alone(town: Town) -> None:
    async with town.bot() as banso:
        await town.coordinator.runs("/banso", "電話", channel=town.channel)
        await town.coordinator.view(title="電話・訪問の相談")
        filled = {"相談の内容": BROKEN, "回答(その場で答えたとき)": "電源を長押しするよう伝えた"}
        errors = await town.coordinator.submits(filled)
        assert "どちらの団体から" in str(errors)
        errors = await town.coordinator.submits(
            {"相談者さん(Slack にいるとき)": town.asker.id, "かかった時間(分)": "15"}
        )
        assert errors is None
        said = await town.coordinator.view(title="登録しました")
        assert "No.1" in said.words
        await settled(town, banso)
        found = await question(banso)
        assert (found.state, found.close_reason, found.minutes) == ("closed", "by_phone", 15)
        assert (found.asker, found.entered_by, found.municipality) == (
            town.asker.id,
            town.coordinator.id,
            "波待島村",
        )
        assert (found.way, found.audience) == ("phone", "private")
        letter = await town.asker.sees("お電話・訪問でのご相談を No.1 として登録しました。")
        assert "電源を長押しするよう伝えた" in letter.words
        assert len(await rung(town.asker)) == 1
        assert await town.talent.notifications() == []
        assert (await books(banso)).closed == {"by_phone": 1}


async def test_a_call_that_was_not_answered_is_followed_like_every_question(town: Town) -> None:
    async with town.bot() as banso:
        await town.coordinator.shortcut("question_phone")
        await town.coordinator.view(title="電話・訪問の相談")
        filled = {
            "相談の内容": BROKEN,
            "市町村・団体": "波待島村",
            "課(係)": "税務課",
            "だれに見えますか": "県内のみんなに",
        }
        assert await town.coordinator.submits(filled) is None
        card = await town.channel.shows("受け付けました")
        assert "波待島村 税務課" in card.words
        found = await question(banso)
        assert (found.asker, found.municipality, found.section) == (town.coordinator.id, "波待島村", "税務課")
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")


@pytest.mark.screens
async def test_a_call_is_entered_by_those_who_answer_only(town: Town) -> None:
    async with town.bot():
        await town.asker.runs("/banso", "電話", channel=town.channel)
        await town.asker.sees("いまの権限ではできません", town.channel)
        assert not await town.asker.has_view()


@pytest.mark.screens
async def test_what_was_typed_is_shown_as_it_was_typed(town: Town) -> None:
    """A dialog's text is plain: what looks like Slack's markup neither rings anybody nor becomes something else."""
    async with town.bot() as banso:
        await town.asker.runs(
            "/soudan", "様式 A<B & C>D が <!channel> と表示され、困っています", channel=town.channel
        )
        await town.asker.view(title="相談する")
        await town.asker.submits(OPEN)
        card = await town.channel.shows("受け付けました")
        assert "様式 A&lt;B &amp; C&gt;D が &lt;!channel&gt; と表示され" in str(card["blocks"])
        await settled(town, banso)
        assert await town.neighbour.notifications() == []
