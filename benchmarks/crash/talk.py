"""What people write, press and send while the bot is killed again and again."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.crash.asking import Asking
from benchmarks.crash.deeds import Deeds
from benchmarks.crash.place import Place
from sandbox.client import Message


class Talk:
    """Writes one thing after the other and remembers all of it. Every asker asks once."""

    def __init__(self, found: Place, chance: random.Random) -> None:
        self._place, self._chance = found, chance
        self._new = found.askers[::-1]
        self.askings: list[Asking] = []
        self.thanks: list[Message] = []
        self.deeds = Deeds(found, chance, self.askings, self._new)

    async def goes_on(self) -> None:
        """Somebody writes something, and perhaps somebody presses or sends something meanwhile."""
        await self.deeds.goes_on()
        await self._writes()

    async def _writes(self) -> None:
        """Mostly a new question, as long as there is somebody new."""
        dice = self._chance.random() if self._new else 0.8
        if not self.askings or dice < 0.6:
            await self._ask()
        elif dice < 0.75:
            await self._add(self._chance.choice(self.askings[-5:]))
        elif dice < 0.9:
            await self._reply(self._chance.choice(self.askings))
        else:
            channel = self._chance.choice(self._place.channels)
            self.thanks.append(await self._new.pop().says("ありがとうございました", channel))

    @property
    def messages(self) -> Iterator[Message]:
        """Everything that was written."""
        for asking in self.askings:
            yield from asking.messages
        yield from self.thanks

    async def _ask(self) -> None:
        asker, channel = self._new.pop(), self._chance.choice(self._place.channels)
        text = f"パソコンの画面が真っ暗です。どうすればいいですか({len(self.askings)})"
        self.askings.append(Asking(asker, channel, await asker.says(text, channel)))

    async def _add(self, asking: Asking) -> None:
        if asking.ended:
            return
        text = f"電源ランプはついています。機種は{len(asking.added)}型です"
        asking.added.append(await asking.asker.says(text, asking.channel))

    async def _reply(self, asking: Asking) -> None:
        inside = asking.channel is not self._place.channels[1]
        if inside:
            talent = self._place.talents[0]  # the other one presses buttons
            text = "電源ボタンを10秒長押ししてみてください"
            asking.replies.append(await talent.says(text, asking.channel, thread=asking.first))
