"""How the search grows: `python -m benchmarks.scale [10000 100000 …]` prints one JSON object for each number of entries.

No database: what is measured is the index, from text to result. What the entries are like is said in `benchmarks.entries`:
they are made of the usual vocabulary, or with `--like DIR` after those of a folder such as localgovFAQ, whose queries are
then asked. `shares` says how large a part of the entries holds the words of a query, all of them taken together; with
`--like` also how large it is in the folder itself: what a search costs is what it must read of them.

To analyse a million texts takes half an hour of a processor, and says no more than to analyse the first. So many of them are
made of the same sentences, as many towns' are, and what one is cut into is remembered while the index is built (`analysed`);
everything else is as ever, and whoever asks and changes is given the product's own analysis.

With `--keep DIR` the indexes stay there, and are not built again when they are there already.

On a machine that does other things too, `cpu` says more than the clock; `ten_million_additions_seconds` says how busy it was
(half a second is usual), and how much slower its processors were meanwhile (`cpu`).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psutil

from benchmarks.entries import Entries, Like, Made, Remembering
from benchmarks.figures import percentile
from benchmarks.library import FILES, read, size_of
from benchmarks.machine import say
from bot.domain.finding import Document
from storage.search import Analyser, Search

QUERIES = 300
CHANGED = 20
SAMPLE = 2000
"""Entries of which is counted how many hold the words of a query."""


async def measure(entries: Entries, kept: Path | None = None) -> dict[str, Any]:
    """Build, open again, ask, change."""
    process = psutil.Process()
    with TemporaryDirectory(prefix="banso-scale-", dir=kept.parent if kept else None) as place:
        directory = Path(place)
        built = await _built(directory, entries) if kept is None else await _kept(kept, entries)
        if kept is not None:
            # What is written never changes in place: a change of an entry leaves what is kept as it is.
            shutil.copytree(kept, directory, copy_function=os.link, dirs_exist_ok=True)
        gc.collect()
        gc.freeze()  # what the entries are made of is no part of the product
        async with Search(directory, entries) as search:
            opening = await _took(search.catch_up())
            await search.find("はじめの一言")  # loads the dictionary of this search
            asked = [await _took(search.find(entries.query(n))) for n in range(QUERIES)]
            changes = [await _took(_changed(search, entries, n)) for n in range(1, CHANGED + 1)]
            memory = process.memory_info().rss
        size = size_of(directory)
    return {
        "entries": entries.count,
        "like": entries.like,
        "analysed": "each sentence once" if entries.once else "every text",
        "ten_million_additions_seconds": _additions().rounded(2),
        **built,
        "open_ms": round(1000 * opening.clock, 1),
        "ms_p50": _ms(asked, 0.5),
        "ms_p95": _ms(asked, 0.95),
        "change_ms_p50": _ms(changes, 0.5),
        "change_ms_p95": _ms(changes, 0.95),
        "index_mb": round(size / 1e6, 1),
        "rss_mb": round(memory / 1e6, 1),
    }


async def _kept(directory: Path, entries: Entries) -> dict[str, Any]:
    """Fill an index that stays, if it is not there; what that took is noted beside it."""
    note = directory.with_name(f"{directory.name}.json")
    if not await asyncio.to_thread(note.is_file):
        built = await _built(directory, entries)
        await asyncio.to_thread(note.write_text, json.dumps(built))
    found: dict[str, Any] = json.loads(await asyncio.to_thread(note.read_text))
    return found


async def _built(directory: Path, entries: Entries) -> dict[str, Any]:
    """Fill an index."""
    async with Search(directory, entries, analyser=Remembering() if entries.once else None) as search:
        await search.find("はじめの一言")
        build, built = await _took(search.catch_up()), psutil.Process().memory_info().rss
        learn, learned = await _took(search.learn()), getrusage(RUSAGE_SELF).ru_maxrss * 1024
    return {
        "build_seconds": build.rounded(1),
        "learn_seconds": learn.rounded(1),
        "built_mb": round(built / 1e6, 1),
        "learned_peak_mb": round(learned / 1e6, 1),
    }


def shares(documents: Sequence[Document], queries: Iterable[str]) -> dict[str, float]:
    """How large a part of the entries holds the words of a query, and its characters, all taken together."""
    analyser, held = Analyser(), Counter[tuple[str, str]]()
    for each in documents:
        text = f"{each.question}\n{each.answer}"
        held.update({("words", word) for word in analyser.words(text)})
        held.update({("chars", pair) for pair in analyser.characters(text)})
    told: dict[str, list[float]] = {"words": [], "chars": []}
    for query in queries:
        for kind, terms in (("words", analyser.words(query)), ("chars", analyser.characters(query))):
            told[kind].append(sum(held[kind, term] for term in set(terms)) / len(documents))
    return {
        f"{kind}_p{round(100 * share)}": round(percentile(each, share), 2)
        for kind, each in told.items()
        for share in (0.5, 0.95)
    }


async def _changed(search: Search, entries: Entries, number: int) -> None:
    """One entry's change is on disk, and found."""
    word = f"変更zq{chr(ord('a') + number)}"
    entries.change(number, word)
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


def _entries(count: int, like: Path | None) -> Entries:
    return Made(count) if like is None else Like(count, read(like))


def main(given: Sequence[str] | None = None) -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("entries", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--like", type=Path, metavar="DIR", help=f"a folder with {', '.join(FILES)}")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the indexes stay")
    told = parser.parse_args(given)
    if told.like is not None and (missing := [name for name in FILES if not (told.like / name).is_file()]):
        say(f"nothing measured: there is no {', '.join(missing)} in {told.like}")
        return
    for count in told.entries:
        entries = _entries(count, told.like)
        kept = told.keep / f"{count}-{entries.like}" if told.keep is not None else None
        line = asyncio.run(measure(entries, kept))
        asked = [entries.query(n) for n in range(QUERIES)]
        some = [entries.entry(n) for n in range(1, min(count, SAMPLE) + 1)]
        line["shares"] = shares(some, asked)
        if isinstance(entries, Like):
            line["shares_there"] = shares(entries.real, asked)
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
