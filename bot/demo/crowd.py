"""Any list of questions, asked all at once by as many people: nothing may be lost when everybody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.markup import escape

from bot.demo.cast import Asker, Cast
from bot.demo.lines import spoken
from bot.demo.scribe import Scribe
from bot.demo.stage import SETTLES_WITHIN, Stage
from bot.domain.text import excerpt
from bot.meter import Step
from sandbox.client import Message, SandboxError, Shown
from storage import questions

HELPED = 30
"""How many of the questions are claimed, answered and resolved; the rest wait."""

AT_ONCE = 5
"""How many of these are under way together: edits are limited to about 50 a minute anyway."""

_FAMILIES = (
    "青井 石渡 浮田 江森 大迫 春日 木下 草野 小池 里見 塩野 菅沼 "
    "瀬川 高梨 千田 辻井 戸倉 中里 二宮 沼尾 根本 野崎 早川 日高"
)
_GIVEN = "葵 樹 海 円 薫 桂 晶 忍 純 瞬 澄 卓 千夏 司 直 望"
_SECTIONS = "総務課 企画課 住民課 税務課 福祉課 こども課 建設課 産業課 危機管理課 会計課 議会事務局"
_ANSWERS = (
    "ご相談ありがとうございます。まず、いまの手順を1行ずつ書き出してみてください。直すところが見えてきます。",
    "よくあるご相談です。所管の課の要綱と、ホームページの案内の両方を確かめると早いです。",
    "ありがとうございます。同じ規模の団体の例がありますので、このスレッドでお送りします。",
)


def invented_askers(cast: Cast, count: int) -> list[Asker]:
    """As many askers as questions, so that no two messages are taken for one asking by accident."""
    families, given, sections = _FAMILIES.split(), _GIVEN.split(), _SECTIONS.split()
    return [
        Asker(
            id=f"U0ASK{number:05}",
            name=f"{families[number * 7 % len(families)]} {given[number // len(families) % len(given)]}",
            municipality=cast.municipalities[(number * 5 + number // 12) % len(cast.municipalities)].code,
            section=sections[number % len(sections)],
        )
        for number in range(count)
    ]


class Crowd:
    """The play. `missed` says in words what did not go as it should; `roots` are the messages asked."""

    def __init__(self, stage: Stage, scribe: Scribe, askers: Sequence[Asker]) -> None:
        self.stage = stage
        self.scribe = scribe
        self.missed: list[str] = []
        self.roots: list[Message] = []
        self._askers = askers
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def play(self, texts: Sequence[str], step: Step) -> None:
        """Ask everything, help the first, and wait until everybody sees what they should."""
        rooms = list(self.stage.channels.values())
        for number, (asker, text) in enumerate(zip(self._askers, texts, strict=True)):
            room = rooms[number % len(rooms)]
            self.roots.append(await self.stage.people[asker.id].says(text, room))
            step("相談が届いています")
        helped = await self._taken(HELPED)
        lives = [self._help(number, root, step) for number, root in enumerate(helped)]
        await asyncio.gather(*lives)
        within = SETTLES_WITHIN + len(texts) / len(rooms)
        if not await self.stage.settled(within=within):
            self.missed.append("書き込みのすべてが、時間内に画面に出ませんでした。")
        step("すべて届きました")
        await self._tell()

    async def _taken(self, count: int) -> list[Message]:
        """The first messages that became questions."""
        await self.stage.heard(within=SETTLES_WITHIN)
        read = self.stage.banso.database.read
        found: list[Message] = []
        for root in self.roots:
            if len(found) < count and await read(questions.in_thread, root.channel, root.ts) is not None:
                found.append(root)
        return found

    async def _help(self, number: int, root: Message, step: Step) -> None:
        """One question's life: claimed, answered, resolved."""
        try:
            async with self._at_once:
                await self._live(number, root)
        except (AssertionError, SandboxError) as error:
            self.missed.append(f"{number + 1} 件目の相談が進みませんでした:{error}")
        step("はじめの相談に答えています")

    async def _live(self, number: int, root: Message) -> None:
        channel = next(each for each in self.stage.channels.values() if each.id == root.channel)
        card = await channel.shows("受け付けました", within=SETTLES_WITHIN, thread=root)
        question = await self.stage.banso.database.read(questions.in_thread, root.channel, root.ts)
        assert question is not None
        assert question.responsible is not None
        talent, asker = self.stage.people[question.responsible], self.stage.people[question.asker]
        await talent.clicks("対応します", on=card)
        await talent.says(_ANSWERS[number % len(_ANSWERS)], channel, thread=root)
        await talent.clicks("回答した", on=card, within=SETTLES_WITHIN)
        await asker.clicks("解決した", on=card, within=SETTLES_WITHIN)
        await channel.changed(card, "終わりました", within=SETTLES_WITHIN)

    async def _tell(self) -> None:
        """One line for each message, by channel: who asked what, and what the card says now."""
        askers = {asker.id: asker for asker in self._askers}
        for channel in self.stage.channels.values():
            self.scribe.tells()
            self.scribe.tells(f" [bold cyan]#{escape(channel.name)}[/]")
            shown = await channel.messages()
            cards = {str(each.get("thread_ts")): each for each in shown if each.by_bot}
            for message in shown:
                asker = askers.get(str(message["user"])) if not message.get("subtype") else None
                if asker is not None and message.get("thread_ts") in {None, message.ts}:
                    self._tell_one(message, asker, cards.get(message.ts))

    def _tell_one(self, message: Shown, asker: Asker, card: Shown | None) -> None:
        who = set_cell_size(f"{self.stage.cast.body(asker.municipality)} {asker.name.split()[0]}さん", 20)
        asked = set_cell_size(f"「{excerpt(message.text, 18)}」", 40)
        self.scribe.tells(f"   {escape(who)} {escape(asked)} {escape(self._state(card))}")

    def _state(self, card: Shown | None) -> str:
        """What a card says now, in a few words."""
        if card is None:
            return "(相談ではないものとして保存)"
        said = spoken(card.text, self.scribe.family_of).removeprefix("相談 ").split("。")
        return "→".join(part.removeprefix("次は").removesuffix("です") for part in said[:2] if part)
