"""How the search grows: `python -m benchmarks.scale [10000 100000 …]` prints one JSON object for each number of entries.

Entries are made of words of the usual vocabulary, so that they are of everyday length (60 words) and their words as unevenly
spread as people's. No database: what is measured is the index, from text to result.

To analyse a million texts takes half an hour of a processor, and says no more than to analyse the first. So from `SHARED`
entries on they are made of the same sentences, as many towns' are, and what one is cut into is remembered while the index is
built; everything else is as ever, and whoever asks and changes is given the product's own analysis.

On a machine that does other things too, `cpu` says more than the clock; `ten_million_additions_seconds` says how busy it was
(half a second is usual), and how much slower its processors were meanwhile (`cpu`).
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
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psutil

from benchmarks.figures import percentile
from benchmarks.library import size_of
from bot.domain.finding import Document
from bot.domain.terms import Shown
from storage.search import Analyser, Changes, Search, usual

PORTION = 1000
QUERIES = 300
CHANGED = 20
SHARED = 200_000
SENTENCES = 30_000


class Made:
    """Entries that are made when they are asked for; any can be changed."""

    def __init__(self, count: int) -> None:
        self.count = self.newest = count
        self.shared = count >= SHARED
        self._changed: list[Document] = []
        self._words = [word for group in usual().groups for word in group]
        random.Random(1).shuffle(self._words)
        self._sentences = [self.text(n, 5) for n in range(SENTENCES)] if self.shared else []

    def text(self, seed: int, words: int) -> str:
        """So many words; the first of the list come often, the last hardly ever."""
        made = random.Random(seed)
        often = (int(len(self._words) * made.random() ** 2) for _ in range(words))
        return "の".join(f"{self._words[at]}{made.randrange(100) if at % 7 == 0 else ''}" for at in often)

    def entry(self, number: int) -> Document:
        """The entry of a number."""
        question, answer = (
            self._said(number) if self.shared else (self.text(number, 5), self.text(-number, 30))
        )
        return Document(number, question, answer, (), None, "faq", number)

    def _said(self, number: int) -> tuple[str, str]:
        question, *answer = random.Random(number).choices(self._sentences, k=7)
        return question, "\n".join(answer)

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


async def measure(count: int) -> dict[str, Any]:
    """Build, open again, ask, change."""
    made, process = Made(count), psutil.Process()
    with TemporaryDirectory(prefix="banso-scale-") as place:
        directory = Path(place)
        async with Search(directory, made, analyser=Remembering() if made.shared else None) as search:
            await search.find("はじめの一言")
            build, built = await _took(search.catch_up()), process.memory_info().rss
            learn, learned = await _took(search.learn()), getrusage(RUSAGE_SELF).ru_maxrss * 1024
        async with Search(directory, made) as search:
            opening = await _took(search.catch_up())
            await search.find("はじめの一言")  # loads the dictionary of this search
            asked = [await _took(search.find(made.text(10**9 + n, 4))) for n in range(QUERIES)]
            changes = [await _took(_changed(search, made, n)) for n in range(1, CHANGED + 1)]
            memory = process.memory_info().rss
        size = size_of(directory)
    return {
        "entries": count,
        "analysed": "each sentence once" if made.shared else "every text",
        "ten_million_additions_seconds": _additions().rounded(2),
        "build_seconds": build.rounded(1),
        "learn_seconds": learn.rounded(1),
        "built_mb": round(built / 1e6, 1),
        "learned_peak_mb": round(learned / 1e6, 1),
        "open_ms": round(1000 * opening.clock, 1),
        "ms_p50": _ms(asked, 0.5),
        "ms_p95": _ms(asked, 0.95),
        "change_ms_p50": _ms(changes, 0.5),
        "change_ms_p95": _ms(changes, 0.95),
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


class Took(NamedTuple):
    """Seconds that passed, and those of the processor."""

    clock: float
    cpu: float

    def rounded(self, digits: int) -> dict[str, float]:
        """To be printed."""
        return {name: round(value, digits) for name, value in self._asdict().items()}


async def _took(work: Any) -> Took:
    clock, cpu = time.perf_counter(), time.process_time()
    await work
    return Took(time.perf_counter() - clock, time.process_time() - cpu)


def _ms(took: Sequence[Took], share: float) -> dict[str, float]:
    each = zip(*took, strict=True)
    return Took(*(1000 * percentile(values, share) for values in each)).rounded(2)


def _additions() -> Took:
    clock, cpu, count = time.perf_counter(), time.process_time(), 0
    for number in range(10_000_000):
        count += number
    return Took(time.perf_counter() - clock, time.process_time() - cpu)


def main(given: Sequence[str] | None = None) -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("entries", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    for count in parser.parse_args(given).entries:
        print(json.dumps(asyncio.run(measure(count))), flush=True)


if __name__ == "__main__":
    main()
