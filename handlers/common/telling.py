"""Reaching one person and nobody else: after a card's first post every ring is a direct message.

A notice in a thread would ring everybody who follows it (docs/decisions/0006-rings.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage import letters, outbox
from storage.database import Transaction
from storage.outbox import Kind


def tell(
    tx: Transaction,
    user_id: str,
    renderer: str,
    record_id: int,
    *,
    key: str,
    values: Mapping[str, Any] | None = None,
    series: str | None = None,
) -> None:
    """Send somebody a direct message, once for this key. The renderer sees in `values` whom it addresses (`user`). Messages
    of one `series` that have the same key say the same, whatever renders them: only the first is sent."""
    outbox.send(
        tx,
        Kind.DIRECT,
        _key(series or renderer, key),
        renderer,
        record_id,
        user_id=user_id,
        values={**(values or {}), "user": user_id},
    )


def reached(tx: Transaction, renderer: str, key: str) -> bool:
    """Whether somebody has that direct message, or may have it any moment."""
    return letters.reached(tx, row_key(renderer, key))


def told(tx: Transaction, series: str, key: str) -> bool:
    """Whether that direct message was wanted once, whatever became of it; `series` or its renderer."""
    return letters.was_wanted(tx, row_key(series, key))


def row_key(series: str, key: str) -> str:
    """The key under which that direct message is kept."""
    return f"{Kind.DIRECT}:{_key(series, key)}"


def _key(renderer: str, key: str) -> str:
    return f"{renderer}:{key}"
