"""Slack → action → answer. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from bot.feature import Call, Command
from handlers.common.answering import shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need, number
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.members.introducing import ask_body, is_unknown
from handlers.study import dialogs, form, meeting_listeners, topic_listeners, views
from handlers.study.looking import listed
from storage.database import Transaction


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    sees, arranges = [Door(services, Deed.SEE_STUDY)], [Door(services, Deed.ARRANGE_STUDY)]
    app.action(views.OPEN, middleware=sees)(_open(services, lambda tx, _, visitor: listed(tx, visitor)))
    app.action(views.NEW, middleware=arranges)(
        _open(services, lambda tx, _, visitor: dialogs.new(tx, visitor))
    )
    app.action(views.EDIT, middleware=arranges)(_edit(services))
    app.action(views.ONE, middleware=arranges)(_open(services, dialogs.one))
    app.action(form.END, middleware=arranges)(_end(services))
    app.view(form.FORM, middleware=arranges)(_entered(services))
    app.view(views.CONFIRM, middleware=arranges)(_confirmed(services))
    app.view(views.CHANGE, middleware=arranges)(_changed(services))
    topic_listeners.register(app, services)
    meeting_listeners.register(app, services)


def _open(
    services: Services, dialog: Callable[[Transaction, str, Visitor], Block]
) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value = need(body, "actions", 0, "value")
        await show(client, body, await services.database.read(dialog, value, who(body)))
        await ack()

    return press


def _edit(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        series_id = number(body, "actions", 0, "value")
        await show(client, body, await services.database.write(dialogs.edit, series_id, who(body)))
        await ack()

    return press


def _end(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view_id = need(body, "view", "id")
        view = await services.database.write(dialogs.end, need(body, "actions", 0, "value"), who(body))
        await client.views_update(view_id=view_id, view=view)
        await ack()

    return press


def _entered(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(dialogs.entered, who(body), view)
        await shows(ack, shown, problems, action="push")

    return submit


def _confirmed(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        key = f"view:{need(view, 'id')}"
        shown = await services.database.write(dialogs.confirmed, who(body), view, source=key)
        await ack(response_action="update", view=shown)

    return submit


def _changed(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(dialogs.changed, who(body), view)
        await shows(ack, shown, problems)

    return submit


async def _run(services: Services, call: Call) -> None:
    if not call.trigger_id:
        raise Malformed()
    view = await services.database.read(listed, Visitor(call.user, call.team))
    await call.client.views_open(trigger_id=call.trigger_id, view=view)
    if await services.database.read(is_unknown, call.user):
        await services.database.write(ask_body, call.user)


COMMAND = Command(
    ("勉強会", "べんきょうかい", "benkyokai", "study"),
    "これからの勉強会",
    Deed.SEE_STUDY,
    _run,
    alias="/benkyokai",
)
