"""Files people and the app put into the workspace."""

from __future__ import annotations

import base64
import mimetypes

from aiohttp import web

from sandbox.state import Json, World


def attach(world: World, user: str, given: Json) -> Json:
    """Keep a file and return its file object; `given` has name and content (text) or base64, and title."""
    content = given.get("content", "")
    data = base64.b64decode(given["base64"]) if "base64" in given else str(content).encode()
    return store(world, user, str(given["name"]), data, given.get("title"))


def store(world: World, user: str, name: str, data: bytes, title: str | None = None) -> Json:
    """Keep a file and return its file object."""
    number = world.new_id("F")
    suffix = name.rpartition(".")[2].lower() if "." in name else "text"
    place = f"{world.base_url}/files/{number}/{name}"
    world.file_bytes[number] = data
    world.files[number] = {
        "id": number,
        "created": int(world.clock.now()),
        "timestamp": int(world.clock.now()),
        "name": name,
        "title": title or name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": suffix,
        "pretty_type": suffix.upper(),
        "user": user,
        "mode": "hosted",
        "size": len(data),
        "is_external": False,
        "is_public": False,
        "file_access": "visible",
        "url_private": place,
        "url_private_download": place,
        "permalink": f"https://{world.team_domain}.slack.com/files/{user}/{number}",
    }
    return world.files[number]


class FileServer:
    """Serves url_private to whoever has the bot's token and the scope files:read, and takes uploads."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def download(self, request: web.Request) -> web.Response:
        """Answer with a file's bytes; without leave with Slack's sign-in page, status 200, as Slack does."""
        number = request.match_info["file"]
        allowed = (
            request.headers.get("Authorization") == f"Bearer {self._world.bot_token}"
            and "files:read" in self._world.app.scopes
            and not self._world.revoked
        )
        if not allowed:
            return web.Response(text="<!DOCTYPE html><html>Sign in</html>", content_type="text/html")
        if number not in self._world.file_bytes:
            return web.Response(status=404)
        return web.Response(
            body=self._world.file_bytes[number], content_type=self._world.files[number]["mimetype"]
        )

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes for an address from files.getUploadURLExternal, as a body or as a form."""
        number = request.match_info["file"]
        if number not in self._world.files:
            return web.Response(status=404, text="unknown upload")
        data = await request.read()
        if request.content_type == "multipart/form-data":
            field = next(iter((await request.post()).values()), "")
            data = field.file.read() if isinstance(field, web.FileField) else str(field).encode()
        if len(data) != self._world.files[number]["size"]:
            return web.Response(status=400, text="wrong length")
        self._world.file_bytes[number] = data
        return web.Response(text=f"OK - {len(data)}")
