"""`/banso 探す`, 「FAQを探す」 and what is pressed on what was found. Listeners translate, call one action and render."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.finding import Hit
from bot.domain.permissions import Deed
from bot.errors import Malformed, SearchUnavailable
from bot.feature import Call, Command, Message
from handlers.common import forms
from handlers.common.answering import say
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number, storable
from handlers.common.pressing import in_dialog, show, two
from handlers.common.services import Services
from handlers.faq import search_views, share_views, use, views
from handlers.faq.drafting import nameless
from handlers.members.introducing import ask_body, is_unknown
from handlers.questions.surface import forms as asking
from storage import workspace
from storage.database import Transaction

MOST_HITS = 50


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    door = [Door(services, Deed.SEARCH)]
    app.view(search_views.SEARCH, middleware=door)(_searched(services))
    app.action(views.SOLVED, middleware=door)(_solved(services))
    app.action(views.ASK, middleware=[Door(services, Deed.ASK)])(_ask(services))
    app.action(views.SHARE, middleware=door)(_share(services))
    app.view(views.SHARING, middleware=door)(_shared(services))


async def open_search(services: Services, client: AsyncWebClient, trigger_id: str) -> None:
    """Open 「FAQを探す」.

    Raises:
        Malformed: nobody pressed anything that a dialog may follow.
    """
    if not trigger_id:
        raise Malformed()
    view = await services.database.read(_dialog)
    await client.views_open(trigger_id=trigger_id, view=view)


def _dialog(tx: Transaction) -> Block:
    return search_views.search(workspace.all_fields(tx))


async def look(
    services: Services, text: str, field_id: str | None = None, kind: str | None = None
) -> Message:
    """What the FAQ has for a text, in one field or of one kind if given; what it has elsewhere if nothing fits there.

    Raises:
        SearchUnavailable: it cannot be said yet that there is nothing.
    """
    hits = await services.search.find(text, field_id=field_id, kind=kind, most=MOST_HITS)
    wider = (field_id is not None or kind is not None) and not _strong(hits)
    if wider:
        everywhere = await services.search.find(text, most=MOST_HITS)
        hits, wider = (everywhere, True) if _strong(everywhere) else (hits, False)
    if not services.search.ready and not _strong(hits):
        raise SearchUnavailable()
    words = await services.database.read(nameless, text)  # no writer waits for the names of thousands
    return await services.database.write(use.results, text, words, hits, wider=wider)


def _strong(hits: Sequence[Hit]) -> bool:
    return any(hit.strong for hit in hits)


def _searched(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, view: Mapping[str, Any]) -> None:
        wanted = search_views.read(view)
        if wanted is None:
            await ack(response_action="errors", errors={search_views.TEXT: "探したいことを書いてください。"})
            return
        message = await look(services, wanted.text, wanted.field_id, wanted.kind)
        await ack(response_action="update", view=search_views.in_dialog(message))

    return submit


def _solved(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        which, _, key = need(body, "actions", 0, "value").rpartition(":")
        search_id, entry_id = two(which)
        await services.database.write(use.solved, search_id, key, entry_id, who(body).user)
        message, view_id = search_views.solved(), in_dialog(body)
        if view_id is not None:
            await client.views_update(view_id=view_id, view=search_views.in_dialog(message))
            await ack()
            return
        await ack()
        await say(respond, text=message.text, blocks=message.blocks, replace_original=True)

    return press


def _ask(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        text = storable(need(body, "actions", 0, "value"))
        near = body.get("channel")
        channel = str(near.get("id") or "") if isinstance(near, dict) else ""
        await show(client, body, await services.database.read(asking.dialog, text, channel))
        await ack()

    return press


def _sharing(tx: Transaction, entry_id: int) -> Block:
    entry = use.found(tx, entry_id)
    return share_views.sharing(entry.content.question, entry.id)


def _share(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view = await services.database.read(_sharing, number(body, "actions", 0, "value"))
        await show(client, body, view)
        await ack()

    return press


def _shared(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        entry_id, places = number(view, "private_metadata"), forms.places(view, views.PLACE)
        key, place = f"view:{need(view, 'id')}", places[0] if places else None
        problem = await services.database.write(use.share, entry_id, place, who(body).user, source=key)
        if problem is not None:
            await ack(response_action="errors", errors={views.PLACE: problem})
        else:
            await ack()

    return submit


async def _run(services: Services, call: Call) -> None:
    text = storable(call.text)
    if not text:
        await open_search(services, call.client, call.trigger_id)
    else:
        message = await look(services, text)
        await say(call.respond, text=message.text, blocks=message.blocks, response_type="ephemeral")
    if await services.database.read(is_unknown, call.user):
        await services.database.write(ask_body, call.user)


COMMAND = Command(
    ("探す", "さがす", "検索", "FAQ"),
    "FAQと好事例を探す(続けて書いたことばで)",
    Deed.SEARCH,
    _run,
    alias="/faq",
)
