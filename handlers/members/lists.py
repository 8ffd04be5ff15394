"""A list becomes entries of the workspace file, or lines that say what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.mistakes import mistakes
from handlers.common import lists
from handlers.common.lists import SECRET, Fault, Row, Sheet, secrets
from handlers.members.cells import READERS, Known
from handlers.members.columns import COLUMNS, NEEDED, PARTS, Kind, titles
from handlers.members.form import (
    MemberPart,
    Mistake,
    MunicipalityPart,
    TalentPart,
    WorkspaceFile,
)

_MODELS: Mapping[Kind, type[BaseModel]] = {
    Kind.MEMBERS: MemberPart,
    Kind.TALENTS: TalentPart,
    Kind.BODIES: MunicipalityPart,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as read: entries, the line of each, and what is wrong."""

    kind: Kind
    parts: tuple[Any, ...]
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]

    @property
    def file(self) -> WorkspaceFile:
        """The workspace file that says the same."""
        return WorkspaceFile.model_validate({PARTS[self.kind]: list(self.parts)})

    def fault(self, mistake: Mistake) -> Fault:
        """Where a mistake of that file stands in the list."""
        line, column = self._place(mistake.place)
        other = f"{self._place(mistake.other)[0]}行目" if mistake.other else ""
        return Fault(line, column, mistake.said(other))

    def _place(self, place: str) -> tuple[int, str]:
        _, number, key = [*place.split("."), "", ""][:3]
        return (self.lines[int(number)], titles(self.kind).get(key, "")) if number else (1, "")


def rows_of(kind: Kind, sheet: Sheet) -> list[Row]:
    """The lines of a sheet, by column.

    Raises:
        UnreadableFile: its headers are not those of the list.
    """
    names = titles(kind)

    def missing(keys: Collection[str]) -> list[str]:
        wrong = [f"「{names[key]}」の列がありません。" for key in NEEDED[kind] if key not in keys]
        nobody = kind is not Kind.BODIES and not {"id", "mail"} & set(keys)
        return [*wrong, *(["「Slack ID」か「メール」の列がありません。"] if nobody else [])]

    return lists.rows_of(sheet, COLUMNS[kind], missing)


def entries(kind: Kind, rows: Sequence[Row], known: Known) -> Listed:
    """Read every line; a bad one is said and does not keep the others from being looked at."""
    parts, lines, faults = [], [], []
    names = titles(kind)
    for row in rows:
        if secret := secrets(row):
            faults += [Fault(row.line, names[key], SECRET) for key in secret]
            continue
        raw, wrong = READERS[kind](row, known)
        try:
            part = _MODELS[kind].model_validate(raw)
        except ValidationError as error:
            wrong += [fault for fault in _of_form(kind, row, error) if not _told(wrong, fault)]
        else:
            parts.append(part)
            lines.append(row.line)
        faults += [fault for fault in wrong if fault.why]
    return Listed(kind, tuple(parts), tuple(lines), tuple(faults))


def _of_form(kind: Kind, row: Row, error: ValidationError) -> list[Fault]:
    names = titles(kind)
    return [
        Fault(row.line, names.get(str(place[0]), "") if place else "", f"{words.rstrip('。')}。")
        for place, words in mistakes(error)
    ]


def _told(wrong: Sequence[Fault], fault: Fault) -> bool:
    """Whether the line has something said of that column already: that it is missing is then no news."""
    return any(each.column == fault.column for each in wrong)
