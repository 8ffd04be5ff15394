"""`banso load`: a workspace file (JSON) becomes channels, fields, talents with their duty, members.

The file's form is described in README.md. A bad file changes nothing: it is checked whole before a row is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.domain.business_time import BusinessCalendar, parse_working_hours
from bot.domain.routing import TalentRole
from bot.errors import UserError
from storage import channels, failures, members, reference, talents, workspace
from storage.database import Transaction

DUTY_DAYS = 60


class UnreadableFile(UserError):
    """ファイルを読み取れませんでした。何も変えていません。"""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChannelPart(_Part):
    """A channel by its Slack id."""

    id: str = Field(pattern=r"^[CG][A-Z0-9]+$")
    name: str
    purpose: Literal["consultation", "practice", "desk", "other"] = "consultation"


class MemberPart(_Part):
    """A person by their Slack id."""

    id: str = Field(pattern=r"^[UW][A-Z0-9]+$")
    name: str
    permission: Literal["asker", "talent", "coordinator", "staff", "admin"] = "asker"
    municipality: str | None = None
    section: str | None = None


class TalentPart(_Part):
    """A talent; they are also a member. `hours` such as 「火・木 9:00-17:00」 are also their turns of duty."""

    id: str = Field(pattern=r"^[UW][A-Z0-9]+$")
    name: str
    role: TalentRole
    title: str = ""
    fields: list[str]
    conflicts: list[str] = []
    hours: str
    duty: bool = True

    @field_validator("hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        parse_working_hours(value)
        return value


class FieldPart(_Part):
    """A field of advice."""

    id: str
    label: str
    short: str
    scope: str = ""
    roles: list[TalentRole]
    keywords: list[str]


class MunicipalityPart(_Part):
    """A body outside the 1,741, or a fictional one."""

    code: str = Field(pattern=r"^\d{6}$")
    prefecture: str
    name: str
    kana: str
    kind: str


class WorkspaceFile(_Part):
    """The whole file."""

    intake: Literal["direct", "desk"] | None = None
    closures: list[str] | None = None
    fields: list[FieldPart] | None = None
    municipalities: list[MunicipalityPart] = []
    channels: list[ChannelPart] = []
    members: list[MemberPart] = []
    talents: list[TalentPart] = []


def parse(raw: Mapping[str, Any]) -> WorkspaceFile:
    """Check a file whole.

    Raises:
        UnreadableFile: one line for each mistake, with its place.
    """
    try:
        return WorkspaceFile.model_validate(raw)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise UnreadableFile("ファイルに誤りがあります。何も変えていません。\n" + "\n".join(lines)) from None


def load(tx: Transaction, file: WorkspaceFile) -> None:
    """Write a checked file. Loading it again changes what the file says and leaves the rest.

    Duty for the next 60 days follows each talent's hours; shifts of that time that were there before are replaced.
    """
    said = {"intake": file.intake, "closures": file.closures}
    workspace.set_workspace(tx, **{name: value for name, value in said.items() if value is not None})
    workspace.save_fields(
        tx,
        [part.model_dump(mode="json") for part in file.fields] if file.fields else reference.default_fields(),
    )
    reference.save_bodies(tx, [part.model_dump() for part in file.municipalities])
    for channel in file.channels:
        channels.save_channel(tx, channel.id, name=channel.name, purpose=channel.purpose, bot_is_member=True)
    people: list[dict[str, Any]] = [
        {
            "user_id": part.id,
            "name": part.name,
            "permission": part.permission,
            "municipality_code": part.municipality,
            "section": part.section,
        }
        for part in file.members
    ]
    known = {person["user_id"] for person in people}
    people += [
        {"user_id": part.id, "name": part.name, "permission": "talent"}
        for part in file.talents
        if part.id not in known
    ]
    members.save_members(tx, people, overwrite=("name", "permission", "municipality_code", "section"))
    _talents(tx, file)
    failures.note(
        tx,
        "workspace file loaded",
        channels=len(file.channels),
        members=len(file.members),
        talents=len(file.talents),
    )


def _talents(tx: Transaction, file: WorkspaceFile) -> None:
    calendar = BusinessCalendar(yearly_closures=frozenset(workspace.workspace(tx).closures))
    start = tx.now.astimezone(ZoneInfo(calendar.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    talents.remove_duties(tx, start, start + timedelta(days=DUTY_DAYS))
    for part in file.talents:
        talents.save_talent(
            tx,
            user_id=part.id,
            name=part.name,
            role=part.role.value,
            title=part.title,
            fields=part.fields,
            conflicts=part.conflicts,
            working_hours=part.hours,
        )
        if part.duty:
            talents.add_duties(tx, [(part.id, *shift) for shift in _shifts(calendar, part.hours, start)])


def _shifts(calendar: BusinessCalendar, hours: str, start: datetime) -> list[tuple[datetime, datetime]]:
    """The turns of duty that regular hours give, on business days."""
    found, weekly = [], parse_working_hours(hours)
    for number in range(DUTY_DAYS):
        day = (start + timedelta(days=number)).date()
        if day.weekday() in weekly and calendar.is_business_day(day):
            begins, ends = weekly[day.weekday()]
            zone = ZoneInfo(calendar.zone)
            found.append((datetime.combine(day, begins, zone), datetime.combine(day, ends, zone)))
    return found
