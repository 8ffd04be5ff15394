"""The Web API's front door: arguments, token, scope, limits, faults and the log, the same for every method.

Source: docs.slack.dev/apis/web-api (arguments as query, form or JSON by GET or POST; token in the header or, without
JSON, as an argument).
"""

from __future__ import annotations

import asyncio
import json
import time

from aiohttp import web

from sandbox.calls import METHODS, Call, Method, missing_scope
from sandbox.errors import SlackError
from sandbox.faults import CALL_KINDS, Fault
from sandbox.methods import load
from sandbox.state import Json, World
from sandbox.tally import summary

load()

_SLOW = frozenset({"slow"})
"""Beside this one, another fault may strike the same call."""
_INSTEAD = frozenset({"429", "500", "502", "503", "drop_before", "error"})


class WebApi:
    """Answers /api/<method>."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call and write it down."""
        tally = self._world.tally
        name = request.match_info["method"]
        started = time.monotonic()
        tally.running += 1
        args: Json = {}
        outcome, ts, headers = "aborted", None, dict[str, str]()
        try:
            args, bad = await _arguments(request)
            if (slow := self._world.faults.take(_SLOW, name, _place(args))) is not None:
                await asyncio.sleep(slow.seconds)
            fault = self._world.faults.take(CALL_KINDS - _SLOW, name, _place(args))
            if fault is not None and fault.kind in _INSTEAD:
                outcome = fault.kind if fault.kind != "error" else fault.error
                headers = _headers(fault)
                return _misbehave(fault, request)
            body, status, headers = self._answer(name, args, bad, request)
            outcome = "ok" if body["ok"] else body["error"]
            ts = body.get("ts") or body.get("message_ts")
            if fault is not None and fault.kind == "drop_after":
                outcome = "drop_after" if body["ok"] else outcome
                return _drop(request)
            return _response(body, status, headers)
        finally:
            tally.running -= 1
            tally.active()
            wait = headers.get("Retry-After")
            seconds = time.monotonic() - started
            tally.call(name, summary(args), outcome, seconds, ts, int(wait) if wait else None)

    def _answer(
        self, name: str, args: Json, bad: str, request: web.Request
    ) -> tuple[Json, int, dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            found = METHODS.get(name)
            if found is None:
                raise SlackError("unknown_method", req_method=name)
            wait = self._world.limits.check(name, self._bucket(args))
            if wait:
                return {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(wait)}
            if bad:
                raise SlackError(bad)
            self._authorize(found, _token(request, args))
            if not found.app_level:
                headers["x-oauth-scopes"] = ",".join(sorted(self._world.app.scopes))
                headers["x-accepted-oauth-scopes"] = ",".join(found.scopes)
            for scope in found.scopes:
                if scope not in self._world.app.scopes:
                    raise missing_scope(self._world, scope)
            call = Call(self._world, name, args)
            body = {"ok": True, **found.run(call)}
            if call.warnings:
                body |= {"warning": ",".join(call.warnings), "response_metadata": {"warnings": call.warnings}}
            return body, 200, headers
        except SlackError as error:
            return {"ok": False, "error": error.code, **error.fields}, 200, headers

    def _bucket(self, args: Json) -> str | None:
        """Return the id of the channel a call is about, by whichever of its names it goes."""
        place = _place(args)
        if place is None:
            return None
        world = self._world
        pair = world.ims.get(frozenset((place, world.bot_user_id)))
        return pair or world.names.get(place.removeprefix("#"), place)

    def _authorize(self, found: Method, token: str) -> None:
        if found.name == "api.test":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (self._world.bot_token, self._world.app_token):
            raise SlackError("invalid_auth")
        if (token == self._world.app_token) != found.app_level:
            raise SlackError("not_allowed_token_type")
        if self._world.revoked:
            raise SlackError(self._world.revoked)


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """Return the arguments and, if the body cannot be read, Slack's error for that."""
    args: Json = dict(request.query)
    if request.method != "POST":
        return args, ""
    if request.content_type == "application/json":
        raw = await request.read()
        if not raw:
            return args, ""
        try:
            decoded = json.loads(raw)
            if b"\\ud" in raw.lower():
                # Half of a surrogate pair can be written in JSON but nowhere else.
                decoded = json.loads(json.dumps(decoded, ensure_ascii=False).encode("utf-8", "replace"))
        except ValueError:
            return args, "invalid_json"
        if not isinstance(decoded, dict):
            return args, "json_not_object"
        # A token inside a JSON body counts for nothing.
        decoded.pop("token", None)
        return args | decoded, ""
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            args[name] = value.filename if isinstance(value, web.FileField) else str(value)
    return args, ""


def _token(request: web.Request, args: Json) -> str:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    token = args.get("token")
    return token if isinstance(token, str) else ""


def _place(args: Json) -> str | None:
    place = args.get("channel") or args.get("channel_id")
    return place if isinstance(place, str) else None


def _response(body: Json, status: int, headers: dict[str, str]) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def _headers(fault: Fault) -> dict[str, str]:
    return {"Retry-After": str(fault.retry_after)} if fault.kind == "429" else {}


def _misbehave(fault: Fault, request: web.Request) -> web.Response:
    if fault.kind == "429":
        return _response({"ok": False, "error": "ratelimited"}, 429, _headers(fault))
    if fault.kind == "error":
        return _response({"ok": False, "error": fault.error}, 200, {})
    if fault.kind == "drop_before":
        return _drop(request)
    return web.Response(text="upstream trouble", status=int(fault.kind), content_type="text/html")


def _drop(request: web.Request) -> web.Response:
    """Close the connection so that the app cannot tell whether the call was carried out."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
