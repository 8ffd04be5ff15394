"""What a check found, as a line for the operator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much it matters. BAD keeps the bot from working."""

    OK = "✅"
    WARN = "⚠"
    BAD = "❌"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what is so, and what to do (empty when nothing)."""

    level: Level
    what: str
    what_to_do: str = ""

    def __str__(self) -> str:
        return f"{self.level} {self.what}" + (f" → {self.what_to_do}" if self.what_to_do else "")


def ok(what: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, what)


def warn(what: str, what_to_do: str) -> Finding:
    """Works, but somebody should look."""
    return Finding(Level.WARN, what, what_to_do)


def bad(what: str, what_to_do: str) -> Finding:
    """Does not work until it is mended."""
    return Finding(Level.BAD, what, what_to_do)


def exit_code(findings: Iterable[Finding]) -> int:
    """1 when any finding is bad, else 0."""
    return int(any(finding.level is Level.BAD for finding in findings))
