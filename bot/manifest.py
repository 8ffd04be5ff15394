"""The Slack app manifest, and which scope each Web API method and each event needs.

`app.yaml` in the repository root is what people paste and read; `bot/app.yaml` is the same file, packed into the wheel.
tests/docs/test_manifest.py holds the two together, and both against what the code calls and listens to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from bot.errors import SettingsError

EVENTS_PATH: Final = "/slack/events"
"""Where HTTP mode takes events, buttons and modals alike."""

_READ: Final = frozenset({"channels:read", "groups:read"})
_HISTORY: Final = frozenset({"channels:history", "groups:history", "im:history"})

METHOD_SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "apps.connections.open": frozenset(),  # connections:write, on the app token, which no manifest grants
    "auth.test": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.members": _READ,
    "conversations.open": frozenset({"im:write"}),
    "conversations.replies": _HISTORY,
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.delete": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "pins.add": frozenset({"pins:write"}),
    "pins.remove": frozenset({"pins:write"}),
    "reactions.add": frozenset({"reactions:write"}),
    "reactions.remove": frozenset({"reactions:write"}),
    "usergroups.users.update": frozenset({"usergroups:write"}),
    "users.conversations": _READ | {"im:read"},
    "users.info": frozenset({"users:read"}),
    "users.list": frozenset({"users:read", "users:read.email"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.push": frozenset(),
    "views.update": frozenset(),
}
"""Bot scopes of each Web API method we call, for the kinds of conversation we use: public and private channels, and
our own direct messages. Source: "Scopes" on docs.slack.dev/reference/methods/<method>."""

EVENT_SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "app_uninstalled": frozenset(),
    "channel_archive": frozenset({"channels:read"}),
    "channel_deleted": frozenset({"channels:read"}),
    "channel_left": frozenset({"channels:read"}),
    "channel_rename": frozenset({"channels:read"}),
    "channel_unarchive": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_deleted": frozenset({"groups:read"}),
    "group_left": frozenset({"groups:read"}),
    "group_rename": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "member_joined_channel": _READ,
    "member_left_channel": _READ,
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "team_join": frozenset({"users:read"}),
    "tokens_revoked": frozenset(),
    "user_change": frozenset({"users:read"}),
}
"""Bot scopes of each event we subscribe to. Source: "Required scopes" on docs.slack.dev/reference/events/<event>."""


SURFACE_SCOPES: Final = frozenset({"commands"})
"""Bot scopes of slash commands and shortcuts. Source: docs.slack.dev/interactivity/implementing-slash-commands and
implementing-shortcuts: creating one adds the scope `commands`."""


def manifest_text() -> str:
    """The manifest as people read it, comments included."""
    return files("bot").joinpath("app.yaml").read_text(encoding="utf-8")


def load_manifest() -> dict[str, Any]:
    """The manifest as a fresh mapping, in Slack's schema."""
    manifest: dict[str, Any] = yaml.safe_load(manifest_text())
    return manifest


def bot_scopes() -> frozenset[str]:
    """The scopes the installed app must have been granted."""
    return frozenset(load_manifest()["oauth_config"]["scopes"]["bot"])


def manifest_for(url: str | None, without: Collection[str] = ()) -> str:
    """The YAML to paste into Slack.

    Args:
        url: where Slack reaches this bot in HTTP mode (`https://…`, a path before `/slack/events` is kept); None
            gives Socket Mode.
        without: aliases of `/banso` that another app of the workspace has.

    Raises:
        SettingsError: the address is not https, or carries a query; or there is no such alias.
    """
    if url is None and not without:
        return manifest_text()
    manifest = load_manifest()
    _leave_out(manifest, without)
    if url is not None:
        _over_http(manifest, _request_url(url))
    return yaml.safe_dump(manifest, allow_unicode=True, sort_keys=False, width=120)


def _leave_out(manifest: dict[str, Any], without: Collection[str]) -> None:
    commands = manifest["features"]["slash_commands"]
    aliases = [command["command"] for command in commands[1:]]
    if unknown := set(without) - set(aliases):
        names = "、".join(sorted(unknown))
        raise SettingsError(f"{names} は外せません。外せるのは {'、'.join(aliases)} です。")
    manifest["features"]["slash_commands"] = [each for each in commands if each["command"] not in without]


def _over_http(manifest: dict[str, Any], request_url: str) -> None:
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": request_url, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = request_url
    settings["interactivity"]["message_menu_options_url"] = request_url  # what menus that are searched ask
    for command in manifest["features"]["slash_commands"]:
        command["url"] = request_url


def _request_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError("Slack から届く URL は https:// で始まり、? や # を含まないものにしてください。")
    return url.rstrip("/") + EVENTS_PATH
