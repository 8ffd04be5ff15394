"""Whatever is sent, the sandbox answers as Slack would and never breaks: an app's bug must not look like the sandbox's."""

import itertools
import json
import random
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.calls import METHODS
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.wire import line

NAMES = [
    "channel", "ts", "text", "blocks", "thread_ts", "user", "users", "view", "view_id", "trigger_id", "metadata",
    "cursor", "limit", "oldest", "latest", "types", "name", "timestamp", "files", "attachments", "email", "hash",
    "external_id", "user_id", "file", "filename", "length", "bot", "message_ts", "channel_id", "error",
]  # fmt: skip
NONSENSE: list[Any] = [
    None, "", " ", "x", "0", "-1", 0, -1, 1.5, 10**30, True, [], {}, [None], [{}], {"type": None}, "[", "{}", "[{}]",
    "null", "1.000001", "1e400", "\ud83d", "C000000001", "U0BANSO01", "\x00", {"a": {"b": []}}, [[[]]], "D", "#",
]  # fmt: skip


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_a_method_answers_nonsense_with_an_error(
    method: str, sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel, town: Person
) -> None:
    """An answer is JSON with `ok`, and `error` if it is not."""
    await ws.limits("off")
    said = await town.says("x", desk)
    sensible = {
        "channel": desk.id,
        "ts": said.ts,
        "timestamp": said.ts,
        "user": town.id,
        "name": "eyes",
        "text": "x",
    }
    chance = random.Random(method)
    headers = {
        "Authorization": f"Bearer {sandbox.app_token if METHODS[method].app_level else sandbox.bot_token}"
    }
    for name, value in chance.sample(list(itertools.product(NAMES, NONSENSE)), 300):
        args = {**sensible, name: value, chance.choice(NAMES): chance.choice(NONSENSE)}
        body = json.dumps(args).encode()
        given = {**headers, "Content-Type": "application/json"}
        async with http.post(sandbox.api_url + method, data=body, headers=given) as answer:
            assert answer.status == 200, (args, await answer.text())
            told = await answer.json()
        assert told["ok"] is True or isinstance(told["error"], str), (args, told)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b"\xff", b'{"text": 3}', b'{"blocks": "["}'])
async def test_a_response_url_answers_nonsense(
    body: bytes,
    sandbox: Sandbox,
    desk: Channel,
    town: Person,
    http: aiohttp.ClientSession,
) -> None:
    url = sandbox.world.new_response_url(town.id, desk.id, None)
    async with http.post(url, data=body) as answer:
        assert answer.status < 500


@pytest.mark.parametrize("text", ["", "{", "[]", '{"envelope_id": 3}', '{"envelope_id": "x"}', "\x00"])
async def test_a_socket_takes_nonsense(
    text: str, sandbox: Sandbox, ws: Workspace, http: aiohttp.ClientSession, desk: Channel, town: Person
) -> None:
    """An acknowledgement of nothing is counted and forgotten; the connection lives on."""
    async with line(sandbox, http) as socket:
        await socket.socket.send_str(text)
        await town.says("x", desk)
        await socket.acks(await socket.next())
        await ws.quiet(for_=0.05, retries=True)
    acks = (await ws.counters())["acks"]
    assert acks.pop("taken") == 1
    assert sum(acks.values()) == 1
