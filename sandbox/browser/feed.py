"""What a window is told: first everything its person may see, then what changes, through one WebSocket.

The window sends what it shows: {"open": channel id or "", "thread": ts or ""}, and {"older": channel id, "before": ts}.
It gets frames with `t`:

- hello: `sections` (all of `SECTIONS`), `me`, `now` (the workspace's time, Unix seconds)
- page: `channel`, `thread` ("" for the channel itself), `before`, `messages`, `more`; an answer to what the window sent
- change: `sections` (those that differ), `messages` ([{channel, ts, message or null}] of what is open), `now`
- again: too much has changed at once; the window asks anew for what it shows

Sections are compared with what was sent last, so a change that nobody named more closely is told too; messages are many,
and told by their names (`World.touch`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.browser import seen
from sandbox.state import Channel, Json, Person, World
from sandbox.surfaces import may_see

SECTIONS: dict[str, tuple[Callable[[World, Person], Any], frozenset[str]]] = {
    "people": (seen.people, frozenset({"people"})),
    "groups": (seen.groups, frozenset({"people"})),
    "personas": (seen.personas, frozenset({"people", "message", "read"})),
    "app": (seen.app, frozenset({"app"})),
    "channels": (seen.channels, frozenset({"people", "channels", "message", "read"})),
    "rings": (seen.rings, frozenset({"message", "read"})),
    "jumps": (seen.jumps, frozenset({"clock"})),
    "stack": (seen.stack, frozenset({"view"})),
    "home": (seen.home, frozenset({"view"})),
    "ephemerals": (seen.ephemerals, frozenset({"ephemeral"})),
    "errors": (seen.errors, frozenset({"error", "view"})),
}
"""Each part of what a person sees, and the kinds of change (`World.touch`) it may follow from."""
OF_ONE = frozenset({"view", "ephemeral", "error"})
"""Kinds that concern the person named, and nobody else."""
APART = 0.02
"""Seconds between two frames at least: under load many changes go into one."""
IDLE = 30.0
"""Seconds after which the feed looks for changes nobody told of, and sends the time."""


class Feed:
    """One window."""

    def __init__(self, world: World, person: Person, socket: web.WebSocketResponse) -> None:
        self._world = world
        self._person = person
        self._socket = socket
        self._version = world.version
        self._sent: dict[str, str] = {}
        self._channel = self._thread = ""
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Tell the window everything until it goes away."""
        following = asyncio.create_task(self._follow())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._asked(message.data)
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await following

    async def _follow(self) -> None:
        async with self._turn:
            await self._send({"t": "hello", "me": self._person.id, "sections": self._sections(SECTIONS)})
        while True:
            await self._world.wait_past(self._version, IDLE)
            async with self._turn:
                await self._tell()
            await asyncio.sleep(APART)

    async def _tell(self) -> None:
        changes = self._world.changes_since(self._version)
        self._version = self._world.version
        if changes is None:
            await self._send({"t": "again", "sections": self._sections(SECTIONS)})
            return
        mine = [
            each for each in changes if not each or each[0] not in OF_ONE or each[1:2] == (self._person.id,)
        ]
        kinds = {each[0] for each in mine if each}
        whole = any(not each for each in mine) or not changes
        names = [name for name, (_, causes) in SECTIONS.items() if whole or causes & kinds]
        sections = self._sections(names)
        messages = self._messages(each for each in mine if each[:1] == ("message",))
        if sections or messages or "clock" in kinds or not changes:
            await self._send({"t": "change", "sections": sections, "messages": messages})

    def _sections(self, names: Iterable[str]) -> Json:
        """Return those sections that differ from what the window knows."""
        found: Json = {}
        for name in names:
            value = SECTIONS[name][0](self._world, self._person)
            text = json.dumps(value, ensure_ascii=False)
            if self._sent.get(name) != text:
                self._sent[name] = text
                found[name] = value
        return found

    def _messages(self, changes: Iterable[tuple[str, ...]]) -> list[Json]:
        """Return what changed of what the window shows; a message is null when it has gone."""
        channel = self._open()
        if channel is None:
            return []
        found = []
        for ts in dict.fromkeys(ts for _, where, ts in changes if where == channel.id):
            message = channel.messages.get(ts)
            shows = message is None or not message.is_reply or message.subtype == "thread_broadcast"
            if message is None or shows or message.thread_ts == self._thread:
                body = None if message is None else seen.message(self._world, message)
                found.append({"channel": channel.id, "ts": ts, "message": body})
        return found

    def _open(self) -> Channel | None:
        channel = self._world.channels.get(self._channel)
        return channel if channel is not None and may_see(channel, self._person) else None

    async def _asked(self, text: str) -> None:
        """Answer one thing the window sent; nonsense is not answered."""
        try:
            given = json.loads(text)
        except ValueError:
            return
        if not isinstance(given, dict):
            return
        async with self._turn:
            await self._tell()  # what is older than the page goes before it
            if "open" in given:
                self._channel, self._thread = str(given["open"] or ""), str(given.get("thread") or "")
                await self._page(given)
            elif "older" in given:
                await self._older(str(given["older"]), str(given.get("before") or ""))

    async def _page(self, given: Json) -> None:
        channel = self._open()
        if channel is None:
            if self._channel:
                await self._send({"t": "page", "channel": self._channel, "thread": "", "gone": True})
            return
        about = {"t": "page", "channel": channel.id, "before": ""}
        if not given.get("keep"):
            await self._send(about | {"thread": ""} | seen.history(self._world, channel))
        if self._thread:
            await self._send(
                about | {"thread": self._thread} | seen.thread(self._world, channel, self._thread)
            )

    async def _older(self, number: str, before: str) -> None:
        channel = self._open()
        if channel is not None and channel.id == number and before:
            about = {"t": "page", "channel": number, "thread": "", "before": before}
            await self._send(about | seen.history(self._world, channel, before))

    async def _send(self, frame: Json) -> None:
        frame["now"] = self._world.clock.now()
        frame["version"] = self._version
        await self._socket.send_str(json.dumps(frame, ensure_ascii=False))
