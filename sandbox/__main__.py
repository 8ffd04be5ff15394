"""Run a sandbox as a program: prints one line of JSON with its addresses and tokens, then serves until stopped."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from sandbox.server import Sandbox


async def serve(
    port: int, manifest: Path | None, request_url: str | None, *, until_eof: bool = False
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
    async with Sandbox(manifest=manifest, port=port, request_url=request_url) as sandbox:
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
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.manifest, given.request_url, until_eof=given.until_eof))


if __name__ == "__main__":
    main()
