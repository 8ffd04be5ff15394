"""Words the tests of study sessions share: dialogs that are filled in and sent, what somebody sees."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from handlers.common.doors import Visitor
from handlers.study import FEATURE, actions, dialogs, draft, views
from handlers.study.draft import Draft
from handlers.study.looking import listed
from storage import due, study
from storage.study import Series
from tests.handlers.prefecture import KEN, Prefecture

ROOM = "C0HEYA"
WEEKLY = Draft(
    title="アドバイザー勉強会",
    every="week",
    on="2026-12-03",
    starts="15:00",
    ends="16:30",
    on_closed="skip",
    audience="everybody",
    place="県庁3階",
    link="https://meet.example.jp/a",
)
"""Thursdays; 12/31 is closed."""


def state(given: Draft) -> dict[str, Any]:
    """A draft as Slack gives back what was entered."""

    def block(name: str, value: dict[str, Any]) -> tuple[str, Any]:
        return name, {name: value}

    def chosen(value: str | None) -> dict[str, Any]:
        return {"selected_option": {"value": value} if value is not None else None}

    values = [
        block(draft.TITLE, {"value": given.title}),
        block(draft.EVERY, chosen(given.every)),
        block(draft.ON, {"selected_date": given.on}),
        block(draft.FROM, {"selected_time": given.starts}),
        block(draft.TO, {"selected_time": given.ends}),
        block(draft.UNTIL, {"selected_date": given.until}),
        block(draft.TIMES, {"value": None if given.times is None else str(given.times)}),
        block(draft.CLOSED, chosen(given.on_closed)),
        block(draft.AUDIENCE, chosen(given.audience)),
        block(draft.CHANNEL, {"selected_conversation": given.channel}),
        block(draft.PLACE, {"value": given.place}),
        block(draft.LINK, {"value": given.link}),
    ]
    return {"values": dict(values)}


_views = itertools.count(1)


def enter(ken: Prefecture, given: Draft, user: str = KEN, about: str = dialogs.NEW) -> dialogs.Answer:
    """Send the first dialog."""
    view = {"id": "V1", "private_metadata": about, "state": state(given)}
    return ken.write(dialogs.entered, Visitor(user, ""), view)


def keep(ken: Prefecture, given: Draft, user: str = KEN, about: str = dialogs.NEW) -> str:
    """Send both dialogs; returns what the last look said."""
    shown, problems = enter(ken, given, user, about)
    assert (shown is not None, problems) == (True, {})
    assert shown is not None
    ken.write(dialogs.confirmed, Visitor(user, ""), shown, source=f"view:{next(_views)}")
    return words(shown)


def words(view: Any) -> str:
    """All that is written in a view."""
    return "\n".join(_texts(view))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key, inner in value.items():
            if key != "private_metadata":
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def registered(ken: Prefecture, given: Draft = WEEKLY, user: str = KEN) -> Series:
    """A series that was registered."""
    keep(ken, given, user)
    return ken.read(study.living)[-1]


def about(ken: Prefecture, found: Series) -> str:
    """What a dialog of a series is about now."""
    return f"{found.id}:{ken.read(study.need, found.id).revision}"


def look(ken: Prefecture, user: str = KEN) -> str:
    """The list, as somebody sees it."""
    return words(ken.read(listed, Visitor(user, "")))


def change(
    ken: Prefecture, found: Series, on: str, what: str, day: str = "", clock: str = "", user: str = KEN
) -> dict[str, str]:
    """Send the dialog of one session."""
    values: dict[str, Any] = {views.WHAT: {views.WHAT: {"selected_option": {"value": what}}}}
    values[views.DAY] = {views.DAY: {"selected_date": day or None}}
    values[views.CLOCK] = {views.CLOCK: {"selected_time": clock or None}}
    view = {"private_metadata": f"{about(ken, found)}:{on}", "state": {"values": values}}
    shown, problems = ken.write(dialogs.changed, Visitor(user, ""), view)
    assert (shown is None) is bool(problems)
    return problems


def run_due(ken: Prefecture) -> int:
    """Run what of study sessions is due now; returns how often one began."""
    begun = 0
    for _ in range(50):
        row = ken.write(due.run_next, FEATURE.due_work)
        if row is None:
            return begun
        begun += row.work.kind == actions.BEGUN
    raise AssertionError("more than fifty rows were due at one moment")
