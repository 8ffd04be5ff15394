"""The report is asked for: by command, from Home. Listeners translate, call one action and answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from bot.feature import Call, Command
from handlers.common.answering import shows
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need
from handlers.common.services import Services
from handlers.reports import actions, views


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    door = [Door(services, Deed.REPORT)]
    app.action(views.OPEN, middleware=door)(_press(services))
    app.view(views.CALLBACK, middleware=door)(_submitted(services))


async def _open(services: Services, client: AsyncWebClient, trigger_id: str) -> None:
    """Open the dialog.

    Raises:
        Malformed: nobody pressed anything that a dialog may follow.
    """
    if not trigger_id:
        raise Malformed()
    view = await services.database.read(actions.dialog)
    await client.views_open(trigger_id=trigger_id, view=view)


def _press(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await _open(services, client, need(body, "trigger_id"))
        await ack()

    return press


def _submitted(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        source = f"view:{need(view, 'id')}"
        shown, problems = await services.database.write(actions.submit, who(body).user, view, source=source)
        await shows(ack, shown, problems)

    return submit


async def _run(services: Services, call: Call) -> None:
    await _open(services, call.client, call.trigger_id)


COMMAND = Command(
    ("集計", "しゅうけい", "実績", "レポート", "shukei", "report"),
    "相談実績の集計(Excel・CSV)",
    Deed.REPORT,
    _run,
)
