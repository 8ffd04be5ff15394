"""What the source archive carries, and a wheel that somebody builds from it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage", "scheduler", "sandbox")


_FILES = (
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "README.ja.md",
    "LICENSE",
    "NOTICE",
    "app.yaml",
    "Makefile",
)
_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


@dataclass(frozen=True)
class Built:
    """The names of the files inside each."""

    sdist: list[str]
    wheel: list[str]


def _build(what: str, tree: Path) -> Path:
    """Build without the network; returns where it lies."""
    command = f"from setuptools import build_meta; print(build_meta.build_{what}('.'))"
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", command], cwd=tree, capture_output=True, text=True, check=True
    )
    return tree / built.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A source archive of a copy of this tree, and a wheel of what was in the archive."""
    copy, unpacked = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("unpacked")
    for room in (*ROOMS, "docs", "tests", "benchmarks"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (*_FILES, *_LOCKS):
        shutil.copy(ROOT / name, copy / name)
    unpack = (
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tarfile",
        "-e",
        str(_build("sdist", copy)),
        str(unpacked),
    )
    subprocess.run(unpack, check=True)
    (tree,) = unpacked.iterdir()
    carried = [file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file()]
    with zipfile.ZipFile(_build("wheel", tree)) as wheel:
        return Built(carried, wheel.namelist())


@pytest.fixture
def wheel(built: Built) -> list[str]:
    """The names inside the wheel."""
    return built.wheel


def test_the_source_archive_carries_what_installing_from_it_takes(built: Built) -> None:
    pages = {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")}
    assert {*_FILES, *_LOCKS, *pages} <= set(built.sdist)


def test_whose_the_data_is_goes_with_the_wheel(wheel: list[str]) -> None:
    licences = {name.split("/licenses/")[1] for name in wheel if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    lists = {file.name for file in (ROOT / "storage" / "data").glob("*.csv")}
    assert {name for name in lists if f"storage/data/{name}" in notice} == lists


def test_the_container_is_built_from_all_rooms_and_names_no_registry() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        word
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert set(ROOMS) <= set(copied)
    assert all((ROOT / name).exists() for name in copied)
    images = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert images
    assert not [name for name in images if "/" in name]


def test_the_wheel_carries_every_data_file_the_code_may_read(wheel: list[str]) -> None:
    found = (file for room in ROOMS for file in (ROOT / room).rglob("*") if file.is_file())
    data = {file.relative_to(ROOT).as_posix() for file in found if file.suffix not in {".py", ".pyc"}}
    assert "bot/app.yaml" in data
    assert data - set(wheel) == set()


def test_the_wheel_carries_every_module_and_no_test(wheel: list[str]) -> None:
    modules = {file.relative_to(ROOT).as_posix() for room in ROOMS for file in (ROOT / room).rglob("*.py")}
    assert modules <= set(wheel)
    assert not [name for name in wheel if name.startswith(("tests/", "benchmarks/"))]
