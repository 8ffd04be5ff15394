"""What the installed app may do and hears of, read from its manifest.

Source: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.manifest_check import check_manifest

ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "bookmarks:read",
        "bookmarks:write",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "chat:write.public",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "pins:read",
        "pins:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "usergroups:write",
        "users.profile:read",
        "users:read",
        "users:read.email",
    }
)
"""Scopes of an app without a manifest."""

EVENT_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
"""The scope each event needs (page of the event); events not listed need none."""


@dataclass(frozen=True)
class App:
    """The installed app. `events`, `commands` and `shortcuts` are None for "any"; `menu` has the shortcuts and `about` the
    display information as they stand in the manifest."""

    name: str = "banso"
    scopes: frozenset[str] = ALL_SCOPES
    events: frozenset[str] | None = None
    commands: Mapping[str, Mapping[str, Any]] | None = None
    shortcuts: Mapping[str, str] | None = None
    menu: tuple[Mapping[str, Any], ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    interactivity: bool = True
    socket_mode: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    problems: tuple[str, ...] = field(default=())

    def hears(self, event: str) -> bool:
        """Say whether the app is sent `event` ("app_mention", "message.channels"…): subscribed and in scope."""
        scope = EVENT_SCOPES.get(event)
        return (self.events is None or event in self.events) and (scope is None or scope in self.scopes)


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same answers, ten times as fast where libyaml is there."""


def load(source: Path | Mapping[str, Any] | None) -> App:
    """Read a manifest: a YAML or JSON file, a decoded one, or None for an app that may do everything.

    Raises ValueError if it is no manifest, has no bot, or is one that Slack would refuse.
    """
    if source is None:
        return App()
    manifest = yaml.load(source.read_text("utf-8"), _Loader) if isinstance(source, Path) else source
    if not isinstance(manifest, Mapping):
        raise ValueError("the manifest is not a mapping")
    features = manifest.get("features") or {}
    settings = manifest.get("settings") or {}
    if not features.get("bot_user"):
        raise ValueError("the manifest has no features.bot_user")
    if refused := check_manifest(manifest):
        raise ValueError("; ".join(refused))
    scopes = frozenset(((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ())
    events = frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ())
    commands = {each["command"]: each for each in features.get("slash_commands") or ()}
    shortcuts = {each["callback_id"]: each["type"] for each in features.get("shortcuts") or ()}
    home = features.get("app_home") or {}
    return App(
        name=str(features["bot_user"].get("display_name") or "bot"),
        scopes=scopes,
        events=events,
        commands=commands,
        shortcuts=shortcuts,
        menu=tuple(features.get("shortcuts") or ()),
        about=manifest.get("display_information") or {},
        interactivity=bool((settings.get("interactivity") or {}).get("is_enabled")),
        socket_mode=bool(settings.get("socket_mode_enabled")),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled")),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled")),
        problems=tuple(_problems(scopes, events, commands, shortcuts, settings)),
    )


def _problems(
    scopes: frozenset[str],
    events: frozenset[str],
    commands: Mapping[str, Any],
    shortcuts: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> list[str]:
    """Say what a reader of the manifest would miss: what is asked for but can never arrive."""
    found = [
        f"event {event} needs scope {EVENT_SCOPES[event]}"
        for event in sorted(events)
        if event in EVENT_SCOPES and EVENT_SCOPES[event] not in scopes
    ]
    if (commands or shortcuts) and "commands" not in scopes:
        found.append("slash commands and shortcuts need scope commands")
    if settings.get("token_rotation_enabled"):
        found.append("token rotation is not played here: the bot's token lives on after its 12 hours")
    if shortcuts and not (settings.get("interactivity") or {}).get("is_enabled"):
        found.append("shortcuts need settings.interactivity.is_enabled")
    return found
