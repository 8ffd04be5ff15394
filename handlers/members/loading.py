"""`banso load`: a workspace file (JSON) becomes channels, fields, talents with their duty, members.

The file's form is described in README.md. A bad file changes nothing: it is checked whole before a row is written
(its form in `form`, what it speaks of in `checking`).
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.members.admins import LastAdmin, leaves_no_admin
from handlers.members.conflicts import tell_of_barred
from handlers.members.form import WorkspaceFile
from handlers.members.hours import set_hours
from handlers.members.introducing import place_known
from handlers.members.lowering import permission_changed
from handlers.members.offices import calendar_changed
from handlers.members.opening import open_up
from storage import channels, failures, members, reference, talents, workspace
from storage.database import Transaction
from storage.members import ASKER, GUEST

PORTION, TALENTS_PORTION = 100, 3
"""So many members, and talents with their turns of duty, are written in one go: some hundredths of a second, so that a busy
machine stays below a fifth of one."""
DESK = frozenset({"coordinator", "admin"})
_ANSWER = ("talent", "coordinator", "staff", "admin")


def load(tx: Transaction, file: WorkspaceFile) -> None:
    """Write a checked file. Loading it again changes what the file says and leaves the rest. One that names a consultation
    channel opens the workspace to those who are in it.

    Duty for the next 60 days follows each talent's hours; the shifts of that time that they had before are replaced.
    """
    said = {name: getattr(file, name) for name in ("intake", "years", "zone", "closures", "openings")}
    said = {name: value for name, value in said.items() if value is not None}
    before = workspace.workspace(tx)
    workspace.set_workspace(tx, **said)
    after = workspace.workspace(tx)
    if any(getattr(before, name) != getattr(after, name) for name in ("zone", "closures", "openings")):
        calendar_changed(tx)
    if file.fields:
        workspace.replace_fields(tx, [part.model_dump(mode="json") for part in file.fields])
    elif not workspace.all_fields(tx):
        workspace.save_fields(tx, reference.default_fields())
    reference.save_bodies(tx, [part.model_dump() for part in file.municipalities])
    for channel in file.channels:
        new = {} if channels.channel(tx, channel.id) is not None else {"bot_is_member": True}
        channels.save_channel(tx, channel.id, name=channel.name, purpose=channel.purpose, **new)
    if any(channel.purpose == "consultation" for channel in file.channels):
        open_up(tx)
    _people(tx, file)
    _talents(tx, file)
    if file.talents or file.channels:
        tell_of_barred(tx)
    failures.note(
        tx,
        "workspace file loaded",
        channels=len(file.channels),
        members=len(file.members),
        talents=len(file.talents),
    )


def portions(tx: Transaction, file: WorkspaceFile) -> list[WorkspaceFile]:
    """The same file in parts that are each written in a moment. What concerns administrators comes first, so that what
    might be refused is refused before anything is written."""
    admins = {admin.user_id for admin in members.with_permission(tx, "admin")}
    people = sorted(file.members, key=lambda part: part.permission != "admin" and part.id not in admins)
    bodies = [file.municipalities[n : n + PORTION] for n in range(0, len(file.municipalities), PORTION)]
    many = [people[n : n + PORTION] for n in range(0, len(people), PORTION)]
    few = [file.talents[n : n + TALENTS_PORTION] for n in range(0, len(file.talents), TALENTS_PORTION)]
    return [
        *(WorkspaceFile(municipalities=part) for part in bodies),
        *(WorkspaceFile(members=part) for part in many),
        *(WorkspaceFile(talents=part) for part in few),
    ]


_COLUMNS = {"permission": "permission", "municipality": "municipality_code", "section": "section"}


def _people(tx: Transaction, file: WorkspaceFile) -> None:
    """Of people we know, only what the file says is changed; who is a talent is at least that.

    Raises:
        LastAdmin: the last administrator would go, which the check before it may not have known yet.
    """
    if leaves_no_admin(tx, {part.id: part.permission for part in file.members if part.says("permission")}):
        raise LastAdmin()
    rows: dict[str, dict[str, str | None]] = {
        part.id: {
            "user_id": part.id,
            "name": part.name,
            **{column: getattr(part, name) for name, column in _COLUMNS.items() if part.says(name)},
        }
        for part in file.members
    }
    for part in file.talents:
        row = rows.setdefault(part.id, {"user_id": part.id, "name": part.name})
        there = members.member(tx, part.id)
        if "permission" not in row and (there is None or there.permission in {ASKER, GUEST}):
            row["permission"] = "talent"
    for guest in members.guests(tx) & rows.keys():
        if rows[guest].get("permission") == ASKER:  # whether they are a guest is Slack's to say
            del rows[guest]["permission"]
    alike: dict[tuple[str, ...], list[dict[str, str | None]]] = {}
    for row in rows.values():
        alike.setdefault(tuple(key for key in row if key != "user_id"), []).append(row)
    changed = _changed(tx, rows)
    for columns, some in alike.items():
        members.save_members(tx, some, overwrite=columns)
    permission_changed(tx, changed)
    place_known(tx, [user for user, row in rows.items() if row.get("municipality_code")])


def _changed(tx: Transaction, rows: Mapping[str, Mapping[str, str | None]]) -> list[str]:
    """Who answers and is about to get another permission."""
    answering = {each.user_id: each.permission for each in members.with_permission(tx, *_ANSWER)}
    return [
        user for user in answering if rows.get(user, {}).get("permission", answering[user]) != answering[user]
    ]


_REQUIRED = ("name", "role", "fields", "working_hours")
_OPTIONAL = ("title", "conflicts", "bio", "contract_from", "contract_until", "contract_hours")


def _talents(tx: Transaction, file: WorkspaceFile) -> None:
    for part in file.talents:
        talents.save_talent(
            tx,
            overwrite=[*_REQUIRED, *(name for name in _OPTIONAL if part.says(name))],
            user_id=part.id,
            name=part.name,
            role=part.role.value,
            fields=part.fields,
            working_hours=part.hours,
            **{name: getattr(part, name) for name in _OPTIONAL},
        )
    set_hours(tx, [part.id for part in file.talents], [part.id for part in file.talents if part.duty])
