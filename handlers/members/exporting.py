"""`banso export`: the lists as they stand, in the form in which they are read.

Mail addresses are not in them, for they are not kept; nor people of other organisations whom the prefecture has not
registered, or whose account is deactivated.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.bodies import Directory
from bot.domain.permissions import Role
from handlers.common.lists import NONE, Table
from handlers.members.columns import COLUMNS, DUTY, PERMISSIONS, ROLES, Kind
from storage import duties, members, reference, talents, workspace
from storage.database import Transaction
from storage.talents import Talent

_LEFT_OUT = {"mail", "note"}


def list_of(tx: Transaction, kind: Kind) -> Table:
    """A list as it stands."""
    columns = [column for column in COLUMNS[kind] if column.key not in _LEFT_OUT]
    rows = [[cells.get(column.key, "") for column in columns] for cells in _ROWS[kind](tx)]
    return Table([column.title for column in columns], rows)


def _members(tx: Transaction) -> list[dict[str, str]]:
    directory, found = reference.directory(tx), []
    for member in members.everybody(tx):
        body = directory.by_code.get(member.municipality_code or "")
        permission = Role.ASKER if member.permission == Role.GUEST else member.permission
        cells = {"id": member.user_id, "name": member.name, "permission": PERMISSIONS[permission]}
        if body is not None:
            cells |= {"code": body.code, "prefecture": body.prefecture, "body": body.name}
        found.append(cells | {"section": member.section or ""})
    return found


def _talents(tx: Transaction) -> list[dict[str, str]]:
    directory = reference.directory(tx)
    shorts = {field.id: field.short for field in workspace.all_fields(tx)}
    ahead = duties.with_duty_ahead(tx)
    return [_talent(tx, each, directory, shorts, ahead) for each in talents.active(tx).values()]


def _talent(
    tx: Transaction, talent: Talent, directory: Directory, shorts: Mapping[str, str], ahead: frozenset[str]
) -> dict[str, str]:
    days = {"contract_from": talent.contract_from, "contract_until": talent.contract_until}
    begins = talent.contract_from is not None and talent.contract_from > workspace.today(tx)
    return {
        "id": talent.user_id,
        "name": talent.name,
        "role": ROLES[talent.role],
        "title": talent.title,
        "fields": "、".join(shorts.get(each, each) for each in talent.fields) or NONE,
        "hours": talent.working_hours,
        "duty": DUTY["true" if talent.user_id in ahead or begins else "false"],
        **{key: day.isoformat() if day else "" for key, day in days.items()},
        "contract_hours": str(talent.contract_hours or ""),
        "conflicts": "、".join(_conflict(each, directory, shorts) for each in talent.conflicts),
        "bio": talent.bio,
    }


def _conflict(conflict: str, directory: Directory, shorts: Mapping[str, str]) -> str:
    code = conflict.removeprefix("body:")
    if code == conflict:
        return shorts.get(code, code)
    body = directory.by_code.get(code)
    return f"{code} {body.name}" if body is not None else code


def _bodies(tx: Transaction) -> list[dict[str, str]]:
    national = reference.national_codes()
    return [
        {
            "code": body.code,
            "prefecture": body.prefecture,
            "name": body.name,
            "kana": body.kana,
            "kind": body.kind,
        }
        for body in reference.directory(tx).bodies
        if body.code not in national
    ]


_ROWS = {Kind.MEMBERS: _members, Kind.TALENTS: _talents, Kind.BODIES: _bodies}
