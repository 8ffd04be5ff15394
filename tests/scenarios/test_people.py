"""Who people are: the first administrator, guests of the workspace, and where somebody belongs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app import Banso
from sandbox.client import Person, Shown
from storage import members
from tests.scenarios.conftest import BODY, Town, set_up
from tests.scenarios.story import rung, settled, until

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
DOMAIN = "vill.namimachijima.example.jp"
ASKED = "ご所属を教えてください"


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


async def colleagues(town: Town) -> None:
    """Two people of one village, whose addresses have one domain; the neighbour's has it too."""
    second = await town.ws.person("浜野 汀", email=f"migiwa@{DOMAIN}", channels=[town.channel])

    def listed(raw: dict[str, Any]) -> None:
        raw["members"].append({"id": second.id, "name": "浜野 汀", "municipality": BODY["code"]})

    await set_up(town, listed)
    await town.asker.changes(email=f"nagi@{DOMAIN}")
    await town.neighbour.changes(email=f"itsuki@{DOMAIN}")


async def domain_known(banso: Banso, *people: Person) -> None:
    for person in people:

        async def so(user: str = person.id) -> bool:
            found = await banso.database.read(members.member, user)
            return found is not None and found.mail_domain == DOMAIN

        await until(so)


async def ask(town: Town, text: str = BROKEN) -> Shown:
    asked = await town.neighbour.says(text, town.channel)
    return await town.channel.shows("受け付けました", thread=asked)


async def test_a_right_guess_takes_one_press_and_the_card_shows_it(town: Town) -> None:
    await colleagues(town)
    async with town.bot() as banso:
        await domain_known(banso, town.asker, town.neighbour)
        card = await ask(town)
        assert "ご所属は確認中" in card.words
        letter = await town.neighbour.sees("ご所属は「波待島村」でよいですか")
        assert letter.buttons == ["はい", "ちがう・選ぶ", "あとで"]
        await town.neighbour.clicks("はい", on=letter)
        await town.channel.changed(card, "波待島村|")
        answered = await town.neighbour.sees("ご所属を「波待島村」で登録しました")
        assert (answered.ts, answered.buttons) == (letter.ts, ["課を書く・直す"])
        await town.neighbour.clicks("課を書く・直す", on=answered)
        await town.neighbour.view(title="ご所属")
        await town.neighbour.submits({"課(係)": "住民課"})
        assert "波待島村 住民課" in (await town.neighbour.view(title="ご所属")).words
        await town.later(minutes=5)
        assert "波待島村 住民課" in (await ask(town, "プリンターの印刷がずれます。なぜですか")).words
        await settled(town, banso)
        assert len([each for each in await rung(town.neighbour) if ASKED in each["text"]]) == 1
        addresses = await banso.database.read(members.member, town.neighbour.id)
        assert "itsuki" not in repr(addresses)


async def test_without_a_guess_one_searches_and_chooses(town: Town) -> None:
    async with town.bot():
        card = await ask(town)
        letter = await town.neighbour.sees(ASKED)
        assert letter.buttons == ["選ぶ", "あとで"]
        await town.neighbour.clicks("選ぶ", on=letter)
        await town.neighbour.view(title="ご所属")
        own = await town.neighbour.types_into("市町村・団体", "")
        assert [each["text"]["text"] for each in own] == ["波待島村(あさぎ県)"]
        many = await town.neighbour.types_into("市町村・団体", "ま")
        assert len(many) == 100
        assert many[0]["value"] == BODY["code"], "one's own prefecture comes first"
        kana = await town.neighbour.types_into("市町村・団体", "はこだt")
        assert [each["text"]["text"] for each in kana] == ["函館市(北海道)"]
        assert await town.neighbour.submits({}) == {
            "member_body": "市町村を選ぶか、その他の団体を書いてください。"
        }
        await town.neighbour.submits({"市町村・団体": "函館", "課(係)": "情報係"})
        await town.channel.changed(card, "函館市 情報係")
        assert "登録しました" in (await town.neighbour.view(title="ご所属")).words
        neutral = await town.neighbour.sees("いつでも登録・変更できます")
        assert (neutral.ts, neutral.buttons) == (letter.ts, ["所属を選ぶ"])


async def test_a_body_that_is_in_no_list_is_written(town: Town) -> None:
    async with town.bot():
        card = await ask(town)
        await town.neighbour.clicks("選ぶ", on=await town.neighbour.sees(ASKED))
        await town.neighbour.view(title="ご所属")
        await town.neighbour.submits({"その他の団体": "青嶺広域連合", "課(係)": "<!channel>"})
        await town.channel.changed(card, "青嶺広域連合 <!channel>")
        assert not [each for each in await town.pm.notifications() if each["kind"] == "everybody"]


async def test_later_is_remembered_and_nobody_asks_again(town: Town) -> None:
    async with town.bot() as banso:
        await ask(town)
        letter = await town.neighbour.sees(ASKED)
        await town.neighbour.clicks("あとで", on=letter)
        answered = await town.neighbour.sees("もうお尋ねしません")
        assert (answered.ts, answered.buttons) == (letter.ts, ["所属を選ぶ"])
        await town.later(days=3)
        await ask(town, "プリンターの印刷がずれます。なぜですか")
        await settled(town, banso)
        assert len([each for each in await rung(town.neighbour) if ASKED in each["text"]]) == 1
    async with town.bot() as banso:
        await town.later(days=3)
        await ask(town, "Web会議の音が聞こえません。なぜですか")
        await settled(town, banso)
        assert len([each for each in await rung(town.neighbour) if ASKED in each["text"]]) == 1


async def test_the_first_direct_message_is_answered_and_asked_in_one(town: Town) -> None:
    await colleagues(town)
    async with town.bot() as banso:
        await domain_known(banso, town.asker, town.neighbour)
        await town.neighbour.direct(BROKEN)
        mine = await town.neighbour.dm()
        first = await mine.shows("だれに聞きますか")
        assert "ご所属は「波待島村」でよいですか" in first.words
        await town.neighbour.clicks("はい", on=first)

        now = await mine.changed(first, "ご所属を「波待島村」で登録しました")
        assert "だれに聞きますか" in now.words
        await town.neighbour.clicks("課を書く", on=first)
        await town.neighbour.view(title="ご所属")
        await town.neighbour.submits({"課(係)": "税務課"})

        async def without() -> bool:
            (now,) = [each for each in await mine.messages(to=town.neighbour) if each.ts == first.ts]
            return "ご所属" not in now.words and "だれに聞きますか" in now.words

        await banso.scheduler.run_due()
        await until(without)
        await town.neighbour.clicks("県内のみんなに", on=first)
        assert "波待島村 税務課" in (await town.channel.shows(BROKEN)).words
        await settled(town, banso)
        assert len(await rung(town.neighbour)) == 1, "one message"


async def test_a_first_command_is_followed_by_the_question_too(town: Town) -> None:
    async with town.bot() as banso:
        await permission_is(banso, town.neighbour, "asker")
        for person in (town.neighbour, town.asker, town.talent, town.neighbour):
            await person.runs("/toban", channel=town.channel)
        await town.neighbour.sees(ASKED)
        await settled(town, banso)
        assert [len(await rung(each)) for each in (town.neighbour, town.asker, town.talent)] == [1, 0, 0]


async def test_the_same_press_twice_is_harmless(town: Town) -> None:
    await colleagues(town)
    await town.ws.faults("duplicate", method="block_actions", count=1, copies=2)
    async with town.bot() as banso:
        await domain_known(banso, town.asker, town.neighbour)
        card = await ask(town)
        await town.neighbour.clicks("はい", on=await town.neighbour.sees("波待島村"))
        await town.channel.changed(card, "波待島村|")
        await settled(town, banso)
        assert (await banso.health()).ok
