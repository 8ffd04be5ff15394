"""What a person can see, and so press: messages, what only they see, their open modal, their home tab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.errors import Refused
from sandbox.forms import HOLDS, label, options
from sandbox.messages import elements
from sandbox.state import Channel, Json, Message, Person, View, World
from sandbox.wire import unescape

FAR_BACK = 300
"""How many messages of a channel a person scrolls through to find a button."""


@dataclass(slots=True)
class Surface:
    """One thing with blocks on it. `kind` is message, ephemeral, view or home."""

    kind: str
    blocks: list[Json]
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


@dataclass(slots=True)
class Found:
    """An interactive element on a surface; `option` if an entry of an overflow menu was meant."""

    surface: Surface
    block: Json
    element: Json
    option: Json | None = None


def may_see(channel: Channel, person: Person) -> bool:
    """Say whether a person can read a channel; guests read only what they are in."""
    return person.id in channel.members or (not channel.private and not person.guest and not person.external)


def surfaces(world: World, person: Person, on: Json | str | None, *, stale: bool) -> Iterator[Surface]:
    """Yield where a person looks for a button, nearest first.

    `on` narrows it: "view", "home" or {"channel", "ts"}. Without it an open modal hides everything else. `stale` adds
    what a slow client may still show: deleted messages and earlier versions.
    """
    if on == "view" or (on is None and person.stack):
        if person.stack:
            yield Surface("view", person.stack[-1].body["blocks"], view=person.stack[-1])
        return
    if isinstance(on, dict):
        yield from _one(world, person, on, stale=stale)
        return
    if on != "home":
        yield from _everything(world, person, stale=stale)
    if person.home is not None:
        yield Surface("home", person.home.body["blocks"], view=person.home)


def _one(world: World, person: Person, on: Json, *, stale: bool) -> Iterator[Surface]:
    channel = world.channels.get(on["channel"])
    ephemeral = person.ephemerals.get(on["ts"])
    if ephemeral is not None:
        yield Surface("ephemeral", ephemeral.blocks or [], channel, ephemeral)
    if channel is None or not may_see(channel, person):
        return
    message = channel.messages.get(on["ts"])
    if message is not None:
        yield from _versions(channel, message, stale=stale)
    if stale and on["ts"] in channel.gone:
        yield from _versions(channel, channel.gone[on["ts"]], stale=True)


def _everything(world: World, person: Person, *, stale: bool) -> Iterator[Surface]:
    for message in reversed(list(person.ephemerals.values())):
        yield Surface("ephemeral", message.blocks or [], world.channels.get(message.channel), message)
    newest = []
    for channel in world.channels.values():
        if person.id in channel.members:
            newest += [(ts, channel) for ts in channel.order[-FAR_BACK:]]
            if stale:
                newest += [(ts, channel) for ts in channel.gone]
    for ts, channel in sorted(newest, key=lambda each: each[0], reverse=True):
        found = channel.messages.get(ts) or channel.gone.get(ts)
        if found is not None:
            yield from _versions(channel, found, stale=stale)


def _versions(channel: Channel, message: Message, *, stale: bool) -> Iterator[Surface]:
    if message.blocks:
        yield Surface("message", message.blocks, channel, message)
    if stale:
        for blocks in reversed(message.versions):
            yield Surface("message", blocks, channel, message)


def find(world: World, person: Person, name: str, on: Json | str | None, *, stale: bool) -> Found:
    """Return the element a person means by `name`: its label or action_id, else part of its label.

    Raises Refused("not_visible") with everything that could be pressed instead.
    """
    seen = [each for surface in surfaces(world, person, on, stale=stale) for each in _pressable(surface)]
    for found in seen:
        if name in (caption(found), found.element.get("action_id")):
            return found
    for found in seen:
        if name in caption(found):
            return found
    raise Refused("not_visible", name, visible=list(dict.fromkeys(caption(each) for each in seen))[:40])


def exact(world: World, person: Person, on: Json | str | None, names: Json) -> Found:
    """Return the element with these ids (block_id, action_id, and for an entry of an overflow menu its value), as whoever
    points at it means it: what they press may have been edited in that moment. Raises Refused("not_visible")."""
    wanted = (names.get("block_id"), names.get("action_id"))
    for surface in surfaces(world, person, on, stale=True):
        for found in _pressable(surface):
            value = found.option.get("value") if found.option is not None else None
            if (found.block.get("block_id"), found.element.get("action_id")) == wanted and (
                found.option is None or value == names.get("value")
            ):
                return found
    raise Refused("not_visible", str(names))


def caption(found: Found) -> str:
    """Return the words by which a person would name an element."""
    if found.option is not None:
        return label(found.option)
    own = label(found.element)
    if found.element.get("type") == "button":
        return own
    text = found.block.get("label") or found.block.get("text") or {}
    beside = unescape(text.get("text", "")) if isinstance(text, dict) else ""
    return beside or own or str(found.element.get("action_id", ""))


def _pressable(surface: Surface) -> Iterator[Found]:
    for block in surface.blocks:
        for element in elements(block):
            kind = element.get("type")
            if kind == "overflow":
                for option in options(element):
                    yield Found(surface, block, element, option)
            elif kind == "button" or kind in HOLDS or kind == "workflow_button":
                yield Found(surface, block, element)
