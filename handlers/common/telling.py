"""Reaching a person: a mention rings only who is in the channel; everybody else gets a direct message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage import channels, outbox
from storage.database import Transaction
from storage.outbox import Kind


def tell(
    tx: Transaction,
    user_id: str,
    renderer: str,
    record_id: int,
    *,
    key: str,
    channel: str,
    thread_ts: str | None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Ring somebody once (`key`): in the thread when they are in the channel, else by direct message.

    The renderer sees in `values` whom it addresses (`user`) and whether it is a direct message (`direct`).
    """
    inside = channels.is_in_channel(tx, channel, user_id)
    outbox.send(
        tx,
        Kind.NOTICE if inside else Kind.DIRECT,
        f"{renderer}:{key}",
        renderer,
        record_id,
        channel=channel if inside else "",
        thread_ts=thread_ts if inside else None,
        user_id=user_id,
        values={**(values or {}), "user": user_id, "direct": not inside},
    )
