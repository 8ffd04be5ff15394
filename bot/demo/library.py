"""What becomes of answers in the play: kept, agreed to, published, and found by those who come later."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.demo.cast import Kept, Search
from bot.demo.scribe import Scribe
from bot.demo.stage import LOOK_EVERY, Stage
from bot.domain.text import excerpt
from handlers.faq import form
from sandbox.client import Message, Person
from storage import faq
from storage.questions import Question

FOUND_WITHIN = 20.0
"""Seconds, with the dictionary's first use."""

LIKE, SOLVES = "近い回答を見る", "これで解決"


@dataclass
class Library:
    """Answers and those who look for them. `missed` says in words what was not found, though it should have been;
    `kept` is what was kept, by the question's id in the script."""

    stage: Stage
    scribe: Scribe
    missed: list[str]
    kept: dict[str, Kept] = field(default_factory=dict)

    async def keep(self, kept: Kept, question: Question, at: datetime) -> Person:
        """Whoever answered takes up the offer that the bot has made them."""
        assert question.responsible is not None
        person = self.stage.people[question.responsible]
        offer = await person.sees(f"相談 No.{question.number} への回答")
        self._pressed(person, "FAQに残す", question, at)
        await person.clicks("FAQに残す", on=offer)
        view = await person.view(title="FAQに残す")
        self.scribe.screen(view)
        found = str(view.entered[form.ANSWER][form.ANSWER]["value"])
        filled = {"質問": kept.question, "回答": kept.answer or found, "検索のことば": kept.tags}
        await self._submit(person, filled, "残す")
        self.kept[kept.of] = kept
        return person

    async def agree(self, question: Question, at: datetime) -> Person:
        """The asker of a private question says yes to the words they are shown."""
        person = self.stage.people[question.asker]
        letter = await person.sees(f"ご相談 No.{question.number} の回答を、下の文面で")
        self._pressed(person, "この文面で載せてよい", question, at)
        await person.clicks("この文面で載せてよい", on=letter)
        return person

    async def publish(self, kept: Kept, question: Question, at: datetime) -> Person:
        """Somebody of the desk reads it and publishes it; it is found from then on."""
        person = self.stage.people[kept.by]
        letter = await person.sees(excerpt(kept.question, 80))
        self._pressed(person, "読んで確認する", question, at)
        await person.clicks("読んで確認する", on=letter)
        self.scribe.screen(await person.view(title="FAQの確認"))
        self.scribe.entered({"質問": kept.question})
        await self._submit(person, {"どうしますか": "公開する"}, "決める")
        await self._is_found(kept, question)
        return person

    async def look(self, search: Search, at: datetime) -> Person:
        """Somebody looks for something with a command, finds it and says so."""
        person, room = self.stage.people[search.by], self.stage.channels[search.room]
        place = ("search", f"{search.by} {search.at}")
        self.scribe.pressed(person.id, f"/banso 探す {search.text}", place, at)
        await person.runs("/banso", f"探す {search.text}", channel=room)
        shown = await person.sees(f"「{excerpt(search.text, 60)}」", room)
        await self.scribe.look(person)
        if self._is_first(list(shown.get("blocks") or ()), search.finds, search.text):
            self.scribe.pressed(person.id, f"「{SOLVES}」", place, at)
            await person.clicks(SOLVES, on=shown)
            await person.sees("よかったです", room)
        return person

    async def like(self, person: Person, card: Message, finds: str, question: Question, at: datetime) -> None:
        """An asker reads what is like their question, and that is the answer."""
        self._pressed(person, LIKE, question, at)
        await person.clicks(LIKE, on=card)
        view = await person.view(title="近い回答")
        self.scribe.screen(view)
        if self._is_first(view["blocks"], finds, f"No.{question.number}"):
            self._pressed(person, SOLVES, question, at)
            await person.clicks(SOLVES)
            self.scribe.screen(await person.view())
        await person.closes(everything=True)

    def _pressed(self, person: Person, label: str, question: Question, at: datetime) -> None:
        """A press that is about a question: said where this person knows it from."""
        thread = (question.channel, question.thread_ts)
        if question.desk_channel and question.desk_ts and person.id != question.asker:
            thread = (question.desk_channel, question.desk_ts)
        self.scribe.pressed(person.id, f"「{label}」", thread, at)

    async def _submit(self, person: Person, filled: Mapping[str, Any], label: str) -> None:
        """Fill a dialog in and send it."""
        errors = await person.submits(dict(filled))
        if errors:
            raise AssertionError(f"{person.name}さんの「{label}」が受け付けられませんでした:{errors}")
        self.scribe.entered(filled, label)
        self.scribe.screen(await person.view(title="FAQ"))
        await person.closes(everything=True)

    async def _is_found(self, kept: Kept, question: Question) -> None:
        entry = await self.stage.banso.database.read(faq.from_question, question.id)
        deadline = time.monotonic() + FOUND_WITHIN
        while entry is not None and time.monotonic() < deadline:
            hits = await self.stage.banso.services.search.find(kept.question)
            if entry.id in [hit.id for hit in hits]:
                return
            await asyncio.sleep(LOOK_EVERY)
        self.missed.append(f"公開したFAQ「{kept.question}」が、検索に出てきませんでした。")

    def _is_first(self, blocks: list[dict[str, Any]], finds: str, looked_for: str) -> bool:
        """Whether the entry that answers it is the first of what was found: its buttons come first too."""
        wanted = excerpt(self.kept[finds].question, 100) if finds in self.kept else ""
        if wanted and wanted in _first(blocks):
            return True
        self.missed.append(f"「{looked_for}」で、残したはずの回答が最初に見つかりませんでした。")
        return False


def _first(blocks: Sequence[Mapping[str, Any]]) -> str:
    """What the first of the results is called: it stands above how it begins, or together with that."""
    above = ""
    for each in blocks:
        if each["type"] == "rich_text":
            return above
        above = str(each["text"]["text"]) if each["type"] == "section" else ""
        if above.startswith("*") and "\n" in above:
            return above
    return ""
