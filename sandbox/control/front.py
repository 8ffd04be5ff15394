"""The control API's front door: reads arguments, finds the verb, answers."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.control.desk import VERBS, Desk
from sandbox.errors import Refused, SlackError
from sandbox.state import Json, World

if TYPE_CHECKING:
    from sandbox.server import Sandbox

for _name in (
    "acting",
    "faulting",
    "flooding",
    "mingling",
    "peopling",
    "seeing",
    "settings",
    "showing",
    "touring",
):
    importlib.import_module(f"sandbox.control.{_name}")


class Control:
    """Answers /control/<verb>."""

    def __init__(self, world: World, sandbox: Sandbox) -> None:
        self._desk = Desk(world, sandbox)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        verb = VERBS.get(request.match_info["verb"].strip("/"))
        if verb is None:
            return _answer({"ok": False, "error": "unknown_verb", "verbs": sorted(VERBS)}, 404)
        args: Json = dict(request.query)
        raw = await request.read()
        # The version from before, so that who waits for a change after it misses none.
        body: Json = {"version": self._desk.world.version}
        try:
            args |= json.loads(raw) if raw else {}
            return _answer({"ok": True, **body, **await verb(self._desk, args)}, 200)
        except Refused as error:
            body |= {"ok": False, "error": error.code, "detail": error.detail, **error.fields}
        except SlackError as error:
            body |= {"ok": False, "error": error.code, "detail": "", **error.fields}
        except (KeyError, ValueError, TypeError) as error:
            body |= {"ok": False, "error": "bad_arguments", "detail": f"{type(error).__name__}: {error}"}
        return _answer(body, 400)


def _answer(body: Json, status: int) -> web.Response:
    return web.json_response(body, status=status, dumps=lambda each: json.dumps(each, ensure_ascii=False))
