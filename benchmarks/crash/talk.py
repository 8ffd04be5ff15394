"""What people write while the bot is killed again and again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.crash.place import Place
from sandbox.client import Channel, Message, Person


@dataclass(slots=True)
class Asking:
    """One question in the asker's eyes: the first message, what they added, and talents' replies."""

    asker: Person
    channel: Channel
    first: Message
    added: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """Everything that must end in one and the same question."""
        return [self.first, *self.added, *self.replies]


class Talk:
    """Writes one thing after the other and remembers all of it. Every asker asks once."""

    def __init__(self, found: Place, chance: random.Random) -> None:
        self._place, self._chance = found, chance
        self._new = found.askers[::-1]
        self.askings: list[Asking] = []
        self.thanks: list[Message] = []

    async def goes_on(self) -> None:
        """Somebody writes something: mostly a new question, as long as there is somebody new."""
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
        text = f"電源ランプはついています。機種は{len(asking.added)}型です"
        asking.added.append(await asking.asker.says(text, asking.channel))

    async def _reply(self, asking: Asking) -> None:
        inside = asking.channel is not self._place.channels[1]
        if inside:
            talent = self._chance.choice(self._place.talents)
            text = "電源ボタンを10秒長押ししてみてください"
            asking.replies.append(await talent.says(text, asking.channel, thread=asking.first))
