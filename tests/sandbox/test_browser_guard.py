"""Other pages and other names get nothing from the sandbox, whatever they ask for."""

from __future__ import annotations

import re

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.browser.guard import Guard, is_loopback

WAYS = [
    ("GET", "/"),
    ("GET", "/static/index.html"),
    ("GET", "/browser/feed"),
    ("GET", "/browser/file/F1"),
    ("POST", "/control/info"),
    ("POST", "/control/act/post"),
    ("POST", "/api/auth.test"),
    ("GET", "/api/auth.test"),
    ("GET", "/files/F1/x"),
    ("POST", "/upload/F1"),
    ("POST", "/response/T/x"),
    ("GET", "/link/"),
]
FOREIGN = [
    ({"Host": "evil.example"}, "unknown_host"),
    ({"Host": "evil.example:80"}, "unknown_host"),
    ({"Host": "127.0.0.1.evil.example"}, "unknown_host"),
    ({"Host": "192.168.0.7"}, "unknown_host"),
    ({"Host": "[::"}, "unknown_host"),
    ({"Origin": "https://evil.example"}, "foreign_origin"),
    ({"Origin": "http://127.0.0.1:9"}, "foreign_origin"),
    ({"Origin": "null"}, "foreign_origin"),
    ({"Sec-Fetch-Site": "cross-site"}, "foreign_page"),
    ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, "foreign_page"),
]


@pytest.mark.parametrize(("headers", "why"), FOREIGN)
async def test_what_comes_from_elsewhere_is_refused_on_every_way(
    sandbox: Sandbox, http: aiohttp.ClientSession, headers: dict[str, str], why: str
) -> None:
    for method, path in WAYS:
        address = sandbox.browser_url.rstrip("/") + path
        async with http.request(method, address, headers=headers) as answer:
            assert (answer.status, (await answer.json())["error"]) == (403, why), path


async def test_programs_and_the_page_itself_are_served(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    port = sandbox.browser_url.rsplit(":", 1)[1].rstrip("/")
    for headers in (
        {},
        {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}", "Sec-Fetch-Site": "same-origin"},
    ):
        async with http.post(f"{sandbox.control_url}info", json={}, headers=headers) as answer:
            assert answer.status == 200


async def test_a_link_from_elsewhere_may_lead_to_the_front_page_and_nowhere_else(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for path, status in (("", 200), ("control/info", 403), ("browser/file/F1", 403)):
        async with http.get(f"{sandbox.browser_url}{path}", headers=followed) as answer:
            assert answer.status == status


async def test_nothing_is_done_by_looking(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    """A picture's address, or a link, could name a verb."""
    async with http.get(f"{sandbox.control_url}faults?kind=drop_events") as answer:
        assert answer.status == 405
    assert not sandbox.world.faults.drop_events


async def test_the_page_lets_nothing_in_from_elsewhere(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    for path, kind in (("", "text/html"), ("static/index.html", "text/html")):
        async with http.get(f"{sandbox.browser_url}{path}") as answer:
            assert (answer.status, answer.content_type) == (200, kind)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
    for path in (
        "static/nothing.js",
        "static/../guard.py",
        "static/%2e%2e/guard.py",
        "static/../../__init__.py",
    ):
        async with http.get(f"{sandbox.browser_url}{path}") as answer:
            assert answer.status == 404


async def test_what_a_page_consists_of_is_kept_by_browsers_and_the_page_is_not(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    async with http.get(sandbox.browser_url) as answer:
        named = re.findall(r'(?:href|src)="/([^"]+)"', await answer.text())
    assert len(named) > 50
    for path in named:
        async with http.get(f"{sandbox.browser_url}{path}") as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "max-age=31536000, immutable")
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    another = named[0].replace(named[0].split("/")[1], "0" * 12)
    async with http.get(f"{sandbox.browser_url}{another}") as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-store")


def test_whoever_opens_it_to_others_says_by_which_names() -> None:
    from aiohttp.test_utils import make_mocked_request

    def refused(guard: Guard, host: str) -> bool:
        return guard.objection(make_mocked_request("GET", "/", headers={"Host": host})) is not None

    opened = Guard("0.0.0.0", ["demo.example"])
    assert not refused(opened, "demo.example:8000")
    assert not refused(opened, "192.168.0.7:8000")  # an address is no name somebody else could point here
    assert refused(opened, "evil.example")
    assert refused(Guard(), "demo.example")


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_which_names_mean_this_machine(host: str, near: bool) -> None:
    assert is_loopback(host) is near
