"""One call of the Web API: its arguments, and the table of methods that answer.

A method is a plain function of a `Call` that returns the fields to add to `{"ok": true}` or raises SlackError.
Everything common (token, scope, limits, faults, log) happens in `sandbox.api`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sandbox.clocks import normal_stamp
from sandbox.errors import SlackError
from sandbox.state import Channel, Json, Message, Person, World

Handler = Callable[["Call"], Json]
T = TypeVar("T")

_PLACE = re.compile(r"[0-9]{1,18}(\.[0-9]{6})?")


@dataclass(frozen=True)
class Method:
    """A Web API method: what it runs and the scopes it needs whatever the arguments."""

    name: str
    run: Handler
    scopes: tuple[str, ...]
    app_level: bool


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, app_level: bool = False) -> Callable[[Handler], Handler]:
    """Enter a function into the table; `app_level` for the methods that take the app-level token."""

    def enter(run: Handler) -> Handler:
        METHODS[name] = Method(name, run, scopes, app_level)
        return run

    return enter


@dataclass(slots=True)
class Call:
    """A call on its way: the world and the decoded arguments."""

    world: World
    name: str
    args: Json
    warnings: list[str] = field(default_factory=list)

    def need(self, name: str) -> str:
        """Return a text argument that must be there."""
        value = self.text(name)
        if not value:
            raise invalid(f"missing required field: {name}", f"/{name}")
        return value

    def text(self, name: str) -> str | None:
        """Return a text argument, or None."""
        value = self.args.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool | int | float):
            return str(value)
        raise invalid("must be a string", f"/{name}")

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes-or-no argument in any of the spellings Slack takes."""
        value = self.args.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("1", "true")

    def limit(self, default: int, most: int) -> int:
        """Return `limit` between 1 and `most`."""
        value = self.text("limit")
        if value in (None, "", "0"):
            return default
        if value is None or re.fullmatch("[0-9]{1,18}", value) is None or int(value) < 1:
            raise SlackError("invalid_limit")
        return min(int(value), most)

    def decoded(self, name: str) -> Any:
        """Return an argument that is JSON: as it is, or from the text a form carries. ValueError if unreadable."""
        value = self.args.get(name)
        if isinstance(value, str):
            return json.loads(value) if value else None
        return value

    def stamp(self, name: str, error: str) -> str | None:
        """Return a time argument in normal form, or None."""
        value = self.text(name)
        if not value or value == "now":
            return None
        ts = normal_stamp(value)
        if ts is None:
            raise SlackError(error)
        return ts

    def scope(self, *needed: str) -> None:
        """Raise missing_scope unless the app has one of `needed`."""
        if not any(each in self.world.app.scopes for each in needed):
            raise missing_scope(self.world, ",".join(needed))

    def channel(self, name: str = "channel") -> Channel:
        """Return a conversation the bot may know of."""
        found = self.world.channels.get(self.need(name))
        if found is None or (found.private and self.world.bot_user_id not in found.members):
            raise SlackError("channel_not_found")
        return found

    def person(self, name: str = "user") -> Person:
        """Return a person of the workspace."""
        found = self.world.people.get(self.need(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def message(self, channel: Channel, name: str = "ts", error: str = "message_not_found") -> Message:
        """Return a message of `channel`."""
        ts = normal_stamp(self.need(name))
        if ts is None or ts not in channel.messages:
            raise SlackError(error)
        return channel.messages[ts]

    def page(self, items: Sequence[T], limit: int, kind: str) -> tuple[list[T], str]:
        """Return the page of `items` the cursor asks for and the cursor of the next one ("" at the end)."""
        place = self.cursor(kind) or "0"
        at = int(place.partition(".")[0])
        if "." in place or at > len(items):
            raise SlackError("invalid_cursor")
        following = at + limit
        return list(items[at:following]), cursor(kind, str(following)) if following < len(items) else ""

    def cursor(self, kind: str) -> str | None:
        """Return what the `cursor` argument stands for, or None for the first page."""
        value = self.text("cursor")
        if not value:
            return None
        try:
            found, _, place = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            raise SlackError("invalid_cursor") from None
        if found != kind or not _PLACE.fullmatch(place):
            raise SlackError("invalid_cursor")
        return place


def cursor(kind: str, place: str) -> str:
    """Write a cursor as Slack does: base64 of a kind and a place."""
    return base64.b64encode(f"{kind}:{place}".encode()).decode()


def marked(problems: list[str]) -> list[str]:
    """Return problems as `response_metadata.messages` has them."""
    return [f"[ERROR] {each}" for each in problems]


def invalid(sentence: str, pointer: str = "") -> SlackError:
    """Return Slack's `invalid_arguments` with its explanation."""
    return SlackError(
        "invalid_arguments",
        response_metadata={
            "messages": [f"[ERROR] {sentence}" + (f" [json-pointer:{pointer}]" if pointer else "")]
        },
    )


def missing_scope(world: World, needed: str) -> SlackError:
    """Return Slack's `missing_scope`."""
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(world.app.scopes)))
