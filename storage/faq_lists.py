"""The FAQ as a list: all of it at once, and many entries in a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, insert, select, update

from bot.domain import faq as rules
from bot.domain.faq import Consent, Content, State, Verb
from storage import after_restore, faq
from storage.database import Transaction
from storage.faq import Entry
from storage.tables import entries, questions, revisions, workspaces
from storage.tables import phrasings as _phrasings
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Asked:
    """A way to ask for an entry; `undone`: it was taken back."""

    words: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A published entry whose review date has come."""

    id: int
    owner: str
    review_on: date


def everything(tx: Transaction) -> list[Entry]:
    """Every entry by its number, whatever became of it."""
    query = faq.SELECT.where(entries.c.workspace == tx.workspace).order_by(entries.c.number)
    return [faq.entry_of(row) for row in tx.connection.execute(query)]


def phrasings(tx: Transaction) -> Mapping[int, Sequence[Asked]]:
    """The ways to ask by entry, newest first."""
    p = _phrasings.c
    query = select(p.entry_id, p.words, p.undone_at).where(p.workspace == tx.workspace).order_by(p.id.desc())
    found: dict[int, list[Asked]] = {}
    for entry_id, words, undone_at in tx.connection.execute(query):
        found.setdefault(entry_id, []).append(Asked(words, undone_at is not None))
    return found


def narrowed(tx: Transaction) -> set[int]:
    """The entries made of a question that everybody could read, and that its asker has narrowed since."""
    e, q = entries.c, questions.c
    joined = entries.join(questions, q.id == e.question_id)
    mine = (e.workspace == tx.workspace, e.consent == Consent.NOT_NEEDED.value, q.audience == "private")
    return set(tx.connection.execute(select(e.id).select_from(joined).where(*mine)).scalars())


_COUNT = (
    update(workspaces)
    .where(workspaces.c.workspace == bindparam("w"))
    .values(
        last_entry=workspaces.c.last_entry + bindparam("n"),
        last_change=workspaces.c.last_change + bindparam("n"),
    )
    .returning(workspaces.c.last_entry, workspaces.c.last_change)
)


def add(tx: Transaction, rows: Sequence[tuple[Content, State]]) -> list[int]:
    """Insert entries that nobody wrote here, in the state in which they come, each with its first revision; returns their
    ids, in this order."""
    last, change = tx.connection.execute(_COUNT, {"w": tx.workspace, "n": len(rows)}).one()
    number, first = last - len(rows) + 1, change - len(rows) + 1
    own = after_restore.ids(tx, entries)
    tx.connection.execute(
        insert(entries),
        [
            {
                "workspace": tx.workspace,
                **{name: n + place for name, n in own.items()},
                "number": number + place,
                "state": state.value,
                "consent": Consent.NOT_NEEDED.value,
                "question_id": None,
                "revision": 1,
                "change": first + place,
                "created_at": tx.now,
                "changed_at": tx.now,
                "published_at": tx.now if state is State.PUBLISHED else None,
                **faq.columns_of(content),
            }
            for place, (content, state) in enumerate(rows)
        ],
    )
    mine = (entries.c.workspace == tx.workspace, entries.c.number >= number)
    ids = list(tx.connection.execute(select(entries.c.id).where(*mine).order_by(entries.c.number)).scalars())
    noted = [
        {
            "workspace": tx.workspace,
            "entry_id": entry_id,
            "number": 1,
            "at": tx.now,
            "verb": Verb.IMPORT.value,
            "state": state.value,
            "content": rules.stored(content),
        }
        for entry_id, (content, state) in zip(ids, rows, strict=True)
    ]
    tx.connection.execute(insert(revisions), noted)
    tx.wakes.add(faq.WAKE)
    return ids


_LEARN = Upsert(_phrasings, ["entry_id", "source"])


def learn(tx: Transaction, rows: Sequence[tuple[int, str, str]]) -> None:
    """Remember ways to ask for new entries: the entry, the source, the words. Nobody's own."""
    own = {"author": None, "question_id": None, "added_at": tx.now}
    _LEARN.run(
        tx, [{"entry_id": entry, "source": source, "words": words, **own} for entry, source, words in rows]
    )


def due_for_review(tx: Transaction, until: date) -> list[Due]:
    """The published entries whose review date has come by this day, the longest overdue first."""
    e = entries.c
    mine = (e.workspace == tx.workspace, e.state == State.PUBLISHED.value, e.review_on <= until)
    query = select(e.id, e.owner, e.review_on).where(*mine).order_by(e.review_on, e.id)
    return [Due(*row) for row in tx.connection.execute(query)]
