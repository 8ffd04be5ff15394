"""`python -m benchmarks [PART …]`, of the parts below: one JSON document on standard output."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import acks, browser, calendars, captures, footprint, report, rota, routing, ticks, visible
from benchmarks.candidates import Bench
from benchmarks.databases import databases
from benchmarks.machine import facts, say, take_cores

PARTS: dict[str, Callable[[Bench], Awaitable[dict[str, Any]]]] = {
    "captures": captures.measure,
    "acks": acks.measure,
    "visible": visible.measure,
    "footprint": footprint.measure,
    "report": report.measure,
    "rota": rota.measure,
    "routing": routing.measure,
    "ticks": ticks.measure,
    "calendars": calendars.measure,
    "browser": browser.measure,
}


async def _measure(parts: list[str], directory: Path) -> dict[str, Any]:
    with databases(directory) as made:
        made.start_server()  # before this process is tied to a core
        cores = take_cores()
        bench = Bench(made, cores, directory)
        document: dict[str, Any] = {"machine": facts(cores)}
        for part in parts:
            started = time.monotonic()
            document[part] = await PARTS[part](bench)
            document[part]["took_seconds"] = round(time.monotonic() - started, 1)
            say(f"{part}: done in {document[part]['took_seconds']} s")
    return document


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all when left out")
    parts = parser.parse_args().parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with TemporaryDirectory(prefix="banso-bench-") as directory:
        document = asyncio.run(_measure(parts, Path(directory)))
    print(json.dumps(document, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
