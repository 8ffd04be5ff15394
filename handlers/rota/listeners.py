"""Slack → action → answer. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.domain.rota_swaps import SwapVerb
from bot.feature import Call, Command
from handlers.common.answering import say, shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need, number
from handlers.common.pressing import in_dialog, show
from handlers.common.services import Services
from handlers.members.introducing import ask_body, is_unknown
from handlers.rota import asking, board, covering, gaps, mine, mine_views, swap_views, views
from handlers.rota.plan_listeners import register as planning_listeners
from storage.database import Transaction


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    swaps, arranges = [Door(services, Deed.SWAP_DUTY)], [Door(services, Deed.ARRANGE_DUTY)]
    app.action(views.MINE, middleware=swaps)(_opens(services, mine.dialog))
    app.action(mine_views.WHOSE, middleware=swaps)(_whose(services))
    app.action(mine_views.WITHDRAW, middleware=swaps)(_withdraw(services))
    app.action(gaps.OPEN, middleware=arranges)(_opens(services, covering.dialog))
    app.action(covering.COVER, middleware=arranges)(_cover(services))
    app.view(mine_views.FORM, middleware=swaps)(_absence(services))
    app.action(mine_views.ASK, middleware=swaps)(_ask(services, "value"))
    app.action(mine_views.ASK_LATER, middleware=swaps)(_ask(services, "selected_option", "value"))
    app.view(swap_views.FORM, middleware=swaps)(_asked(services))
    planning_listeners(app, services, arranges)
    for action, verb in _VERBS.items():
        app.action(action, middleware=swaps)(_swap(services, verb))


_VERBS = {
    swap_views.ACCEPT: SwapVerb.ACCEPT,
    swap_views.DECLINE: SwapVerb.DECLINE,
    swap_views.TAKE_BACK: SwapVerb.TAKE_BACK,
    swap_views.CANCEL: SwapVerb.WITHDRAW,
}


def _opens(
    services: Services, dialog: Callable[[Transaction, Visitor], Block]
) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(dialog, who(body)))
        await ack()

    return press


def _cover(services: Services) -> Callable[..., Awaitable[None]]:
    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        chosen = need(body, "actions", 0, "selected_option", "value")
        view = await services.database.write(covering.chosen, who(body), chosen)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return choose


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


def _ask(services: Services, *where: str) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        shift_id = number(body, "actions", 0, *where)
        await show(client, body, await services.database.read(asking.dialog, who(body), shift_id))
        await ack()

    return press


def _asked(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(asking.entered, who(body), view)
        await shows(ack, shown, problems)

    return submit


def _swap(services: Services, verb: SwapVerb) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        swap_id = number(body, "actions", 0, "value")
        await services.database.write(asking.pressed, swap_id, verb, who(body))
        if (inside := in_dialog(body)) is not None:
            await client.views_update(
                view_id=inside, view=await services.database.read(mine.dialog, who(body))
            )
        await ack()

    return press


async def _run(services: Services, call: Call) -> None:
    found = await services.database.read(board.look, Visitor(call.user, call.team))
    await say(call.respond, **views.board(found), response_type="ephemeral")
    if await services.database.read(is_unknown, call.user):
        await services.database.write(ask_body, call.user)


COMMAND = Command(
    ("当番", "とうばん", "toban"), "いまの当番と、次の当番", Deed.SEE_ROTA, _run, alias="/toban"
)
