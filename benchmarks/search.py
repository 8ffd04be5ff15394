"""How well, and how fast, the search finds: `python -m benchmarks.search DIR` prints one JSON object.

DIR holds entries and judged queries, such as localgovFAQ (Kyoto University): `corpus.json` id → {question, answer},
`queries.json` id → text, `qrels.json` id → {entry: grade}. It is no part of this repository; without it nothing is measured.
From text to result it is the product's own code; only the database is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import percentile
from benchmarks.judging import Grades, figures, offered
from benchmarks.machine import say
from bot.domain.finding import Document
from storage.search import Changes, Search

FILES = ("corpus.json", "queries.json", "qrels.json")
PORTION = 1000


class Entries:
    """The entries of a set, as a database would give them out."""

    def __init__(self, corpus: Mapping[str, Mapping[str, str]]) -> None:
        self.names = dict(enumerate(corpus, 1))
        self._documents = [
            Document(n, corpus[name]["question"], corpus[name]["answer"], (), None, "faq", n)
            for n, name in self.names.items()
        ]

    async def changed(self, since: int) -> Changes:
        """The next portion."""
        return Changes(self._documents[since : since + PORTION], len(self._documents))


async def measure(corpus: Any, queries: Mapping[str, str], judged: Mapping[str, Grades]) -> dict[str, Any]:
    """Index the set, ask every query, judge what comes."""
    entries = Entries(corpus)
    with TemporaryDirectory(prefix="banso-search-") as made:
        async with Search(Path(made), entries.changed) as search:
            await search.find("はじめの一言")  # loads the dictionary
            begun = time.perf_counter()
            await search.catch_up()
            seconds = time.perf_counter() - begun
            results, strong, took = {}, {}, []
            for query, text in queries.items():
                begun = time.perf_counter()
                hits = await search.find(text)
                took.append(1000 * (time.perf_counter() - begun))
                results[query] = [entries.names[hit.id] for hit in hits]
                strong[query] = [entries.names[hit.id] for hit in hits if hit.strong]
        size = _size(Path(made))
    return {
        "system": "banso",
        "entries": len(corpus),
        **figures(results, judged),
        **offered(strong, judged),
        "index_seconds": round(seconds, 2),
        "index_bytes": size,
        "ms_p50": round(percentile(took, 0.5), 2),
        "ms_p95": round(percentile(took, 0.95), 2),
    }


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def main() -> None:
    """Read the argument, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("directory", type=Path, metavar="DIR", help=f"a folder with {', '.join(FILES)}")
    directory = parser.parse_args().directory
    if missing := [name for name in FILES if not (directory / name).is_file()]:
        say(f"nothing measured: {directory} has no {', '.join(missing)}")
        return
    files = (json.loads((directory / name).read_text("utf-8")) for name in FILES)
    print(json.dumps(asyncio.run(measure(*files)), ensure_ascii=False))


if __name__ == "__main__":
    main()
