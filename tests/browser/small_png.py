"""A screenshot as a small PNG: at most 256 colours, which is plenty for letters on plain ground."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS, COMMON = 256, 176


def smaller(png: bytes) -> bytes:
    """Return the same picture with fewer colours; each other one becomes the nearest of these.

    Raises:
        ValueError: it is not a PNG as browsers write them: 8 bits, RGB or RGBA, not interlaced.
    """
    parts = dict.fromkeys((b"IHDR", b"IDAT"), b"")
    for name, body in _chunks(png):
        if name in parts:
            parts[name] += body
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("not a browser's PNG")
    size = 3 if kind == 2 else 4
    lines = list(_lines(zlib.decompress(parts[b"IDAT"]), width * size, size))
    rows = [list(zip(*(line[n::size] for n in range(3)), strict=True)) for line in lines]
    counted = Counter(colour for row in rows for colour in row)
    palette = _palette(counted)
    number = {colour: n for n, colour in enumerate(palette)}
    for colour in counted:
        if colour not in number:
            number[colour] = min(range(len(palette)), key=lambda n: _apart(palette[n], colour))
    data = b"".join(b"\0" + bytes(number[colour] for colour in row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return _SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", bytes(part for colour in palette for part in colour)),
            _chunk(b"IDAT", zlib.compress(data, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _palette(counted: Counter[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The commonest colours, and those that are least like any of them: a small red dot stays red."""
    ranked = [colour for colour, _ in counted.most_common()]
    palette, rest = ranked[:COMMON], ranked[COMMON:]
    far = {colour: min(_apart(colour, each) for each in palette) for colour in rest}
    while far and len(palette) < MOST_COLOURS:
        next_one = max(far, key=lambda colour: far[colour])
        palette.append(next_one)
        far = {colour: min(apart, _apart(colour, next_one)) for colour, apart in far.items() if apart}
        far.pop(next_one, None)
    return palette


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _lines(data: bytes, length: int, size: int) -> Iterator[bytes]:
    """Undo the filters (PNG specification, section 9)."""
    above = bytearray(length)
    for start in range(0, len(data), length + 1):
        kind, line = data[start], bytearray(data[start + 1 : start + 1 + length])
        if kind:
            for n in range(length):
                left = line[n - size] if n >= size else 0
                corner = above[n - size] if n >= size else 0
                line[n] = (line[n] + _guess(kind, left, above[n], corner)) & 255
        yield bytes(line)
        above = line


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return up
    if kind == 3:
        return (left + up) // 2
    middle = left + up - corner
    return min((left, up, corner), key=lambda each: abs(middle - each))
