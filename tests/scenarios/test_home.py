"""Home: what is theirs for each of those who open it, the lists behind its numbers, and the ways in."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.domain.faq import Consent, Content, Kind, Verb
from bot.domain.faq import State as EntryState
from handlers.members.admins import appoint_first
from sandbox.client import Person, ShownView
from storage import channels, faq, members, outbox, workspace
from storage.database import Transaction
from storage.tables import outbox as outbox_table
from tests.scenarios.conftest import BODY, Town, set_up
from tests.scenarios.story import books, settled, state_is, until
from tests.scenarios.test_private import SECRET, asks, both, desk_channel

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
TABLET = "議員タブレットの進め方を知りたいです。どこから始めればいいですか"
PHONE = "000-000-0000"
URGENT = "緊急(ウイルス・情報漏えい)"


async def home(town: Town, person: Person, text: str = "") -> ShownView:
    """Open Home, until it shows that now."""

    async def look() -> ShownView | None:
        await person.opens_home()
        await town.ws.quiet(0.1)
        found = await person.home()
        return found if text in found.words else None

    return await until(look)


async def opens(person: Person, name: str, title: str) -> ShownView:
    """Press a number on Home, and read its list."""
    await person.clicks(f"home_list:{name}:0", on="home")
    return await person.view(title=title)


@pytest.mark.screens
async def test_an_asker_sees_whose_turn_their_questions_are_and_goes_there(town: Town) -> None:
    async with town.bot() as banso:
        await banso.database.write(lambda tx: workspace.set_workspace(tx, emergency_phone=PHONE))
        first = await home(town, town.asker, "Banso*|波待島村 総務課")
        assert "お待ちの相談はありません" in first.words
        assert f"感染や漏えいのおそれは、先に電話:*{PHONE}*" in first.words
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        shown = await home(town, town.asker, "■ 対応中(1)*")
        assert "No.1 パソコンの画面が真っ暗です" in shown.words
        assert "返信の目安" in shown.words
        assert f"/archives/{town.channel.id}/p{asked.ts.replace('.', '')}" in str(dict(shown))
        assert shown.buttons == ["相談する", "FAQを探す", URGENT, "一覧", "1件を見る", "お知らせの設定"]
        assert "対応中 1件*" in (await opens(town.asker, "asked_others", "対応中")).words
        await town.asker.closes()
        assert "No.1" in (await opens(town.asker, "of_body", "自団体の相談(公開分)")).words
        await town.asker.closes()
        await town.talent.clicks("対応します", on=card)
        await town.talent.says("電源を長押ししてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await state_is(banso, "answered")
        assert "回答が届いています" in (await home(town, town.asker, "■ あなたの番です(1)*")).words
        await town.asker.clicks("解決した", on=card)
        await state_is(banso, "closed")
        assert "No.1" not in (await home(town, town.asker, "お待ちの相談はありません")).words
        await town.asker.clicks("FAQを探す", on="home")
        await town.asker.view(title="FAQを探す")


@pytest.mark.screens
async def test_an_adviser_sees_their_day_their_turn_and_what_waits_for_others(town: Town) -> None:
    async with town.bot() as banso:
        entry = await banso.database.write(_draft, town.talent.id)
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        shown = await home(town, town.talent, "■ あなたの番です(1)*|担当の相談")
        assert "No.1 波待島村 総務課|パソコンの画面" in shown.words
        assert "今日の対応 9:00〜17:00" in shown.words
        assert "いま当番です* 11/24(火)9:00〜17:00" in shown.words
        assert shown.buttons[:4] == ["相談する", "FAQを探す", URGENT, "電話・訪問の相談を登録"]
        assert "担当なし" not in shown.words
        assert "11/25(水)9:00〜17:00" in (await opens(town.talent, "duties", "当番の予定")).words
        await town.talent.closes()
        assert "FAQの下書き 1件*" in (await opens(town.talent, "drafts", "FAQの下書き")).words
        await town.talent.clicks("読む")
        assert f"FAQ No.{entry.number}" in (await town.talent.view(title="FAQ")).words
        await town.talent.closes(everything=True)
        await town.talent.clicks("対応します", on=card)
        await town.talent.clicks("回答した", on=card)
        await state_is(banso, "answered")
        assert "No.1" in (await home(town, town.talent, "■ 相談者さんの返事待ち(1)*")).words
        listed = await opens(town.talent, "given_others", "相談者さんの返事待ち")
        assert "回答あり" in listed.words
        assert "No.1" not in (await home(town, town.second)).words


def _draft(tx: Transaction, owner: str, state: EntryState = EntryState.DRAFT) -> faq.Entry:
    content = Content(Kind.FAQ, "画面が真っ暗なとき", "長押し", owner=owner, review_on=date(2027, 11, 24))
    entry = faq.add(tx, content, actor=owner, consent=Consent.NOT_NEEDED)
    return entry if state is EntryState.DRAFT else faq.change(tx, entry, Verb.SUBMIT, owner, state=state)


@pytest.mark.screens
async def test_the_prefectures_staff_see_their_numbers_and_what_is_behind_them(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    await set_up(
        town,
        lambda raw: raw["members"].append({"id": town.pm.id, "name": "戸叶 梨紗", "permission": "staff"}),
    )
    async with town.bot() as banso:
        await banso.database.write(_draft, town.talent.id, EntryState.REVIEW)
        assert (
            "声をかけたい団体(まだ利用なし)* 1"
            in (await home(town, town.coordinator, "令和8年度(2026年度)*|受付 0")).words
        )
        await asks(town, banso, town.asker)
        await both(town, desk)
        await town.later(days=1)
        shown = await home(town, town.coordinator, "受付 1=未回答 1+回答あり 0+終了 0")
        assert "担当なし 0・目安超過 1" in shown.words
        assert "FAQ 1・見直しの時期 0" in shown.words
        assert "2週間以内の当番の空き*|ありません" in shown.words
        assert {"受付 1", "未回答 1", "目安超過 1", "確認待ちのFAQ 1", "設定"} <= set(shown.buttons)
        listed = await opens(town.coordinator, "late", "目安超過")
        assert SECRET[:20] in listed.words
        assert re.search("目安を過ぎ、次の担当へ|目安 [^ ]+ を過ぎています", listed.words), (
            "once it went on, or just before"
        )
        await town.coordinator.closes()
        await opens(town.coordinator, "reviews", "確認待ちのFAQ")
        await town.coordinator.clicks("読む")
        await town.coordinator.view(title="FAQの確認")
        await town.coordinator.closes(everything=True)
        staff = await home(town, town.pm, "受付 1=未回答 1")
        assert "確認待ち" not in staff.words
        listed = await opens(town.pm, "received", "今年度の受付")
        assert "No.1 内容は、相談者さんと担当だけが見られます" in listed.words
        assert SECRET[:5] not in listed.words
        assert "今年度" not in (await home(town, town.talent, "FAQを探す")).words


@pytest.mark.screens
async def test_an_administrator_sees_how_the_bot_fares_and_registers_who_is_nowhere(town: Town) -> None:
    async with town.bot() as banso:
        await banso.database.write(appoint_first, town.pm.id)
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        await banso.health()
        shown = await home(town, town.pm, "接続:正常(")
        assert "未配信 0" in shown.words
        assert "最後に受け取った書き込み 11/24(火)10:0" in shown.words
        assert "問題は見つかりませんでした" in shown.words
        await banso.database.write(_gave_up)
        await town.pm.clicks("点検する", on="home")
        assert "⚠️ 届けられないお知らせが 1 件あります" in (await town.pm.view(title="点検")).words
        await town.pm.closes()
        shown = await home(town, town.pm, "未配信 1")
        assert "⚠️ 届けられないお知らせが 1 件あります" in shown.words
        listed = await opens(town.pm, "undelivered", "未配信")
        assert f"「{town.channel.name}」へのお知らせ" in listed.words
        assert "アーカイブされています" in listed.words
        await town.pm.closes()
        assert "峰岸 樹" in (await opens(town.pm, "nowhere", "未登録メンバー")).words
        await town.pm.clicks("登録する")
        await town.pm.view(title="メンバー")
        await town.pm.closes(everything=True)
        assert "ボットの様子" not in (await home(town, town.coordinator, "令和8年度")).words


def _gave_up(tx: Transaction) -> None:
    (here,) = channels.with_purpose(tx, "consultation")
    outbox.send(tx, outbox.Kind.NOTICE, "x", "question.asked", 1, channel=here)
    mine = outbox_table.c.key == f"{outbox.Kind.NOTICE}:x"
    tx.connection.execute(
        outbox_table.update().where(mine).values(dead_at=tx.real_now, error="is_archived", attempts=1)
    )


@pytest.mark.screens
async def test_the_ways_in_from_home(town: Town) -> None:
    async with town.bot() as banso:
        await home(town, town.asker, "相談")
        await town.asker.clicks("相談する", on="home")
        await town.asker.view(title="相談する")
        await town.asker.submits({"相談したいこと": BROKEN, "だれに聞きますか": "県内のみんなに"})
        await town.channel.shows("受け付けました")
        await home(town, town.coordinator, "メンバー")
        await town.coordinator.clicks("電話・訪問の相談を登録", on="home")
        await town.coordinator.view(title="電話・訪問の相談")
        await town.coordinator.closes()
        await town.coordinator.clicks("設定", on="home")
        await town.coordinator.view(title="設定")
        await town.coordinator.closes()
        await settled(town, banso)
        assert (await books(banso)).received == 1


@pytest.mark.screens
async def test_a_coordinator_changes_somebody_from_home(town: Town) -> None:
    async with town.bot():
        await home(town, town.coordinator, "メンバー")
        await town.coordinator.chooses("■ メンバー", town.neighbour, on="home")
        assert "峰岸" in (await town.coordinator.view(title="メンバー")).words
        await town.coordinator.submits({"権限": "県の職員"})
        assert "電話・訪問" in str((await home(town, town.neighbour, "令和8年度")).buttons)
        assert "メンバー" not in (await home(town, town.talent)).words


@pytest.mark.screens
async def test_a_number_opens_nothing_for_who_may_not_see_it_any_more(town: Town) -> None:
    async with town.bot() as banso:
        await home(town, town.talent, "いま当番です")
        await opens(town.talent, "duties", "当番の予定")
        await town.talent.closes()
        lowered = {"user_id": town.talent.id, "name": "", "permission": "asker"}
        await banso.database.write(lambda tx: members.save_members(tx, [lowered], overwrite=("permission",)))
        await town.talent.clicks("home_list:duties:0", on="home")
        assert not await town.talent.has_view()


@pytest.mark.screens
async def test_a_private_question_is_on_the_home_of_its_asker_alone(town: Town) -> None:
    async with town.bot():
        await town.asker.direct(TABLET)
        await town.asker.sees("内容は保存しました")
        mine = await home(town, town.asker, "■ あなたの番です(1)")
        assert "議員タブレット" in mine.words
        assert "だれに聞くかを選んでください" in mine.words
        for other in (town.talent, town.coordinator, town.neighbour):
            assert "議員タブレット" not in (await home(town, other)).words
        listed = await home(town, town.coordinator, "受付 1")
        listed = await opens(town.coordinator, "waiting", "今年度の未回答")
        assert "No.1 相談者さんが、だれに聞くかを選んでいます" in listed.words


@pytest.mark.screens
async def test_a_conflict_of_interest_takes_a_question_off_the_home(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        assert "No.1" in (await home(town, town.talent, "担当の相談")).words
        await set_up(town, lambda raw: raw["talents"][0].update(conflicts=[f"body:{BODY['code']}"]))
        assert "No.1" not in (await home(town, town.talent)).words
        await settled(town, banso)


@pytest.mark.screens
async def test_somebody_of_another_organisation_reads_a_kind_sentence(town: Town) -> None:
    guest = await town.ws.person("会社 太郎", channels=[town.channel], external_team="T0OTHER")
    async with town.bot():
        await guest.says("よろしくお願いします", town.channel)
        shown = await home(town, guest, "ありがとうございます")
        assert shown.buttons == []
        await guest.opens_home("messages")
