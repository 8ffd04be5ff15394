"""Files of a private question: they cross to the other side once, and go when their message does."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.client import Channel, Message, Person, Shown
from storage import outbox
from tests.scenarios.conftest import Town
from tests.scenarios.story import settled, until
from tests.scenarios.test_private import asks, both, desk_channel

PICTURE = {"name": "gamen.png", "content": "a picture"}


def names(messages: list[Shown]) -> list[str]:
    """The files in messages of the bot."""
    files = [file for each in messages if each.by_bot for file in each.get("files", ())]
    return [str(file["name"]) for file in files if file.get("mode") != "tombstone"]


async def arrived(channel: Channel, below: Any, wanted: list[str]) -> None:
    async def there() -> bool:
        return names(await channel.thread(below)) == wanted

    await until(there)


async def test_a_picture_goes_to_the_desk_and_a_paper_to_the_asker(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await town.asker.says("この画面です", mine, thread=card, files=[PICTURE])
        await desk.shows("この画面です", thread=at_desk)
        await arrived(desk, at_desk, ["gamen.png"])
        await town.talent.says("", desk, thread=at_desk, files=[{"name": "tejun.pdf", "content": "how"}])
        await arrived(mine, card, ["tejun.pdf"])
        await settled(town, banso)
        assert names(await town.channel.messages()) == []


async def test_the_picture_of_what_was_asked_goes_with_it(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await town.asker.direct("画面が真っ暗です。どうすればいいですか", files=[PICTURE])
        mine = await town.asker.dm()
        first = await mine.shows("だれに聞きますか")
        await town.asker.clicks("県と担当だけに", on=first)
        at_desk = await desk.shows("画面が真っ暗です")
        assert "📎 ファイルがあります:gamen.png" in at_desk.words
        await arrived(desk, at_desk, ["gamen.png"])
        await settled(town, banso)


async def test_a_deleted_message_takes_its_file_with_it(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        said = await town.asker.says("この画面です", mine, thread=card, files=[PICTURE])
        await arrived(desk, at_desk, ["gamen.png"])
        await town.asker.deletes(said)
        await arrived(desk, at_desk, [])
        await settled(town, banso)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("drop_after", "files.completeUploadExternal"),
        ("drop_before", "files.completeUploadExternal"),
        ("500", "files.getUploadURLExternal"),
        ("drop_after", "files.info"),
    ],
)
async def test_however_it_breaks_one_copy_stays(town: Town, kind: str, method: str) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await settled(town, banso)
        await town.ws.faults(kind, method=method, count=1)
        await town.asker.says("この画面です", mine, thread=card, files=[PICTURE])
        await arrived(desk, at_desk, ["gamen.png"])
        await settled(town, banso)
        assert names(await desk.thread(at_desk)) == ["gamen.png"]
        assert (await banso.database.read(outbox.backlog)).dead == 0


async def test_a_file_that_is_gone_already_is_only_named(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await settled(town, banso)
        await town.ws.faults("error", method="files.info", error="file_deleted", count=1)
        await town.asker.says("この画面です", mine, thread=card, files=[PICTURE])
        await desk.shows("📎 ファイルがあります:gamen.png", thread=at_desk)
        await settled(town, banso)
        assert names(await desk.thread(at_desk)) == []
        assert (await banso.database.read(outbox.backlog)).dead == 0


async def test_messages_do_not_wait_behind_files(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await settled(town, banso)
        await town.ws.faults("slow", method="files.getUploadURLExternal", seconds=6)
        pictures = [{"name": f"gamen{n}.png", "content": "x"} for n in range(10)]
        for word in ("この画面です", "こちらの画面もです"):
            await town.asker.says(word, mine, thread=card, files=pictures)
            await desk.shows(word, thread=at_desk)
        asked = await town.neighbour.says("プリンターの印刷がずれます。なぜですか", town.channel)
        await town.channel.shows("受け付けました", thread=asked, within=4)
        assert names(await desk.thread(at_desk)) == [], "files are still under way"
        await town.ws.clear_faults()

        async def all_there() -> bool:
            return sorted(names(await desk.thread(at_desk))) == sorted(each["name"] for each in pictures * 2)

        await until(all_there, within=60)


async def test_open_questions_carry_nothing(town: Town) -> None:
    async with town.bot() as banso:
        asked: Message = await town.asker.says(
            "画面が真っ暗です。どうすればいいですか", town.channel, files=[PICTURE]
        )
        await town.channel.shows("受け付けました", thread=asked)
        await _and_more(town.asker, town.channel, asked)
        await settled(town, banso)
        assert names(await town.channel.messages()) == []


@pytest.mark.parametrize(("audience", "private"), [("県と担当だけに", True), ("県内のみんなに", False)])
async def test_files_of_the_dialog_reach_who_answers(town: Town, audience: str, private: bool) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await town.asker.runs("/soudan", "画面が真っ暗です。どうすればいいですか", channel=town.channel)
        view = await town.asker.view(title="相談する")
        assert "5つまで" in view.words
        many = await town.asker.submits(
            {"だれに聞きますか": audience, "画面の写真やファイル": [PICTURE] * 6}, may_fail=True
        )
        assert many is not None, "Slack takes no more than the dialog says"
        paper = {"name": "tejun.pdf", "content": "how"}
        await town.asker.submits({"だれに聞きますか": audience, "画面の写真やファイル": [PICTURE, paper]})
        place = desk if private else town.channel
        card = await place.shows("画面が真っ暗です")
        assert "📎 ファイルがあります:gamen.png、tejun.pdf" in card.words
        await settled(town, banso)
        assert sorted(names(await place.thread(card))) == ["gamen.png", "tejun.pdf"]
        if private:
            assert names(await town.channel.messages()) == []


async def test_without_a_desk_they_come_below_the_letter(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.runs(
            "/soudan", "パソコンの画面が真っ暗です。どうすればいいですか", channel=town.channel
        )
        await town.asker.view(title="相談する")
        await town.asker.submits({"だれに聞きますか": "県と担当だけに", "画面の写真やファイル": [PICTURE]})
        letter = await town.talent.sees("No.1 が届きました")
        theirs, mine = await town.talent.dm(), await town.asker.dm()
        await arrived(theirs, letter, ["gamen.png"])
        own = await mine.shows("相談 No.1")
        paper = {"name": "tejun.pdf", "content": "how"}
        await town.asker.says("手順書も送ります", mine, thread=own, files=[paper])
        second = await town.talent.sees("手順書も送ります")
        await arrived(theirs, second, ["tejun.pdf"])
        await settled(town, banso)
        assert names(await theirs.thread(letter)) == ["gamen.png"], "each once"
        assert names(await town.channel.messages()) == []


async def _and_more(person: Person, channel: Channel, thread: Message) -> None:
    await person.says("もう一枚です", channel, thread=thread, files=[{"name": "b.png", "content": "x"}])
