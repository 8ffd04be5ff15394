"""What a play may leave behind: nothing."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if child.is_running() and "sandbox" in child.cmdline()}


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
