"""What means the same in other words: latent semantic analysis of the entries themselves.

Words that stand in the same entries lie in the same direction, and an entry is as near to what was asked as their directions
are. Only the words have vectors; an entry's is the sum of its words', so one that came this second has one too, and a
million entries need no more memory than their words do. It is learned from `MOST` entries at most, one after the other.

numpy is loaded by whoever learns or reads a model first, never at the start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final
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

QUESTION: Final = 2.5
"""A word of the question beside one of the answer."""

Near = Callable[[Sequence[Set[str]], Set[str]], float]
"""Ways of asking and words of the answer → the cosine between them and what was asked."""


def _weights(asked: Iterable[Set[str]], holds: Set[str]) -> dict[str, float]:
    found = dict.fromkeys(holds, 1.0)
    for words in asked:
        found.update(dict.fromkeys(words, QUESTION))
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words and their vectors, as of change `applied` and so many `entries`."""

    applied: int
    entries: int
    _at: Mapping[str, int]
    _vectors: Floats
    _known: dict[tuple[Set[str], ...], Floats] = field(default_factory=dict, repr=False)

    def of(self, words: Mapping[str, float]) -> Near:
        """How near an entry is to these words."""
        mine = self._sum(words)

        def near(asked: Sequence[Set[str]], holds: Set[str]) -> float:
            key = (*asked, holds)
            vector = self._known.get(key)
            if vector is None:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                vector = self._known[key] = self._sum(_weights(asked, holds))
            return float(mine @ vector)

        return near

    def _sum(self, words: Mapping[str, float]) -> Floats:
        """The direction of these words, of length 1 or, where none is known, 0."""
        import numpy as np

        there = [(at, n) for word, n in words.items() if (at := self._at.get(word)) is not None]
        if not there:
            return np.zeros(self._vectors.shape[1], np.float32)
        rows, weights = zip(*there, strict=True)
        found = np.asarray(weights, np.float32) @ self._vectors[list(rows)]
        length = float(np.linalg.norm(found))
        return (found / length if length else found).astype(np.float32)

    def save(self, path: Path) -> None:
        """Write it whole or not at all; whoever reads it finds the former one or this."""
        import numpy as np

        with NamedTemporaryFile(dir=path.parent, prefix="new.", delete=False) as made:
            words = np.frombuffer("\n".join(self._at).encode(), np.uint8)
            np.savez(made, words=words, vectors=self._vectors, of=np.array([self.applied, self.entries]))
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
    return Meaning(applied, entries, {word: at for at, word in enumerate(words)}, vectors)


def learn(
    entries: Iterable[tuple[Sequence[Sequence[str]], Set[str]]], applied: int, count: int
) -> Meaning | None:
    """Learn from entries (ways of asking, words of the answer), of which there are `count`; None when they are too few. The
    same entries give the same vectors. Takes a second for 2,000 entries."""
    import numpy as np

    at: dict[str, int] = {}
    rows: list[Any] = []
    for asked, holds in entries:
        weights = _weights(map(frozenset, asked), holds)
        columns = np.fromiter((at.setdefault(w, len(at)) for w in sorted(weights)), np.int32, len(weights))
        rows.append((columns, np.fromiter((weights[w] for w in sorted(weights)), np.float32, len(weights))))
    if len(rows) < LEAST:
        return None
    often = np.zeros(len(at), np.int64)
    for columns, _ in rows:
        often[columns] += 1
    idf = np.log((len(rows) + 1) / (often + 1)).astype(np.float32)
    for n, (columns, weights) in enumerate(rows):
        told = weights * idf[columns]
        rows[n] = (columns, told / (np.linalg.norm(told) + 1e-9))
    vectors = _directions(rows, len(at), min(DIMENSIONS, len(rows) // 10))
    return Meaning(applied, count, at, (vectors * idf[:, None]).astype(np.float32))


def _directions(rows: Sequence[Any], words: int, dimensions: int) -> Floats:
    """The strongest right singular vectors, by a randomised range finder: (words, dimensions)."""
    import numpy as np

    random = np.random.default_rng(7)
    right = random.standard_normal((words, dimensions + _SPARE)).astype(np.float32)
    left = _times(rows, right)
    for _ in range(_ROUNDS):
        left, _upper = np.linalg.qr(left)
        right, _upper = np.linalg.qr(_back(rows, left, words))
        left = _times(rows, right)
    _u, _s, turned = np.linalg.svd(left, full_matrices=False)
    found: Floats = right @ turned.T[:, :dimensions]
    return found


def _times(rows: Sequence[Any], right: Floats) -> Floats:
    import numpy as np

    return np.stack([weights @ right[columns] for columns, weights in rows])


def _back(rows: Sequence[Any], left: Floats, words: int) -> Floats:
    import numpy as np

    found = np.zeros((words, left.shape[1]), np.float32)
    for (columns, weights), line in zip(rows, left, strict=True):
        found[columns] += weights[:, None] * line  # a word stands once in each
    return found
