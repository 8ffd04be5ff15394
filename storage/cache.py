"""What only changes when somebody changes the set-up is read once and kept in memory.

The workspace row counts its changes (`config_version`); a transaction compares that one number, so that every replica sees
a change with its next transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from sqlalchemy import bindparam, select, update

from storage.database import Transaction
from storage.tables import workspaces

V = TypeVar("V")

_VERSION = select(workspaces.c.config_version).where(workspaces.c.workspace == bindparam("w"))
_CHANGE = (
    update(workspaces)
    .where(workspaces.c.workspace == bindparam("w"))
    .values(config_version=workspaces.c.config_version + 1)
)
_CHANGED = "configuration changed"
_SEEN = "configuration version"
_OWN = "configuration as this action has changed it"


def cached(tx: Transaction, name: str, load: Callable[[Transaction], V]) -> V:
    """`load(tx)`, or what it gave for the same version of the set-up. The value is shared: it must be immutable."""
    if _CHANGED in tx.shared:  # not committed yet, so nobody else may see it
        own: dict[str, V] = tx.memo.setdefault(_OWN, {})
        if name not in own:
            own[name] = load(tx)
        return own[name]
    if _SEEN not in tx.shared:
        tx.shared[_SEEN] = tx.connection.execute(_VERSION, {"w": tx.workspace}).scalar_one_or_none()
    version, key = tx.shared[_SEEN], (tx.workspace, name)
    kept = tx.cache.get(key)
    if kept is None or version is None or kept[0] != version:
        kept = tx.cache[key] = (version, load(tx))
    return cast(V, kept[1])


def version(tx: Transaction) -> int:
    """The number of changes of the set-up so far, as this transaction sees it."""
    found = tx.connection.execute(_VERSION, {"w": tx.workspace}).scalar_one_or_none()
    return int(found or 0)


def set_up_changed(tx: Transaction) -> None:
    """Say that this transaction has changed workspace, fields, talents, duties, channels or the desk; after each change."""
    tx.shared[_CHANGED] = True
    tx.memo.pop(_OWN, None)
    tx.connection.execute(_CHANGE, {"w": tx.workspace})
