"""The manifest grants what the code uses, and nothing else."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from unittest.mock import MagicMock

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.bolt import FEATURES
from bot.errors import SettingsError
from bot.feature import Feature
from bot.manifest import (
    EVENT_SCOPES,
    METHOD_SCOPES,
    SURFACE_SCOPES,
    bot_scopes,
    load_manifest,
    manifest_for,
    manifest_text,
)
from tests.listeners import heard, whole_app

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "scheduler")

SCHEMA: dict[str, Any] = {
    "_metadata": {"major_version": int, "minor_version": int},
    "display_information": {"name": 35, "description": 140, "long_description": 4000, "background_color": 7},
    "features": {
        "app_home": {
            "home_tab_enabled": bool,
            "messages_tab_enabled": bool,
            "messages_tab_read_only_enabled": bool,
        },
        "bot_user": {"display_name": 80, "always_online": bool},
        "shortcuts": [{"name": 24, "type": 7, "callback_id": 255, "description": 150}],
        "slash_commands": [
            {"command": 32, "description": 2000, "usage_hint": 1000, "should_escape": bool, "url": 3000}
        ],
    },
    "oauth_config": {"scopes": {"bot": [50]}},
    "settings": {
        "event_subscriptions": {"request_url": 3500, "bot_events": [50]},
        "interactivity": {"is_enabled": bool, "request_url": 3500, "message_menu_options_url": 3500},
        "org_deploy_enabled": bool,
        "socket_mode_enabled": bool,
        "token_rotation_enabled": bool,
    },
}
"""The keys we may use: a number is the longest text allowed. From Slack's published manifest schema, version 1."""


def complaints(value: Any, schema: Any, where: str = "") -> Iterator[str]:
    """Where `value` departs from `schema`."""
    if isinstance(schema, dict):
        for key, inner in value.items():
            if key not in schema:
                yield f"{where}.{key} is not a key of the manifest"
            else:
                yield from complaints(inner, schema[key], f"{where}.{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(value):
            yield from complaints(inner, schema[0], f"{where}[{index}]")
    elif isinstance(schema, int):
        if not isinstance(value, str) or not 0 < len(value) <= schema:
            yield f"{where} is not a text of 1–{schema} characters"
    elif type(value) is not schema:
        yield f"{where} is not {schema.__name__}"


@cache
def client_methods() -> dict[str, str]:
    """AsyncWebClient's Python names and the Web API methods they call."""
    found = {}
    for name, function in inspect.getmembers(AsyncWebClient, inspect.isfunction):
        call = re.search(r'\.api_call\(\s*"([a-zA-Z.]+)"', inspect.getsource(function))
        if call and not name.startswith("_"):
            found[name] = call.group(1)
    return found


def called_methods(source: str) -> set[str]:
    """The Web API methods a module names: as a client's method, by that method's name, or in `api_call("…")`."""
    names = client_methods()
    called = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in names:
            called.add(names[str(node.value)])
        if isinstance(node, ast.Attribute) and node.attr in names:
            called.add(names[node.attr])
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "api_call"
        ):
            called.update(str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant))
    return called


def methods_of_the_code() -> set[str]:
    files = chain.from_iterable((ROOT / room).rglob("*.py") for room in ROOMS)
    return set().union(*(called_methods(file.read_text(encoding="utf-8")) for file in files))


def subscribed() -> set[str]:
    return set(load_manifest()["settings"]["event_subscriptions"]["bot_events"])


def test_the_walker_sees_every_way_of_calling_a_method() -> None:
    source = """
await client.chat_postMessage(channel=c)
await self.web.api_call("views.open", json={})
f(w.users_list, "conversations_members")
"""
    assert called_methods(source) == {"chat.postMessage", "views.open", "users.list", "conversations.members"}


class Recorder:
    """Stands for a Bolt app while features register: notes the events they listen to."""

    def __init__(self) -> None:
        self.events: set[str] = set()

    def event(self, name: object) -> Callable[[Any], Any]:
        if isinstance(name, str):
            self.events.add(name)
        return lambda listener: listener

    def __getattr__(self, surface: str) -> Callable[..., Callable[[Any], Any]]:
        return lambda *_, **__: lambda listener: listener


def features() -> list[Feature[Any]]:
    """The `FEATURE` of every folder of handlers/ that has one."""
    folders = [import_module(f"handlers.{module.name}") for module in iter_modules(handlers.__path__)]
    return [folder.FEATURE for folder in folders if hasattr(folder, "FEATURE")]


def listened() -> set[str]:
    """The events the features really put listeners on, as Bolt names them (message, not message.channels)."""
    recorder, services = Recorder(), MagicMock()
    for feature in features():
        feature.register(recorder, services)
    return recorder.events


def test_the_app_registers_every_feature_there_is() -> None:
    assert sorted(feature.name for feature in FEATURES) == sorted(feature.name for feature in features())


def test_the_manifest_subscribes_to_exactly_the_events_somebody_listens_to() -> None:
    assert {event.split(".")[0] for event in subscribed()} == listened()


def test_the_file_packed_into_the_wheel_is_the_one_in_the_root() -> None:
    assert (ROOT / "app.yaml").read_text(encoding="utf-8") == manifest_text()


def test_every_key_is_one_of_slacks_and_every_text_fits() -> None:
    assert list(complaints(load_manifest(), SCHEMA)) == []
    assert len(load_manifest()["display_information"]["long_description"]) >= 175


def test_a_wrong_key_or_a_long_text_would_be_seen() -> None:
    wrong = {
        "display_information": {"name": "あ" * 36, "colour": "#000"},
        "settings": {"socket_mode_enabled": "yes"},
    }
    assert len(list(complaints(wrong, SCHEMA))) == 3


def test_the_table_lists_exactly_the_methods_the_code_calls() -> None:
    assert set(METHOD_SCOPES) == methods_of_the_code()


def test_the_manifest_asks_for_exactly_the_scopes_that_methods_and_events_need() -> None:
    needed = SURFACE_SCOPES.union(*METHOD_SCOPES.values(), *EVENT_SCOPES.values())
    assert bot_scopes() == needed


def test_the_manifest_names_exactly_the_commands_and_shortcuts_somebody_listens_to(tmp_path: Path) -> None:
    features, found = load_manifest()["features"], list(heard(whole_app(tmp_path)))
    commands = {each.name for each in found if each.kind == "command"}
    assert {each["command"] for each in features["slash_commands"]} == commands
    shortcuts = {each.name for each in found if each.kind.endswith("shortcut")}
    assert {each["callback_id"] for each in features["shortcuts"]} == shortcuts


def test_an_alias_that_another_app_has_is_left_out() -> None:
    whole = load_manifest()["features"]["slash_commands"]
    for url in (None, "https://banso.example.jp"):
        found = yaml.safe_load(manifest_for(url, ["/toban"]))["features"]["slash_commands"]
        assert [each["command"] for each in found] == [
            each["command"] for each in whole if each["command"] != "/toban"
        ]
    for wrong in ("/banso", "/nothing"):
        with pytest.raises(SettingsError, match="外せません"):
            manifest_for(None, [wrong])


def test_the_manifest_subscribes_to_exactly_the_events_whose_scopes_are_listed() -> None:
    assert subscribed() == set(EVENT_SCOPES)


def test_people_can_write_to_the_bot_only_when_it_listens_to_direct_messages() -> None:
    home = load_manifest()["features"]["app_home"]
    assert home["messages_tab_enabled"], "without the tab Slack refuses our direct messages"
    assert home["messages_tab_read_only_enabled"] == ("message.im" not in subscribed())


def test_the_token_does_not_expire() -> None:
    """Page using-token-rotation: with it, tokens live 12 hours; the bot is given one and refreshes none."""
    assert load_manifest()["settings"]["token_rotation_enabled"] is False


def test_socket_mode_is_the_default_and_names_no_address() -> None:
    manifest = yaml.safe_load(manifest_for(None))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in manifest_for(None)


@pytest.mark.parametrize("url", ["https://banso.example.jp", "https://banso.example.jp/"])
def test_http_mode_sends_events_and_buttons_to_one_address(url: str) -> None:
    manifest = yaml.safe_load(manifest_for(url))
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == "https://banso.example.jp/slack/events"
    assert settings["interactivity"]["request_url"] == "https://banso.example.jp/slack/events"
    assert settings["interactivity"]["message_menu_options_url"] == "https://banso.example.jp/slack/events"
    assert list(complaints(manifest, SCHEMA)) == []


def test_http_mode_changes_nothing_but_the_addresses() -> None:
    http = yaml.safe_load(manifest_for("https://banso.example.jp/town"))
    del (
        http["settings"]["event_subscriptions"]["request_url"],
        http["settings"]["interactivity"]["request_url"],
        http["settings"]["interactivity"]["message_menu_options_url"],
    )
    http["settings"]["socket_mode_enabled"] = True
    for command in http["features"]["slash_commands"]:
        assert command.pop("url") == "https://banso.example.jp/town/slack/events"
    assert http == load_manifest()


@pytest.mark.parametrize(
    "url", ["http://banso.example.jp", "banso.example.jp", "https://", "https://banso.example.jp/?a=1", ""]
)
def test_an_address_slack_cannot_use_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(SettingsError, match="https://"):
        manifest_for(url)
