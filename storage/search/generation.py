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

CANDIDATES: Final = 50
"""Entries that the ranking looks at, at least. On a city's FAQ a hundred bring nothing more into the first ten."""

TERMS: Final = 48
"""Words, and characters, of a long text that are looked for, the rarest first."""

OFTEN: Final = 3
"""How often a term counts in the ways of asking taken together: more people with the same words prove no more."""

QUESTION: Final = 0.5
CHARACTERS: Final = 0.2
"""What a word in the question adds to its being there at all, and what a hit of characters is worth beside one of words."""

_MARK: Final = -1
_HEAP: Final = 32_000_000
_SPACES: Final = "spaces"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True)
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
        words = {word: meant[word] for word in self._rarest(searcher, "words", meant)}
        typed = self._analyser.characters(text)
        chars = dict.fromkeys(self._rarest(searcher, "chars", typed), CHARACTERS)
        only = [(Occur.Must, self._only(name, value)) for name, value in _given(field_id=field_id, kind=kind)]
        in_question = {word: QUESTION * n for word, n in words.items()}
        by_words = [*self._terms("words", words), *self._terms("question", in_question)]
        queries = list(self._queries(only, by_words, self._terms("chars", chars), embedded))
        hits: list[Hit] = []
        if queries:
            near, fields = meaning.of(words) if meaning is not None else None, dict[int, str | None]()
            proposed = self._candidates(searcher, queries, max(most, CANDIDATES), near, fields, embedded)
            weigh = self._weigher(searcher)
            found = rank(words, proposed, weigh, embedded.spread if embedded is not None else None)
            fit = strong(frozenset(asked), found[:most], weigh, alike)
            hits = [
                Hit(each.id, each.score, strong=each.id in fit, field_id=fields[each.id])
                for each in found[:most]
            ]
        if by_words:
            only.append((Occur.MustNot, Query.boolean_query(by_words)))
        if chars and (left := most - len(hits)) > 0:
            there = {hit.id for hit in hits} if embedded is not None else set()
            weak = self._weak(searcher, only, chars, len(set(typed)), left + len(there))
            hits += [hit for hit in weak if hit.id not in there][:left]
        return hits

    def _queries(
        self,
        only: list[tuple[Occur, Query]],
        by_words: list[tuple[Occur, Query]],
        by_chars: list[tuple[Occur, Query]],
        embedded: Embedded | None,
    ) -> Iterator[Query]:
        """What proposes candidates: words, and what an embedder calls near, whatever words they share."""
        if by_words:
            yield Query.boolean_query([*only, (Occur.Must, Query.boolean_query(by_words)), *by_chars])
        if embedded is not None and embedded.nearest:
            these = Query.boolean_query([(Occur.Should, self._of(number)) for number in embedded.nearest])
            yield Query.boolean_query(
                [*only, (Occur.Must, Query.const_score_query(these, 0)), *by_words, *by_chars]
            )

    def _weak(
        self,
        searcher: tantivy.Searcher,
        only: list[tuple[Occur, Query]],
        chars: Mapping[str, float],
        typed: int,
        most: int,
    ) -> Iterator[Hit]:
        least = min(2, typed)  # one kanji in common is no kinship, unless it is all that was typed
        needed = Query.boolean_query(self._terms("chars", chars), least)
        query = Query.boolean_query([*only, (Occur.Must, needed)])
        for score, address in searcher.search(query, most, count=False).hits:
            found = searcher.doc(address)
            yield Hit(found["id"][0], score, weak=True, field_id=found.get_first("field_id"))

    def _weigher(self, searcher: tantivy.Searcher) -> Callable[[str], float]:
        entries = len(self)
        return cache(lambda word: weight(entries, searcher.doc_freq("words", word)))

    def _rarest(self, searcher: tantivy.Searcher, field: str, terms: Iterable[str]) -> list[str]:
        known = {term: searcher.doc_freq(field, term) for term in dict.fromkeys(terms)}
        return sorted((term for term, n in known.items() if n), key=lambda term: known[term])[:TERMS]

    def _candidates(
        self,
        searcher: tantivy.Searcher,
        queries: Iterable[Query],
        most: int,
        near: Near | None,
        fields: dict[int, str | None],
        embedded: Embedded | None,
    ) -> Iterator[Candidate]:
        """Each once, with its field noted in `fields`."""
        read: list[tuple[int, float, Entry]] = []
        for score, address in chain(*(searcher.search(each, most, count=False).hits for each in queries)):
            found = searcher.doc(address)
            number: int = found["id"][0]
            if number not in fields:
                fields[number] = found.get_first("field_id")
                read.append((number, score, _entry_of(found)))
        meanings = near([entry for *_, entry in read]) if near is not None and read else [0.0] * len(read)
        for (number, score, (_, asked, holds)), meaning in zip(read, meanings, strict=True):
            cosine = embedded.of(number) if embedded is not None else None
            yield Candidate(number, score, asked, holds, meaning, cosine=cosine)

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

    def _terms(self, field: str, terms: Mapping[str, float]) -> list[tuple[Occur, Query]]:
        return [
            (Occur.Should, Query.boost_query(Query.term_query(self._schema, field, term, "freq"), weight))
            for term, weight in terms.items()
        ]

    def _only(self, field: str, value: str) -> Query:
        return Query.const_score_query(Query.term_query(self._schema, field, value, "basic"), 0)

    def _of(self, number: int) -> Query:
        return Query.term_query(self._schema, "id", number)


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
