"""A tour is handed over whole or not at all, and nothing in it may lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.client import Workspace
from sandbox.client.link import Link, SandboxError
from sandbox.tours import objection

STEP: dict[str, Any] = {
    "id": "a",
    "as": "U1",
    "do": "押します。",
    "why": "進みます。",
    "done": {"read": True},
}


def tour(*steps: Any) -> dict[str, Any]:
    return {"title": "題", "about": "説明", "steps": list(steps)}


def wrong(given: Any) -> str | None:
    return objection(given, {"U1"}, {"相談"})


def test_every_way_to_say_a_step() -> None:
    points = (
        {"button": "押す"},
        {"choice": "選ぶ"},
        {"composer": "thread"},
        {"replies": True},
        {"bell": True},
    )
    signs = (
        {"said": True},
        {"shows": "文"},
        {"thread": True},
        {"view": "題"},
        {"closed": True},
        {"read": True},
    )
    places = ("#相談", "home", "messages", "mark:前")
    steps = [STEP | {"mark": "前", "type": "文", "advance": 60}]
    steps += [STEP | {"point": each} for each in points] + [STEP | {"done": each} for each in signs]
    steps += [STEP | {"at": each} for each in places]
    assert wrong(tour(*(each | {"id": str(n)} for n, each in enumerate(steps)))) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "title"),
        ([], "title"),
        ({"title": "題", "steps": [STEP]}, "title"),
        (tour(), "steps"),
        ({**tour(STEP), "steps": "a"}, "steps"),
        (tour("a"), "steps"),
        (tour({**STEP, "do": " "}), "do is a text"),
        (tour({**STEP, "as": 1}), "as is a text"),
        (tour({**STEP, "as": "U2"}), "there is no U2"),
        (tour({**STEP, "at": "#雑談"}), "there is no #雑談"),
        (tour({**STEP, "at": "相談"}), "there is no 相談"),
        (tour({**STEP, "at": "mark:前", "mark": "前"}), "nothing is marked 前"),
        (tour(STEP, STEP), "two of this id"),
        (tour({**STEP, "done": {}}), "done is one of"),
        (tour({**STEP, "done": {"read": True, "closed": True}}), "done is one of"),
        (tour({**STEP, "done": {"shows": ""}}), "done is one of"),
        (tour({**STEP, "point": {"selector": "script"}}), "point is one of"),
        (tour({**STEP, "html": "<b>"}), "html is not understood"),
        (tour({**STEP, "advance": -1}), "advance"),
        (tour({**STEP, "advance": 10**9}), "advance"),
    ],
)
def test_what_would_lead_nowhere_is_refused(given: Any, why: str) -> None:
    assert why in str(wrong(given))


async def test_it_is_handed_over_by_the_control_api(sandbox: Sandbox, ws: Workspace) -> None:
    nagi = await ws.person("浜野 凪")
    mine = tour(STEP | {"as": nagi.id})
    control = Link(sandbox.control_url)
    try:
        assert (await control.call("tour"))["tour"] is None
        with pytest.raises(SandboxError, match="bad_arguments"):
            await control.call("tour", tour=tour(STEP))
        assert (await control.call("tour"))["tour"] is None
        first = (await control.call("tour", tour=mine))["tour"]
        assert (await control.call("tour"))["tour"] == first
        assert first["steps"] == mine["steps"]
        assert (await control.call("tour", tour=mine))["tour"]["number"] != first["number"]
    finally:
        await control.close()
