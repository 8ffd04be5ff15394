"""Inputs of a dialog, and reading back what was entered. A value that is missing or odd reads as nothing entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from handlers.common.blocks import Block, plain
from handlers.common.payloads import storable


def field(
    block_id: str, label: str, element: Block, *, optional: bool = True, hint: str | None = None
) -> Block:
    """An input; the element's action is called like its block, so that one name finds the value."""
    found: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "optional": optional,
        "element": {**element, "action_id": block_id},
    }
    return {**found, "hint": plain(hint)} if hint else found


def _entered(view: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    inner = values.get(block) if isinstance(values, Mapping) else None
    found = inner.get(block) if isinstance(inner, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(view: Mapping[str, Any], block: str) -> str:
    """What was typed, without the white space around it."""
    value = _entered(view, block).get("value")
    return value.strip() if isinstance(value, str) else ""


def asks(view: Mapping[str, Any], block: str) -> bool:
    """Whether a dialog has this block: one that an older version opened may lack it."""
    return bool(_entered(view, block))


def choice(view: Mapping[str, Any], block: str) -> str | None:
    """The chosen option's value."""
    chosen = _entered(view, block).get("selected_option")
    value = chosen.get("value") if isinstance(chosen, Mapping) else None
    return value if isinstance(value, str) else None


def choices(view: Mapping[str, Any], block: str) -> tuple[str, ...]:
    """The values of the chosen options, where several can be."""
    chosen = _entered(view, block).get("selected_options")
    options = [each for each in chosen if isinstance(each, Mapping)] if isinstance(chosen, list) else []
    return _ids([each.get("value") for each in options])


def person(view: Mapping[str, Any], block: str) -> str | None:
    """The chosen user's Slack id."""
    value = _entered(view, block).get("selected_user")
    return value if isinstance(value, str) else None


def people(view: Mapping[str, Any], block: str) -> tuple[str, ...]:
    """The chosen users' Slack ids."""
    return _ids(_entered(view, block).get("selected_users"))


def places(view: Mapping[str, Any], block: str) -> tuple[str, ...]:
    """The chosen channels' Slack ids, of one menu or of one for several."""
    entered = _entered(view, block)
    one = entered.get("selected_conversation")
    return _ids([one] if one is not None else entered.get("selected_conversations"))


def _ids(value: Any) -> tuple[str, ...]:
    return (
        tuple(dict.fromkeys(each for each in value if isinstance(each, str)))
        if isinstance(value, list)
        else ()
    )


def files(view: Mapping[str, Any], block: str) -> tuple[dict[str, str], ...]:
    """The files that were given, by id and name."""
    given = _entered(view, block).get("files")
    found = [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
    return tuple(
        {"id": str(each["id"]), "name": storable(str(each.get("name") or ""))}
        for each in found
        if isinstance(each.get("id"), str) and each["id"] and "\x00" not in each["id"]
    )


def ticked(view: Mapping[str, Any], block: str) -> bool:
    """Whether something in a list of boxes is ticked."""
    return bool(_entered(view, block).get("selected_options"))


def day(view: Mapping[str, Any], block: str) -> date | None:
    """The chosen date."""
    try:
        return date.fromisoformat(str(_entered(view, block).get("selected_date")))
    except ValueError:
        return None


def clock(view: Mapping[str, Any], block: str) -> time | None:
    """The chosen time of day, as the wall shows it."""
    value = _entered(view, block).get("selected_time")
    try:
        return time.fromisoformat(value) if isinstance(value, str) and len(value) == len("00:00") else None
    except ValueError:
        return None


def moment(view: Mapping[str, Any], block: str) -> datetime | None:
    """The chosen moment (aware UTC): Slack gives seconds since 1970."""
    value = _entered(view, block).get("selected_date_time")
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def number(view: Mapping[str, Any], block: str) -> int | None:
    """The entered whole number: Slack sends it as text."""
    value = text(view, block)
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None
