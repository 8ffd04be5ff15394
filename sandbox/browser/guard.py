"""Who may speak to the server: programs, and pages of the server itself; no other page that a browser happens to show.

A page from elsewhere can make a browser send requests here (CSRF), and by pointing its own name at this machine (DNS
rebinding) read the answers too. The first shows in `Origin` and `Sec-Fetch-Site`, which pages cannot forge; the second in
`Host`, which then holds that name. A program sends neither of the first two.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_OURS = frozenset({"same-origin", "none"})


def is_loopback(host: str) -> bool:
    """Say whether a name or address means this machine only."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


class Guard:
    """The rules for a server that listens on `host`; `names` are further names by which people reach it."""

    def __init__(self, host: str = "127.0.0.1", names: Iterable[str] = ()) -> None:
        self._near = is_loopback(host)
        self._names = {"localhost", host.lower(), *(name.lower() for name in names)}

    def objection(self, request: web.Request) -> str | None:
        """Return why a request is refused, or None."""
        given = request.headers.get("Host", "")
        if not self._is_ours(given):
            return "unknown_host"
        origin = request.headers.get("Origin")
        if origin is not None and origin not in (f"http://{given}", f"https://{given}"):
            return "foreign_origin"
        site = request.headers.get("Sec-Fetch-Site", "none")
        if site not in _OURS and not _follows_a_link(request):
            return "foreign_page"
        return None

    def _is_ours(self, given: str) -> bool:
        try:
            host = (urlsplit(f"//{given}").hostname or "").lower()
        except ValueError:
            return False
        if host in self._names or is_loopback(host):
            return True
        # An address is no name that somebody else could point here.
        return not self._near and _address(host) is not None

    def middleware(self) -> Middleware:
        """Return what keeps everybody else out of all routes."""

        @web.middleware
        async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
            why = self.objection(request)
            if why is not None:
                return web.json_response({"ok": False, "error": why}, status=403)
            return await handler(request)

        return refuse


def _follows_a_link(request: web.Request) -> bool:
    """Say whether a person followed a link from another page to the front page, which does nothing."""
    plain = request.method == "GET" and request.path == "/"
    return plain and request.headers.get("Sec-Fetch-Mode") == "navigate"
