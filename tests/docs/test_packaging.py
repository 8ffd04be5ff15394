"""What an installed wheel carries."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage", "scheduler", "sandbox")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names inside a wheel built from a copy of this tree, without the network."""
    copy = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    command = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", command], cwd=copy, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(copy / built.stdout.splitlines()[-1]) as archive:
        return archive.namelist()


def test_the_wheel_carries_every_data_file_the_code_may_read(wheel: list[str]) -> None:
    found = (file for room in ROOMS for file in (ROOT / room).rglob("*") if file.is_file())
    data = {file.relative_to(ROOT).as_posix() for file in found if file.suffix not in {".py", ".pyc"}}
    assert "bot/app.yaml" in data
    assert data - set(wheel) == set()


def test_the_wheel_carries_every_module_and_no_test(wheel: list[str]) -> None:
    modules = {file.relative_to(ROOT).as_posix() for room in ROOMS for file in (ROOT / room).rglob("*.py")}
    assert modules <= set(wheel)
    assert not [name for name in wheel if name.startswith(("tests/", "benchmarks/"))]
