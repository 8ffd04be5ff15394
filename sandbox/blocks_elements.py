"""Block Kit's elements (buttons, menus, pickers, inputs) and which block may hold which.

Sources are the pages of docs.slack.dev/reference/block-kit/block-elements (`<name>-element`) and, for which element
stands in which block, the types ActionsBlockElement, SectionBlockAccessory and InputBlockElement of Slack's own
@slack/types. Workflow, feedback and icon buttons are not covered and count as unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from sandbox.blocks_objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_ACTION_CONFIG,
    IMAGE_SOURCES,
    LINK_OPTION,
    OPTION_GROUP,
    PLAIN_OPTION,
    RICH_OPTION,
    plain_text,
)
from sandbox.blocks_rich import RICH_TEXT
from sandbox.blocks_schema import (
    Check,
    Rule,
    array,
    boolean,
    child,
    exactly_one,
    integer,
    mapping,
    one_of,
    problem,
    readable,
    string,
    url,
)

_ACTION = {"action_id": string(255)}
_CONFIRM = {**_ACTION, "confirm": CONFIRM}
_PICKER = {**_CONFIRM, "focus_on_load": boolean}
_MENU = {**_PICKER, "placeholder": plain_text(150)}
_MULTI = {**_MENU, "max_selected_items": integer(1)}
_INPUT = {
    **_ACTION,
    "placeholder": plain_text(150),
    "focus_on_load": boolean,
    "dispatch_action_config": DISPATCH_ACTION_CONFIG,
}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_DATE = readable(_is_date, "a date (YYYY-MM-DD)")
_TIME = readable(lambda text: bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text)), "a time (HH:mm)")
_ZONE = readable(lambda text: text in _zones(), "an IANA time zone")
_NUMBER = readable(
    lambda text: bool(re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?", text)), "a number in a string"
)


def _offered(element: Mapping[str, Any]) -> list[object]:
    """Return all options of an element, those of its groups included."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _initial_is_offered(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """An initial option must match one of the options exactly (pages select-menu, radio-button-group)."""
    if "initial_option" in element and element["initial_option"] not in _offered(element):
        yield problem("must match one of the options", child(pointer, "initial_option"))


def _initials_are_offered(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """All initial options must match options exactly (pages multi-select-menu, checkboxes)."""
    offered = _offered(element)
    for index, option in enumerate(element.get("initial_options", [])):
        if option not in offered:
            yield problem("must match one of the options", child(child(pointer, "initial_options"), index))


def _few_enough(name: str) -> Rule:
    def rule(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
        if len(element.get(name, [])) > element.get("max_selected_items", float("inf")):
            yield problem("must not exceed `max_selected_items`", child(pointer, name))

    return rule


def _ordered(low: str, high: str) -> Rule:
    def rule(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
        if low in element and high in element and float(element[low]) > float(element[high]):
            yield problem(f"must not be greater than `{high}`", child(pointer, low))

    return rule


def _no_decimals(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """Page number-input: decimals only where `is_decimal_allowed`."""
    for name in ("initial_value", "min_value", "max_value"):
        if not element["is_decimal_allowed"] and "." in element.get(name, ""):
            yield problem("must be a whole number", child(pointer, name))


def _initial_fits(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """Page plain-text-input: what stands there at first must itself be acceptable."""
    if len(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield problem("must not be longer than `max_length`", child(pointer, "initial_value"))


_STATIC = {"options": array(PLAIN_OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
_ONE_LIST = exactly_one("options", "option_groups")
_IDS = array(string())


def _multi(optional: Mapping[str, Check], initial: str, rules: Sequence[Rule] = ()) -> Check:
    return mapping({}, {**_MULTI, **optional}, [*rules, _few_enough(initial)])


IMAGE = mapping({"alt_text": string(2000)}, IMAGE_SOURCES, [exactly_one("image_url", "slack_file")])
"""Pages image-element and image-block: alternative text 2,000."""

_BUTTON = mapping(
    {"text": plain_text(75)},
    {
        **_CONFIRM,
        "url": url(3000),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)

_SELECTS: dict[str, Check] = {
    "static_select": mapping(
        {}, {**_MENU, **_STATIC, "initial_option": PLAIN_OPTION}, [_ONE_LIST, _initial_is_offered]
    ),
    "external_select": mapping({}, {**_MENU, "initial_option": PLAIN_OPTION, "min_query_length": integer(0)}),
    "users_select": mapping({}, {**_MENU, "initial_user": string()}),
    "conversations_select": mapping(
        {},
        {
            **_MENU,
            "initial_conversation": string(),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "channels_select": mapping({}, {**_MENU, "initial_channel": string(), "response_url_enabled": boolean}),
}

_MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _multi(
        {**_STATIC, "initial_options": array(PLAIN_OPTION, 100)},
        "initial_options",
        [_ONE_LIST, _initials_are_offered],
    ),
    "multi_external_select": _multi(
        {"initial_options": array(PLAIN_OPTION, 100), "min_query_length": integer(0)}, "initial_options"
    ),
    "multi_users_select": _multi({"initial_users": _IDS}, "initial_users"),
    "multi_conversations_select": _multi(
        {
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
        "initial_conversations",
    ),
    "multi_channels_select": _multi({"initial_channels": _IDS}, "initial_channels"),
}

_PICKERS: dict[str, Check] = {
    "radio_buttons": mapping(
        {"options": array(RICH_OPTION, 10)}, {**_PICKER, "initial_option": RICH_OPTION}, [_initial_is_offered]
    ),
    "checkboxes": mapping(
        {"options": array(RICH_OPTION, 10)},
        {**_PICKER, "initial_options": array(RICH_OPTION, 10)},
        [_initials_are_offered],
    ),
    "datepicker": mapping({}, {**_MENU, "initial_date": _DATE}),
    "timepicker": mapping({}, {**_MENU, "initial_time": _TIME, "timezone": _ZONE}),
}

# A time stamp has ten digits (page datetime-picker-element).
_DATETIME = mapping({}, {**_PICKER, "initial_date_time": integer(10**9, 10**10 - 1)})

_RICH_INPUT = mapping({}, {**_INPUT, "initial_value": RICH_TEXT})

_TEXT_INPUTS: dict[str, Check] = {
    "plain_text_input": mapping(
        {},
        {
            **_INPUT,
            "initial_value": string(3000, minimum=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        [_ordered("min_length", "max_length"), _initial_fits],
    ),
    "email_text_input": mapping({}, {**_INPUT, "initial_value": string()}),
    "url_text_input": mapping({}, {**_INPUT, "initial_value": url()}),
    "number_input": mapping(
        {"is_decimal_allowed": boolean},
        {**_INPUT, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        [
            _no_decimals,
            _ordered("min_value", "max_value"),
            _ordered("min_value", "initial_value"),
            _ordered("initial_value", "max_value"),
        ],
    ),
}

_FILE_INPUT = mapping({}, {**_ACTION, "filetypes": array(string()), "max_files": integer(1, 10)})

_BUTTON_LIKE: dict[str, Check] = {
    "button": _BUTTON,
    "overflow": mapping({"options": array(LINK_OPTION, 5)}, _CONFIRM),
}
_CHOICES = {**_SELECTS, **_MULTI_SELECTS, **_PICKERS}

IN_SECTION: dict[str, Check] = {**_BUTTON_LIKE, **_CHOICES, "image": IMAGE}
"""Elements a section block takes as its accessory."""
IN_ACTIONS: dict[str, Check] = {
    **_BUTTON_LIKE,
    **_CHOICES,
    "datetimepicker": _DATETIME,
    "rich_text_input": _RICH_INPUT,
}
"""Elements an actions block takes."""
IN_INPUT: dict[str, Check] = {
    **_CHOICES,
    **_TEXT_INPUTS,
    "datetimepicker": _DATETIME,
    "rich_text_input": _RICH_INPUT,
}
"""Elements an input block takes on every surface."""
IN_MODAL_INPUT: dict[str, Check] = {**IN_INPUT, "file_input": _FILE_INPUT}
"""Elements an input block takes in a modal: page file-input-element speaks of its parent modal only."""
