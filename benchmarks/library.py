"""A judged set as the product keeps it: published entries in a database, found by an index, and what is learned from use."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.judging import Grades
from bot.clock import Clock
from bot.domain.faq import Consent, Content, Kind, State, Verb
from bot.domain.finding import key_of
from bot.embedding import Embedder
from bot.vectors import Vectors
from handlers.faq import use
from handlers.faq.drafting import PHRASING, nameless
from storage import faq, faq_documents, faq_searches
from storage.database import Database, Transaction
from storage.search import Search, Vector
from storage.workspace import save_workspace

FILES = ("corpus.json", "queries.json", "qrels.json")
ONE = "U0EDITOR"
PORTION = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """Entries (id → question, answer), queries (id → text), and the grade of each entry for a query."""

    corpus: Mapping[str, Mapping[str, str]]
    queries: Mapping[str, str]
    grades: Mapping[str, Grades]

    def answer_of(self, query: str) -> str | None:
        """The entry that holds the answer; the lowest id of several."""
        found = [entry for entry, grade in self.grades.get(query, {}).items() if grade == 2]
        return min(found, key=lambda entry: (int(entry) if entry.isdecimal() else 0, entry), default=None)


def read(directory: Path) -> Judged:
    """Read a folder with the three files."""
    return Judged(*(json.loads((directory / name).read_text("utf-8")) for name in FILES))


def size_of(directory: Path) -> int:
    """Bytes of all files in a directory."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


class Library:
    """The entries in a database of their own, with its index; opened by `opened`."""

    def __init__(
        self, database: Database, search: Search, ids: Mapping[str, int], made: Vectors | None = None
    ) -> None:
        self._database = database
        self._made = made
        self.search = search
        self._ids = ids
        self._names = {number: name for name, number in ids.items()}

    async def find(self, text: str) -> tuple[list[str], list[str]]:
        """The entries that are found, best first, and which of them are strong."""
        hits = await self.search.find(text, sent=text)
        return [self._names[hit.id] for hit in hits], [self._names[hit.id] for hit in hits if hit.strong]

    async def learn(self, pairs: Iterable[tuple[str, str]]) -> None:
        """For each text another person looked, and said 「これで解決」 of an entry: everything that follows from it. One
        person alone would teach ten of them."""
        for number, (text, name) in enumerate(pairs):
            await self._database.write(_solved, text, self._ids[name], f"U0ASKER{number}")
        await self.in_step()

    async def in_step(self) -> None:
        """Wait for the index, and for what is learned beside."""
        await self.search.catch_up()
        await self.search.learn()
        await self.search.meant(
            "じゅうみんひょう"
        )  # gathers the names, as the first search that finds nothing does
        if self._made is not None and not await self._made.catch_up():
            raise SystemExit("the embedder is away: nothing can be measured")


def _solved(tx: Transaction, text: str, entry_id: int, user: str) -> None:
    words = nameless(tx, text)
    search_id = faq_searches.searched(tx, words, 1)
    use.solved(tx, search_id, key_of(words), entry_id, user)


def _publish(tx: Transaction, texts: Sequence[Mapping[str, str]]) -> list[int]:
    found = []
    for text in texts:
        content = Content(
            Kind.FAQ,
            text["question"],
            text["answer"],
            owner=ONE,
            review_on=date(2030, 1, 1),
            field_id="other",
        )
        entry = faq.add(tx, content, actor=ONE, consent=Consent.NOT_NEEDED)
        faq.change(tx, entry, Verb.PUBLISH, ONE, state=State.PUBLISHED)
        found.append(entry.id)
    return found


class Shelves:
    """A set that is filled once and lent as often as needed, each time as it was filled."""

    def __init__(self, directory: Path, judged: Judged, embedder: Embedder | None = None) -> None:
        self._directory = directory
        self._embedder = embedder
        self._judged = judged
        self._ids: dict[str, int] = {}
        self._url = ""
        self._lent = 0

    async def fill(self) -> None:
        """Publish every entry."""
        self._url = Databases(self._directory).fresh("sqlite")
        names = list(self._judged.corpus)
        async with Database(self._url, Clock(), "T0BENCH") as database:
            await database.write(
                lambda tx: save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
            )
            for at in range(0, len(names), PORTION):
                some = names[at : at + PORTION]
                numbers = await database.write(_publish, [self._judged.corpus[name] for name in some])
                self._ids.update(zip(some, numbers, strict=True))

    @contextlib.asynccontextmanager
    async def lent(self, like: Path | None = None) -> AsyncIterator[tuple[Library, Path]]:
        """A library as it was filled, with its index's directory; the index is a copy of one `like` it, or made anew."""
        self._lent += 1
        index = self._directory / f"index {self._lent}"
        copy = self._directory / f"lent{self._lent}.sqlite3"
        shutil.copyfile(self._url.removeprefix("sqlite:///"), copy)
        if like is not None:
            shutil.copytree(like, index)
        async with Database(f"sqlite:///{copy}", Clock(), "T0BENCH") as database:
            model = self._embedder
            embed = _patient(model) if model is not None else None
            async with Search(
                index, lambda since: database.read(faq_documents.changes, since), embed=embed
            ) as search:
                made = Vectors(database, model, search.nearness) if model is not None else None
                yield Library(database, search, self._ids, made), index


def _patient(embedder: Embedder) -> Callable[[str], Awaitable[Vector | None]]:
    """What is typed as a vector, however long that takes: how much it finds is asked here."""

    async def embed(text: str) -> Vector | None:
        (found,) = await embedder.embed([text[:PHRASING]], asked=True)
        return found

    return embed
