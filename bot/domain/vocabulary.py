"""What people call the same thing: a typed word is also looked for as what it is otherwise called, with less weight.

The groups and the words to leave out are a coordinator's to edit. Both work on what is typed alone, never on what an index
holds: so a change is effective with the next search. What the words of a text are comes from outside (`storage.search`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WEIGHT: Final = 0.25
UNKNOWN: Final = 0.6
"""What a word counts beside a typed one that it stands for, and beside one that hardly any entry holds. On a city's FAQ .2
to .4 and .5 to .7 are equally good."""

FEW: Final = 2
"""So many entries are hardly any: who writes entries calls it otherwise. 1 to 5 are equally good."""

MOST: Final = 24
"""Words that a text is given at most: a long text has enough of its own."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`groups` of names for one thing, as people write them; `silent` are words that say nothing here, beside those that
    never do (`terms.STOP`)."""

    groups: tuple[tuple[str, ...], ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Words that were typed, and words that would mean the same."""

    typed: Words
    other: Words


class Thesaurus:
    """A vocabulary as words of the analysis."""

    def __init__(self, vocabulary: Vocabulary, words: Callable[[str], Sequence[str]]) -> None:
        self._silent = frozenset(word for text in vocabulary.silent for word in words(text))
        self._by_first: dict[str, list[Alike]] = {}
        for group in vocabulary.groups:
            for alike in _pairs([found for text in group if (found := tuple(words(text)))]):
                self._by_first.setdefault(alike.typed[0], []).append(alike)

    def heard(self, words: Iterable[str]) -> list[str]:
        """The typed words without those that say nothing here; all of them if there are no others."""
        typed = list(words)
        return [word for word in typed if word not in self._silent] or typed

    def alike(self, words: Sequence[str]) -> list[Alike]:
        """What of the typed words has another name, in the order in which it was typed."""
        return list(dict.fromkeys(self._found(words)))

    def _found(self, words: Sequence[str]) -> Iterator[Alike]:
        for at, word in enumerate(words):
            for each in self._by_first.get(word, ()):
                if tuple(words[at : at + len(each.typed)]) == each.typed:
                    yield each


def _pairs(group: Sequence[Words]) -> Iterator[Alike]:
    for typed in group:
        yield from (Alike(typed, other) for other in group if other != typed)


def expand(
    words: Iterable[str], alike: Iterable[Alike], is_usual: Callable[[str], bool], besides: Iterable[str] = ()
) -> Mapping[str, float]:
    """The typed words, each of weight 1, and those they also mean, of less.

    Args:
        is_usual: whether entries call it so, more than `FEW`.
        besides: what was probably meant by a word that nothing is found by.
    """
    found = dict.fromkeys(words, 1.0)
    most = len(found) + MOST
    for word in besides:
        if len(found) < most:
            found.setdefault(word, UNKNOWN)
    for each in alike:
        weight = WEIGHT if all(map(is_usual, each.typed)) else UNKNOWN
        for word in each.other:
            if word in found or len(found) < most:
                found[word] = max(found.get(word, 0.0), weight)
    return found
