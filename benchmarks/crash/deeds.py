"""What people press and send in dialogs while the bot is killed, and what of it they were told has happened.

Slack sends none of it again: without an acknowledgement the person sees an error and may press once more.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from benchmarks.crash.asking import Asking
from benchmarks.crash.place import Place
from sandbox.client import Channel, Person, Shown

CLAIM, RESOLVE = "対応します", "解決した"
VERBS = {CLAIM: "claim", RESOLVE: "resolve"}
OPEN = {"だれに聞きますか": "県内のみんなに"}
RECEIVED = "受け付けました"
REFUSALS = ("状態が変わりました", "お問い合わせ番号")
"""Somebody was quicker; we could not. Whoever reads one of these knows that their press changed nothing."""
PRESSED_AGAIN = 5
LOOKS_AT = 40
"""The newest messages of a channel, among which somebody looks for a button."""


@dataclass(slots=True)
class Press:
    """A button pressed on a card. `acknowledged`: Slack took it for done, and its person was not told otherwise."""

    person: Person
    label: str
    card: Shown
    under_way: bool = True
    acknowledged: bool = False

    @property
    def verb(self) -> str:
        """What it does to the question."""
        return VERBS[self.label]

    @property
    def thread(self) -> tuple[str, str]:
        """The thread in which the card is, or which it begins."""
        return _thread(self.card)


@dataclass(slots=True)
class Dialog:
    """A question asked in the dialog. `acknowledged`: the dialog has gone, or says that it was received."""

    asker: Person
    channel: Channel
    text: str
    under_way: bool = True
    acknowledged: bool = False


class Deeds:
    """Presses and sends without waiting for the outcome, and remembers all of it. Nobody does two things at once."""

    def __init__(
        self, found: Place, chance: random.Random, askings: list[Asking], newcomers: list[Person]
    ) -> None:
        self._place, self._chance = found, chance
        self._askings, self._new = askings, newcomers
        self._tasks: list[asyncio.Task[None]] = []
        self.presses: list[Press] = []
        self.dialogs: list[Dialog] = []

    async def goes_on(self) -> None:
        """Perhaps somebody presses a button they see, opens the dialog, or sends it once more after an error."""
        dice = self._chance.random()
        if dice < 0.5 and await self._presses_something():
            return
        failed = [one for one in self.dialogs if not (one.under_way or one.acknowledged)]
        if dice < 0.1 and self._new:
            self._starts(self.asks(self._new.pop(), self._chance.choice(self._place.channels)))
        elif dice > 0.9 and failed:
            self._starts(self._sends(self._chance.choice(failed)))

    async def over(self) -> None:
        """Wait until everybody knows what became of what they did."""
        await asyncio.gather(*self._tasks)

    async def once_more(self) -> None:
        """Everybody who saw an error does the same again: it may have happened, and must not happen twice."""
        failed = [one for one in self.dialogs if not one.acknowledged]
        await asyncio.gather(*map(self._sends, failed))
        for press in [one for one in self.presses if not one.acknowledged][-PRESSED_AGAIN:]:
            await self.presses_on(press.card, press.label, press.person)

    async def presses_on(self, card: Shown, label: str, person: Person) -> Press:
        """Press a button of a card that the person sees, or saw a moment ago."""
        press = self._remember(card, label, person)
        await self._press(press, card)
        return press

    async def asks(self, asker: Person, channel: Channel) -> Dialog:
        """Open the dialog by its command and send it, if it opens."""
        text = f"複合機が動きません。どうすればいいですか(申込{len(self.dialogs)})"
        self.dialogs.append(dialog := Dialog(asker, channel, text))
        await asker.runs("/soudan", text, channel=channel, may_fail=True)
        await self._sends(dialog)
        return dialog

    def _starts(self, deed: Coroutine[Any, Any, Any]) -> None:
        async def run() -> None:
            await deed

        self._tasks.append(asyncio.create_task(run()))

    async def _sends(self, dialog: Dialog) -> None:
        dialog.under_way = True
        if await dialog.asker.has_view():
            await dialog.asker.submits(OPEN, may_fail=True)
            shown = await dialog.asker.view() if await dialog.asker.has_view() else None
            dialog.acknowledged = shown is None or shown.title == RECEIVED
        dialog.under_way = False

    async def _presses_something(self) -> bool:
        """Press a button that is there; whether one was."""
        channel = self._chance.choice(self._place.channels)
        seen = await channel.messages(last=LOOKS_AT)
        able = [
            (card, label, person)
            for card in seen
            for label in VERBS
            if card.by_bot and label in card.buttons and (person := self._who(card, label)) is not None
        ]
        if able:
            card, label, person = self._chance.choice(able)
            self._starts(self._press(self._remember(card, label, person), card))
        return bool(able)

    def _who(self, card: Shown, label: str) -> Person | None:
        """Who would press that now. A talent who writes no replies claims, so that no word of theirs hides a lost press."""
        thread, inside = _thread(card), card.channel != self._place.channels[1].id
        if any(
            each.under_way or each.acknowledged
            for each in self.presses
            if (each.thread, each.label) == (thread, label)
        ):
            return None
        person = self._asker(card) if label == RESOLVE else self._place.talents[1] if inside else None
        busy = person is not None and any(each.under_way and each.person is person for each in self.presses)
        return None if busy else person

    def _asker(self, card: Shown) -> Person | None:
        """Whose question it is; nobody while words of theirs may be on the way, as they would open it again."""
        for asking in self._askings:
            if (asking.channel.id, asking.first.ts) == _thread(card):
                return None if asking.added else asking.asker
        return next((one.asker for one in self.dialogs if one.text in card.words), None)

    def _remember(self, card: Shown, label: str, person: Person) -> Press:
        self.presses.append(press := Press(person, label, card))
        for asking in self._askings:
            if label == RESOLVE and (asking.channel.id, asking.first.ts) == press.thread:
                asking.ended = True
        return press

    async def _press(self, press: Press, card: Shown) -> None:
        before = await self._refusals(press.person)
        outcome = await press.person.clicks_stale(press.label, on=card, may_fail=True)
        refused = await self._refusals(press.person) > before
        press.acknowledged, press.under_way = outcome.acked and not refused, False

    async def _refusals(self, person: Person) -> int:
        """How often somebody has read that what they did changed nothing."""
        return sum(is_refusal(one.text) for one in await person.ephemerals())


def is_refusal(text: str) -> bool:
    """Whether it tells somebody that what they did changed nothing; that may be said as often as they try."""
    return any(words in text for words in REFUSALS)


def _thread(card: Shown) -> tuple[str, str]:
    return card.channel, str(card.get("thread_ts") or card.ts)
