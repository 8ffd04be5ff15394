"""Files of messages, for those who may see the message; never as a page of this server."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from sandbox.state import Message, Person, World
from sandbox.surfaces import may_see

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def may_have(world: World, person: Person, number: str) -> bool:
    """Say whether a file is the person's own or in a message that they can see."""
    return world.files[number]["user"] == person.id or any(
        number in _named(message) for message in _visible(world, person)
    )


def _visible(world: World, person: Person) -> list[Message]:
    channels = [each for each in world.channels.values() if may_see(each, person)]
    return [
        *person.ephemerals.values(),
        *(m for each in channels for m in each.messages.values() if m.files or m.blocks),
    ]


def _named(message: Message) -> set[str]:
    found = {str(each.get("id")) for each in message.files}
    for block in message.blocks or ():
        for part in (block, block.get("accessory")):
            if isinstance(part, dict) and isinstance(part.get("slack_file"), dict):
                found.add(str(part["slack_file"].get("id")))
    return found


class ShownFiles:
    """Serves /browser/file/{file}?person=…"""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.Response:
        """Answer with a file's bytes: pictures to look at, everything else to keep."""
        world, number = self._world, request.match_info["file"]
        person = world.people.get(request.query.get("person", ""))
        if person is None or number not in world.file_bytes or not may_have(world, person, number):
            return web.Response(status=404, text="not found", headers=_HEADERS)
        about = world.files[number]
        picture = about["mimetype"] in PICTURES
        how = "inline" if picture else "attachment"
        named = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(about['name'], safe='')}"}
        kind = about["mimetype"] if picture else "application/octet-stream"
        return web.Response(body=world.file_bytes[number], content_type=kind, headers=_HEADERS | named)
