"""What means the same in other words: latent semantic analysis of the entries themselves.

Words that stand in the same entries lie in the same direction, and an entry is as near to what was asked as their directions
are. Only the words have vectors; an entry's is the sum of its words', so one that came this second has one too, and a
million entries need no more memory than their words do. It is learned from `MOST` entries at most, in portions.

numpy is loaded by whoever learns or reads a model first, never at the start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zipfile import BadZipFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEAST: Final = 300
"""Entries below which there is nothing to be learned from."""
MOST: Final = 20_000
"""Entries that are learned from: more say little new, and take the time and memory of as many."""
DIMENSIONS: Final = 100
_SPARE: Final = 10
_ROUNDS: Final = 3
_UNKNOWN: Final = -1
_PORTION: Final = 30_000
"""Words that are summed up at once: 13 MB."""

QUESTION: Final = 2.5
"""A word of the question beside one of the answer."""


class Entry(NamedTuple):
    """Its ways of asking, and the words of its answer. `key` is the same only for entries of the same words."""

    key: bytes
    asked: tuple[frozenset[str], ...]
    holds: frozenset[str]


Near = Callable[[Sequence[Entry]], list[float]]
"""The cosine between each of the entries and what was asked."""


Part = tuple[Collection[str], float]
"""Words, and what each of them counts."""


def _parts(entry: Entry) -> list[Part]:
    asked = frozenset().union(*entry.asked)
    return [(entry.holds - asked, 1.0), (asked, QUESTION)]


def _weights(asked: Iterable[Set[str]], holds: Set[str]) -> dict[str, float]:
    found = dict.fromkeys(holds, 1.0)
    for words in asked:
        found.update(dict.fromkeys(words, QUESTION))
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words and their vectors, as of change `applied` and so many `entries`; the last vector is that of words that are not
    known."""

    applied: int
    entries: int
    _at: Mapping[str, int]
    _vectors: Floats
    _known: dict[bytes, Floats] = field(default_factory=dict, repr=False)

    def of(self, words: Mapping[str, float]) -> Near:
        """How near entries are to these words."""
        import numpy as np

        [mine] = self._sums([[([word], weight) for word, weight in words.items()]])

        def near(entries: Sequence[Entry]) -> list[float]:
            there = {each.key: self._known.get(each.key) for each in entries}
            new = {each.key: _parts(each) for each in entries if there[each.key] is None}
            if len(self._known) + len(new) > _REMEMBERED:
                self._known.clear()
            found = dict(zip(new, self._sums(list(new.values())), strict=True))
            self._known.update(found)
            there.update(found)
            return [float(each) for each in np.array([there[each.key] for each in entries]) @ mine]

        return near

    def _sums(self, texts: Sequence[Sequence[Part]]) -> Floats:
        """The direction of the words of each text, of length 1 or, where none is known, 0. All at once: it is most of
        what a search costs in Python."""
        import numpy as np

        if not texts:
            return np.zeros((0, self._vectors.shape[1]), np.float32)
        told = [[*parts, ([""], 0.0)] for parts in texts]  # one that is empty must have a row, too
        parts = list(chain.from_iterable(told))
        words = chain.from_iterable(words for words, _ in parts)
        rows = np.fromiter(map(self._at.get, words, repeat(_UNKNOWN)), np.intp)
        lengths = np.array([len(words) for words, _ in parts])
        weights = np.repeat(np.array([weight for _, weight in parts], np.float32), lengths)
        ends = np.cumsum(lengths)[np.cumsum([len(parts) for parts in told]) - 1]
        weighed = self._vectors.take(rows, axis=0)
        weighed *= weights[:, None]
        found: Floats = np.add.reduceat(weighed, [0, *ends[:-1]])
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        found /= np.where(lengths, lengths, 1)
        return found

    def save(self, path: Path) -> None:
        """Write it whole or not at all; whoever reads it finds the former one or this."""
        import numpy as np

        with NamedTemporaryFile(dir=path.parent, prefix="new.", delete=False) as made:
            words = np.frombuffer("\n".join(self._at).encode(), np.uint8)
            np.savez(made, words=words, vectors=self._vectors[:-1], of=np.array([self.applied, self.entries]))
        os.replace(made.name, path)


_REMEMBERED: Final = 5000
"""Entries whose vectors are kept: 2 MB, and their words."""


def load(path: Path) -> Meaning | None:
    """Read one; None when there is none, or it cannot be read: it will be learned again."""
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            words = found["words"].tobytes().decode().split("\n")
            applied, entries = map(int, found["of"])
            vectors = found["vectors"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    if vectors.shape[0] != len(words):
        return None
    return _meaning(applied, entries, {word: at for at, word in enumerate(words)}, vectors)


def _meaning(applied: int, entries: int, at: Mapping[str, int], vectors: Floats) -> Meaning:
    import numpy as np

    return Meaning(applied, entries, at, np.pad(vectors.astype(np.float32), ((0, 1), (0, 0))))


def learn(entries: Iterable[Entry], applied: int, count: int) -> Meaning | None:
    """Learn from some of `count` entries; None when they are too few. The same entries give the same vectors."""
    import numpy as np

    at: dict[str, int] = {}
    rows = [
        [(at.setdefault(word, len(at)), told) for word, told in sorted(weights.items())]
        for _, asked, holds in entries
        if (weights := _weights(asked, holds))
    ]
    if len(rows) < LEAST:
        return None
    lengths = np.array(list(map(len, rows)))
    words = np.array([word for row in rows for word, _ in row], np.int32)
    told = np.array([weight for row in rows for _, weight in row], np.float32)
    often = np.bincount(words, minlength=len(at))
    idf = np.log((len(rows) + 1) / (often + 1)).astype(np.float32)
    told *= idf[words]
    row_of = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    told /= (np.sqrt(np.bincount(row_of, told * told)) + 1e-9).astype(np.float32)[row_of]
    by_word = np.argsort(words, kind="stable")
    rightwards = _Sums(lengths, words, told)
    back = _Sums(often, row_of[by_word], told[by_word])
    vectors = _directions(rightwards, back, len(at), min(DIMENSIONS, len(rows) // 10))
    return _meaning(applied, count, at, vectors * idf[:, None])


@dataclass(frozen=True, slots=True)
class _Sums:
    """Half of a sparse matrix: each of its lines is a sum of `lengths[n]` lines of another, `of` which ones, weighed."""

    lengths: Any
    of: Any
    weights: Any

    def times(self, other: Floats) -> Floats:
        """The matrix times another, some lines at once."""
        import numpy as np

        ends = np.cumsum(self.lengths)
        found = np.empty((len(self.lengths), other.shape[1]), np.float32)
        first = start = 0
        while first < len(ends):  # at least one line at once; none is longer than there are entries
            after = max(first + 1, int(np.searchsorted(ends, start + _PORTION, "right")))
            told = other[self.of[start : ends[after - 1]]] * self.weights[start : ends[after - 1], None]
            begin = ends[first:after] - self.lengths[first:after] - start
            found[first:after] = np.add.reduceat(told, begin)
            first, start = after, int(ends[after - 1])
        return found


def _directions(rightwards: _Sums, back: _Sums, words: int, dimensions: int) -> Floats:
    """The strongest right singular vectors, by a randomised range finder: (words, dimensions)."""
    import numpy as np

    right = np.random.default_rng(7).standard_normal((words, dimensions + _SPARE)).astype(np.float32)
    left = rightwards.times(right)
    for _ in range(_ROUNDS):
        left, _upper = np.linalg.qr(left)
        right, _upper = np.linalg.qr(back.times(left))
        left = rightwards.times(right)
    _u, _s, turned = np.linalg.svd(left, full_matrices=False)
    found: Floats = right @ turned.T[:, :dimensions]
    return found
