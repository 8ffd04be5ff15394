"""A working day of あさぎ県, played beat by beat from the cast's script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.cast import Asked, Cast, Chapter, Move, Trouble
from bot.demo.meter import Step
from bot.demo.scribe import Scribe, Thread
from bot.demo.stage import SETTLES_WITHIN, Stage
from bot.domain import words
from sandbox.client import Message, Person, SandboxError
from storage import questions

PARTS_APART = 25
"""Seconds between the parts of one asking (the bot joins what comes within two minutes)."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens. A `part` is the number of a text of the asking."""

    at: datetime
    what: Chapter | Trouble | Asked | Move
    asked: Asked | None = None
    part: int = 0


def beats(cast: Cast) -> list[Beat]:
    """Everything that happens, in order; at the same moment troubles come first."""
    found = [Beat(cast.moment(each.at), each) for each in cast.chapters]
    found += [Beat(cast.moment(each.at), each) for each in cast.troubles]
    found += [beat for asked in cast.questions for beat in _of(cast, asked)]
    return sorted(found, key=lambda beat: beat.at)


def _of(cast: Cast, asked: Asked) -> Iterator[Beat]:
    for number in range(len(asked.texts)):
        yield Beat(cast.moment(asked.at) + timedelta(seconds=PARTS_APART * number), asked, asked, number)
    for move in asked.moves:
        yield Beat(cast.moment(move.at), move, asked)


@dataclass
class Day:
    """The play. `missed` says in words what did not go as it should."""

    stage: Stage
    scribe: Scribe
    missed: list[str] = field(default_factory=list)
    _asked: dict[str, Message] = field(default_factory=dict)
    _cards: dict[str, Message] = field(default_factory=dict)
    _away: bool = False

    async def play(self, step: Step) -> None:
        """Play the whole day; both clocks are moved from beat to beat."""
        for beat in beats(self.stage.cast):
            when = words.day_time(beat.at)
            await self.stage.move_to(beat.at)
            try:
                who = await self._happen(beat)
            except (AssertionError, SandboxError) as error:
                self.missed.append(f"{when} のできごとが、台本どおりに進みませんでした。{error}")
                who = []
            if not self._away and not await self.stage.settled(within=1.0 if self.missed else SETTLES_WITHIN):
                self.missed.append(f"{when} のできごとが、時間内に画面に出ませんでした。")
            await self.scribe.look(*who)
            step(when)
        unused = (await self.stage.control.call("faults"))["planned"]
        self.missed += [
            f"起こすはずの不調が起きませんでした:{each['kind']} {each['method']}" for each in unused
        ]

    @property
    def roots(self) -> list[Message]:
        """The first message of each asking."""
        return list(self._asked.values())

    async def _happen(self, beat: Beat) -> list[Person]:
        """Let it happen; returns those whose private view may have changed."""
        if isinstance(beat.what, Chapter):
            self._open_chapter(beat.what)
        elif isinstance(beat.what, Trouble):
            await self._trouble(beat.what)
        elif isinstance(beat.what, Asked):
            return [await self._ask(beat.what, beat.part)]
        elif beat.asked is not None:
            return [await self._move(beat.asked, beat.what, beat.at)]
        return []

    def _open_chapter(self, chapter: Chapter) -> None:
        if chapter.title:
            self.scribe.heading(chapter.title)
        if chapter.says:
            self.scribe.notes("◇", chapter.says, "green")

    async def _trouble(self, trouble: Trouble) -> None:
        if trouble.tells:
            self.scribe.notes("⚡", trouble.tells, "yellow")
        ws = self.stage.ws
        if trouble.kind == "away":
            self._away = True
            await ws.faults("drop_events", on=True)
        elif trouble.kind == "back":
            await ws.faults("drop_events", on=False)
            await ws.disconnects("cut")
            self._away = False
        else:
            await ws.faults(trouble.kind, **trouble.options)

    async def _ask(self, asked: Asked, part: int) -> Person:
        person, channel = self.stage.people[asked.by], self.stage.channels[asked.room]
        says = person.mentions_bot if asked.mention and part == 0 else person.says
        message = await says(asked.texts[part], channel)
        self._asked.setdefault(asked.id, message)
        return person

    async def _move(self, asked: Asked, move: Move, at: datetime) -> Person:
        root = self._asked[asked.id]
        person = await self._person(asked, move, root)
        if move.say is not None:
            await person.says(move.say, root.channel, thread=root)
            return person
        card = await self._card(asked, root)
        if move.press is not None:
            self.scribe.pressed(person.id, f"「{move.press}」", (root.channel, root.ts), at)
            await person.clicks(move.press, on=card)
        elif move.choose is not None:
            await self._choose(person, move, card, (root.channel, root.ts), at)
        return person

    async def _choose(self, person: Person, move: Move, card: Message, thread: Thread, at: datetime) -> None:
        to = self.stage.people[move.to] if move.to else None
        what = f"「その他」→「{move.choose}」" + (f"({to.name.split()[0]}さんへ)" if to else "")
        self.scribe.pressed(person.id, what, thread, at)
        await person.clicks("その他", on=card)
        await person.view()
        errors = await person.submits({"what": move.choose, **({"who": to} if to else {})})
        if errors:
            self.missed.append(f"{person.name}さんの「{move.choose}」が受け付けられませんでした:{errors}")

    async def _person(self, asked: Asked, move: Move, root: Message) -> Person:
        if move.who == "asker":
            return self.stage.people[asked.by]
        if move.who != "talent":
            return self.stage.people[move.who]
        database = self.stage.banso.database
        question = await database.read(questions.in_thread, root.channel, root.ts)
        if question is None or question.responsible is None:
            raise AssertionError(f"{asked.id} has nobody responsible")
        return self.stage.people[question.responsible]

    async def _card(self, asked: Asked, root: Message) -> Message:
        if asked.id not in self._cards:
            channel = self.stage.channels[asked.room]
            shown = next(each for each in await channel.thread(root) if each.by_bot and each.buttons)
            self._cards[asked.id] = Message(shown.channel, shown.ts)
        return self._cards[asked.id]
