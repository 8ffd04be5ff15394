"""How long a first response may take, as the prefecture chooses it for each urgency, and how that is kept and said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from bot.domain.question import Span, Targets

CHOICES: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "today": ("30m", "1h", "2h", "3h", "4h"),
        "week": ("2h", "4h", "6h", "1d", "2d"),
        "none": ("4h", "1d", "2d", "3d", "5d"),
    }
)
"""What can be chosen for 今日中, 今週中 and 急がない: minutes, hours of business time, business days."""
_WRITTEN = re.compile(r"([1-9]\d?)([mhd])")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The three spans as they are kept: 「2h」, 「4h」, 「1d」."""

    today: str = "2h"
    week: str = "4h"
    none: str = "1d"


def chosen(text: str) -> Chosen:
    """The spans of a kept text; the usual ones for one that is empty or none of ours."""
    parts = text.split("/")
    if len(parts) != 3 or not all(_WRITTEN.fullmatch(part) for part in parts):
        return Chosen()
    return Chosen(*parts)


def written(spans: Chosen) -> str:
    """The text that is kept."""
    return "/".join((spans.today, spans.week, spans.none))


def written_of(targets: Targets) -> str:
    """The text that means these targets."""
    return written(Chosen(*(_letter(each) for each in (targets.today, targets.week, targets.none))))


def _letter(span: Span) -> str:
    if span.days:
        return f"{span.days}d"
    hours, minutes = divmod(int(span.time.total_seconds()) // 60, 60)
    return f"{minutes}m" if minutes else f"{hours}h"


def span(text: str) -> Span:
    """What one kept span means.

    Raises:
        ValueError: it is none of ours.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"no span of time: {text!r}")
    count = int(found[1])
    if found[2] == "d":
        return Span(days=count)
    return Span(time=timedelta(minutes=count) if found[2] == "m" else timedelta(hours=count))


def said(text: str) -> str:
    """A span in words: 「2時間」「1開庁日」."""
    return text.replace("m", "分").replace("h", "時間").replace("d", "開庁日")


def read(text: str) -> Targets:
    """The targets of a kept text."""
    spans = chosen(text)
    return replace(Targets(), today=span(spans.today), week=span(spans.week), none=span(spans.none))
