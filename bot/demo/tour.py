"""The tour of the demo (`tour.json`): what a visitor is shown, step by step, of あさぎ県."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from bot.demo.stage import Stage


def steps() -> dict[str, Any]:
    """The tour as the workspace's page takes it (`sandbox.tours`)."""
    found: dict[str, Any] = json.loads(files("bot.demo").joinpath("tour.json").read_text(encoding="utf-8"))
    return found


async def offer(stage: Stage) -> None:
    """Hand the tour over to the workspace, whose page offers it from then on."""
    await stage.control.call("tour", tour=steps())
