"""What a database holds once a test has set it up, kept for the next test that begins alike: it is put back in a fraction
of the time that setting up takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy.engine import make_url

from storage.tables import metadata, municipalities


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows by table as COPY writes them, those of the migrations left out, and the last number of each sequence."""

    tables: dict[str, bytes]
    numbers: list[tuple[str, int]]


_FICTIONAL = "WHERE code LIKE '99%'"
"""The bodies that a set-up brings; those that there are came with the migrations. There are 47 prefectures."""

_kept: dict[tuple[str, bool], bytes | _Rows] = {}


def put_back(url: str, what: str) -> bool:
    """Fill a migrated, empty database, which nobody has open, with what was kept as `what`; False if nothing was."""
    file = _file(url)
    found = _kept.get((what, file is not None))
    if file is not None and isinstance(found, bytes):
        file.write_bytes(found)
    elif isinstance(found, _Rows):
        _insert(url, found)
    return found is not None


def keep(url: str, what: str) -> None:
    """Keep what is in a database, which nobody has open. Only its own set-up was written since its migrations."""
    file = _file(url)
    _kept[what, file is not None] = _read(url) if file is None else file.read_bytes()


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _read(url: str) -> _Rows:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        tables = {}
        for table in metadata.sorted_tables:
            which = SQL(_FICTIONAL if table is municipalities else "")
            query = SQL("COPY (SELECT * FROM {} {}) TO STDOUT").format(Identifier(table.name), which)
            with cursor.copy(query) as rows:
                tables[table.name] = b"".join(bytes(row) for row in rows)
        cursor.execute("SELECT sequencename::text, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        return _Rows({name: rows for name, rows in tables.items() if rows}, cursor.fetchall())


def _insert(url: str, kept: _Rows) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name, rows in kept.tables.items():
            with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy:
                copy.write(rows)
        for sequence, last in kept.numbers:
            cursor.execute(SQL("SELECT setval({}, {})").format(Literal(sequence), Literal(last)))
