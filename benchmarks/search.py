"""How well, and how fast, the search finds: `python -m benchmarks.search DIR` prints one JSON object a line.

DIR holds entries and judged queries, such as localgovFAQ (Kyoto University): `corpus.json` id → {question, answer},
`queries.json` id → text, `qrels.json` id → {entry: grade}. It is no part of this repository; without it nothing is measured.
From text to result it is the product's own code, and so is what is learned: each query of `--history`, or of the other
folds, was looked for by somebody who said 「これで解決」 of the entry that holds its answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import percentile
from benchmarks.judging import figures, offered
from benchmarks.library import FILES, Judged, Library, Shelves, read, size_of
from benchmarks.machine import say
from benchmarks.mistyped import WAYS, Mistyped
from bot.embedding import Embedder
from bot.embedding.chosen import chosen
from bot.settings import load_settings

EMBED = (
    ("embed", "also find by meaning: an address that speaks as OpenAI's /v1/embeddings"),
    ("embed-model", "its model"),
    ("embed-model-dir", "instead: a directory with a model"),
    ("embed-query-prefix", "what the model wants before what is looked for"),
    ("embed-entry-prefix", "and before an entry"),
)


@dataclass(slots=True)
class Asked:
    """What was found for each query, what of it was strong, and how long each took, in ms."""

    found: dict[str, list[str]] = field(default_factory=dict)
    strong: dict[str, list[str]] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    async def ask(self, library: Library, queries: Mapping[str, str]) -> Asked:
        """Look for every query."""
        for query, text in queries.items():
            begun = time.perf_counter()
            self.found[query], self.strong[query] = await library.find(text)
            self.took.append(1000 * (time.perf_counter() - begun))
        return self

    def figures(self, judged: Judged) -> dict[str, float]:
        """Everything that can be said of it."""
        grades = {query: judged.grades.get(query, {}) for query in self.found}
        return {
            **figures(self.found, grades),
            **offered(self.strong, grades),
            "ms_p50": round(percentile(self.took, 0.5), 2),
            "ms_p95": round(percentile(self.took, 0.95), 2),
        }


async def measure(
    judged: Judged, history: Judged | None = None, folds: int = 0, embedder: Embedder | None = None
) -> list[dict[str, Any]]:
    """Index the set, ask every query, judge what comes: cold, with what was learned from a history, in folds, mistyped."""
    with TemporaryDirectory(prefix="banso-search-") as made:
        shelves = Shelves(Path(made), judged, embedder)
        await shelves.fill()
        async with shelves.lent() as (library, index):
            await library.search.find("はじめの一言")  # loads the dictionary
            begun = time.perf_counter()
            await library.in_step()
            built = {"index_seconds": round(time.perf_counter() - begun, 2), "index_bytes": size_of(index)}
            cold = await Asked().ask(library, judged.queries)
            lines = [{"system": "banso", "entries": len(judged.corpus), **cold.figures(judged), **built}]
            lines += [await _mistyped(library, judged, way) for way in WAYS]
        if history is not None:
            pairs = _answered(history, history.queries)
            async with shelves.lent(index) as (library, _):
                await library.learn(pairs)
                warm = await Asked().ask(library, judged.queries)
            learned = {entry for _, entry in pairs}
            bare = {query: learned for query in judged.queries}
            lines.append(
                {
                    "system": "banso",
                    "history": len(pairs),
                    **warm.figures(judged),
                    **_harm(cold, warm, judged, bare),
                }
            )
        if folds > 1:
            lines.append(await _in_folds(shelves, judged, index, cold, folds))
        return lines


async def _in_folds(shelves: Shelves, judged: Judged, index: Path, cold: Asked, folds: int) -> dict[str, Any]:
    queries = list(judged.queries)
    random.Random(folds).shuffle(queries)
    warm, learned = Asked(), dict[str, set[str]]()
    for fold in range(folds):
        asked = queries[fold::folds]
        pairs = _answered(judged, [query for query in queries if query not in set(asked)])
        async with shelves.lent(index) as (library, _):
            await library.learn(pairs)
            await warm.ask(library, {query: judged.queries[query] for query in asked})
        known = {entry for _, entry in pairs}
        learned.update((query, known) for query in asked)
    return {"system": "banso", "folds": folds, **warm.figures(judged), **_harm(cold, warm, judged, learned)}


def _answered(judged: Judged, queries: Iterable[str]) -> list[tuple[str, str]]:
    return [(judged.queries[query], entry) for query in queries if (entry := judged.answer_of(query))]


def _harm(cold: Asked, warm: Asked, judged: Judged, learned: Mapping[str, set[str]]) -> dict[str, float]:
    """Of the queries whose answers nobody asked for before: how many had one first, before and after."""
    bare = {
        query: answers
        for query in warm.found
        if (answers := {entry for entry, grade in judged.grades.get(query, {}).items() if grade == 2})
        and not answers & learned[query]
    }
    if not bare:
        return {}

    def hit(asked: Asked) -> float:
        return round(fmean(bool(answers & set(asked.found[query][:1])) for query, answers in bare.items()), 4)

    return {"unlearned": len(bare), "unlearned_Hit@1_cold": hit(cold), "unlearned_Hit@1": hit(warm)}


async def _mistyped(library: Library, judged: Judged, way: Mistyped) -> dict[str, Any]:
    """The same queries, each mistyped in one way where that can be; and how they are found as they were typed before."""
    changed = {query: typed for query, text in judged.queries.items() if (typed := way.of(text)) != text}
    if not changed:
        return {"system": "banso", "mistyped": way.name, "queries": 0}
    right = await Asked().ask(library, {query: judged.queries[query] for query in changed})
    wrong = await Asked().ask(library, changed)
    before, after = right.figures(judged), wrong.figures(judged)
    shown = {f"{name}": after[name] for name in ("queries", "R@10", "SR@1", "SR@5")}
    return {"system": "banso", "mistyped": way.name, **shown, "R@10_typed_right": before["R@10"]}


async def _with_embedder(
    judged: Judged, history: Judged | None, given: argparse.Namespace
) -> list[dict[str, Any]]:
    """Measure with the embedder that was given, if one was (that of `.env` is not); its key is in EMBED_KEY."""
    if given.embed is None and given.embed_model_dir is None:
        return await measure(judged, history, given.folds)
    said = {name.replace("-", "_"): getattr(given, name.replace("-", "_")) for name, _ in EMBED}
    named = {("embed_url" if name == "embed" else name): value for name, value in said.items() if value}
    async with chosen(load_settings(_env_file=None, **named)) as embedder:
        lines = await measure(judged, history, given.folds, embedder)
        return [{**line, "embedder": given.embed_model or str(given.embed_model_dir)} for line in lines]


def _missing(directories: Sequence[Path]) -> list[str]:
    return [str(each / name) for each in directories for name in FILES if not (each / name).is_file()]


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("directory", type=Path, metavar="DIR", help=f"a folder with {', '.join(FILES)}")
    parser.add_argument("--history", type=Path, metavar="DIR2", help="its queries are learned first")
    parser.add_argument(
        "--folds", type=int, default=0, metavar="K", help="learn from K - 1 of K, ask the other"
    )
    parser.add_argument(
        "--baselines", action="store_true", help="FTS5 trigrams, tsvector, plain BM25 as well"
    )
    for name, says in EMBED:
        parser.add_argument(f"--{name}", default=None, help=says)
    given = parser.parse_args()
    if missing := _missing([given.directory, *([given.history] if given.history else [])]):
        say(f"nothing measured: there is no {', '.join(missing)}")
        return
    judged = read(given.directory)
    history = read(given.history) if given.history else None
    lines = asyncio.run(_with_embedder(judged, history, given))
    if given.baselines:
        from benchmarks.baselines import baselines

        lines += baselines(judged)
    for line in lines:
        print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
