"""The vocabulary that comes with the program: names for one thing in the work of a municipality, a group a line.

Written for this project, from what staff and residents say, not from what a benchmark asks.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from bot.domain.vocabulary import Vocabulary


@cache
def usual() -> Vocabulary:
    """What a prefecture starts with; its coordinators change it."""
    with files("storage").joinpath("data/synonyms.csv").open(encoding="utf-8") as file:
        return Vocabulary(tuple(tuple(row) for row in csv.reader(file) if row))
