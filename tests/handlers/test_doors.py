"""No button, dialog, command or shortcut without a door: every listener on the app is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.domain.permissions import Deed
from tests.listeners import heard, whole_app


@pytest.fixture
def app(tmp_path: Path) -> AsyncApp:
    return whole_app(tmp_path)


def without(app: AsyncApp) -> list[str]:
    return [f"{each.kind} {each.name}" for each in heard(app) if each.kind != "event" and not each.doors]


def test_every_listener_has_a_door(app: AsyncApp) -> None:
    assert without(app) == []


def test_the_walk_meets_all_kinds(app: AsyncApp) -> None:
    found = {(each.kind, each.name) for each in heard(app)}
    assert {("event", "message"), ("action", "question_claim"), ("view_submission", "question_more")} <= found
    assert {("command", "/banso"), ("command", "/soudan"), ("global_shortcut", "question_ask")} <= found


def test_a_listener_without_a_door_is_found(app: AsyncApp) -> None:
    async def press() -> None: ...

    for register in (app.action, app.view, app.command, app.shortcut, app.options):
        before = len(without(app))
        register("forgotten")(press)
        assert len(without(app)) == before + 1


def test_a_door_asks_for_what_is_behind_it(app: AsyncApp) -> None:
    deeds = {each.name: [door.deed for door in each.doors] for each in heard(app)}
    assert deeds["question_claim"] == [Deed.PRESS]
    assert deeds["/banso"] == [Deed.HELP]
    assert deeds["/soudan"] == [Deed.ASK]
    assert deeds["/toban"] == [Deed.SEE_ROTA]
