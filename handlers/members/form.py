"""The form of a workspace file (JSON, described in README.md) and what is wrong with one, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.domain.business_time import is_zone, parse_working_hours
from bot.domain.routing import TalentRole
from bot.mistakes import mistakes
from handlers.common.lists import UnreadableFile, told


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at one place of the file, such as `members.3.permission`; `other` is a place the words speak of."""

    place: str
    words: str
    other: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.said(f' {self.other} ')}"

    def said(self, other: str) -> str:
        """The words, with a name for the other place."""
        return self.words.replace(OTHER, other)


OTHER = "{other}"


def _written_as(pattern: str, how: str) -> AfterValidator:
    """A text of a form; `how` says it to people."""

    def checked(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(f"{how}書いてください")
        return value

    return AfterValidator(checked)


def _day(value: object) -> object:
    """A date is written one way; a number would be taken for seconds since 1970."""
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) is None:
        raise ValueError("2026-04-01 のように、年-月-日で書いてください")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("その日はありません。年-月-日を確かめてください") from None


Day = Annotated[date | None, BeforeValidator(_day)]
ChannelId = Annotated[str, _written_as(r"[CG][A-Z0-9]+", "チャンネルの ID(C0ASKHERE など)を")]
UserId = Annotated[str, _written_as(r"[UW][A-Z0-9]+", "メンバーの ID(U0DESKONE など)を")]
BodyCode = Annotated[str, _written_as(r"\d{6}", "6 桁の団体コードを")]


def _zone(value: str) -> str:
    if not is_zone(value):
        raise ValueError(f"「{value[:30]}」という時間帯はありません。Asia/Tokyo のように書いてください")
    return value


Zone = Annotated[str, AfterValidator(_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def says(self, name: str) -> bool:
        """Whether the file says this itself: what it leaves out stays as it is."""
        return name in self.model_fields_set


class ChannelPart(_Part):
    """A channel by its Slack id."""

    id: ChannelId
    name: str
    purpose: Literal["consultation", "practice", "desk", "other"] = "consultation"


class MemberPart(_Part):
    """A person by their Slack id."""

    id: UserId
    name: str
    permission: Literal["asker", "talent", "coordinator", "staff", "admin"] = "asker"
    municipality: BodyCode | None = None
    section: str | None = None


class TalentPart(_Part):
    """A talent; they are also a member. `hours` such as 「火・木 9:00-17:00」 are also their turns of duty; `contract_hours`
    are those of a month."""

    id: UserId
    name: str
    role: TalentRole
    title: str = ""
    fields: list[str]
    conflicts: list[str] = []
    hours: str
    duty: bool = True
    bio: str = ""
    contract_from: Day = None
    contract_until: Day = None
    contract_hours: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.contract_from and self.contract_until and self.contract_until < self.contract_from:
            raise ValueError("契約の終わり(contract_until)が始まり(contract_from)より前です")
        return self

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

    code: BodyCode
    prefecture: str
    name: str
    kana: str
    kind: str


class WorkspaceFile(_Part):
    """The whole file."""

    intake: Literal["direct", "desk"] | None = None
    years: Literal["both", "era", "west"] | None = None
    zone: Zone | None = None
    closures: list[str] | None = None
    openings: list[str] | None = None
    fields: list[FieldPart] | None = None
    municipalities: list[MunicipalityPart] = []
    channels: list[ChannelPart] = []
    members: list[MemberPart] = []
    talents: list[TalentPart] = []


def parse(raw: object) -> WorkspaceFile:
    """Check a file's form whole.

    Raises:
        UnreadableFile: one line for each mistake, with its place.
    """
    try:
        return WorkspaceFile.model_validate(raw)
    except ValidationError as error:
        wrong = [
            (".".join(map(str, place)) or "ファイル", words.rstrip("。")) for place, words in mistakes(error)
        ]
        raise UnreadableFile(told(f"{place}: {words}。" for place, words in wrong)) from None
