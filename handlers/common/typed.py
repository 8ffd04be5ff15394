"""No listener meets a My Number that somebody typed into a command, a dialog or a form: one middleware before them all.

A command is refused and a dialog keeps what was typed, with an explanation at its place. Everything else goes on with the
number masked; `noted` leaves a trace by which `handlers.questions.base.incoming` still knows that there was one. What Slack
itself writes (ids, `response_url`, `trigger_id`, the values of our own buttons) is never touched. Events are not read
here: what people write in channels is masked where it is read, for the history shows it too
(docs/decisions/0017-my-numbers.md).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.domain import my_number
from bot.errors import PersonalNumber

log = structlog.get_logger("handlers")

Body = dict[str, Any]

NOTE = "my_numbers"
"""Key under which `noted` says how many numbers stood in a mapping's own texts."""

_INPUTS = frozenset(
    {
        "plain_text_input",
        "rich_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "file_input",
    }
)
"""Elements in which people type. Source: docs.slack.dev/reference/block-kit/block-elements."""


async def without_my_numbers(body: Body, next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
    """Bolt middleware: refuse what somebody sends, mask what somebody presses.

    Raises:
        PersonalNumber: in a command; nothing was done.
    """
    if body.get("type") == "event_callback":
        await next_()
        return None
    if "command" in body and _has(body.get("text")):
        log.info("personal number refused", kind="command")
        raise PersonalNumber()
    if body.get("type") == "view_submission":
        wrong = [block for block, element in _elements(body.get("view")) if _has(_typed(element))]
        if wrong:
            log.info("personal number refused", kind="view_submission")
            errors = dict.fromkeys(wrong, PersonalNumber().sentence)
            return BoltResponse(status=200, body=json.dumps({"response_action": "errors", "errors": errors}))
    _mask_in_place(body)
    await next_()
    return None


def noted(value: Any) -> Any:
    """Plain JSON without a My Number. A mapping in whose own texts one stood says so under `NOTE`."""
    if isinstance(value, Mapping):
        return _noted(value)
    if isinstance(value, list | tuple):
        return [noted(inner) for inner in value]
    return my_number.masked(value)


def _noted(value: Mapping[str, Any]) -> dict[str, Any]:
    found = sum(len(my_number.find(text)) for text in value.values() if isinstance(text, str))
    kept = {key: noted(inner) for key, inner in value.items()}
    return {**kept, NOTE: found + how_many(value)} if found else kept


def how_many(value: Mapping[str, Any]) -> int:
    """How many numbers `noted` took out of this mapping."""
    count = value.get(NOTE)
    return count if isinstance(count, int) else 0


def _mask_in_place(body: Body) -> None:
    """Slack's own keys stay as they are: what people typed lies in a few places only."""
    if isinstance(body.get("message"), Mapping):
        body["message"] = noted(body["message"])
    if isinstance(body.get("value"), str):  # what was typed to look for in a list
        body["value"] = my_number.masked(body["value"])
    pressed = body.get("actions")
    elements = [each for each in pressed if isinstance(each, dict)] if isinstance(pressed, list) else []
    elements += [element for place in (body, body.get("view")) for _, element in _elements(place)]
    for element in elements:
        if _has(_typed(element)):
            element.update(
                {key: my_number.masked(element[key]) for key in ("value", "files") if key in element}
            )
            element.pop("rich_text_value", None)


def _elements(place: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The elements in the state of a view or a message, with their block. Forged payloads may hold anything."""
    state = place.get("state") if isinstance(place, Mapping) else None
    values = state.get("values") if isinstance(state, Mapping) else None
    for block, inside in values.items() if isinstance(values, Mapping) else ():
        for element in inside.values() if isinstance(inside, Mapping) else ():
            if isinstance(element, dict):
                yield str(block), element


def _has(text: Any) -> bool:
    return isinstance(text, str) and bool(my_number.find(text))


def _typed(element: Mapping[str, Any]) -> str:
    """All that somebody typed into an element; what they chose in a list is not theirs."""
    if str(element.get("type")) not in _INPUTS:
        return ""
    parts = [element.get("value"), _flat(element.get("rich_text_value"))]
    files = element.get("files")
    for file in files if isinstance(files, list) else ():
        parts += [file.get(key) for key in ("name", "title")] if isinstance(file, Mapping) else []
    return "\nx".join(str(part) for part in parts if part is not None)


def _flat(rich: Any) -> str:
    """A rich text as people read it: a number may lie in several elements."""
    if isinstance(rich, list):
        return "".join(map(_flat, rich))
    if not isinstance(rich, Mapping):
        return ""
    own = str(rich.get("text") or rich.get("url") or "")
    return (
        own
        + _flat(rich.get("elements"))
        + ("\n" if str(rich.get("type", "")).startswith("rich_text") else "")
    )
