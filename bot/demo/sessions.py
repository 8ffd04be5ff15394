"""The study session of the play: registered, its agenda made of questions, who comes, what came of it; and the digests of
the week. All of it is done by people, through the wire, and looked for where people look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.demo.cast import Cast, Study, Told
from bot.demo.scribe import Scribe, Thread, family
from bot.demo.stage import LOOK_EVERY, SETTLES_WITHIN, Stage
from sandbox.client import Channel, Message, Person, Shown, ShownView
from storage.questions import Question

LIST, PAGE, PROPOSE = "勉強会", "話題", "勉強会で取り上げる"
_QUESTIONS = "話に出た相談"

Ask = Callable[[str], Awaitable[Question]]
"""Finds what became of a question of the script."""


async def register(stage: Stage, study: Study) -> list[ShownView]:
    """Somebody registers the series; returns the last look before it is kept, and what is said then.

    Raises:
        AssertionError: a screen did not come, or did not take what was entered.
    """
    person, room = stage.people[study.by], stage.channels[study.room]
    await person.runs("/banso", LIST, channel=room)
    await person.view(title=LIST)
    await person.clicks("勉強会を登録", on="view")
    await person.view(title="勉強会を登録")
    await _submit(person, {**study.form, "チャンネル": room})
    look = await person.view(title="日程の確認")
    await _submit(person, {})
    kept = await person.view(title=LIST)
    await person.closes(everything=True)
    return [look, kept]


@dataclass
class Sessions:
    """Plays the steps of a session. `ask` finds questions of the script."""

    stage: Stage
    scribe: Scribe
    ask: Ask

    async def play(self, study: Study, at: datetime) -> list[Person]:
        """Play one step; returns whose private view may have changed.

        Raises:
            AssertionError: it did not go as it should.
        """
        person = self.stage.people[study.by]
        does = {
            "register": self._register,
            "propose": self._propose,
            "want": self._want,
            "take_up": self._take_up,
            "agenda": self._agenda,
            "accept": self._accept,
            "answer": self._answer,
            "materials": self._materials,
            "record": self._record,
        }
        await does[study.does](person, study, at)
        await self.stage.heard()
        await self.stage.banso.scheduler.run_due()  # what follows at once belongs to this moment
        return [person, *(self.stage.people[each] for each in study.answers)]

    async def _register(self, person: Person, study: Study, at: datetime) -> None:
        self._pressed(person, f"/banso {LIST} →「勉強会を登録」", study, at)
        look, kept = await register(self.stage, study)
        self.scribe.entered(study.form)
        self.scribe.screen(look)
        self.scribe.screen(kept)

    async def _propose(self, person: Person, study: Study, at: datetime) -> None:
        question = await self.ask(study.of)
        thread = (str(question.channel), str(question.thread_ts))
        shown = [
            each
            for each in await self._channel(thread).thread(Message(*thread))
            if each.by_bot and "その他" in each.buttons
        ]
        if not shown:
            raise AssertionError(f"no card of {study.of}")
        self.scribe.pressed(person.id, f"「その他」→「{PROPOSE}」", thread, at)
        await person.clicks("その他", on=shown[-1])
        await person.view(title="相談のその他")
        await person.clicks(PROPOSE, on="view")
        self.scribe.screen(await person.view(title="話題を出す"))
        await self._submit(person, {"話題(ひとことで)": study.topic}, "出す")
        self.scribe.screen(await person.view(title=PAGE))
        await person.closes(everything=True)

    async def _want(self, person: Person, study: Study, at: datetime) -> None:
        await self._page(person, study, at)
        await self._press(person, study.topic, "聞きたい")
        self.scribe.screen(await person.view(title=PAGE))
        await person.closes(everything=True)

    async def _take_up(self, person: Person, study: Study, at: datetime) -> None:
        """Take a topic up, and ask somebody to present it."""
        await self._page(person, study, at)
        await self._press(person, study.topic, "この回で")
        if study.to is not None:
            to = self.stage.people[study.to]
            await self._press(person, study.topic, "あつかう")
            await person.view(title="話題のあつかい")
            asks = {"どうしますか": "発表をお願いする", "だれに(発表をお願いするとき)": to}
            await self._submit(person, asks, "実行する")
        self.scribe.screen(await person.view(title=PAGE))
        await person.closes(everything=True)

    async def _agenda(self, person: Person, study: Study, at: datetime) -> None:
        await self._page(person, study, at)
        await person.clicks("次第を出す", on="view")
        self.scribe.screen(await person.view(title="次第を出す"))
        await self._submit(person, {}, "出す")
        await person.view(title=PAGE)
        await person.closes(everything=True)

    async def _accept(self, person: Person, study: Study, at: datetime) -> None:
        letter = await person.sees("勉強会での発表のお願いです")
        await self.scribe.look()
        self.scribe.pressed(person.id, "「引き受ける」", (letter.channel, letter.ts), at)
        await person.clicks("引き受ける", on=letter)

    async def _answer(self, person: Person, study: Study, at: datetime) -> None:
        """Several people say whether they come."""
        for who, label in study.answers.items():
            comes = self.stage.people[who]
            card = await self._card(study, label)
            self.scribe.pressed(who, f"「{label}」", (card.channel, card.ts), at)
            await comes.clicks(label, on=card)
            await self.scribe.look(comes)

    async def _materials(self, person: Person, study: Study, at: datetime) -> None:
        letter = await person.sees("資料は、まだありません")
        await self.scribe.look()
        self.scribe.pressed(person.id, "「資料を登録」", (letter.channel, letter.ts), at)
        await person.clicks("資料を登録", on=letter)
        self.scribe.screen(await person.view(title="資料とアドレス"))
        await self._submit(person, study.form, "保存する")
        self.scribe.screen(await person.view())
        await person.closes(everything=True)

    async def _record(self, person: Person, study: Study, at: datetime) -> None:
        """Write the minutes, and what came of the questions that were talked about."""
        card = await self._card(study, "まとめを書く")
        self.scribe.pressed(person.id, "「まとめを書く」", (card.channel, card.ts), at)
        await person.clicks("まとめを書く", on=card)
        view = await person.view(title="まとめを書く")
        self.scribe.screen(view)
        found = {key: await self.ask(key) for key in study.outcomes}
        named = {key: _option(view, f"No.{question.number} ") for key, question in found.items()}
        await self._submit(person, {**study.form, _QUESTIONS: list(named.values())}, "保存する")
        self.scribe.screen(await person.view(title=_QUESTIONS))
        await _submit(person, {named[key]: text for key, text in study.outcomes.items()})
        said = {f"No.{found[key].number}": text for key, text in study.outcomes.items()}
        self.scribe.entered(said, "スレッドに載せる")
        self.scribe.screen(await person.view(title=LIST))
        await person.closes(everything=True)

    async def _page(self, person: Person, study: Study, at: datetime) -> None:
        """Somebody opens the page with the topics of the next session."""
        self._pressed(person, f"/banso {LIST} →「{PAGE}」", study, at)
        await person.runs("/banso", LIST, channel=self.stage.channels[study.room])
        await person.view(title=LIST)
        await person.clicks(PAGE, on="view")
        await person.view(title=PAGE)

    async def _press(self, person: Person, topic: str, label: str) -> None:
        """Press a button of one topic: others have the same."""
        self.scribe.entered({topic: f"「{label}」"})
        name = _button(await person.view(title=PAGE), topic, label)
        body = await self.stage.control.call("act/press", person=person.id, name=name, on="view")
        if not body["outcome"]["acked"]:
            raise AssertionError(f"「{label}」 was not acknowledged")

    async def _submit(self, person: Person, filled: Mapping[str, Any], label: str) -> None:
        await _submit(person, filled)
        self.scribe.entered({name: _spoken(value) for name, value in filled.items()}, label)

    async def _card(self, study: Study, label: str) -> Shown:
        """The newest card in the room of the session that has this button."""
        shown = [each for each in await self.stage.channels[study.room].top() if label in each.buttons]
        if not shown:
            raise AssertionError(f"no card with 「{label}」")
        return shown[-1]

    def _channel(self, thread: Thread) -> Channel:
        return next(each for each in self.stage.channels.values() if each.id == thread[0])

    def _pressed(self, person: Person, what: str, study: Study, at: datetime) -> None:
        self.scribe.pressed(person.id, what, (study.room, f"{person.id} {study.at}"), at)


async def _submit(person: Person, filled: Mapping[str, Any]) -> None:
    errors = await person.submits(dict(filled))
    if errors:
        raise AssertionError(f"{person.name}さんの記入が受け付けられませんでした:{errors}")


def _spoken(value: Any) -> str:
    """What somebody entered, as a reader sees it."""
    if isinstance(value, Person):
        return f"{family(value.name)}さん"
    return "、".join(value) if isinstance(value, list) else str(value)


def _button(view: ShownView, topic: str, label: str) -> dict[str, str]:
    """The ids of a topic's button: it stands beside the topic, or in the row below."""
    here = False
    for block in view["blocks"]:
        if block["type"] == "section":
            here = topic in block["text"]["text"]
        beside = [block["accessory"]] if "accessory" in block else block.get("elements", [])
        for element in beside if here else []:
            if element.get("type") == "button" and element["text"]["text"] == label:
                return {"block_id": block["block_id"], "action_id": element["action_id"]}
    raise AssertionError(f"no 「{label}」 for 「{topic}」")


def _option(view: ShownView, begins: str) -> str:
    """The choice of a menu that begins with these words."""
    menus = [block["element"].get("options", []) for block in view["blocks"] if block["type"] == "input"]
    labels = [each["text"]["text"] for menu in menus for each in menu]
    found = next((each for each in labels if each.startswith(begins)), None)
    if found is None:
        raise AssertionError(f"no 「{begins}」 among {labels}")
    return str(found)


# --- what comes by itself -------------------------------------------------------------------------------------------


async def arrives(stage: Stage, told: Told) -> None:
    """A digest stands where people read it, with its chart below it if it has one.

    Raises:
        AssertionError: it does not.
    """
    person = stage.people.get(told.to or "")
    place = await person.dm() if person is not None else stage.channels[told.room]
    shown = await place.shows(told.shows)
    deadline = time.monotonic() + SETTLES_WITHIN
    while told.chart and not any(each.get("files") for each in await place.thread(shown)):
        if time.monotonic() > deadline:
            raise AssertionError(f"no chart below 「{told.shows}」")
        await asyncio.sleep(LOOK_EVERY)


def unlike(cast: Cast, held: int, outcomes: int, digests: int) -> Iterator[str]:
    """What came of the week in another way than the script says, in words."""
    records = [each for each in cast.study if each.does == "record"]
    said = sum(len(each.outcomes) for each in records)
    for what, found, played in (
        ("開いた勉強会", held, len(records)),
        ("スレッドに戻したまとめ", outcomes, said),
        ("週のお知らせ", digests, len(cast.told)),
    ):
        if found != played:
            yield f"{what}が、台本では {played} 件、記録では {found} 件です。"
