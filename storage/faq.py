"""FAQ entries and their revisions. Every change goes through `change`, which writes both and gives the entry a new change
number: those come from a locked row, so that their order is the order of the commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, bindparam, func, insert, select, update

from bot.domain import faq
from bot.domain.faq import Consent, Content, State, Verb
from bot.errors import UserError
from storage import after_restore
from storage.database import Transaction
from storage.faq_waiting import stands
from storage.tables import entries, revisions, workspaces


class NoSuchEntry(UserError):
    """このFAQが見つかりませんでした。県の担当へ知らせてください。"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as stored; times are aware UTC. `question_id` is the question it came from, `revision` the number of its
    latest revision; `proposed` the one with other words than are published, while they wait for who reviews."""

    id: int
    number: int
    state: str
    content: Content
    consent: str
    question_id: int | None
    revision: int
    proposed: int | None
    change: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One line of an entry's history, with the whole of what it said then."""

    number: int
    at: datetime
    actor: str | None
    verb: str
    state: str
    note: str | None
    content: Content


_OWN = [name for name in Entry.__dataclass_fields__ if name != "content"]
SELECT = select(*[entries.c[name] for name in (*_OWN, *faq.NAMES)])


def entry_of(row: Any) -> Entry:
    """An entry from a row of `SELECT`."""
    raw = row._mapping
    content = {name: raw[name] for name in faq.NAMES}
    content |= {"tags": tuple(content["tags"]), "sources": tuple(content["sources"])}
    return Entry(content=Content(**content), **{name: raw[name] for name in _OWN})


def columns_of(content: Content) -> dict[str, Any]:
    """What an entry says, as its row says it."""
    found = {name: getattr(content, name) for name in faq.NAMES}
    return {**found, "tags": list(content.tags), "sources": list(content.sources)}


def _counting(column: Column[int]) -> Any:
    query = update(workspaces).where(workspaces.c.workspace == bindparam("w"))
    return query.values({column: column + 1}).returning(column)


_NEXT_NUMBER, _NEXT_CHANGE = _counting(workspaces.c.last_entry), _counting(workspaces.c.last_change)


WAKE = "faq"
"""Woken when an entry has changed, so that the search learns of it."""


def _next_change(tx: Transaction) -> int:
    tx.wakes.add(WAKE)
    return int(tx.connection.execute(_NEXT_CHANGE, {"w": tx.workspace}).scalar_one())


def add(
    tx: Transaction, content: Content, *, actor: str, consent: Consent, question_id: int | None = None
) -> Entry:
    """Insert a draft with its first revision."""
    number = int(tx.connection.execute(_NEXT_NUMBER, {"w": tx.workspace}).scalar_one())
    values = {
        "workspace": tx.workspace,
        **after_restore.ids(tx, entries),
        "number": number,
        "state": State.DRAFT.value,
        "consent": consent.value,
        "question_id": question_id,
        "revision": 1,
        "change": _next_change(tx),
        "created_at": tx.now,
        "changed_at": tx.now,
        **columns_of(content),
    }
    entry_id = int(tx.connection.execute(insert(entries).values(values).returning(entries.c.id)).scalar_one())
    found = need(tx, entry_id)
    _note(tx, found, Verb.KEEP, actor, None, content)
    return found


def _note(
    tx: Transaction, entry: Entry, verb: Verb, actor: str | None, note: str | None, said: Content
) -> None:
    tx.connection.execute(
        insert(revisions).values(
            workspace=tx.workspace,
            entry_id=entry.id,
            number=entry.revision,
            at=tx.now,
            actor=actor,
            verb=verb.value,
            state=entry.state,
            note=note,
            content=faq.stored(said),
        )
    )


def change(
    tx: Transaction,
    entry: Entry,
    verb: Verb,
    actor: str | None,
    *,
    content: Content | None = None,
    said: Content | None = None,
    note: str | None = None,
    state: State | None = None,
    consent: Consent | None = None,
) -> Entry:
    """Change an entry and write the revision that says who did what; returns it as it is now. What is only `said` (proposed,
    or given back) stands in the revision alone."""
    comes_out = state is State.PUBLISHED and entry.state != State.PUBLISHED
    after = replace(
        entry,
        content=content or entry.content,
        state=(state or State(entry.state)).value,
        consent=(consent or Consent(entry.consent)).value,
        revision=entry.revision + 1,
        proposed=entry.revision + 1 if verb is Verb.PROPOSE else None,
        change=_next_change(tx),
        changed_at=tx.now if said is None else entry.changed_at,
        published_at=tx.now if comes_out else entry.published_at,
    )
    kept = ("state", "consent", "revision", "proposed", "change", "changed_at", "published_at")
    values = {**columns_of(after.content), **{name: getattr(after, name) for name in kept}}
    tx.connection.execute(update(entries).where(entries.c.id == entry.id).values(values))
    _note(tx, after, verb, actor, note, said or after.content)
    return after


def touch(tx: Transaction, entry_id: int) -> None:
    """What belongs to an entry changed (how people ask for it): it has a new change number."""
    tx.connection.execute(update(entries).where(entries.c.id == entry_id).values(change=_next_change(tx)))


def get(tx: Transaction, entry_id: int) -> Entry | None:
    """An entry by its id."""
    found = SELECT.where(entries.c.workspace == tx.workspace, entries.c.id == entry_id)
    row = tx.connection.execute(found).one_or_none()
    return None if row is None else entry_of(row)


def need(tx: Transaction, entry_id: int) -> Entry:
    """An entry by its id.

    Raises:
        NoSuchEntry: there is none in this workspace.
    """
    found = get(tx, entry_id)
    if found is None:
        raise NoSuchEntry()
    return found


def these(tx: Transaction, ids: Sequence[int]) -> list[Entry]:
    """The published ones among these, in this order."""
    found = SELECT.where(
        entries.c.workspace == tx.workspace, entries.c.id.in_(ids), entries.c.state == State.PUBLISHED.value
    )
    by_id = {entry.id: entry for entry in map(entry_of, tx.connection.execute(found))}
    return [by_id[each] for each in ids if each in by_id]


def from_question(tx: Transaction, question_id: int) -> Entry | None:
    """The entry that was made of a question; the newest."""
    return next(iter(all_from_question(tx, question_id)), None)


def all_from_question(tx: Transaction, question_id: int) -> list[Entry]:
    """Every entry that was made of a question, the newest first: one that was put away may have been followed by another."""
    mine = SELECT.where(entries.c.workspace == tx.workspace, entries.c.question_id == question_id)
    return _listed(mine.order_by(entries.c.id.desc()), tx)


def _listed(query: Select[Any], tx: Transaction) -> list[Entry]:
    return [entry_of(row) for row in tx.connection.execute(query)]


def in_state(
    tx: Transaction, state: State, *, owner: str | None = None, most: int = 50, after: int = 0, start: int = 0
) -> list[Entry]:
    """Entries in a state, of everybody or of one owner, oldest change first; `after` this change number. Among those to be
    reviewed is what is published and has other words proposed."""
    e = entries.c
    mine = SELECT.where(e.workspace == tx.workspace, stands(tx, state), e.change > after)
    mine = mine if owner is None else mine.where(e.owner == owner)
    return _listed(mine.order_by(e.change).limit(most).offset(start), tx)


def to_review(
    tx: Transaction, until: date, *, owner: str | None = None, most: int = 50, start: int = 0
) -> list[Entry]:
    """Published entries whose review date has come by this day, of everybody or of one owner, the longest overdue first."""
    e = entries.c
    mine = SELECT.where(e.workspace == tx.workspace, e.state == State.PUBLISHED.value, e.review_on <= until)
    mine = mine if owner is None else mine.where(e.owner == owner)
    return _listed(mine.order_by(e.review_on, e.id).limit(most).offset(start), tx)


def how_many(tx: Transaction) -> dict[State, int]:
    """How many entries there are in each state."""
    counted = select(entries.c.state, func.count()).where(entries.c.workspace == tx.workspace)
    found = {State(state): int(n) for state, n in tx.connection.execute(counted.group_by(entries.c.state))}
    return {state: found.get(state, 0) for state in State}


def history(tx: Transaction, entry_id: int) -> list[Revision]:
    """An entry's revisions, oldest first."""
    r = revisions.c
    names = [r[name] for name in Revision.__dataclass_fields__]
    query = select(*names).where(r.workspace == tx.workspace, r.entry_id == entry_id).order_by(r.number)
    found = tx.connection.execute(query).mappings()
    return [Revision(**{**row, "content": faq.restored(row["content"])}) for row in found]
