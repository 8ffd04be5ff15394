"""Which entries an index proposes for what was typed, without reading all that it holds of it.

tantivy's Python module scores every entry that holds any of the terms of a union: nothing is left out because it cannot come
first any more. Of a million entries most hold some of what was typed, and nearly all some of its characters. So the terms
that say most for what they cost are read, `READ` entries of their lists; how much the others add is looked up for the best
of what is found. Where there are few entries everything is read.

A union of terms is read twice as fast as one of characters that must hold a word as well. So where many entries hold a word,
those that hold characters only are read with them and left out afterwards: hardly any comes near the best.

A term is looked up, instead of read, where it is nested by itself: `+entries term` seeks the entries in the term's list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import Any, Final, NamedTuple

import tantivy
from tantivy import Occur, Query

QUESTION: Final = 0.5
CHARACTERS: Final = 0.2
"""What a word in the question adds to its being there at all, and what a hit of characters is worth beside one of words."""

TERMS: Final = 48
"""Words, and characters, of a long text that are looked for, the rarest first."""

READ: Final = 1_000_000
"""Entries that are read in the lists of all terms taken together: of 100,000 entries everything that is typed, of a million
about half of it."""

WIDER: Final = 2
"""So many times more than are proposed are found first."""

MANY: Final = 50_000
"""Entries that hold words, from which on characters are read with them."""

WEAK: Final = 50_000
"""Entries that are read in the lists of characters, when words do not find enough."""

Clause = tuple[Occur, Query]


class Term(NamedTuple):
    """A word or characters of a field, how much it counts, and how many entries hold it."""

    field: str
    text: str
    weight: float
    entries: int


class Proposed(NamedTuple):
    """An entry and how well it fits."""

    score: float
    number: int
    address: tantivy.DocAddress


class Proposing:
    """Asks an index as it is seen by `searcher`, within the filters `only`, for words, with what each counts, and
    characters; what no entry holds is left out."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        only: Sequence[Clause],
        words: Mapping[str, float],
        chars: Iterable[str],
    ) -> None:
        self._searcher = searcher
        self._schema = schema
        self._only = only
        self.words = self._rarest("words", words)
        asked = [self._term("question", each.text, QUESTION * each.weight) for each in self.words]
        self._asked = [each for each in asked if each.entries]
        self.chars = self._rarest("chars", dict.fromkeys(chars, CHARACTERS))

    def _rarest(self, field: str, terms: Mapping[str, float]) -> list[Term]:
        found = (self._term(field, text, weight) for text, weight in terms.items())
        return sorted((each for each in found if each.entries), key=lambda each: each.entries)[:TERMS]

    def _term(self, field: str, text: str, weight: float) -> Term:
        return Term(field, text, weight, self._searcher.doc_freq(field, text))

    def by_words(self, most: int, holds_word: Callable[[Proposed], bool]) -> list[Proposed]:
        """Those that hold any of the words, the best first. `holds_word`: whether an entry does."""
        if not self.words:
            return []
        read, left = self._split()
        words = [each for each in read if each.field != "chars"]
        many = sum(each.entries for each in words) > MANY
        query = self._any(read if many else words)
        if not many:
            chars = self._should(each for each in read if each.field == "chars")
            query = Query.boolean_query([(Occur.Must, query), *chars])
        found = self._search(self._within(query), most * (WIDER if many or left else 1))
        best = list(islice(filter(holds_word, self._with(left, found)), most))
        if len(best) < most and (many or any(each.field != "chars" for each in left)):
            all_words = self._within(self._any([*self.words, *self._asked]))
            best = self._with(self.chars, self._search(all_words, WIDER * most))[:most]
        return best

    def _with(self, left: Sequence[Term], found: list[Proposed]) -> list[Proposed]:
        """The same entries, the best first, once what else they hold was looked up."""
        if found and left:
            these = self._these([each.number for each in found])
            more = {each.number: each.score for each in self._search(self._also(these, left), len(found))}
            found = [each._replace(score=each.score + more[each.number]) for each in found]
        return sorted(found, key=lambda each: (-each.score, each.number))

    def of_these(self, numbers: Sequence[int]) -> list[Proposed]:
        """How well these entries fit, whatever they hold."""
        if not numbers:
            return []
        return self._search(
            self._also(self._these(numbers), [*self.words, *self._asked, *self.chars]), len(numbers)
        )

    def weak(self, least: int, most: int) -> list[Proposed]:
        """Those that hold none of the words but at least so many of the characters."""
        read, total = list[Term](), 0
        for each in self.chars:
            total += each.entries
            if len(read) < least or total <= WEAK:
                read.append(each)
        if not read:
            return []
        some = Query.boolean_query(list(self._should(read)), least)
        without = [(Occur.MustNot, self._query(word)) for word in self.words]
        return self._search(Query.boolean_query([*self._only, (Occur.Must, some), *without]), most)

    def _split(self) -> tuple[list[Term], list[Term]]:
        """The terms that are read, and those that are looked up: what is common and counts little."""
        terms = sorted([*self.words, *self._asked, *self.chars], key=lambda each: each.entries / each.weight)
        totals = accumulate(each.entries for each in terms)
        read = [
            each for each, total in zip(terms, totals, strict=True) if total <= READ or each is self.words[0]
        ]
        return read, [each for each in terms if each not in read]

    def _search(self, query: Query, most: int) -> list[Proposed]:
        found: list[tuple[float, tantivy.DocAddress]] = self._searcher.search(query, most, count=False).hits
        numbers: list[Any] = self._searcher.fast_field_values("id", [address for _, address in found])
        return [
            Proposed(score, number, address) for (score, address), number in zip(found, numbers, strict=True)
        ]

    def _these(self, numbers: Sequence[int]) -> Query:
        each = [(Occur.Should, Query.term_query(self._schema, "id", number, "basic")) for number in numbers]
        return self._within(Query.const_score_query(Query.boolean_query(each), 0))

    def _any(self, terms: Iterable[Term]) -> Query:
        return Query.boolean_query(list(self._should(terms)))

    def _within(self, query: Query) -> Query:
        return Query.boolean_query([*self._only, (Occur.Must, query)]) if self._only else query

    def _also(self, these: Query, terms: Iterable[Term]) -> Query:
        """The same entries; what they hold of the terms is looked up."""
        for term in terms:
            these = Query.boolean_query([(Occur.Must, these), (Occur.Should, self._query(term))])
        return these

    def _should(self, terms: Iterable[Term]) -> Iterator[Clause]:
        return ((Occur.Should, self._query(each)) for each in terms)

    def _query(self, term: Term) -> Query:
        return Query.boost_query(Query.term_query(self._schema, term.field, term.text, "freq"), term.weight)
