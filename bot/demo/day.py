"""A week of あさぎ県, played beat by beat from the cast's script: a full working day, and what follows from it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.demo.cast import Asked, Cast, Chapter, Kept, Move, Search, Study, Told, Trouble
from bot.demo.library import LIKE, Library
from bot.demo.scribe import Scribe, Thread
from bot.demo.sessions import Sessions, arrives
from bot.demo.stage import SETTLES_WITHIN, Stage
from bot.domain import words
from bot.meter import Step
from sandbox.client import Channel, Message, Person, SandboxError, Shown
from storage import questions
from storage.questions import Question

PARTS_APART = 25
"""Seconds between the parts of one asking (the bot joins what comes within two minutes)."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens. A `part` is the number of a text of the asking, or of a step towards an entry."""

    at: datetime
    what: Chapter | Trouble | Asked | Move | Kept | Search | Study | Told
    asked: Asked | None = None
    part: int = 0


def beats(cast: Cast) -> list[Beat]:
    """Everything that happens, in order; at the same moment troubles come first."""
    found = [Beat(cast.moment(each.at), each) for each in cast.chapters]
    found += [Beat(cast.moment(each.at), each) for each in cast.troubles]
    found += [beat for asked in cast.questions for beat in _of(cast, asked)]
    found += [Beat(cast.moment(each.at), each) for each in cast.searches]
    found += [Beat(cast.moment(each.at), each) for each in cast.study]
    found += [Beat(cast.moment(each.at), each) for each in cast.told]
    for kept in cast.kept:
        steps = enumerate((kept.at, kept.agreed, kept.published))
        found += [Beat(cast.moment(at), kept, part=step) for step, at in steps if at is not None]
    return sorted(found, key=lambda beat: beat.at)


def _of(cast: Cast, asked: Asked) -> Iterator[Beat]:
    for number in range(len(asked.texts)):
        yield Beat(cast.moment(asked.at) + timedelta(seconds=PARTS_APART * number), asked, asked, number)
    for move in asked.moves:
        yield Beat(cast.moment(move.at), move, asked)


@dataclass
class Day:
    """The play. `missed` says in words what did not go as it should; `numbers` are question ids by those of the script."""

    stage: Stage
    scribe: Scribe
    missed: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    _begun: list[Asked] = field(default_factory=list)
    _away: bool = False
    _library: Library = field(init=False)
    _sessions: Sessions = field(init=False)

    def __post_init__(self) -> None:
        self._library = Library(self.stage, self.scribe, self.missed)
        self._sessions = Sessions(self.stage, self.scribe, self._question)

    async def play(self, step: Step) -> None:
        """Play all of it; both clocks are moved from beat to beat."""
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
            if not self._away:
                await self._number()
            await self.scribe.look(*who)
            step(when)
        unused = (await self.stage.control.call("faults"))["planned"]
        self.missed += [
            f"起こすはずの不調が起きませんでした:{each['kind']} {each['method']}" for each in unused
        ]

    async def _happen(self, beat: Beat) -> list[Person]:
        """Let it happen; returns those whose private view may have changed."""
        if isinstance(beat.what, Chapter):
            self._open_chapter(beat.what)
        elif isinstance(beat.what, Trouble):
            await self._trouble(beat.what)
        elif isinstance(beat.what, Asked):
            return [await self._ask(beat.what, beat.part)]
        elif isinstance(beat.what, Kept):
            return [await self._keep(beat.what, beat.part, beat.at)]
        elif isinstance(beat.what, Search):
            return [await self._library.look(beat.what, beat.at)]
        elif isinstance(beat.what, Study):
            return await self._sessions.play(beat.what, beat.at)
        elif isinstance(beat.what, Told):
            await arrives(self.stage, beat.what)
        elif beat.asked is not None:
            return [await self._move(beat.asked, beat.what, beat.at)]
        return []

    async def _keep(self, kept: Kept, step: int, at: datetime) -> Person:
        """An answer goes a step further towards being found."""
        question = await self._question(kept.of)
        if step == 0:
            return await self._library.keep(kept, question, at)
        if step == 1:
            return await self._library.agree(question, at)
        return await self._library.publish(kept, question, at)

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
        person, text = self.stage.people[asked.by], asked.texts[part]
        channel = self.stage.channels[asked.room]
        if asked.way == "direct":
            await person.direct(text)
        elif asked.way in {"form", "phone"}:
            await self._fill_in(asked, person, text, channel)
        else:
            says = person.mentions_bot if asked.mention and part == 0 else person.says
            message = await says(text, channel)
            if asked.way == "shortcut":
                await person.shortcut("question_register_message", message)
        if part == 0:
            self._begun.append(asked)
            self.stage.stopped += asked.stopped
        return person

    async def _fill_in(self, asked: Asked, person: Person, text: str, channel: Channel) -> None:
        """Ask by dialog; a call is entered by somebody of the desk."""
        if asked.way == "form":
            await person.runs("/soudan", text, channel=channel)
        else:
            await person.shortcut("question_phone")
        await person.view()
        filled = {**({"text": text} if asked.way == "phone" else {}), **asked.form}
        errors = await person.submits(
            {key: self.stage.people.get(value, value) for key, value in filled.items()}
        )
        if errors:
            self.missed.append(f"{person.name}さんの記入が受け付けられませんでした:{errors}")

    async def _number(self) -> None:
        """Note which questions became of what was asked since."""
        for asked in self._begun:
            found = await self.stage.banso.database.read(questions.newest_of, self._asker(asked))
            new = found is not None and found.id not in self.numbers.values()
            if asked.stopped and new:
                self.missed.append(f"{asked.id} は止めるはずでした。")
            elif found is not None and new and not asked.stopped:
                self.numbers[asked.id] = found.id
        self._begun.clear()

    def _asker(self, asked: Asked) -> str:
        return asked.form.get("who", asked.by)

    async def _move(self, asked: Asked, move: Move, at: datetime) -> Person:
        found = await self._question(asked.id)
        person = self._person(asked, move, found)
        channel, root = self._side(found, person)
        if move.say is not None:
            await person.says(move.say, channel, thread=root)
            return person
        label = LIKE if move.finds else move.press or "その他"
        card = await self._card(channel, root, label)
        if move.finds is not None:
            await self._library.like(person, card, move.finds, found, at)
        elif move.press is not None:
            self.scribe.pressed(person.id, f"「{move.press}」", (root.channel, root.ts), at)
            await person.clicks(move.press, on=card)
        elif move.choose is not None:
            await self._choose(person, move, card, (root.channel, root.ts), at)
        return person

    async def _question(self, asked: str) -> Question:
        """What became of a question of the script."""
        if asked not in self.numbers:
            raise AssertionError(f"{asked} is no question")
        return await self.stage.banso.database.read(questions.need, self.numbers[asked])

    def _side(self, question: Question, person: Person) -> tuple[Channel, Message]:
        """Where somebody talks of a question: those who answer a private one have a thread of their own."""
        apart = question.desk_channel is not None and person.id != question.asker
        channel = question.desk_channel if apart else question.channel
        thread = question.desk_ts if apart else question.thread_ts
        assert channel is not None
        assert thread is not None
        known = {each.id: each for each in self.stage.channels.values()}
        return known.get(channel) or Channel(self.stage.control, channel, "直接"), Message(channel, thread)

    def _person(self, asked: Asked, move: Move, question: Question) -> Person:
        if move.who == "asker":
            return self.stage.people[self._asker(asked)]
        if move.who != "talent":
            return self.stage.people[move.who]
        if question.responsible is None:
            raise AssertionError(f"{asked.id} has nobody responsible")
        return self.stage.people[question.responsible]

    async def _card(self, channel: Channel, root: Message, label: str) -> Message:
        """The bot's newest message in a thread, its first one included, that has this button; what is like a question is
        looked for once its card is there, so the button comes a moment later."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < deadline:
            shown = [each for each in await channel.thread(root) if each.by_bot and _has(each, label)]
            if shown:
                return Message(shown[-1].channel, shown[-1].ts)
            await asyncio.sleep(0.1)
        raise AssertionError(f"no message with 「{label}」")

    async def _choose(self, person: Person, move: Move, card: Message, thread: Thread, at: datetime) -> None:
        to = self.stage.people[move.to] if move.to else None
        what = f"「その他」→「{move.choose}」" + (f"({to.name.split()[0]}さんへ)" if to else "")
        self.scribe.pressed(person.id, what, thread, at)
        await person.clicks("その他", on=card)
        await person.view()
        errors = await person.submits({"what": move.choose, **({"who": to} if to else {})})
        if errors:
            self.missed.append(f"{person.name}さんの「{move.choose}」が受け付けられませんでした:{errors}")


def _has(shown: Shown, label: str) -> bool:
    """Whether a message has a button; 「近い回答を見る(2)」 says how many."""
    return any(each.split("(")[0] == label.split("(")[0] for each in shown.buttons)
