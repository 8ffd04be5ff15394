"""What somebody looks for, with what they narrowed it to, as it travels in a button and in a dialog: who looks for what is
kept nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain.faq import Kind
from bot.domain.finding import key_of
from bot.errors import Malformed
from handlers.common.payloads import need, storable
from handlers.faq.form import SIZES
from handlers.questions.base.alike import PAST

PAGE: Final = 5
LONGEST: Final = 1500
"""Characters that travel along: a button's value holds 2,000, with what else is in it."""
ALL: Final = "all"
FIELD, SIZE, KIND, YEAR = "faq_only_field", "faq_only_size", "faq_only_kind", "faq_only_year"
FILTERS: Final = (FIELD, SIZE, KIND, YEAR)
ROW: Final = "faq_only"
"""The row of menus."""
_YEARS: Final = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for, as they typed it; in one field, for one size of body, of one kind, of one fiscal year, if
    they chose one. They read from the hit after `start` on. Noted as `search_id`, with its key, once it was."""

    text: str
    field_id: str | None = None
    kind: str | None = None
    size: str | None = None
    year: int | None = None
    start: int = 0
    search_id: int | None = None
    key: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return any(each is not None for each in (self.field_id, self.kind, self.size, self.year))

    def everywhere(self) -> Wanted:
        """The same, of everything."""
        return replace(self, field_id=None, kind=None, size=None, year=None)

    def noted(self, search_id: int, words: str) -> Wanted:
        """The same, noted as a search of these words."""
        return replace(self, search_id=search_id, key=key_of(words))


def packed(wanted: Wanted) -> str:
    """As the value of a button, at most 2,000 characters."""
    chosen = [wanted.field_id or "", wanted.kind or "", wanted.size or "", str(wanted.year or "")]
    about = [str(wanted.search_id or 0), wanted.key, *chosen, str(wanted.start)]
    return ":".join([*about, wanted.text[:LONGEST]])


def unpacked(value: str) -> Wanted:
    """From the value of a button.

    Raises:
        Malformed: it is none of ours.
    """
    parts = value.split(":", 7)
    if len(parts) != 8 or not parts[7].strip():
        raise Malformed()
    search_id, key, field_id, kind, size, year, start, text = parts
    for number in (search_id, start):
        if not (number.isascii() and number.isdecimal() and len(number) <= 18):
            raise Malformed()
    found = Wanted(storable(text), start=min(int(start), 1000), search_id=int(search_id) or None, key=key)
    for name, chosen in ((FIELD, field_id), (KIND, kind), (SIZE, size), (YEAR, year)):
        found = _only(found, name, chosen or None)
    return found


def chosen(view: Mapping[str, Any]) -> Wanted:
    """What an open dialog shows, with what its menus say now, from the first hit on.

    Raises:
        Malformed: it is none of ours.
    """
    found = replace(unpacked(need(view, "private_metadata")), start=0)
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    row = values.get(ROW) if isinstance(values, Mapping) else None
    for name in FILTERS:
        entered = row.get(name) if isinstance(row, Mapping) else None
        option = entered.get("selected_option") if isinstance(entered, Mapping) else None
        value = option.get("value") if isinstance(option, Mapping) else None
        if isinstance(value, str):
            found = _only(found, name, None if value == ALL else value)
    return found


def _only(wanted: Wanted, name: str, value: str | None) -> Wanted:
    """Narrowed in one way; a value that nobody can choose narrows nothing."""
    if name == FIELD:
        return replace(wanted, field_id=value if value and storable(value) == value else None)
    if name == KIND:
        return replace(wanted, kind=value if value in {*Kind, PAST} else None)
    if name == SIZE:
        return replace(wanted, size=value if value in SIZES else None)
    known = value is not None and value.isascii() and value.isdecimal() and len(value) == 4
    return replace(wanted, year=int(value) if known and value and int(value) in _YEARS else None)
