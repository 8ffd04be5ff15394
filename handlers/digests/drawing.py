"""Draws one chart: JSON in, PNG out. Run as a program by `handlers.digests.chart`, with nothing of ours beside it."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

FONT = "matplotlib_fontja"
"""The package that brings a Japanese font; it is not imported, for that would load all there is to draw with."""
_NOW, _BEFORE, _INK = "#1264a3", "#9db9cf", "#1d1c1d"


def font() -> Path:
    """Where the font lies.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = importlib.util.find_spec(FONT)
    for place in (found.submodule_search_locations or []) if found is not None else []:
        for each in sorted(Path(place).glob("fonts/*.ttf")):
            return each
    raise FileNotFoundError(FONT)


def draw(title: str, labels: Sequence[str], counts: Sequence[int]) -> bytes:
    """Bars with their numbers above them; the last one, this week's, is dark and said to be so."""
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    words, large = FontProperties(fname=font(), size=12), FontProperties(fname=font(), size=15)
    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained")
    axes = figure.subplots()
    last = len(counts) - 1
    colours = [_NOW if place == last else _BEFORE for place in range(len(counts))]
    drawn = axes.bar(range(len(counts)), counts, color=colours, width=0.7)
    for label in axes.bar_label(drawn, [f"{count}件" for count in counts], padding=3):
        label.set_fontproperties(words)
    axes.set_title(title, fontproperties=large, color=_INK)
    beside = 0.6 + max(0, 3 - last) / 2
    axes.set_xlim(-beside, last + beside)
    axes.set_ylim(0, max(*counts, 1) * 1.2)
    named = [*labels[:-1], f"{labels[-1]}\n(今週)"]
    axes.set_xticks(range(len(counts)), named, fontproperties=words, color=_INK)
    axes.set_yticks([])
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(**json.load(sys.stdin)))
