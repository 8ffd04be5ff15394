"""Who plays and what they say: `asagi.json`, read and checked. Everything in it is fictional."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

ZONE = ZoneInfo("Asia/Tokyo")
_MOMENT = re.compile(r"(?:(\d{1,2})/(\d{1,2}) )?(\d{1,2}):(\d{2})(?::(\d{2}))?")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(_Part):
    """A municipality, as the workspace file has it."""

    code: str
    prefecture: str
    name: str
    kana: str
    kind: str


class Room(_Part):
    """A channel. The advisers in `without` are not in it and are reached by direct message; nobody who asks is in one of
    the desk's, which is private."""

    name: str
    about: str
    without: tuple[str, ...] = ()
    purpose: Literal["consultation", "desk", "other"] = "consultation"


class Coordinator(_Part):
    """One of the prefecture's desk; one of them administers the program as well."""

    id: str
    name: str
    permission: Literal["coordinator", "admin"] = "coordinator"


class Talent(_Part):
    """An adviser; `hours` are also their turns of duty."""

    id: str
    name: str
    kana: str
    role: str
    title: str
    fields: tuple[str, ...]
    hours: str
    conflicts: tuple[str, ...]


class Asker(_Part):
    """Somebody in a town hall; `municipality` is its code."""

    id: str
    name: str
    municipality: str
    section: str


class Move(_Part):
    """One thing somebody does to a question: says a word, presses a button, or chooses in 「その他」.

    `who` is "asker", "talent" (whoever is responsible at that moment) or a person's id; `to` whom it is handed to;
    `finds` the question whose kept answer is the right one among those that are like this one.
    """

    at: str
    who: str
    say: str | None = None
    press: str | None = None
    choose: str | None = None
    to: str | None = None
    finds: str | None = None


class Asked(_Part):
    """What one asker asks, in one message or in several within two minutes, and what becomes of it.

    `way`: a message in the room, to the bot alone ("direct"), by dialog ("form", "phone", filled in with `form`, by
    block), or a message that was written elsewhere and is registered ("shortcut"). `stopped` = it is not taken in, and why
    is said.
    """

    id: str
    at: str
    by: str
    room: str
    mention: bool = False
    way: Literal["message", "direct", "form", "phone", "shortcut"] = "message"
    form: Mapping[str, str] = {}
    stopped: bool = False
    texts: tuple[str, ...]
    moves: tuple[Move, ...]


class Kept(_Part):
    """The answer to the question `of` becomes an entry of the FAQ, with this question and these words to find it by
    (`answer` if its author puts it in other words). It is published by somebody of the desk; the asker of a private
    question has `agreed` before.
    """

    of: str
    at: str
    question: str
    answer: str | None = None
    tags: str
    agreed: str | None = None
    published: str
    by: str


class Search(_Part):
    """What somebody looks for with a command in a room, and whose kept answer it `finds`."""

    at: str
    by: str
    room: str
    text: str
    finds: str


class Study(_Part):
    """What somebody does for a study session: registers the series or gives materials with `form` (by label), proposes the
    question `of` as a `topic`, wants to hear one, takes one up and asks `to` to present it, shows the agenda, accepts,
    writes what came of it (`outcomes` by the question's id). `answers`: who says what about coming. `room` is the
    session's."""

    at: str
    by: str
    does: Literal[
        "register", "propose", "want", "take_up", "agenda", "accept", "answer", "materials", "record"
    ]
    room: str
    of: str = ""
    topic: str = ""
    to: str | None = None
    form: Mapping[str, str] = {}
    answers: Mapping[str, str] = {}
    outcomes: Mapping[str, str] = {}


class Told(_Part):
    """A digest that comes by itself: in a room or, by direct message, `to` somebody."""

    at: str
    shows: str
    room: str = ""
    to: str | None = None
    chart: bool = False


class Trouble(_Part):
    """Misbehaviour of Slack (`sandbox.faults`), or the line going "away" and coming "back"; `tells` what is going on."""

    at: str
    kind: str
    options: Mapping[str, Any] = {}
    tells: str = ""


class Chapter(_Part):
    """A word of the narrator."""

    at: str
    says: str = ""
    title: str = ""


class Rota(_Part):
    """A rota for a field, and who is in it; `deputy`: somebody stands by."""

    name: str
    field: str
    handoff: Literal["daily", "weekly"]
    deputy: bool = False
    members: tuple[str, ...]


class Emergency(_Part):
    """Whom to call first: by day, at night, and when by day."""

    day: str
    night: str
    hours: str


class Cast(_Part):
    """The whole play. Moments are written "9:05", "9:05:30" or, on another day, "11/26 9:05"; `closures` are the days on
    which a body (by code) is closed, `phones` whom its people call first in an emergency, as people write them;
    `mornings` the helpers who let what can wait come with their morning's letter. All others hear of it at once: a play
    has few mornings. `digests_room` is where everybody reads what a week brought."""

    note: str
    day: date
    prefecture: str
    municipalities: tuple[Body, ...]
    rooms: tuple[Room, ...]
    more_rooms: tuple[Room, ...]
    side_rooms: tuple[Room, ...]
    coordinators: tuple[Coordinator, ...]
    talents: tuple[Talent, ...]
    emergency: Emergency
    closures: Mapping[str, tuple[str, ...]] = {}
    phones: Mapping[str, str] = {}
    rotas: tuple[Rota, ...] = ()
    mornings: tuple[str, ...] = ()
    askers: tuple[Asker, ...]
    questions: tuple[Asked, ...]
    kept: tuple[Kept, ...]
    searches: tuple[Search, ...]
    study: tuple[Study, ...] = ()
    told: tuple[Told, ...] = ()
    digests_room: str = ""
    troubles: tuple[Trouble, ...]
    chapters: tuple[Chapter, ...]

    def moment(self, at: str) -> datetime:
        """The moment (aware) that `at` means.

        Raises:
            ValueError: it is written in another form.
        """
        found = _MOMENT.fullmatch(at)
        if found is None:
            raise ValueError(f"a moment is written 9:05 or 11/26 9:05, not {at!r}")
        month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups())
        on = date(self.day.year, month, day) if month else self.day
        return datetime.combine(on, time(hour, minute, second), ZONE)

    @property
    def helpers(self) -> list[Talent | Coordinator]:
        """Everybody who answers."""
        return [*self.talents, *self.coordinators]

    def body(self, code: str) -> str:
        """The name of a municipality."""
        return next(body.name for body in self.municipalities if body.code == code)

    def on_duty(self, on: date) -> list[Talent]:
        """The advisers whose regular hours cover this day of the week."""
        return [talent for talent in self.talents if "月火水木金土日"[on.weekday()] in talent.hours]


def asagi() -> Cast:
    """The fictional あさぎ県."""
    return Cast.model_validate_json(files("bot.demo").joinpath("asagi.json").read_text(encoding="utf-8"))


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day, aware."""
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour, minutes=minute)


def workspace_file(
    cast: Cast,
    channels: Mapping[str, tuple[str, str]],
    askers: Sequence[Asker],
    intake: Literal["direct", "desk"] = "direct",
) -> dict[str, Any]:
    """The set-up as `banso load` reads it; `channels` maps a room's name to its Slack id and what it is for."""
    return {
        "intake": intake,
        "municipalities": [body.model_dump() for body in cast.municipalities],
        "channels": [
            {"id": number, "name": name, "purpose": purpose} for name, (number, purpose) in channels.items()
        ],
        "members": [
            *(c.model_dump() for c in cast.coordinators),
            *(asker.model_dump() for asker in askers),
        ],
        "talents": [talent.model_dump(mode="json", exclude={"kana"}) for talent in cast.talents],
    }
