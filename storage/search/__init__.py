"""Finding entries by what people type: the index on disk, a disposable projection of what the database says.

What belongs here: how a text is analysed (`analysis`), what one index holds and how it is asked (`generation`), which one is
asked and which is filled (`shelf`), how it keeps in step (`searching`), what words mean (`meaning`), what an
embedder calls near, if there is one (`nearness`), what people call the
same (`vocabulary`). What never does: which words count and what comes
first (`bot.domain.terms`, `bot.domain.ranking`), SQL. The only place that knows tantivy and Sudachi. Tests use a real index
in a temporary directory; `python -m benchmarks.search` says whether a change finds more.
"""

from storage.search.analysis import Analyser
from storage.search.nearness import Nearness, Vector, packed
from storage.search.searching import Changed, Changes, Search
from storage.search.shelf import INDEXES, place
from storage.search.vocabulary import usual

__all__ = [
    "INDEXES",
    "Analyser",
    "Changed",
    "Changes",
    "Nearness",
    "Search",
    "Vector",
    "packed",
    "place",
    "usual",
]
