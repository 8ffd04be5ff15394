"""Reading a press, and showing a dialog after it."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from handlers.common.blocks import Block
from handlers.common.doors import Body, who
from handlers.common.payloads import need, number


def source(body: Body) -> str:
    """A press's natural key."""
    pressed = f"{need(body, 'actions', 0, 'action_ts')}:{need(body, 'actions', 0, 'action_id')}"
    return f"action:{who(body).user}:{pressed}"


def two(text: str) -> tuple[int, int]:
    """The two numbers in a button's or dialog's value.

    Raises:
        Malformed: there are not.
    """
    first, _, second = text.partition(":")
    return number({"v": first}, "v"), number({"v": second}, "v")


def in_dialog(body: Body) -> str | None:
    """The dialog in which a button was pressed, if it was one."""
    view = body.get("view")
    inside = isinstance(view, dict) and view.get("type") == "modal"
    return need(body, "view", "id") if inside else None


async def show(client: AsyncWebClient, body: Body, view: Block) -> None:
    """Open a dialog; above the one in which the button was pressed, if it was one."""
    method = client.views_open if in_dialog(body) is None else client.views_push
    await method(trigger_id=need(body, "trigger_id"), view=view)
