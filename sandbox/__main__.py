"""Run a sandbox as a program: prints one line of JSON with its addresses and tokens, then serves until stopped.

It listens on this machine only, unless told otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from sandbox.browser.guard import is_loopback
from sandbox.server import Sandbox


async def serve(
    port: int,
    manifest: Path | None,
    request_url: str | None,
    *,
    until_eof: bool = False,
    host: str = "127.0.0.1",
    names: Iterable[str] = (),
) -> None:
    """Serve until SIGTERM or SIGINT; with `until_eof` also until standard input ends, as it does with its owner."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def heard() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            stop.set()

    if until_eof:
        loop.add_reader(sys.stdin.fileno(), heard)
    if not is_loopback(host):
        sys.stderr.write(f"listening on {host}: whoever reaches it can do everything in this workspace\n")
    async with Sandbox(manifest, port, request_url, host, names) as sandbox:
        sys.stdout.write(json.dumps(sandbox.values()) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--manifest", type=Path, help="the app's manifest; without it the app may do everything"
    )
    parser.add_argument("--request-url", help="where an app in HTTP mode listens")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; else this machine only"
    )
    parser.add_argument("--name", action="append", default=[], help="another name browsers may reach it by")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    given = parser.parse_args()
    asyncio.run(
        serve(
            given.port,
            given.manifest,
            given.request_url,
            until_eof=given.until_eof,
            host=given.host,
            names=given.name,
        )
    )


if __name__ == "__main__":
    main()
