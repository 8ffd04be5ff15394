"""How the search grows: `python -m benchmarks.scale [10000 100000 …]` prints one JSON object for each number of entries.

Entries are made of words of the usual vocabulary, so that they are of everyday length (60 words) and their words as unevenly
spread as people's. No database: what is measured is the index, from text to result.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from benchmarks.figures import percentile
from benchmarks.library import size_of
from bot.domain.finding import Document
from storage.search import Changes, Search, usual

PORTION = 1000
QUERIES = 300
CHANGED = 20


class Made:
    """Entries that are made when they are asked for; any can be changed."""

    def __init__(self, count: int) -> None:
        self.count = self.newest = count
        self._changed: list[Document] = []
        self._words = [word for group in usual().groups for word in group]
        random.Random(1).shuffle(self._words)

    def text(self, seed: int, words: int) -> str:
        """So many words; the first of the list come often, the last hardly ever."""
        made = random.Random(seed)
        often = (int(len(self._words) * made.random() ** 2) for _ in range(words))
        return "の".join(f"{self._words[at]}{made.randrange(100) if at % 7 == 0 else ''}" for at in often)

    def entry(self, number: int) -> Document:
        """The entry of a number."""
        return Document(number, self.text(number, 5), self.text(-number, 30), (), None, "faq", number)

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


async def measure(count: int) -> dict[str, Any]:
    """Build, open again, ask, change."""
    made, process = Made(count), psutil.Process()
    with TemporaryDirectory(prefix="banso-scale-") as place:
        directory = Path(place)
        async with Search(directory, made) as search:
            await search.find("はじめの一言")
            build = await _seconds(search.catch_up())
            learn = await _seconds(search.learn())
        async with Search(directory, made) as search:
            opening = 1000 * await _seconds(search.catch_up())
            await search.find("はじめの一言")  # loads the dictionary of this search
            took = [1000 * await _seconds(search.find(made.text(10**9 + n, 4))) for n in range(QUERIES)]
            changes = [1000 * await _seconds(_changed(search, made, n)) for n in range(1, CHANGED + 1)]
            memory = process.memory_info().rss
        size = size_of(directory)
    return {
        "entries": count,
        "build_seconds": round(build, 1),
        "learn_seconds": round(learn, 1),
        "open_ms": round(opening, 1),
        "ms_p50": round(percentile(took, 0.5), 2),
        "ms_p95": round(percentile(took, 0.95), 2),
        "change_ms_p50": round(percentile(changes, 0.5), 1),
        "change_ms_p95": round(percentile(changes, 0.95), 1),
        "index_mb": round(size / 1e6, 1),
        "rss_mb": round(memory / 1e6, 1),
    }


async def _changed(search: Search, made: Made, number: int) -> None:
    """One entry's change is on disk, and found."""
    word = f"変更{number}号"
    made.change(number, word)
    await search.catch_up()
    if (await search.find(word, most=1))[0].id != number:
        raise RuntimeError("what was changed is not found first")


async def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


def main(given: Sequence[str] | None = None) -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("entries", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    for count in parser.parse_args(given).entries:
        print(json.dumps(asyncio.run(measure(count))), flush=True)


if __name__ == "__main__":
    main()
