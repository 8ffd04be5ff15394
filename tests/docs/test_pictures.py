"""Pictures of the documentation: each that is referred to is there, each that is there is used, small and described."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
PAGES = ("README.md", "README.ja.md", "docs/guide.ja.md")
MOST_BYTES, MOST_WIDE, MOST_HIGH = 100_000, 1280, 800


def references() -> list[tuple[str, str, Path]]:
    """Each picture a page shows: the page, the alternative text, the file."""
    found = []
    for page in sorted([ROOT / "README.md", ROOT / "README.ja.md", *(ROOT / "docs").rglob("*.md")]):
        for text, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            found.append((page.relative_to(ROOT).as_posix(), text, (page.parent / target).resolve()))
    return found


def test_every_picture_that_is_shown_is_there_and_every_one_that_is_there_is_shown() -> None:
    assert {file for _, _, file in references()} == set(IMAGES.glob("*"))


@pytest.mark.parametrize("page", PAGES)
def test_pages_for_readers_have_pictures_with_words_in_their_language(page: str) -> None:
    texts = [text for where, text, _ in references() if where == page]
    assert texts
    japanese = [bool(re.search("[ぁ-んァ-ヶ]", text)) for text in texts]
    assert set(japanese) == {page != "README.md"}
    assert min(len(text) for text in texts) >= 15


@pytest.mark.parametrize("file", sorted(IMAGES.glob("*")), ids=lambda file: file.name)
def test_a_picture_is_small(file: Path) -> None:
    png = file.read_bytes()
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert len(png) <= MOST_BYTES
    assert width <= MOST_WIDE
    assert height <= MOST_HIGH


def test_the_command_takes_all_of_them() -> None:
    command = (ROOT / "tests/browser/pictures.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'\.takes\("([a-z-]+)"', command))
    assert taken == {file.stem for file in IMAGES.glob("*")}
