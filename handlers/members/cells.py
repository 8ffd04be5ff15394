"""The cells of one line become the parts of an entry, or faults that say why not. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.bodies import Directory, UnclearBody
from bot.domain.fields import Field
from bot.domain.municipality import is_code
from bot.errors import UserError
from handlers.common.lists import NONE, Fault, Row, WrongCell, field_named, iso_day, one_of, several
from handlers.members.columns import DUTY, OTHER_WORDS, PERMISSIONS, ROLES, Kind, titles

_CODE_AND_NAME = re.compile(r"(?:団体:)?\s*([0-9]{5,6})\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Known:
    """What a list may speak of. `ids` tells whose Slack account a mail address belongs to; `national` are the codes of the
    1,741."""

    directory: Directory
    fields: Sequence[Field]
    ids: Mapping[str, str] = field(default_factory=dict)
    national: Collection[str] = ()


class _Reading:
    """One line being read: what it says so far, and what is wrong."""

    def __init__(self, kind: Kind, row: Row) -> None:
        self._titles, self._row = titles(kind), row
        self.raw: dict[str, Any] = {}
        self.wrong: list[Fault] = []

    def take(self, key: str, meaning: Callable[[str], Any] = str, empty: Any = "") -> None:
        """Read a cell, if it says something."""
        text = self._row.cells.get(key)
        if text is None:
            return
        if text == NONE:
            self.raw[key] = empty
            return
        try:
            self.raw[key] = meaning(text)
        except UserError as error:
            self.fault(key, error.sentence)

    def fault(self, key: str, why: str) -> None:
        """Say that a cell is wrong."""
        self.wrong.append(Fault(self._row.line, self._titles[key], why))

    def who(self, known: Known) -> None:
        """Whose line it is: by Slack's id or, if there is none, by their mail address."""
        self.take("id")
        mail = self._row.cells.get("mail")
        if "id" not in self.raw and mail is not None:
            found = known.ids.get(mail.lower())
            if found is None:
                self.fault("mail", "このメールアドレスの方は Slack にいません。")
                self.fault("id", "")  # said already
            else:
                self.raw["id"] = found
        self.take("name")


def _member(row: Row, known: Known) -> tuple[dict[str, Any], list[Fault]]:
    reading = _Reading(Kind.MEMBERS, row)
    reading.who(known)
    reading.take("section", empty=None)
    reading.take("permission", lambda text: _one_of(PERMISSIONS, text), empty="asker")
    code, name, prefecture = (row.cells.get(key, "") for key in ("code", "body", "prefecture"))
    if NONE in (code, name):
        reading.raw["municipality"] = None
    elif code or name:
        try:
            meant = known.directory.meant(code=code, name=name, prefecture=prefecture)
            reading.raw["municipality"] = meant.code
        except UnclearBody as error:
            reading.fault("code" if code else "body", error.sentence)
    return reading.raw, reading.wrong


def _talent(row: Row, known: Known) -> tuple[dict[str, Any], list[Fault]]:
    reading = _Reading(Kind.TALENTS, row)
    reading.who(known)
    reading.take("role", lambda text: _one_of(ROLES, text))
    reading.take("title")
    reading.take("fields", lambda text: [field_named(known.fields, each) for each in several(text)], empty=[])
    reading.take("hours")
    reading.take("duty", lambda text: _one_of(DUTY, text) == "true", empty=False)
    for key in ("contract_from", "contract_until"):
        reading.take(key, iso_day, empty=None)
    reading.take("contract_hours", _hours, empty=None)
    reading.take("conflicts", lambda text: [_conflict(known, each) for each in several(text)], empty=[])
    reading.take("bio")
    return reading.raw, reading.wrong


def _body(row: Row, known: Known) -> tuple[dict[str, Any], list[Fault]]:
    reading = _Reading(Kind.BODIES, row)
    reading.take("code", lambda text: _new_code(known, text))
    reading.raw["kana"] = ""
    for key in ("prefecture", "name", "kana", "kind"):
        reading.take(key)
    return reading.raw, reading.wrong


READERS = {Kind.MEMBERS: _member, Kind.TALENTS: _talent, Kind.BODIES: _body}


def _one_of(words: Mapping[str, str], text: str) -> str:
    return one_of(words, text, OTHER_WORDS)


def _conflict(known: Known, text: str) -> str:
    """A field, or a body by its code (and name) or its name."""
    coded = _CODE_AND_NAME.fullmatch(text)
    if coded is not None:
        return f"body:{known.directory.meant(code=coded[1], name=coded[2]).code}"
    if not text.startswith("団体:"):
        try:
            return field_named(known.fields, text)
        except WrongCell:
            pass
    name = text.removeprefix("団体:")
    try:
        return f"body:{known.directory.meant(name=name).code}"
    except UnclearBody as error:
        if text.startswith("団体:") or "という団体はありません" not in error.sentence:
            raise
        raise WrongCell(f"「{text}」という分野も団体もありません。") from None


def _hours(text: str) -> int:
    found = re.fullmatch(r"([0-9]+)(?:時間)?", unicodedata.normalize("NFKC", text))
    if found is None:
        raise WrongCell("月の契約時間を、40 のように整数で書いてください。")
    return int(found[1])


def _new_code(known: Known, text: str) -> str:
    """The code of a body beside the 1,741, which we may not know yet; five digits had a zero before them."""
    digits = unicodedata.normalize("NFKC", text)
    code = f"0{digits}" if re.fullmatch(r"[0-9]{5}", digits) else digits
    if not is_code(code):
        raise WrongCell("検査数字まで6桁の、正しい団体コードを書いてください。")
    if code in known.national:
        raise WrongCell("市町村と特別区は登録済みです。この一覧には、ほかの団体だけを書いてください。")
    return code
