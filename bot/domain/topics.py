"""What is talked about in a study session: who presents it, what the week proposes, when it must be settled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.business_time import BusinessCalendar
from bot.domain.question import Reason

LONGEST_TOPIC, LONGEST_SAID = 100, 3000
"""Characters of a topic, and of what is said to explain it."""
MOST_OPEN, MOST_ON = 100, 10
"""So many topics of a series wait at most to be taken up; so many a session holds."""
READY_DAYS = 2
"""So many business days before a session its topics and presenters should be known."""
NO_TOPIC = frozenset({Reason.WITHDRAWN, Reason.NOT_A_QUESTION})
"""A question that was closed so is nobody's to talk about."""


class Request(StrEnum):
    """How a request to present a topic stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


LIVING = frozenset({Request.ASKED, Request.ACCEPTED})
"""Somebody presents it, or may."""


def answered(state: Request, *, yes: bool, taken: bool) -> Request | None:
    """What a request becomes by the answer of the one who was asked, who may change their mind; None: it cannot, because it
    was withdrawn, or somebody else was asked since (`taken`)."""
    if state is Request.WITHDRAWN or (yes and taken):
        return None
    return Request.ACCEPTED if yes else Request.DECLINED


def settled_by(day: date, calendar: BusinessCalendar) -> date:
    """The business day by which a session on `day` should have its topics and presenters."""
    found, left = day, READY_DAYS
    while left and day - found < timedelta(days=31):
        found -= timedelta(days=1)
        left -= calendar.is_business_day(found)
    return found


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as others may be like it: the characters it holds (`bot.domain.terms.characters`), and the FAQ entries
    that were found like it."""

    id: int
    characters: frozenset[str]
    entries: frozenset[int] = frozenset()


FEWEST_SHARED, ALIKE = 4, 0.45
"""Two questions are alike when so many of their characters' pairs are the same, and so large a part of the shorter one's."""


def alike(askings: Sequence[Asking]) -> list[list[int]]:
    """Groups of questions that ask the same, the largest first; those that nobody else asked are in none."""
    groups: list[list[Asking]] = []
    for each in askings:
        near = [group for group in groups if any(_same(each, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(other for group in near for other in group), each])
    found = [sorted(each.id for each in group) for group in groups if len(group) > 1]
    return sorted(found, key=lambda ids: (-len(ids), ids))


def _same(one: Asking, other: Asking) -> bool:
    if one.entries & other.entries:
        return True
    shared = len(one.characters & other.characters)
    shorter = min(len(one.characters), len(other.characters))
    return shared >= FEWEST_SHARED and shared >= ALIKE * shorter


def moved(order: Sequence[int], topic: int, *, up: bool) -> list[int]:
    """An agenda with one of its topics a place further up or down; at the end it stays where it is."""
    found = list(order)
    if topic not in found:
        return found
    at = found.index(topic)
    to = max(0, min(len(found) - 1, at + (-1 if up else 1)))
    found.insert(to, found.pop(at))
    return found


def problems(title: str, said: str) -> dict[str, str]:
    """What is wrong with a topic as it was typed: sentences by what they are about (`title`, `said`)."""
    found = {}
    if not title:
        found["title"] = "話題を、ひとことお書きください。"
    elif len(title) > LONGEST_TOPIC:
        found["title"] = f"{LONGEST_TOPIC}文字までにしてください。くわしいことは、下の欄にお書きください。"
    if len(said) > LONGEST_SAID:
        found["said"] = f"{LONGEST_SAID}文字までにしてください(いまは{len(said)}文字)。"
    return found


def most_wanted(votes: Collection[tuple[int, int]]) -> list[int]:
    """Topics (id, votes) in the order in which they are shown: the most wanted first, the oldest of as many."""
    return [topic for topic, _ in sorted(votes, key=lambda each: (-each[1], each[0]))]
