"""What most would pick: SQLite's trigrams, PostgreSQL's tsvector, plain BM25, on the same entries and queries."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log
from typing import Any

import psycopg

from benchmarks.judging import figures
from benchmarks.library import Judged
from benchmarks.server import postgresql
from storage.search.analysis import Analyser

Find = Callable[[str], list[str]]
MOST = 50


def baselines(judged: Judged) -> list[dict[str, Any]]:
    """One line for each; all judge by the same measures."""
    analyser = Analyser()
    lines = []
    for name, opened in (("fts5 trigram", _trigram), ("tsvector", _tsvector), ("bm25", _bm25)):
        with opened(judged, analyser) as find:
            found = {query: find(text) for query, text in judged.queries.items()}
        lines.append({"system": name, **figures(found, judged.grades)})
    return lines


@contextmanager
def _trigram(judged: Judged, _: Analyser) -> Iterator[Find]:
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE entry USING fts5(name UNINDEXED, text, tokenize='trigram')")
        rows = [(name, f"{text['question']}\n{text['answer']}") for name, text in judged.corpus.items()]
        db.executemany("INSERT INTO entry VALUES (?, ?)", rows)

        def find(text: str) -> list[str]:
            grams = {text[at : at + 3].replace('"', " ") for at in range(len(text) - 2)}
            wanted = " OR ".join(f'"{gram}"' for gram in grams if len(gram.strip()) == 3)
            query = "SELECT name FROM entry WHERE text MATCH ? ORDER BY rank LIMIT ?"
            return [name for (name,) in db.execute(query, (wanted, MOST))] if wanted else []

        yield find


@contextmanager
def _tsvector(judged: Judged, analyser: Analyser) -> Iterator[Find]:
    def cut(text: str) -> list[str]:
        return [word for word in analyser.words(text) if word.isalnum()]

    with postgresql(durable=False) as url, psycopg.connect(url.replace("+psycopg", "")) as db:
        db.execute("CREATE TEMP TABLE entry (name text, words tsvector)")
        for name, text in judged.corpus.items():
            words = " ".join(cut(f"{text['question']}\n{text['answer']}"))
            db.execute("INSERT INTO entry VALUES (%s, to_tsvector('simple', %s))", (name, words))

        def find(text: str) -> list[str]:
            wanted = " | ".join(dict.fromkeys(cut(text)))
            query = """SELECT name FROM entry, to_tsquery('simple', %s) q WHERE words @@ q
                       ORDER BY ts_rank(words, q) DESC LIMIT %s"""
            return [row[0] for row in db.execute(query, (wanted, MOST))] if wanted else []

        yield find


@contextmanager
def _bm25(judged: Judged, analyser: Analyser) -> Iterator[Find]:
    counted = {
        name: Counter(analyser.words(f"{text['question']}\n{text['answer']}"))
        for name, text in judged.corpus.items()
    }
    often = Counter(word for words in counted.values() for word in words)
    mean = sum(words.total() for words in counted.values()) / len(counted)

    def weigh(word: str, words: Counter[str]) -> float:
        n, length = words[word], words.total() / mean
        idf = log(1 + (len(counted) - often[word] + 0.5) / (often[word] + 0.5))
        return idf * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * length))

    def find(text: str) -> list[str]:
        asked = set(analyser.words(text))
        scores = {
            name: sum(weigh(word, words) for word in asked & words.keys())
            for name, words in counted.items()
            if not asked.isdisjoint(words)
        }
        return sorted(scores, key=lambda name: -scores[name])[:MOST]

    yield find
