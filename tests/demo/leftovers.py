"""What a play may leave behind: nothing."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest


def listens(url: str) -> bool:
    """Whether anybody listens at the address of a URL."""
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0


def sandboxes() -> set[int]:
    """Our own children that are stand-in workspaces."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ends just now, and is a zombie or nothing
            if "sandbox" in child.cmdline():
                found.add(child.pid)
    return found


@contextmanager
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail if what happens inside leaves a process or a temporary file."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    before = sandboxes()
    yield
    assert sandboxes() <= before
    assert list(place.iterdir()) == []
