"""Every listener on the Bolt app, and what it listens to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.middleware.async_custom_middleware import AsyncCustomMiddleware
from slack_sdk.web.async_client import AsyncWebClient

from bot.bolt import build_bolt
from bot.clock import Clock
from bot.metrics import Metrics
from bot.settings import Settings
from handlers.common.doors import Door
from handlers.common.services import Services
from storage.database import Database


@dataclass(frozen=True)
class Heard:
    """A listener: `kind` is event, action, view_submission, command, global_shortcut, message_shortcut or options, `name`
    what it waits for."""

    kind: str
    name: str
    doors: tuple[Door, ...]


_KINDS = {"block_action": "action", "block_suggestion": "options"}


def whole_app(directory: Path) -> AsyncApp:
    """The app with every listener, on a database that is never opened."""
    database = Database(f"sqlite:///{directory}/none.sqlite3", Clock(), "T0ASAGI")
    client = AsyncWebClient()
    services = Services(database, client, "U0BANSO", Metrics())
    return build_bolt(services, client, Settings(_env_file=None), bot_id="B0BANSO", team_id="T0ASAGI")


def heard(app: AsyncApp) -> Iterator[Heard]:
    """Walk over the listeners. Bolt keeps what one waits for only in the closures of its matchers."""
    for listener in app._async_listeners:
        matcher: Any = listener.matchers[0]
        inner = _free(matcher.func)["func"]
        matched = inner.__qualname__.split(".")[0]
        kind = _KINDS.get(matched, matched)
        doors = tuple(
            each.func
            for each in listener.middleware
            if isinstance(each, AsyncCustomMiddleware) and isinstance(each.func, Door)
        )
        yield Heard(kind, _name(next(iter(_free(inner).values()))), doors)


def _free(function: Any) -> dict[str, Any]:
    cells = function.__closure__ or ()
    return {name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, cells, strict=True)}


def _name(constraints: Any) -> str:
    if isinstance(constraints, dict):
        found = constraints.get("callback_id") or constraints.get("action_id") or constraints.get("type")
        return _name(found)
    return constraints.pattern if isinstance(constraints, re.Pattern) else str(constraints)
