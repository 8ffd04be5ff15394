"""What the cells of one line say of an entry, or why they cannot be read. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.faq import Content, Kind, State
from bot.domain.fields import Field
from bot.errors import UserError
from handlers.common.lists import NONE, Fault, Row, WrongCell, field_named, iso_day, one_of
from handlers.faq import form
from handlers.faq.columns import KINDS, OTHER_WORDS, STATES, TITLES, flat, plain
from handlers.faq.drafting import PHRASING
from handlers.faq.entered import too_long
from handlers.faq.exporting import Names

_CODE_AND_NAME = re.compile(r"([0-9]{5,6})\s*(.*)", re.DOTALL)
_SLACK_ID = re.compile(r"([UW][A-Z0-9]{3,})(?:\s.*)?", re.DOTALL)
_BETWEEN = re.compile(r"[、,，\n]")


@dataclass(frozen=True, slots=True)
class Speech:
    """What a line may speak of. `owners` are those who may own an entry."""

    today: date
    fields: Sequence[Field]
    called: Names
    owners: frozenset[str]


class Reading:
    """One line being read: the cells that say something new, and what is wrong with them."""

    def __init__(self, row: Row, cells: Mapping[str, str], known: Speech) -> None:
        self._row, self._cells, self._known = row, cells, known
        self.faults: list[Fault] = []
        self.state = self._take("state", lambda text: State(one_of(STATES, text, OTHER_WORDS)))

    def content(self, before: Content) -> Content:
        """What the entry says by this line."""
        known = self._known
        said = {
            "kind": self._take("kind", lambda text: one_of(KINDS, text)),
            "question": self._take(
                "question", lambda text: _text(text, form.LONGEST_QUESTION, form.SHORTEST)
            ),
            "answer": self._take("answer", lambda text: _text(text, form.LONGEST_ANSWER, form.SHORTEST)),
            "field_id": self._take("field", lambda text: field_named(known.fields, text)),
            "owner": self._take("owner", self._owner),
            "review_on": self._take("review_on", self._day),
            "cost": self._take("cost", _short),
            "effort": self._take("effort", _short),
        }
        found = {name: value for name, value in said.items() if value is not None}
        for name, key, meaning, nothing in (
            ("tags", "tags", lambda text: _parts(_BETWEEN.split(text), form.MOST_TAGS), ()),
            ("sources", "sources", lambda text: _parts(text.splitlines(), form.MOST_SOURCES), ()),
            ("municipality_code", "body", self._body, None),
            ("size_band", "size", lambda text: one_of(form.SIZES, text), None),
            ("contact", "contact", _short, None),
        ):
            if self._cells.get(key) == NONE:
                found[name] = nothing
            elif (value := self._take(key, meaning)) is not None:
                found[name] = value
        after = replace(before, **found)
        if {"kind", "body"} & self._cells.keys() and after.municipality_code and after.kind != Kind.CASE:
            self.fault("body", "団体名を出せるのは、好事例だけです。FAQでは空にしてください。")
        if self._cells.keys() & {"question", "answer", "sources", "tags", "cost", "effort", "contact"}:
            for name, why in too_long(after).items():
                self.fault(name, why)
        if after.municipality_code != before.municipality_code:  # a list vouches for nobody
            after = replace(after, agreed_by=None, agreed_on=None)
        return after

    def phrasings(self, there: Sequence[str]) -> tuple[str, ...]:
        """The ways to ask that the entry does not have; what was taken back stays so."""
        lines = dict.fromkeys(filter(None, map(flat, self._cells.get("phrasings", "").splitlines())))
        if any(len(line) > PHRASING for line in lines):
            self.fault("phrasings", f"1行は{PHRASING}字までです。")
        return tuple(line for line in lines if line not in there)

    def fault(self, key: str, why: str) -> None:
        """Say that a cell is wrong."""
        self.faults.append(Fault(self._row.line, TITLES[key], why))

    def _take(self, key: str, meaning: Callable[[str], Any]) -> Any:
        """What a cell says; None when it says nothing new, or is wrong."""
        text = self._cells.get(key)
        if text is None:
            return None
        try:
            return meaning(plain(text))
        except UserError as error:
            self.fault(key, error.sentence)
            return None

    def _owner(self, text: str) -> str:
        known, written = self._known, _SLACK_ID.fullmatch(text)
        if written is not None:
            found = {written[1]} & known.owners
        else:
            name = "".join(text.split())
            found = {
                user for user in known.owners if "".join(known.called.people.get(user, "").split()) == name
            }
        if len(found) > 1:
            raise WrongCell(f"「{text}」さんは{len(found)}人います。Slack ID で書いてください。")
        if not found:
            raise WrongCell(
                f"「{text}」は、アドバイザーや県の担当の中にいません。氏名か Slack ID を書いてください。"
            )
        return found.pop()

    def _day(self, text: str) -> date:
        try:
            found = date.fromisoformat(iso_day(text))
        except ValueError:
            raise WrongCell("2027-04-01 のように、ある日を年-月-日で書いてください。") from None
        if found <= self._known.today:
            raise WrongCell("見直す日は、あす以降の日にしてください。")
        return found

    def _body(self, text: str) -> str:
        coded = _CODE_AND_NAME.fullmatch(unicodedata.normalize("NFKC", text))
        code, name = (coded[1], coded[2]) if coded else ("", text)
        return self._known.called.directory.meant(code=code, name=name).code


def _text(text: str, most: int, least: int = 1) -> str:
    if not least <= len(text) <= most:
        raise WrongCell(f"{least}字から{most}字までで書いてください(いまは{len(text)}字)。")
    return text


def _short(text: str) -> str:
    return _text(flat(text), form.LONGEST_LINE)


def _parts(texts: Sequence[str], most: int) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, map(flat, texts))))
    if len(found) > most:
        raise WrongCell(f"{most}個までです(いまは{len(found)}個)。")
    return tuple(_text(each, form.LONGEST_LINE) for each in found)
