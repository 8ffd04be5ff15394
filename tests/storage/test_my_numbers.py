"""The last door: no column that holds what people type takes a My Number, whoever forgot to look before."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Column, Text, select

from bot.domain.my_number import MASK
from storage import failures, messages
from storage.columns import Json, Words
from storage.database import Database, Transaction
from storage.tables import channels, metadata

NUMBER = "1234-5678-9018"
_MADE = """
workspace code url zone intake user_id permission municipality_code id mail_domain role channel purpose ts thread_ts asker
field_id state close_reason responsible next_step way audience urgency entered_by desk_channel desk_ts author set_aside
group_ts edited_ts actor verb uid key kind renderer posted_channel posted_ts posted_state lease error source reference what
owner consent size_band undone_by clock created_by every on_closed changed_by hours agreed_by thanked_to years
added_by scope scope_value handoff user_group user_group_refused made_by giver taker targets letters sent_as selector
digest made_as proposed_by closed_by asked_by published_by pinned_ts answer materials_by recorded_by said_by digests
done_by model
"""
MADE = frozenset(_MADE.split())
"""Columns that no person types into: ids, keys, stamps, and the words of our own code and of the reference data."""

COLUMNS = [column for table in metadata.sorted_tables for column in table.c if table.name != "municipality"]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_text_column_is_for_words_or_for_ids(column: Column[object]) -> None:
    """A new column of plain `text` must be named above, or be made with `words`."""
    if isinstance(column.type, Text):
        assert column.name in MADE


def test_json_is_always_looked_through() -> None:
    assert all(isinstance(column.type, Json) for column in COLUMNS if "JSON" in str(column.type))
    assert sum(isinstance(column.type, Words) for column in COLUMNS) > 10


async def test_what_people_type_is_masked_whichever_way_it_is_written(opened: Database) -> None:
    place = {"channel": "C1", "ts": "1795482000.123456", "author": "U1"}

    def write(tx: Transaction) -> int:
        messages.add(
            tx,
            **place,
            thread_ts=None,
            body=f"番号は{NUMBER}",
            files=[{"id": "F1", "name": f"{NUMBER}.pdf"}],
            written_at=tx.now,
        )
        row = messages.find(tx, "C1", place["ts"])
        assert row is not None
        assert (row.body, row.files) == (f"番号は{MASK}", [{"id": "F1", "name": f"{MASK}.pdf"}])
        messages.change(tx, [row.id], body=f"やはり{NUMBER}")
        return row.id

    changed = await opened.write(write)
    row = await opened.read(messages.by_id, changed)
    assert row is not None
    assert (row.body, row.ts) == (f"やはり{MASK}", place["ts"])


async def test_a_failed_event_is_kept_without_the_number_and_with_the_rest(opened: Database) -> None:
    event = {
        "text": NUMBER,
        "ts": "1795482000.123456",
        "files": [{"name": NUMBER, "size": 123456789018}],
        "n": None,
    }
    body = {"event": event, "event_id": "Ev0123456789"}
    await opened.write(
        lambda tx: failures.keep_failed(
            tx, reference="AAAA-AA", kind="message", body=body, error="ValueError"
        )
    )
    (kept,) = await opened.read(failures.to_replay)
    assert kept.body == {**body, "event": {**event, "text": MASK, "files": [{"name": MASK, "size": MASK}]}}
    assert "9018" not in json.dumps(kept.body)


async def test_looking_for_words_finds_what_was_masked(opened: Database) -> None:
    """The same mask on the way in and in a comparison: a masked text equals itself."""

    def write(tx: Transaction) -> list[str]:
        tx.connection.execute(
            channels.insert().values(
                workspace=tx.workspace, channel="C1", name=f"相談 {NUMBER}", purpose="other"
            )
        )
        found = tx.connection.execute(select(channels.c.name).where(channels.c.name == f"相談 {NUMBER}"))
        return list(found.scalars())

    assert await opened.write(write) == [f"相談 {MASK}"]
