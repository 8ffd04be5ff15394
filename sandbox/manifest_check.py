"""Says what Slack would refuse in an app's manifest.

Sources: docs.slack.dev/reference/app-manifest, page and @slack/web-api's types of it; interactivity/implementing-shortcuts
for the five shortcuts of either type. What is left out of a manifest is no fault here: tests write short ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_LENGTHS = {
    ("display_information", "name"): (1, 35),
    ("display_information", "description"): (1, 140),
    ("display_information", "long_description"): (174, 4000),
    ("features", "bot_user", "display_name"): (1, 80),
}
_COUNTS = {
    ("features", "shortcuts"): 10,
    ("features", "slash_commands"): 50,
    ("oauth_config", "scopes", "bot"): 255,
    ("settings", "event_subscriptions", "bot_events"): 100,
}
_SHORTCUT = {"name": 24, "callback_id": 255, "description": 150}
_COMMAND = {"command": 32, "description": 2000}
_COLOUR = re.compile(r"#([0-9a-fA-F]{3}){1,2}")


def check_manifest(manifest: Mapping[str, Any]) -> list[str]:
    """Return what Slack would refuse in a decoded manifest, each with the path of the property."""
    return [*_texts(manifest), *_lists(manifest), *_shortcuts(manifest), *_commands(manifest)]


def _at(manifest: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = manifest
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _texts(manifest: Mapping[str, Any]) -> Iterator[str]:
    for path, (least, most) in _LENGTHS.items():
        value = _at(manifest, path)
        if value is not None and not least <= len(str(value)) <= most:
            yield f"{'.'.join(path)} must have {least} to {most} characters"
    colour = _at(manifest, ("display_information", "background_color"))
    if colour is not None and not _COLOUR.fullmatch(str(colour)):
        yield "display_information.background_color must be a hex color"


def _lists(manifest: Mapping[str, Any]) -> Iterator[str]:
    for path, most in _COUNTS.items():
        if len(_at(manifest, path) or ()) > most:
            yield f"{'.'.join(path)} must have no more than {most} items"


def _shortcuts(manifest: Mapping[str, Any]) -> Iterator[str]:
    given = _at(manifest, ("features", "shortcuts")) or ()
    for index, each in enumerate(given):
        yield from _too_long(each, _SHORTCUT, f"features.shortcuts.{index}")
        if each.get("type") not in ("global", "message"):
            yield f"features.shortcuts.{index}.type must be global or message"
    for kind, count in Counter(each.get("type") for each in given).items():
        if count > 5:
            yield f"features.shortcuts must have no more than 5 of type {kind}"


def _commands(manifest: Mapping[str, Any]) -> Iterator[str]:
    given = _at(manifest, ("features", "slash_commands")) or ()
    for index, each in enumerate(given):
        place = f"features.slash_commands.{index}"
        yield from _too_long(each, _COMMAND, place)
        if len(str(each.get("usage_hint") or "")) > 1000:
            yield f"{place}.usage_hint must have no more than 1000 characters"
        if not re.fullmatch(r"/[^\s/]+", str(each.get("command"))):
            yield f"{place}.command must be a slash and a word"
    for name, count in Counter(each.get("command") for each in given).items():
        if count > 1:
            yield f"features.slash_commands must not name {name} twice"


def _too_long(thing: Mapping[str, Any], lengths: Mapping[str, int], place: str) -> Iterator[str]:
    for name, most in lengths.items():
        if len(str(thing.get(name) or "")) > most:
            yield f"{place}.{name} must have no more than {most} characters"
