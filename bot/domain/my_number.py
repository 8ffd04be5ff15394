"""個人番号(マイナンバー)in what people typed: where one stands, and the text without it. The one implementation.

In doubt it is one: twelve digits, whatever stands between them, count unless a letter does, when the check digit is
right (one in eleven of any twelve digits has it; docs/decisions/0017-my-numbers.md). What is known to be something else
does not: 法人番号, dates and times, telephone numbers, network addresses, Slack's time stamps, longer numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import mul
from typing import Any

from bot.domain.signs import LETTER, UNSEEN, in_numbers, seen

MASK = "〔番号を伏せました〕"
"""What stands in its place. Its words end every row of digits, so that masking again changes nothing."""

_DIGITS = 12
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MARKUP = re.compile(
    r"<(?:(?P<name>[@#][^<>]*|![^<>|]*)|(?P<target>(?:[a-z][a-z+.-]*:|!)[^<>|]*)(?:\|(?P<label>[^<>]*))?)>"
)
_SCHEME = re.compile(r"[a-z+.-]*:")
_CODES = re.compile(r"&(?:amp|lt|gt);|:[a-z_+'\-]{1,60}\d?:", re.ASCII)
"""Escaped signs and emoji, as Slack writes them."""
_DATES = "|".join(
    rf"(?<!\d{sep})(?:19|20)\d\d{sep}(?:0?[1-9]|1[0-2]){sep}(?:0?[1-9]|[12]\d|3[01])(?!{sep}?\d)"
    for sep in (r"-", r"/", r"\.")
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_OTHERS = re.compile(
    rf"(?<!\d)(?:{_DATES}"
    r"|(?<!\d:)(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!:?\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-_ ](?:[01]\d|2[0-3])[0-5]\d(?!\d)"
    rf"|(?<!\d\.){_OCTET}(?:\.{_OCTET}){{3}}(?!\.?\d)"
    r"|\d{10}\.\d{6}(?!\d)"
    r"|\+ ?81(?:[-() ]{0,2}\d){9,10}(?!-?\d)"
    r"|(?<!\d-)(?P<phone>0\d{1,4}(?:-\d{1,4}-|\(\d{1,4}\))\d{3,4})(?!-?\d))"
)
"""Dates, times, a date and time as files are named, network addresses, Slack's stamps, telephone numbers."""

_ROW = re.compile(rf"\d+(?:[^\dA-Za-z{LETTER}]+\d+)*")
_GROUP = re.compile(r"\d+")


def is_my_number(digits: str) -> bool:
    """True when 12 digits (any script) carry the check digit of an individual number.

    Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律に規定する個人番号等に関する省令 第5条.
    """
    if len(digits) != _DIGITS:
        return False
    *numbers, check = map(unicodedata.decimal, digits)
    rest = sum(map(mul, numbers, _WEIGHTS)) % 11
    return check == (0 if rest <= 1 else 11 - rest)


def is_corporate_number(digits: str) -> bool:
    """True when 13 digits carry the check digit of a 法人番号, which stands first.

    Source: 法人番号の指定等に関する省令 第2条.
    """
    numbers = [unicodedata.decimal(digit) for digit in digits]
    if len(numbers) != 13:
        return False
    return numbers[0] == 9 - sum(n * (1 + place % 2) for place, n in enumerate(reversed(numbers[1:]))) % 9


def mask(text: str, instead: str = MASK) -> tuple[str, int]:
    """`text` (plain, or in Slack's markup) with `instead` for every number in it, and how many places that were."""
    places = find(text)
    for start, stop in reversed(places):
        text = text[:start] + instead + text[stop:]
    return text, len(places)


def mask_across(texts: Sequence[str]) -> list[str]:
    """The same for messages of which each may hold a part of a number: every part goes."""
    places, start, found = find("\n".join(texts)), 0, []
    for text in texts:
        inside = [(max(a - start, 0), min(b - start, len(text))) for a, b in places]
        start += len(text) + 1
        for a, b in reversed(inside):
            text = text[:a] + MASK + text[b:] if a < b else text
        found.append(text)
    return found


def masked(value: Any) -> Any:
    """The same for all texts in plain JSON, at any depth."""
    if isinstance(value, str):
        return mask(value)[0]
    if isinstance(value, Mapping):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return MASK if isinstance(value, int) and value > 0 and is_my_number(str(value)) else value


def find(text: str) -> list[tuple[int, int]]:
    """Where numbers stand (start, stop), in order, never overlapping."""
    if len(text) < _DIGITS:
        return []
    shadow = in_numbers(text)
    if sum(map(shadow.count, "0123456789")) < _DIGITS:
        return []
    for match in _CODES.finditer(text):
        shadow = shadow[: match.start()] + " " * len(match[0]) + shadow[match.end() :]
    markup = list(_MARKUP.finditer(text)) if "<" in text else []
    found: set[tuple[int, int]] = set()
    for view in _views(shadow, markup):
        found.update(_whole(place, markup) for place in _in_view(view))
    return _merged(sorted(found))


def _views(shadow: str, markup: list[re.Match[str]]) -> set[str]:
    """As people read it, with the labels of links; and as it is dialled, with their addresses. Names hold no digits."""
    read, dialled = list(shadow), list(shadow)
    for match in markup:
        start, stop = match.span()
        if match["target"] is None:
            read[start:stop] = dialled[start:stop] = " " * (stop - start)
            continue
        scheme = _SCHEME.match(match["target"])
        before = start + 1 + (scheme.end() if scheme else 0)
        bar = match.end("target")
        dialled[start:before], dialled[bar:stop] = UNSEEN * (before - start), UNSEEN * (stop - bar)
        first = before if match["label"] is None else bar + 1
        read[start:first], read[stop - 1] = UNSEEN * (first - start), UNSEEN
    return {"".join(read), "".join(dialled)}


def _in_view(view: str) -> Iterator[tuple[int, int]]:
    plain, places = seen(view)
    plain = _OTHERS.sub(_something_else, plain)
    for row in _ROW.finditer(plain):
        for first, last in _in_row(plain, row.start(), row.end()):
            yield places[first], places[last] + 1


def _something_else(match: re.Match[str]) -> str:
    digits = sum(map(str.isdecimal, match["phone"] or ""))
    return match[0] if digits and digits not in {10, 11} else LETTER * len(match[0])


def _in_row(plain: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The places (first and last digit) in a row of groups of digits: whole groups, twelve digits together."""
    groups = list(_GROUP.finditer(plain, start, stop))
    digits = "".join(group[0] for group in groups)
    starts, ends, so_far = [], {}, 0
    for index, group in enumerate(groups):
        starts.append(so_far)
        so_far += len(group[0])
        ends[so_far] = index
    for index, at in enumerate(starts):
        last = ends.get(at + _DIGITS)
        if last is None or not is_my_number(digits[at : at + _DIGITS]):
            continue
        if not _corporate(plain, groups[max(index - 1, 0) : last + 1]):
            yield groups[index].start(), groups[last].end() - 1


def _corporate(plain: str, groups: list[re.Match[str]]) -> bool:
    """Whether groups of digits are one 法人番号, such as 2-0000-1202-0001 or, of an invoice, T2 0000 1202 0001."""
    gaps = {plain[a.end() : b.start()] for a, b in pairwise(groups)}
    alike = len(gaps) == 1 and len(groups) > 2 and len({len(group[0]) for group in groups[1:]}) == 1
    invoice = plain[: groups[0].start()].endswith(("T", "t"))
    return alike and (invoice or gaps == {"-"}) and is_corporate_number("".join(g[0] for g in groups))


def _whole(place: tuple[int, int], markup: list[re.Match[str]]) -> tuple[int, int]:
    """A place that begins or ends within a link takes all of it, unless it lies in its address or in its label."""
    start, stop = place
    for match in markup:
        if match.end() <= place[0] or place[1] <= match.start():
            continue
        parts = (match.span("target"), match.span("label"))
        if not any(a <= place[0] and place[1] <= b for a, b in parts):
            start, stop = min(start, match.start()), max(stop, match.end())
    return start, stop


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in places:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], stop)
        else:
            merged.append((start, stop))
    return merged
