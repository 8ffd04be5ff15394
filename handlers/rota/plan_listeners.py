"""What coordinators press while they plan: Slack → action → answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from handlers.common.answering import shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need, number
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.rota import arrange_views, arranging, filling, joining, views
from storage.database import Transaction

Heard = Callable[..., Awaitable[None]]
Answer = tuple[Block | None, dict[str, str]]


def register(app: AsyncApp, services: Services, door: list[Door]) -> None:
    """Put these listeners on the app."""
    v = arrange_views
    app.action(views.ARRANGE, middleware=door)(
        _opens(services, lambda tx, who_, _: arranging.overview(tx, who_))
    )
    app.action(v.NEW, middleware=door)(_opens(services, lambda tx, who_, _: arranging.new(tx, who_)))
    for action, dialog in ((v.EDIT, arranging.edit), (v.PEOPLE, joining.dialog), (v.FILL, filling.dialog)):
        app.action(action, middleware=door)(_of_rota(services, dialog))
    app.action(v.MEMBER, middleware=door)(_opens(services, joining.one))
    app.action(v.END, middleware=door)(_does(services, arranging.end))
    app.action(v.LEAVE, middleware=door)(_does(services, joining.out))
    for form, action_ in ((v.FORM, arranging.entered), (v.ADD, joining.added), (v.CHANGE, joining.changed)):
        app.view(form, middleware=door)(_entered(services, action_))
    app.view(filling.FORM, middleware=door)(_preview(services))
    app.view(filling.KEEP, middleware=door)(_keep(services))


def _opens(services: Services, dialog: Callable[[Transaction, Visitor, str], Block]) -> Heard:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value = need(body, "actions", 0, "value")
        await show(client, body, await services.database.read(dialog, who(body), value))
        await ack()

    return press


def _of_rota(services: Services, dialog: Callable[[Transaction, Visitor, int], Block]) -> Heard:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        rota_id = number(body, "actions", 0, "value")
        await show(client, body, await services.database.read(dialog, who(body), rota_id))
        await ack()

    return press


def _does(services: Services, action: Callable[[Transaction, Visitor, str], Block]) -> Heard:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value = need(body, "actions", 0, "value")
        view = await services.database.write(action, who(body), value)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return press


def _entered(
    services: Services, action: Callable[[Transaction, Visitor, Mapping[str, Any]], Answer]
) -> Heard:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(action, who(body), view)
        await shows(ack, shown, problems)

    return submit


def _preview(services: Services) -> Heard:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.read(filling.preview, who(body), view)
        await shows(ack, shown, problems, action="push")

    return submit


def _keep(services: Services) -> Heard:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        wanted, mark = filling.brought(view)
        found = await services.database.read(filling.compute, wanted)
        source = f"view:{need(view, 'id')}"
        shown = await services.database.write(filling.keep, who(body), found, mark, source)
        await ack(response_action="update", view=shown)

    return submit
