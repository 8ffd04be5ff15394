"""What people shared of a record: cards of the outbox, as many as they shared, that follow it."""

from __future__ import annotations

from sqlalchemy import update

from storage import outbox
from storage.database import Transaction
from storage.tables import outbox as table


def share(tx: Transaction, renderer: str, record_id: int, *, source: str, channel: str, user: str) -> None:
    """Show a record in a channel, by somebody; once for each source."""
    row = outbox.card(renderer, record_id, channel, None)
    mine = {"key": f"{_prefix(renderer, record_id)}{source}", "priority": outbox.Priority.FIRST}
    outbox.want(tx, {**row, **mine, "values": {"user": user}}, once=True)


def changed(tx: Transaction, renderer: str, record_id: int) -> None:
    """A record changed: what was shared of it shows that. What said nothing when its turn came stays unsaid."""
    o, prefix = table.c, _prefix(renderer, record_id)
    mine = (o.workspace == tx.workspace, o.key >= prefix, o.key < prefix[:-1] + ";")  # ";" follows ":"
    there = o.posted_ts.is_not(None) | (o.wanted > o.sent)
    again = update(table).where(*mine, there).values(wanted=o.wanted + 1, due_at=tx.real_now)
    if tx.connection.execute(again).rowcount:
        tx.wakes.add("outbox")


def _prefix(renderer: str, record_id: int) -> str:
    return f"card:{renderer}:{record_id}:"
