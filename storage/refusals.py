"""Why a database refuses, in the operator's words: no traceback, no English, no part of the address."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "ほかのプログラムが使っています",
    sqlite3.SQLITE_LOCKED: "ほかのプログラムが使っています",
    sqlite3.SQLITE_FULL: "空き容量がありません",
    sqlite3.SQLITE_READONLY: "書き込みが許されていません",
    sqlite3.SQLITE_PERM: "ファイルを使う権限がありません",
    sqlite3.SQLITE_CANTOPEN: "ファイルを開けません",
    sqlite3.SQLITE_NOTADB: "データベースではないファイルです",
    sqlite3.SQLITE_CORRUPT: "ファイルが壊れています",
    sqlite3.SQLITE_IOERR: "ディスクを読み書きできません",
}
"""By primary result code (https://sqlite.org/rescode.html)."""

_POSTGRESQL: Final = {
    "25006": "読み取り専用になっています",
    "42501": "この利用者には権限がありません",
    "53100": "空き容量がありません",
    "53300": "接続の数が上限です",
    "55P03": "ほかの処理が使っています",
    "57P03": "起動か停止の途中です",
    "08": "接続が切れました",
    "53": "資源が足りません",
    "57": "止められました",
    "58": "ディスクを読み書きできません",
}
"""By SQLSTATE, or by its class (PostgreSQL documentation, appendix A)."""

_CONNECTING: Final = {
    "Connection refused": "宛先で動いていません",
    "resolve host": "宛先の名前が見つかりません",
    "No such file or directory": "宛先で動いていません",
    "password": "利用者名かパスワードが違います",
    "pg_hba.conf": "この機械からの接続が許されていません",
    "not permitted": "この利用者の接続が許されていません",
    "not currently accepting": "接続を受け付けていません",
    "too many": "接続の数が上限です",
    "starting up": "起動か停止の途中です",
    "shutting down": "起動か停止の途中です",
    "does not exist": "その名前のデータベースか利用者がありません",
    "timeout": "返事がありません",
    "timed out": "返事がありません",
    "connection option": "DATABASE_URL の ? のあとに、知らない項目があります",
}
"""By libpq's words: a connection that fails carries no SQLSTATE."""


def in_words(error: BaseException | None) -> str:
    """A few words for a parenthesis; the name of the failure when we have none for it."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code: int | None = getattr(original, "sqlite_errorcode", None)
    state: str = getattr(original, "sqlstate", None) or ""
    if code is not None:
        found = _SQLITE.get(code & 0xFF)
    elif state:
        found = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    elif isinstance(original, OSError):
        found = "その場所にファイルを作れません"
    else:
        found = next((words for said, words in _CONNECTING.items() if said in str(original)), None)
    return found or ("理由は分かりません" if original is None else type(original).__name__)
