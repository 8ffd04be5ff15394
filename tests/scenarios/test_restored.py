"""A backup of yesterday is put back: what people wrote since is taken in anew, and nothing of it is posted a second time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from sandbox.client import Person
from storage.copies import back_up, restore
from tests.programs import PROGRAMS
from tests.scenarios.conftest import Town, opened
from tests.scenarios.story import all_questions, books, settled, until


async def test_what_was_asked_after_the_backup_is_found_again_and_shown_once(
    own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    async with opened(own_database_url) as town:
        copy = tmp_path / "copy"
        async with town.bot() as banso:
            asked = await town.asker.says("プリンターで印刷できません。どうすればいいですか", town.channel)
            first = await town.channel.shows("受け付けました", thread=asked)
            await settled(town, banso)
            await asyncio.to_thread(back_up, own_database_url, copy)
            await town.later(days=1)  # nobody answers in time, and others are told
            lost = await town.neighbour.says("Web会議の音が出ません。どうすればいいですか", town.channel)
            second = await town.channel.shows("受け付けました", thread=lost)
            assert "No.2" in second.words
            await town.talent.clicks("対応します", on=first)
            await town.channel.changed(first, "森脇さんが対応しています")
            await settled(town, banso)
            told = [len(await each.notifications()) for each in everybody(town)]
            posts = (await town.ws.counters())["posts"]
        now = town.clock.real_now()
        await asyncio.to_thread(restore, own_database_url, copy, now, force=True, search_dir=town.directory)
        async with town.bot() as banso:
            shown = await town.channel.changed(second, "No.1001")
            await town.channel.changed(first, "次は")
            await settled(town, banso)
            assert [each.words for each in await town.channel.thread(lost)][1:] == [shown.words]
            assert (await town.ws.counters())["posts"] == posts
            assert [len(await each.notifications()) for each in everybody(town)] == told
            found = await all_questions(banso)
            assert [each.number for each in found] == [1, 1001]
            assert (await books(banso)).received == 2

            async def fine() -> bool:  # what was overdue has run
                return (await banso.health()).ok

            await until(fine)
            await town.talent.clicks("対応します", on=shown)
            await town.channel.changed(second, "森脇さんが対応しています")


def everybody(town: Town) -> list[Person]:
    return [town.asker, town.neighbour, town.talent, town.second, town.pm, town.coordinator]
