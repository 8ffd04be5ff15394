"""What a start loads."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "openpyxl", "matplotlib", "onnxruntime", "tokenizers")
"""Loaded by whoever needs them first: a third of a second of processor time and 30 MB, which most starts never need."""


def test_the_start_loads_nothing_heavy() -> None:
    said = f"import sys, bot.app; print(*[each for each in {HEAVY} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
