"""Screenshots are made smaller without changing what they show."""

from __future__ import annotations

import struct
import zlib

import pytest

from tests.browser.small_png import _chunk, _chunks, smaller

Row = list[tuple[int, int, int]]


def png(rows: list[Row], filters: list[int], size: int = 3) -> bytes:
    """A picture as a browser writes it, each line with a filter."""
    flat = [bytes(part for colour in row for part in (*colour, 255)[:size]) for row in rows]
    above, data = bytes(len(flat[0])), b""
    for line, kind in zip(flat, filters, strict=True):
        data += bytes([kind]) + bytes(
            (value - _guess(kind, line, above, n, size)) & 255 for n, value in enumerate(line)
        )
        above = line
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2 if size == 3 else 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in parts)


def _guess(kind: int, line: bytes, above: bytes, n: int, size: int) -> int:
    left, corner = (line[n - size], above[n - size]) if n >= size else (0, 0)
    paeth = left + above[n] - corner
    nearest = min((left, above[n], corner), key=lambda each: abs(paeth - each))
    return (0, left, above[n], (left + above[n]) // 2, nearest)[kind]


def colours(picture: bytes) -> list[Row]:
    """What a picture with a palette shows."""
    parts = dict(_chunks(picture))
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    table = parts[b"PLTE"]
    data = zlib.decompress(parts[b"IDAT"])
    lines = [data[n * (width + 1) + 1 : (n + 1) * (width + 1)] for n in range(height)]
    return [[(table[3 * n], table[3 * n + 1], table[3 * n + 2]) for n in line] for line in lines]


@pytest.mark.parametrize("size", [3, 4], ids=["rgb", "rgba"])
def test_few_colours_stay_as_they_are_whatever_the_filter(size: int) -> None:
    rows = [[((x * 37) % 251, (x * y * 11) % 241, (x + y) % 256) for x in range(9)] for y in range(5)]
    assert colours(smaller(png(rows, [0, 1, 2, 3, 4], size))) == rows


def test_a_rare_colour_that_is_unlike_all_others_stays() -> None:
    greys: list[Row] = [[(n, n, n + d) for n in range(250) for d in range(6)] for _ in range(3)]
    greys[1][7] = (255, 0, 0)
    shown = colours(smaller(png(greys, [0, 0, 0])))
    assert shown[1][7] == (255, 0, 0)
    assert len({colour for row in shown for colour in row}) <= 256


@pytest.mark.parametrize("bad", [b"", b"GIF89a", png([[(0, 0, 0)]], [0]).replace(b"\x08\x02", b"\x08\x03")])
def test_anything_else_is_refused(bad: bytes) -> None:
    with pytest.raises(ValueError, match="PNG"):
        smaller(bad)
