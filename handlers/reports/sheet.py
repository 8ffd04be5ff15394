"""What a sheet of the report is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what is said above its table, its headers and lines. Codes and texts are texts, counts are numbers."""

    name: str
    said: Sequence[str]
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()


def moment(at: datetime, zone: str) -> str:
    """「2026-12-03 15:00」, as spreadsheets read it."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
