"""What an embedder made of the entries, held in memory: how near each of them is to what somebody asked.

Vectors are kept in half precision in the database and compared in single precision. All entries are compared, one after the
other: ten thousand of a thousand dimensions take some milliseconds. numpy is loaded with the first vector.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.domain.ranking import Spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Vector = Sequence[float]

MOST_BYTES: Final = 512_000_000
"""Memory that vectors may take: 125,000 entries of a thousand dimensions. Those beyond are found by words."""

NEAREST: Final = 50
"""Entries that are proposed for being near."""

_FIRST: Final = 256


def packed(vector: Vector) -> bytes:
    """The direction of a vector as it is stored.

    Raises:
        ValueError: it has none.
    """
    import numpy as np

    found = np.asarray(vector, np.float64)
    length = float(np.linalg.norm(found))
    if found.ndim != 1 or not found.size or not np.isfinite(length) or not length:
        raise ValueError("not a direction")
    return (found / length).astype("<f2").tobytes()


@dataclass(frozen=True, slots=True)
class Embedded:
    """How near the entries are to one text: `spread` of all, the `nearest` ones, and each by itself."""

    spread: Spread
    nearest: tuple[int, ...]
    _at: Mapping[int, int]
    _cosines: Floats

    def of(self, entry_id: int) -> float | None:
        """The cosine; None for an entry without a vector."""
        at = self._at.get(entry_id)
        return float(self._cosines[at]) if at is not None and at < len(self._cosines) else None


class Nearness:
    """The vectors of the entries, filled by one thread and asked by others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: list[int] = []
        self._at: dict[int, int] = {}
        self._rows: Floats | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def take_in(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Add vectors of entries, or put others in their place. An entry without one (no bytes) loses its own. If they are
        longer or shorter than those that are there, another model made them, and the others go."""
        import numpy as np

        with self._lock:
            self._ids, self._at = list(self._ids), dict(self._at)  # who asked holds the former ones
            for entry_id, raw in vectors:
                if raw:
                    self._put(entry_id, np.frombuffer(raw, "<f2").astype(np.float32))
                elif entry_id in self._at:
                    self._drop(entry_id)

    def _put(self, entry_id: int, vector: Floats) -> None:
        if self._rows is None or self._rows.shape[1] != len(vector):
            self._clear(len(vector))
        at = self._at.get(entry_id)
        if at is None:
            at = self._more(entry_id)
        if at is not None and self._rows is not None:
            self._rows[at] = vector

    def _drop(self, entry_id: int) -> None:
        at, last = self._at.pop(entry_id), self._ids.pop()
        if last != entry_id and self._rows is not None:
            self._rows[at] = self._rows[len(self._ids)]
            self._ids[at] = last
            self._at[last] = at

    def _clear(self, dimensions: int) -> None:
        import numpy as np

        self._ids, self._at = [], {}
        self._rows = np.zeros((_FIRST, dimensions), np.float32)

    def _more(self, entry_id: int) -> int | None:
        """A place for one more entry; None when there is no more memory for it."""
        import numpy as np

        rows, at = self._rows, len(self._ids)
        if rows is None or (at + 1) * rows.shape[1] * 4 > MOST_BYTES:
            return None
        if at == len(rows):
            self._rows = np.concatenate([rows, np.zeros_like(rows)])
        self._ids.append(entry_id)
        self._at[entry_id] = at
        return at

    def of(self, vector: Vector) -> Embedded | None:
        """How near the entries are to a text's vector; None when there are none that can be compared with it."""
        import numpy as np

        try:
            asked = np.frombuffer(packed(vector), "<f2").astype(np.float32)
        except ValueError:
            return None
        with self._lock:
            if self._rows is None or not self._ids or self._rows.shape[1] != len(asked):
                return None
            cosines = self._rows[: len(self._ids)] @ asked
            count = min(NEAREST, len(cosines))
            top = np.argpartition(-cosines, count - 1)[:count]
            nearest = tuple(self._ids[at] for at in top[np.argsort(-cosines[top], kind="stable")])
            median = float(np.median(cosines))
            deviation = 1.4826 * float(np.median(np.abs(cosines - median)))
            spread = Spread(median, deviation, float(cosines.max()))
            return Embedded(spread, nearest, self._at, cosines)
