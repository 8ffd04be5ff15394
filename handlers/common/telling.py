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
    if not channels.is_in_channel(tx, channel, user_id):
        tell_directly(tx, user_id, renderer, record_id, key=key, values=values)
        return
    outbox.send(
        tx,
        Kind.NOTICE,
        f"{renderer}:{key}",
        renderer,
        record_id,
        channel=channel,
        thread_ts=thread_ts,
        user_id=user_id,
        values={**(values or {}), "user": user_id, "direct": False},
    )


def tell_directly(
    tx: Transaction,
    user_id: str,
    renderer: str,
    record_id: int,
    *,
    key: str,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Send somebody a direct message, once for this key."""
    outbox.send(
        tx,
        Kind.DIRECT,
        f"{renderer}:{key}",
        renderer,
        record_id,
        user_id=user_id,
        values={**(values or {}), "user": user_id, "direct": True},
    )
