"""A list becomes entries of the workspace file, or lines that say what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.domain import my_number
from bot.mistakes import mistakes
from handlers.members.cells import READERS, Fault, Known, Row
from handlers.members.columns import COLUMNS, NEEDED, PARTS, Column, Kind, column_named, either, titles
from handlers.members.form import (
    MemberPart,
    Mistake,
    MunicipalityPart,
    TalentPart,
    UnreadableFile,
    WorkspaceFile,
)
from handlers.members.sheets import Sheet

_MODELS: Mapping[Kind, type[BaseModel]] = {
    Kind.MEMBERS: MemberPart,
    Kind.TALENTS: TalentPart,
    Kind.BODIES: MunicipalityPart,
}


_SECRET = "マイナンバーと思われる番号があります。消してから取り込んでください。"


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
    columns: list[Column | None] = []
    wrong = []
    for header in sheet.headers:
        found = column_named(kind, header) if header else None
        if header and found is None:
            wrong.append(f"「{header}」という見出しは知りません。")
        if found is not None and found in columns:
            wrong.append(f"「{found.title}」の列が二つあります。")
        columns.append(found)
    keys = {column.key for column in columns if column is not None}
    names = titles(kind)
    wrong += [f"「{names[key]}」の列がありません。" for key in NEEDED[kind] if key not in keys]
    if kind is not Kind.BODIES and not keys & {"id", "mail"}:
        wrong.append("「Slack ID」か「メール」の列がありません。")
    if wrong:
        known = either(column.title for column in COLUMNS[kind])
        raise UnreadableFile("\n".join([*wrong, f"1行目の見出しは、{known} です。何も変えていません。"]))
    return [Row(line, _cells(columns, cells)) for line, cells in sheet.rows]


def _cells(columns: Sequence[Column | None], cells: Sequence[str]) -> dict[str, str]:
    pairs = zip(columns, cells, strict=False)
    return {column.key: text for column, text in pairs if column is not None and text}


def entries(kind: Kind, rows: Sequence[Row], known: Known) -> Listed:
    """Read every line; a bad one is said and does not keep the others from being looked at."""
    parts, lines, faults = [], [], []
    names = titles(kind)
    for row in rows:
        secret = [names[key] for key, text in row.cells.items() if my_number.find(text)]
        if secret:  # nothing of it may be repeated
            faults += [Fault(row.line, column, _SECRET) for column in secret]
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
