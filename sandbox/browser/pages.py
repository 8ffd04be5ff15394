"""The page: what lies in static/, with types, and with headers that let nothing in from elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files

from aiohttp import web

TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "json": "application/json",
}

# Pictures in messages may come from anywhere; nothing else does, and no text ever becomes markup (trusted types).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@cache
def contents() -> dict[str, bytes]:
    """Return every file of static/ by its path there."""
    return dict(_below(files("sandbox.browser").joinpath("static"), ""))


@cache
def edition() -> str:
    """Return a name for what lies in static/ now: it stands in the addresses, so that a browser may keep what it fetched."""
    return hashlib.sha256(repr(sorted(contents().items())).encode()).hexdigest()[:12]


def _below(place: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in place.iterdir():
        if each.is_dir():
            yield from _below(each, f"{path}{each.name}/")
        elif each.name.rpartition(".")[2] in TYPES:
            yield f"{path}{each.name}", each.read_bytes()


async def front(request: web.Request) -> web.Response:
    """Answer with the page. It names all modules, so that they come together and not one after the other."""
    modules = sorted(path for path in contents() if path.startswith("js/"))
    links = "\n".join(f'<link rel="modulepreload" href="/static/{path}">' for path in modules)
    page = contents()["index.html"].decode().replace("<!-- modules -->", links)
    page = page.replace('"/static/', f'"/static/{edition()}/')
    return web.Response(text=page, content_type="text/html", charset="utf-8", headers=HEADERS)


async def static(request: web.Request) -> web.Response:
    """Answer with a file of the page; under its edition's name it may be kept for good."""
    path = request.match_info["path"]
    own = f"{edition()}/"
    if path.startswith(own):
        return _found(path.removeprefix(own), HEADERS | {"Cache-Control": "max-age=31536000, immutable"})
    return _found(path, HEADERS)


def _found(path: str, headers: dict[str, str]) -> web.Response:
    body = contents().get(path)
    if body is None:
        return web.Response(status=404, text="not found", headers=HEADERS)
    kind = TYPES[path.rpartition(".")[2]]
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
