"""Processes of the bot without the two seconds of a processor that its imports take: one process imports, the others are
forked from it.

Each is a process of its own, with the environment, directory and output it was given and nothing else of its parent's; it
ends like any other, and it is killed when whoever started it dies. Only what Python itself reads at its start (LANG,
PYTHON…) is not its own. `python -m benchmarks.nursery FD` is the one that imports; it is told over a socket what to start
and ends when the socket closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

IMPORTED = ("bot.cli", "alembic.command", "slack_sdk.socket_mode.aiohttp")


class Forked:
    """A running process, as `asyncio.subprocess.Process` shows one."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.ensure_future(self._end(reader, writer))

    async def _end(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        self.returncode = int(await reader.readline())
        writer.close()
        return self.returncode

    async def wait(self) -> int:
        """Wait for its end; the exit code, or minus the signal."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Where processes are started; `nursery()` opens one."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders

    async def start(
        self, module: Sequence[str], environment: Mapping[str, str], directory: Path, out: Path, err: Path
    ) -> Forked:
        """Start `python -m module …` with this environment in this directory, its output appended to two files."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._orders, [b"1"], [theirs.fileno()])
        reader, writer = await asyncio.open_connection(sock=ours)
        paths = [str(each.resolve()) for each in (directory, out, err)]
        order = (list(module), dict(environment), *paths)
        writer.write(json.dumps(order).encode() + b"\n")
        return Forked(int(await reader.readline()), reader, writer)


@contextlib.contextmanager
def nursery(through: Sequence[str] = ()) -> Iterator[Nursery]:
    """Start the process that imports, `through` a command that changes what it may; it goes at the end, and so does
    whatever it started and nobody stopped."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(
                [*through, sys.executable, "-m", "benchmarks.nursery", str(theirs.fileno())],
                cwd=Path(__file__).parents[1],
                stdout=subprocess.DEVNULL,  # no terminal, whoever looks
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us
            )
        yield Nursery(ours)
    process.wait()


def _next(orders: socket.socket) -> list[Any] | None:
    """Fork somebody for each order. Comes back with one in the process that is to do it, and with none at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks after those who tend
    while True:
        _, found, _, _ = socket.recv_fds(orders, 1, 1)
        if not found:
            return None
        with socket.socket(fileno=found[0]) as line:
            if os.fork() == 0:
                orders.close()
                return _tend(line)


def _tend(line: socket.socket) -> list[Any]:
    """Fork once more, say who it is and how it ended; kill it when nobody is there to hear that."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with line.makefile("rb") as words:
        order: list[Any] = json.loads(words.readline())
    pid = os.fork()
    if pid == 0:
        return order

    def left_alone() -> None:
        if not line.recv(1):
            os.kill(pid, signal.SIGKILL)

    threading.Thread(target=left_alone, daemon=True).start()
    line.sendall(b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _do(module: list[str], environment: dict[str, str], directory: str, out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(directory)
    for path, number in ((os.devnull, 0), (out, 1), (err, 2)):
        with open(path, "rb" if number == 0 else "ab") as file:
            os.dup2(file.fileno(), number)
    sys.argv = list(module)
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)


def _main() -> None:
    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        order = _next(orders)
    if order is not None:
        _do(*order)


if __name__ == "__main__":
    _main()
