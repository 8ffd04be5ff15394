"""Direct messages of the bot that stand on Slack: what each is about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Transaction
from storage.outbox import Kind
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message that was sent once: by which renderer, about which record."""

    renderer: str
    record_id: int


def letter_at(tx: Transaction, channel: str, ts: str) -> Letter | None:
    """The letter that stands in somebody's direct message with the bot; None when no letter does."""
    o = outbox.c
    mine = (o.workspace == tx.workspace, o.kind == Kind.DIRECT)
    here = select(o.renderer, o.record_id).where(*mine, o.posted_ts == ts, o.posted_channel == channel)
    row = tx.connection.execute(here.limit(1)).first()
    return None if row is None else Letter(*row)
