"""Slack → action → answer. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.feature import Call, Command
from handlers.common.answering import say, shows
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need, number
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.members.introducing import ask_body, is_unknown
from handlers.rota import board, mine, mine_views, views


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    swaps = [Door(services, Deed.SWAP_DUTY)]
    app.action(views.MINE, middleware=swaps)(_mine(services))
    app.action(mine_views.WHOSE, middleware=swaps)(_whose(services))
    app.action(mine_views.WITHDRAW, middleware=swaps)(_withdraw(services))
    app.view(mine_views.FORM, middleware=swaps)(_absence(services))


def _mine(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(mine.dialog, who(body)))
        await ack()

    return press


def _whose(services: Services) -> Callable[..., Awaitable[None]]:
    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        chosen = need(body, "actions", 0, "selected_option", "value")
        view = await services.database.read(mine.dialog, who(body), chosen)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return choose


def _withdraw(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        absence_id = number(body, "actions", 0, "value")
        view = await services.database.write(mine.withdraw, who(body), absence_id)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return press


def _absence(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(mine.entered, who(body), view)
        await shows(ack, shown, problems)

    return submit


async def _run(services: Services, call: Call) -> None:
    found = await services.database.read(board.look, Visitor(call.user, call.team))
    await say(call.respond, **views.board(found), response_type="ephemeral")
    if await services.database.read(is_unknown, call.user):
        await services.database.write(ask_body, call.user)


COMMAND = Command(
    ("当番", "とうばん", "toban"), "いまの当番と、次の当番", Deed.SEE_ROTA, _run, alias="/toban"
)
