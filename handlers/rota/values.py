"""What the views of this feature are given. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody on duty now, until when; `instead` of somebody who is away."""

    name: str
    until: datetime
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One rota as one reads it."""

    name: str
    present: Sequence[Present]
    coming: Sequence[tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class Board:
    """All rotas. `swaps`: whoever looks may say that they are away; `arranges`: they plan rotas."""

    now: datetime
    zone: str
    parts: Sequence[Part]
    more: int
    swaps: bool
    arranges: bool
