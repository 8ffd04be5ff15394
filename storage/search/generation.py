"""One index on disk: what tantivy holds, and how it is asked.

An entry is one document: `words` are all of its words, also those of the ways in which people asked for it, `question` those
of its question (so they count once and a half), `chars` its characters. For the ranking, `asked` are the words of each way
of asking, `holds` those of its answer and its tags; `shown` is how its question is written and read. One more document says
up to which change the entries are in; it is written with them, so the two never part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

import tantivy
from tantivy import Occur, Query

from bot.domain.finding import Document, Hit
from bot.domain.ranking import PHRASINGS, Candidate, rank, strong, weight
from bot.domain.terms import Shown
from bot.domain.vocabulary import FEW, Thesaurus, Vocabulary, expand
from storage.search.analysis import Analyser
from storage.search.meaning import Entry, Meaning, Near
from storage.search.nearness import Embedded
from storage.search.proposing import Proposed, Proposing

CANDIDATES: Final = 50
"""Entries that the ranking looks at, at least. On a city's FAQ a hundred bring nothing more into the first ten."""

OFTEN: Final = 3
"""How often a term counts in the ways of asking taken together: more people with the same words prove no more."""

_MARK: Final = -1
_HEAP: Final = 32_000_000
_SPACES: Final = "spaces"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("change", stored=True)
    for name in ("asked", "holds", "shown"):
        builder.add_bytes_field(name, stored=True)
    for name in ("field_id", "kind"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("words", "question", "chars"):
        builder.add_text_field(name, tokenizer_name=_SPACES, index_option="freq")
    return builder.build()


def create(path: Path) -> None:
    """Make an empty index in an existing, empty directory."""
    tantivy.Index(_schema(), str(path))


class Generation:
    """An opened index. It shows what was there when it was opened or last refreshed.

    Raises:
        ValueError: it cannot be opened or read.
    """

    def __init__(self, path: Path, analyser: Analyser) -> None:
        self.path = path
        self._analyser = analyser
        self._index = tantivy.Index.open(str(path))
        self._schema = self._index.schema
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer(_SPACES, spaces)
        self._index.config_reader("manual")
        self.refresh()

    def refresh(self) -> None:
        """Show what has been written meanwhile, by whomever."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self.applied = self._applied(self._searcher)

    def _applied(self, searcher: tantivy.Searcher) -> int:
        hits = searcher.search(self._of(_MARK), 1, count=False).hits
        return int(searcher.doc(hits[0][1])["change"][0]) if hits else 0

    def __len__(self) -> int:
        return max(0, self._searcher.num_docs - 1)

    # --- writing -----------------------------------------------------------------------------------------------

    def take_in(self, documents: Sequence[Document]) -> bool:
        """Write what changed; False when somebody else writes just now.

        Nothing that others wrote meanwhile is undone: changes up to `applied` are left out.
        """
        try:
            writer = self._index.writer(_HEAP, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                return False
            raise
        try:
            self.refresh()
            news = [each for each in documents if each.change > self.applied]
            if news:
                self._write(writer, news)
        finally:
            writer.wait_merging_threads()  # which gives the lock back
        self.refresh()
        return True

    def _write(self, writer: tantivy.IndexWriter, documents: Sequence[Document]) -> None:
        for document in documents:
            writer.delete_documents_by_query(self._of(document.id))
            if document.live:
                writer.add_document(self._document(document))
        writer.delete_documents_by_query(self._of(_MARK))
        writer.add_document(tantivy.Document(id=_MARK, change=max(each.change for each in documents)))
        writer.commit()

    def _document(self, document: Document) -> tantivy.Document:
        words, characters = self._analyser.words, self._analyser.characters
        phrasings, body = document.phrasings[:PHRASINGS], "\n".join((document.answer, *document.tags))
        shown = self._analyser.shown(document.question)
        asked = [[each.word for each in shown], *map(words, phrasings)]
        others = _capped(chain(*asked[1:]))
        chars = characters(f"{document.question}\n{body}")
        answer = words(body)
        made = tantivy.Document(
            id=document.id,
            change=document.change,
            asked="\n".join(map(" ".join, asked)).encode(),
            holds=" ".join(dict.fromkeys(answer)).encode(),
            shown="\n".join(" ".join(each) for each in shown).encode(),
            words=" ".join(asked[0] + others + answer),
            question=" ".join(asked[0]),
            chars=" ".join(chars + _capped(chain(*map(characters, phrasings)))),
            kind=document.kind,
        )
        if document.field_id is not None:
            made.add_text("field_id", document.field_id)
        return made

    # --- finding -----------------------------------------------------------------------------------------------

    def find(
        self,
        text: str,
        *,
        field_id: str | None,
        kind: str | None,
        most: int,
        thesaurus: Thesaurus | None = None,
        meaning: Meaning | None = None,
        besides: Iterable[str] = (),
        embedded: Embedded | None = None,
    ) -> list[Hit]:
        """The entries that fit the text, best first, and which of them are strong; those that share no word with it come
        last. `besides`: what it may mean as well; `embedded`: what an embedder says of it."""
        searcher = self._searcher
        thesaurus = thesaurus or Thesaurus(Vocabulary(), self._analyser.words)
        asked = thesaurus.heard(self._analyser.words(text))
        alike = thesaurus.alike(asked)
        meant = expand(asked, alike, lambda word: searcher.doc_freq("words", word) > FEW, besides)
        only = [(Occur.Must, self._only(name, value)) for name, value in _given(field_id=field_id, kind=kind)]
        typed = self._analyser.characters(text)
        proposing = Proposing(searcher, self._schema, only, meant, typed)
        words = {each.text: each.weight for each in proposing.words}
        near = embedded.nearest if embedded is not None else ()
        hits: list[Hit] = []
        if words or near:
            read = _Read(searcher)
            by_words = proposing.by_words(max(most, CANDIDATES), lambda each: read.holds(words, each))
            nearness = meaning.of(words) if meaning is not None else None
            candidates = _candidates(read, [*by_words, *proposing.of_these(near)], nearness, embedded)
            weigh = self._weigher(searcher)
            found = rank(words, candidates, weigh, embedded.spread if embedded is not None else None)
            fit = strong(frozenset(asked), found[:most], weigh, alike)
            hits = [
                Hit(each.id, each.score, strong=each.id in fit, field_id=read.field_of(each.id))
                for each in found[:most]
            ]
        if (left := most - len(hits)) > 0:
            there = {hit.id for hit in hits} if embedded is not None else set()
            weak = self._weak(searcher, proposing.weak(min(2, len(set(typed))), left + len(there)))
            hits += [hit for hit in weak if hit.id not in there][:left]
        return hits

    def _weak(self, searcher: tantivy.Searcher, proposed: Iterable[Proposed]) -> Iterator[Hit]:
        for each in proposed:
            field_id = searcher.doc(each.address).get_first("field_id")
            yield Hit(each.number, each.score, weak=True, field_id=field_id)

    def _weigher(self, searcher: tantivy.Searcher) -> Callable[[str], float]:
        entries = len(self)
        return cache(lambda word: weight(entries, searcher.doc_freq("words", word)))

    def is_known(self, word: str) -> bool:
        """Whether something is found by a word."""
        return bool(self._searcher.doc_freq("words", word))

    def everything(self, most: int) -> Iterator[tuple[Entry, list[Shown]]]:
        """So many entries, and the words of their questions as they are written and read."""
        searcher = self._searcher
        for _, address in searcher.search(Query.all_query(), most, count=False).hits:
            found = searcher.doc(address)
            if found["id"][0] != _MARK:
                lines = filter(None, bytes(found["shown"][0]).decode().split("\n"))
                yield _entry_of(found), [Shown(*line.split(" ")) for line in lines]

    def _only(self, field: str, value: str) -> Query:
        return Query.const_score_query(Query.term_query(self._schema, field, value, "basic"), 0)

    def _of(self, number: int) -> Query:
        return Query.term_query(self._schema, "id", number)


class _Read:
    """What an index holds of entries, each read once."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._found: dict[int, tuple[Entry, str | None]] = {}

    def entry(self, proposed: Proposed) -> Entry:
        """Its words."""
        found = self._found.get(proposed.number)
        if found is None:
            read = self._searcher.doc(proposed.address)
            found = self._found[proposed.number] = _entry_of(read), read.get_first("field_id")
        return found[0]

    def holds(self, words: Mapping[str, float], proposed: Proposed) -> bool:
        """Whether it holds any of the words."""
        _, asked, holds = self.entry(proposed)
        return any(not words.keys().isdisjoint(each) for each in (holds, *asked))

    def field_of(self, number: int) -> str | None:
        """The field of an entry that was read."""
        return self._found[number][1]


def _candidates(
    read: _Read, proposed: Sequence[Proposed], near: Near | None, embedded: Embedded | None
) -> Iterator[Candidate]:
    """Each once."""
    once = {each.number: each for each in reversed(proposed)}.values()
    entries = [read.entry(each) for each in once]
    meanings = near(entries) if near is not None and entries else [0.0] * len(entries)
    for each, (_, asked, holds), meaning in zip(once, entries, meanings, strict=True):
        cosine = embedded.of(each.number) if embedded is not None else None
        yield Candidate(each.number, each.score, asked, holds, meaning, cosine=cosine)


def _entry_of(found: tantivy.Document) -> Entry:
    asked, holds = bytes(found["asked"][0]), bytes(found["holds"][0])
    ways = (line.split(" ") if line else () for line in asked.decode().split("\n"))
    return Entry(
        asked + b"\n" + holds, tuple(map(frozenset, ways)), frozenset(filter(None, holds.decode().split(" ")))
    )


def _capped(terms: Iterable[str]) -> list[str]:
    return [term for term, n in Counter(terms).items() for _ in range(min(n, OFTEN))]


def _given(**filters: str | None) -> list[tuple[str, str]]:
    return [(name, value) for name, value in filters.items() if value is not None]
