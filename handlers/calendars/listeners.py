"""Slack → action → answer. Listeners translate, call one action and show; an address is shown in the dialog alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from bot.feature import Call, Command
from handlers.calendars import taking, tokens, views
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need
from handlers.common.pressing import show, source
from handlers.common.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    door = [Door(services, Deed.SEE_STUDY)]
    app.action(views.OPEN, middleware=door)(_open(services))
    app.action(views.ASK, middleware=door)(_ask(services))
    app.action(views.MAKE, middleware=door)(_make(services))
    app.action(views.REVOKE, middleware=door)(_revoke(services))


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view = await services.database.read(taking.dialog, who(body), services.public_url())
        await show(client, body, view)
        await ack()

    return press


def _ask(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view_id, kind = need(body, "view", "id"), need(body, "actions", 0, "value")
        view = await services.database.write(taking.ask, who(body), kind, source=source(body))
        await client.views_update(view_id=view_id, view=view)
        await ack()

    return press


def _make(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view_id, kind = need(body, "view", "id"), need(body, "actions", 0, "value")
        token = tokens.new()  # not in the action, which may run again
        view = await services.database.write(taking.make, who(body), kind, token, services.public_url())
        await client.views_update(view_id=view_id, view=view)
        await ack()

    return press


def _revoke(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view_id, kind = need(body, "view", "id"), need(body, "actions", 0, "value")
        view = await services.database.write(taking.revoke, who(body), kind, services.public_url())
        await client.views_update(view_id=view_id, view=view)
        await ack()

    return press


async def _run(services: Services, call: Call) -> None:
    if not call.trigger_id:
        raise Malformed()
    view = await services.database.read(taking.dialog, Visitor(call.user, call.team), services.public_url())
    await call.client.views_open(trigger_id=call.trigger_id, view=view)


COMMAND = Command(
    ("カレンダー", "calendar", "ics"),
    "当番と勉強会を、Outlook などのカレンダーに入れる",
    Deed.SEE_STUDY,
    _run,
)
