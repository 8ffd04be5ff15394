"""What stands on Slack is no record's any more: another renderer says so in its place."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update

from storage.database import Transaction
from storage.tables import outbox


def replace(
    tx: Transaction, instead: Mapping[str, str], *, card: str, channel: str, thread_ts: str | None
) -> None:
    """Let other renderers, by those so far, say what stands in the place of a card (its key) and in the thread below it. The
    rows are nobody's any more: the same record may be shown anew elsewhere. A card without a thread has `thread_ts` ""."""
    o = outbox.c
    here = (o.key == card) | (o.channel == channel) & (o.thread_ts == thread_ts)
    mine = (o.workspace == tx.workspace, here, o.renderer.in_(list(instead)))
    for row in tx.connection.execute(select(o.id, o.key, o.renderer).where(*mine)).all():
        values = {"key": f"left:{row.id}:{row.key}", "renderer": instead[row.renderer], "due_at": tx.real_now}
        tx.connection.execute(update(outbox).where(o.id == row.id).values(**values, wanted=o.wanted + 1))
    tx.wakes.add("outbox")
