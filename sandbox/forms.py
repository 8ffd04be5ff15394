"""What a person enters into Block Kit elements, as Slack puts it into `state.values`.

Source: docs.slack.dev/reference/interaction-payloads and the pages of the elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.errors import Refused
from sandbox.messages import elements
from sandbox.state import Json, World
from sandbox.wire import unescape

HOLDS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
"""The property in which each stateful element holds its value; elements not listed (buttons, overflow) hold none."""

_INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
LARGEST = 10_000_000
"""Bytes of a file that is given in a modal (page file-input-element)."""
_MANY = frozenset(
    {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Entered = dict[str, dict[str, Json]]


def state_values(blocks: list[Json], entered: Entered) -> Entered:
    """Return `state.values` of these blocks: what was entered, else what each element started with."""
    values: Entered = {}
    for block, element in stateful(blocks):
        given = entered.get(block["block_id"], {}).get(element["action_id"])
        if given is None or given["type"] != element["type"]:
            given = blank(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = given
    return values


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every block and element that holds a value."""
    for block in blocks:
        for element in elements(block):
            if element.get("type") in HOLDS:
                yield block, element


def blank(element: Json) -> Json:
    """Return the state of an element nobody has touched."""
    holds = HOLDS[element["type"]]
    start = element.get(_INITIAL.get(holds, ""))
    if start is None and holds in _MANY:
        start = []
    return {"type": element["type"], holds: start}


def fill(world: World, element: Json, value: Any) -> Json:
    """Return the state of an element in which a person entered `value`.

    `value` is text for inputs; for choices the visible text or the value of an option, a name or an id; a list where
    several can be chosen; None empties the element. Raises Refused if there is no such choice.
    """
    holds = HOLDS[element["type"]]
    if value is None or value == "":
        return {"type": element["type"], holds: [] if holds in _MANY else None}
    if holds in _MANY:
        many = value if isinstance(value, list | tuple) else [value]
        return {"type": element["type"], holds: [_one(world, element, holds, each) for each in many]}
    return {"type": element["type"], holds: _one(world, element, holds, value)}


def _one(world: World, element: Json, holds: str, value: Any) -> Any:
    if holds.startswith("selected_option"):
        return choice(options(element), value)
    if holds.startswith("selected_user"):
        return _id(world.people.values(), "real_name", value)
    if holds.startswith(("selected_conversation", "selected_channel")):
        return _id(world.channels.values(), "name", str(value).removeprefix("#"))
    if holds == "rich_text_value" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    if holds in ("rich_text_value", "selected_date_time", "files"):
        return value
    return str(value)


def _id(things: Any, name: str, value: Any) -> str:
    for each in things:
        if value in (each.id, each.name, getattr(each, name)):
            return str(each.id)
    raise Refused("no_such_choice", str(value))


def options(element: Json) -> list[Json]:
    """Return the options of an element, out of their groups."""
    groups = element.get("option_groups") or []
    return [
        *(element.get("options") or []),
        *(each for group in groups for each in group.get("options") or []),
    ]


def choice(offered: list[Json], value: Any) -> Json:
    """Return the option a person means: by value, by its text, by part of it. Raises Refused if there is none."""
    if isinstance(value, dict):
        return value
    for test in (
        lambda o: o.get("value") == value,
        lambda o: label(o) == value,
        lambda o: str(value) in label(o),
    ):
        for option in offered:
            if test(option):
                return {key: option[key] for key in ("text", "value", "description") if key in option}
    raise Refused("no_such_choice", str(value), options=[label(each) for each in offered])


def label(thing: Json) -> str:
    """Return the visible text of a button, an option, an input block or a placeholder."""
    for name in ("text", "label", "placeholder"):
        part = thing.get(name)
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            return unescape(part["text"])
    return ""


def is_empty(state: Json) -> bool:
    """Say whether nothing is entered."""
    return state.get(HOLDS[state["type"]]) in (None, "", [])


def objection(element: Json, state: Json) -> str | None:
    """Return what Slack's own client objects to before it sends anything, or None."""
    value = state.get(HOLDS[state["type"]])
    if element["type"] == "plain_text_input" and isinstance(value, str):
        if len(value) < element.get("min_length", 0):
            return f"Must be at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Must be less than {element.get('max_length', 3000) + 1} characters."
    if element["type"] == "file_input" and isinstance(value, list):
        if len(value) > element.get("max_files", 10):
            return f"Must be at most {element.get('max_files', 10)} files."
        if any(file["size"] > LARGEST for file in value):
            return "Must be less than 10 MB."
    if element["type"] == "email_text_input" and isinstance(value, str) and not _EMAIL.fullmatch(value):
        return "Must be a valid email address."
    if element["type"] == "url_text_input" and isinstance(value, str) and "://" not in value:
        return "Must be a valid URL."
    if element["type"] == "number_input" and isinstance(value, str):
        return _bad_number(element, value)
    return None


def _bad_number(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Must be a valid number."
    if not element.get("is_decimal_allowed", False) and not number.is_integer():
        return "Must be an integer."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Must be {element['min_value']} or more."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Must be {element['max_value']} or less."
    return None
