"""Entries for `benchmarks.scale`, made when they are asked for; any can be changed.

`Made` are of words of the usual vocabulary, of everyday length (60 words). These are about a thousand words, so most of them
are in a far larger share of the entries than people's words are.

`Like` are made after real ones: each is an entry of a folder such as localgovFAQ in which three in ten of the words that
count are exchanged for others of the same folder, drawn as often as they come there. So every word is in about the same
share of the entries as in the folder, entries are as long, and what is asked is what people asked.
"""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from benchmarks.library import Judged
from bot.domain.finding import Document
from bot.domain.terms import Shown, words
from storage.search import Analyser, Changes, usual

PORTION = 1000
SHARED = 200_000
SENTENCES = 30_000
EXCHANGED = 0.3
QUESTIONS = 20
ANSWERS = 4
"""Ways in which each real question, and each sentence of a real answer, is varied."""

_SENTENCE = re.compile(r"[^。\n]+。?")


class Entries(ABC):
    """So many entries, `newest` the number of their latest change. `like`: what they are made after; `once`: they are made
    of the same sentences, so that each need be analysed only once."""

    like: str
    once = True

    def __init__(self, count: int) -> None:
        self.count = self.newest = count
        self._changed: list[Document] = []

    @abstractmethod
    def said(self, number: int) -> tuple[str, str]:
        """The question and the answer of an entry."""

    @abstractmethod
    def query(self, number: int) -> str:
        """What somebody looks for, the how manyth."""

    def entry(self, number: int) -> Document:
        """The entry of a number."""
        return Document(number, *self.said(number), (), None, "faq", number)

    def change(self, number: int, question: str) -> None:
        """An entry is asked otherwise."""
        self.newest += 1
        self._changed = [replace(self.entry(number), question=question, change=self.newest)]

    async def __call__(self, since: int) -> Changes:
        """The next portion."""
        if since < self.count:
            last = min(self.count, since + PORTION)
            return Changes([self.entry(number) for number in range(since + 1, last + 1)], self.newest)
        return Changes([each for each in self._changed if each.change > since], self.newest)


class Made(Entries):
    """Entries of words of the usual vocabulary."""

    like = "vocabulary"

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.once = count >= SHARED
        self._words = [word for group in usual().groups for word in group]
        random.Random(1).shuffle(self._words)
        self._sentences = [self._text(n, 5) for n in range(SENTENCES)] if self.once else []

    def _text(self, seed: int, words: int) -> str:
        """So many words; the first of the list come often, the last hardly ever."""
        made = random.Random(seed)
        often = (int(len(self._words) * made.random() ** 2) for _ in range(words))
        return "の".join(f"{self._words[at]}{made.randrange(100) if at % 7 == 0 else ''}" for at in often)

    def said(self, number: int) -> tuple[str, str]:
        """Five words are asked, and thirty answered."""
        if not self.once:
            return self._text(number, 5), self._text(-number, 30)
        question, *answer = random.Random(number).choices(self._sentences, k=7)
        return question, "\n".join(answer)

    def query(self, number: int) -> str:
        """Four words."""
        return self._text(10**9 + number, 4)


class Like(Entries):
    """Entries after real ones."""

    like = "real"

    def __init__(self, count: int, judged: Judged) -> None:
        super().__init__(count)
        self.real = [
            Document(number, each["question"], each["answer"], (), None, "faq", number)
            for number, each in enumerate(judged.corpus.values(), 1)
        ]
        analyser = Analyser()
        real = judged.corpus.values()
        asked = [list(_cut(analyser, each["question"])) for each in real]
        held = [[list(_cut(analyser, said)) for said in _SENTENCE.findall(each["answer"])] for each in real]
        made = random.Random(1)
        words = _that_count(asked), _that_count(said for each in held for said in each)
        self._asked = [[_varied(each, words[0], made) for _ in range(QUESTIONS)] for each in asked]
        self._held = [
            [[_varied(said, words[1], made) for _ in range(ANSWERS)] for said in each] for each in held
        ]
        self._queries = list(judged.queries.values())
        made.shuffle(self._queries)

    def said(self, number: int) -> tuple[str, str]:
        """One way of asking, and a way of saying each sentence."""
        made = random.Random(number)
        at = made.randrange(len(self._asked))
        return made.choice(self._asked[at]), "\n".join(made.choice(ways) for ways in self._held[at])

    def query(self, number: int) -> str:
        """What somebody really asked."""
        return self._queries[number % len(self._queries)]


Pieces = Sequence[tuple[str, bool]]
"""A text in pieces, and whether each is a word that counts."""


def _cut(analyser: Analyser, text: str) -> Iterator[tuple[str, bool]]:
    for token in analyser.tokens(text):
        yield token.surface, bool(words([token]))


def _that_count(texts: Iterable[Pieces]) -> list[str]:
    return [piece for text in texts for piece, counts in text if counts]


def _varied(text: Pieces, others: Sequence[str], made: random.Random) -> str:
    return "".join(
        made.choice(others) if counts and made.random() < EXCHANGED else piece for piece, counts in text
    )


class Remembering(Analyser):
    """Cuts each line once."""

    def __init__(self) -> None:
        super().__init__()
        self._cut_before: dict[str, list[Shown]] = {}

    def shown(self, text: str) -> list[Shown]:
        """As ever."""
        return [each for line in text.splitlines() for each in self._line(line)]

    def _line(self, line: str) -> list[Shown]:
        found = self._cut_before.get(line)
        if found is None:
            found = self._cut_before[line] = super().shown(line)
        return found
