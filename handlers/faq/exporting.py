"""`banso export faq`: the entries as they stand, in the form in which they are read.

What was put away is not among them, nor what came from a private question whose asker has not agreed to these words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.bodies import Directory
from bot.domain.faq import Consent, State
from handlers.common.lists import Table
from handlers.common.sheets import as_read
from handlers.faq.columns import COLUMNS, KINDS, STATES, flat, plain
from handlers.faq.form import SIZES
from storage import faq_lists, members, reference, workspace
from storage.database import Transaction
from storage.faq import Entry

LONGEST_CELL = 30_000
"""Characters; Excel holds 32,767 in a cell ("Excel specifications and limits"). Older ways to ask are left out."""
_LEFT_OUT = {"note"}
AGREED = frozenset({Consent.NOT_NEEDED, Consent.GIVEN})
"""What may be seen: nobody's private words, or those its asker said yes to."""


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called: fields by their short name, people, bodies."""

    fields: Mapping[str, str]
    people: Mapping[str, str]
    directory: Directory


def names(tx: Transaction) -> Names:
    """The names an export writes."""
    shorts = {field.id: field.short for field in workspace.all_fields(tx)}
    people = {member.user_id: member.name for member in members.everybody(tx)}
    return Names(shorts, people, reference.directory(tx))


def list_of_faq(tx: Transaction) -> Table:
    """The list as it stands."""
    columns = [column for column in COLUMNS if column.key not in _LEFT_OUT]
    called, asked = names(tx), faq_lists.phrasings(tx)
    shown = [entry for entry in faq_lists.everything(tx) if may_leave(entry)]
    cells = [cells_of(entry, _live(asked.get(entry.id, ())), called) for entry in shown]
    rows = [[each.get(column.key, "") for column in columns] for each in cells]
    return Table([column.title for column in columns], rows)


def may_leave(entry: Entry) -> bool:
    """Whether an entry may stand in a list."""
    return entry.state != State.ARCHIVED and entry.consent in AGREED


def _live(phrasings: Sequence[faq_lists.Asked]) -> list[str]:
    return [each.words for each in phrasings if not each.undone]


def cells_of(entry: Entry, phrasings: Sequence[str], called: Names) -> dict[str, str]:
    """What the list says of an entry, as it is read back; cells that say nothing are left out. `phrasings`: newest first."""
    content = entry.content
    body = called.directory.by_code.get(content.municipality_code or "")
    said = {
        "number": str(entry.number),
        "kind": KINDS.get(content.kind, content.kind),
        "question": content.question,
        "answer": content.answer,
        "field": called.fields.get(content.field_id or "", content.field_id or ""),
        "tags": "、".join(content.tags),
        "sources": "\n".join(content.sources),
        "owner": flat(f"{content.owner} {called.people.get(content.owner, '')}"),
        "review_on": content.review_on.isoformat() if content.review_on else "",
        "body": f"{body.code} {body.name}" if body else content.municipality_code or "",
        "size": SIZES.get(content.size_band or "", content.size_band or ""),
        "cost": content.cost or "",
        "effort": content.effort or "",
        "contact": content.contact or "",
        "phrasings": _within(phrasings),
        "state": STATES.get(entry.state, ""),
    }
    return {key: text for key, cell in said.items() if (text := plain(as_read(cell)))}


def _within(phrasings: Sequence[str]) -> str:
    found, length = dict[str, None](), 0
    for words in map(flat, phrasings):
        length += len(words) + 1
        if length > LONGEST_CELL:
            break
        found[words] = None
    return "\n".join(found)
