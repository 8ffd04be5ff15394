"""The bot under cProfile: one profile of the event loop's thread, one of the writer's, written when it stops.

PROFILE_TO names the directory; `python -m pstats loop.pstats` reads them.
"""

from __future__ import annotations

import cProfile
import os
import sys
import time
from pathlib import Path

from bot.cli import main
from storage.database import Database


def profiled() -> None:
    """Run `bot run` and write the profiles."""
    directory = Path(os.environ["PROFILE_TO"])
    loop, writer, run = cProfile.Profile(time.thread_time), cProfile.Profile(time.thread_time), Database._run

    def run_profiled(self: Database) -> None:
        writer.runcall(run, self)

    Database._run = run_profiled  # type: ignore[method-assign]
    sys.argv = ["bot", "run"]
    try:
        loop.runcall(main)
    finally:
        loop.dump_stats(directory / "loop.pstats")
        writer.dump_stats(directory / "writer.pstats")


if __name__ == "__main__":
    profiled()
