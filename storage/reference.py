"""Reference data: all 1,741 municipalities, from the list beside this module.

Source: code4fukui/localgovjp (CC0 1.0), codes of 総務省 全国地方公共団体コード, as of 2026-07-09; NOTICE says so to
whoever gets the program.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.bodies import Body, Directory
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import municipalities
from storage.upsert import Upsert


def load_municipalities(connection: Connection) -> None:
    """Insert the municipalities that are missing; names that changed are set right."""
    with files("storage").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(municipalities)
    names = {name: statement.excluded[name] for name in ("prefecture", "name", "kana", "kind")}
    connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=names), rows)


def how_many(connection: Connection) -> int:
    """How many municipalities are known."""
    return int(connection.execute(select(func.count()).select_from(municipalities)).scalar_one())


def default_fields() -> list[dict[str, Any]]:
    """The sixteen fields of advice a workspace begins with."""
    found: list[dict[str, Any]] = json.loads(
        files("storage").joinpath("data/fields.json").read_text(encoding="utf-8")
    )
    return found


def directory(tx: Transaction) -> Directory:
    """All bodies we know, to be searched."""
    return cached(tx, "directory", _directory)


_M = municipalities.c
_ALL_BODIES = select(_M.code, _M.prefecture, _M.name, _M.kana, _M.kind).order_by(_M.code)


def _directory(tx: Transaction) -> Directory:
    return Directory.of(Body(*row) for row in tx.connection.execute(_ALL_BODIES))


def prefectures(tx: Transaction) -> tuple[str, ...]:
    """The prefectures of all bodies we know, in the order of their codes."""
    return tuple(dict.fromkeys(body.prefecture for body in directory(tx).bodies))


@cache
def national_codes() -> frozenset[str]:
    """The codes of the 1,741, whose names are not ours to change."""
    with files("storage").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


_BODIES = Upsert(municipalities, ["code"], ["prefecture", "name", "kana", "kind"])


def save_bodies(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or change bodies beside the 1,741 municipalities."""
    _BODIES.run(tx, rows)
    if rows:
        set_up_changed(tx)


def known_bodies(tx: Transaction, codes: Collection[str]) -> set[str]:
    """Those of these codes that belong to a body we know."""
    found = select(municipalities.c.code).where(municipalities.c.code.in_(sorted(codes)))
    return set(tx.connection.execute(found).scalars())
