"""The page's modules can be read on a screen, as everything else: short lines, short files."""

from __future__ import annotations

from pathlib import Path

JS = Path(__file__).parents[2] / "sandbox/browser/static/js"
WIDEST, LONGEST = 125, 300


def test_lines_and_files_are_short() -> None:
    modules = sorted(JS.rglob("*.js"))
    assert modules
    found = {file: file.read_text(encoding="utf-8").splitlines() for file in modules}
    wide = [
        f"{file.relative_to(JS)}:{number}"
        for file, lines in found.items()
        for number, line in enumerate(lines, 1)
        if len(line) > WIDEST
    ]
    assert wide == []
    assert [file.name for file, lines in found.items() if len(lines) >= LONGEST] == []
