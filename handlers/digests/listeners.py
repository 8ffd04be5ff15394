"""「週のお知らせ」 is opened, kept and tried. Listeners translate, call one action and answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from handlers.common.answering import shows
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.digests import plan_views, planning


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    door = [Door(services, Deed.SET_UP)]
    app.action(plan_views.OPEN, middleware=door)(_open(services))
    app.action(plan_views.TRIES, middleware=door)(_try(services))
    app.view(plan_views.CALLBACK, middleware=door)(_submitted(services))


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(planning.dialog))
        await ack()

    return press


def _try(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        action = need(body, "actions", 0, "action_id")
        await show(client, body, await services.database.read(planning.tried, action, who(body).user))
        await ack()

    return press


def _submitted(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(planning.submit, who(body).user, view)
        await shows(ack, shown, problems)

    return submit
