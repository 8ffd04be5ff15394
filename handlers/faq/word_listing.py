"""「検索のことば」 is opened and kept, by coordinators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import word_table as rules
from bot.domain.permissions import Deed
from handlers.common.answering import shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import number, storable
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.faq import word_views as views
from storage import word_table
from storage.database import Transaction
from storage.search import usual

_OVERTAKEN = (
    "ほかの方が先に直しました。書いたものを控えて、画面を開き直してください。まだ何も変わっていません。"
)


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    door = [Door(services, Deed.EDIT_FAQ)]
    app.action(views.OPEN, middleware=door)(_open(services))
    app.view(views.CALLBACK, middleware=door)(_keep(services))


def dialog(tx: Transaction) -> Block:
    """The dialog with the words as they are."""
    return views.dialog(*word_table.versioned(tx), usual().groups)


def keep(tx: Transaction, user: str, view: Body) -> tuple[Block | None, dict[str, str]]:
    """Keep what was entered; returns what the dialog shows then, or sentences by block, and nothing is changed."""
    alike, silent, apart = views.entered(view)
    table, problems = rules.read(storable(alike), storable(silent), apart, usual())
    blocks = {"alike": views.ALIKE, "silent": views.SILENT}
    if problems:
        return None, {blocks[name]: problem for name, problem in problems.items()}
    if not word_table.save(tx, table, user, seen=number(view, "private_metadata")):
        return None, {views.ALIKE: _OVERTAKEN}
    return views.saved(len(table.alike), len(table.silent)), {}


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(dialog))
        await ack()

    return press


def _keep(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        shown, problems = await services.database.write(keep, who(body).user, view)
        await shows(ack, shown, problems)

    return submit
