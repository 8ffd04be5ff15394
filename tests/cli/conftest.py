"""The command line as an operator uses it: its own process, settings from the environment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.databases import Databases
from benchmarks.nursery import Nursery
from sandbox import Sandbox
from sandbox.client import Workspace

ROOT = Path(__file__).parents[2]


@dataclass
class Result:
    code: int
    out: str
    err: str


@dataclass
class Operator:
    """Somebody at a shell, in an empty directory without a .env."""

    directory: Path
    environment: dict[str, str]
    nursery: Nursery

    async def starts(self, *words: str, **more: str) -> asyncio.subprocess.Process:
        """Start it as it is started everywhere, imports and all."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            cwd=self.directory,
            env={**os.environ, **self.environment, **more},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def types(self, *words: str, **more: str) -> Result:
        """Run it to its end, in a process of its own from the nursery."""
        environment = {**os.environ, **self.environment, **more}
        with TemporaryDirectory() as place:
            out, err = Path(place) / "out", Path(place) / "err"
            process = await self.nursery.start(["bot", *words], environment, self.directory, out, err)
            code = await asyncio.wait_for(process.wait(), 30)
            return Result(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    async def stops(self, process: asyncio.subprocess.Process, number: signal.Signals) -> Result:
        process.send_signal(number)
        out, err = await asyncio.wait_for(process.communicate(), 20)
        return Result(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=ROOT / "app.yaml") as sandbox:
        yield sandbox


@pytest.fixture
def operator(slack: Sandbox, databases: Databases, nursery: Nursery, tmp_path: Path) -> Operator:
    return Operator(
        tmp_path,
        {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": databases.fresh("sqlite"),
            "PORT": "0",
        },
        nursery,
    )


@pytest.fixture
async def workspace_file(slack: Sandbox, tmp_path: Path) -> Path:
    """A small workspace and the file that describes it."""
    async with Workspace(slack.control_url) as ws:
        channel = await ws.channel("相談", bot=True)
        people = [await ws.person(name, channels=[channel]) for name in ("県 一", "県 二", "森脇 一葉")]
    file = tmp_path / "workspace.json"
    hours = "月・火・水・木・金 9:00-17:00"
    file.write_text(
        json.dumps(
            {
                "intake": "direct",
                "channels": [{"id": channel.id, "name": "相談"}],
                "members": [{"id": p.id, "name": p.name, "permission": "coordinator"} for p in people[:2]],
                "talents": [
                    {
                        "id": people[2].id,
                        "name": "森脇 一葉",
                        "role": "engineer",
                        "fields": ["device"],
                        "hours": hours,
                    }
                ],
            }
        )
    )
    return file
