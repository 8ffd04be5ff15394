"""`/banso 探す`, 「FAQを探す」 and what is pressed on what was found. Listeners translate, call one action and render."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.finding import Hit
from bot.domain.permissions import Deed
from bot.domain.slips import Slip
from bot.errors import Malformed, SearchUnavailable
from bot.feature import Call, Command
from handlers.common import forms
from handlers.common.answering import say
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number, part, storable
from handlers.common.pressing import in_dialog, show, two
from handlers.common.services import Services
from handlers.faq import dialogs, finding, past, result_views, search_views, share_views, use, views
from handlers.faq import wanted as travels
from handlers.faq.drafting import nameless
from handlers.faq.result_views import PastShown, Results
from handlers.faq.wanted import Wanted
from handlers.members.introducing import ask_body, is_unknown
from handlers.questions.base.alike import PAST
from handlers.questions.surface import forms as asking
from storage import workspace
from storage.database import Transaction

GUESSING = 0.5
"""Seconds that 「もしかして」 may take: what was found is not kept waiting for it."""
MOST_HITS, MOST_NARROWED, MOST_PAST = 50, 200, 20
"""So many are looked at; more where the database says which of them are of a size or a year."""
_TURNS = re.compile(rf"\A{result_views.TURN}:(?:back|on)\Z")
_MENUS = re.compile(rf"\A(?:{'|'.join(travels.FILTERS)})\Z")


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    door = [Door(services, Deed.SEARCH)]
    app.view(search_views.SEARCH, middleware=door)(_searched(services))
    app.action(views.SOLVED, middleware=door)(_solved(services))
    app.action(views.ASK, middleware=[Door(services, Deed.ASK)])(_ask(services))
    app.action(views.SHARE, middleware=door)(_share(services))
    app.view(views.SHARING, middleware=door)(_shared(services))
    app.action(views.FOUND, middleware=door)(_read(services))
    app.action(result_views.NARROW, middleware=door)(_narrow(services))
    app.action(result_views.MEANT, middleware=door)(_anew(services))
    app.action(_TURNS, middleware=door)(_turn(services))
    app.action(_MENUS, middleware=door)(_chosen(services))


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


async def look(services: Services, wanted: Wanted, user: str) -> Results:
    """What there is for a text, of what was chosen, that somebody may read; what the FAQ has elsewhere if nothing
    fits there.

    Raises:
        SearchUnavailable: it cannot be said yet that there is nothing.
    """
    # no writer waits for the names of thousands
    words = await services.database.read(nameless, wanted.text)
    hits, wider = ([], False) if wanted.kind == PAST else await _entries(services, wanted, words)
    solved = await _past(services, wanted, user)
    ready = services.search.ready and services.past.ready
    if not ready and not _strong(hits):
        raise SearchUnavailable()
    found = await services.database.write(finding.results, wanted, words, hits, past=solved, wider=wider)
    if found.strong or any(each.fits for each in solved):
        return found
    return replace(found, meant=await _meant(services, wanted.text))


async def _meant(services: Services, text: str) -> Slip | None:
    """What somebody probably mistyped, as far as that can be said at once."""
    with contextlib.suppress(SearchUnavailable, TimeoutError):
        async with asyncio.timeout(GUESSING):
            return await services.search.meant(text)
    return None


async def _entries(services: Services, wanted: Wanted, words: str) -> tuple[list[Hit], bool]:
    """The hits among the entries, and whether they are of everything rather than of what was chosen. `words`: without names,
    as an embedder gets them, if there is one."""
    most, find = MOST_NARROWED if wanted.size or wanted.year else MOST_HITS, services.search.find
    hits = await find(wanted.text, field_id=wanted.field_id, kind=wanted.kind, most=most, sent=words)
    if wanted.size or wanted.year:
        hits = await services.database.read(finding.fitting, wanted, hits)
    if wanted.narrowed and not _strong(hits):
        everywhere = await find(wanted.text, most=MOST_HITS, sent=words)
        return (everywhere, True) if _strong(everywhere) else (hits, False)
    return hits, False


async def _past(services: Services, wanted: Wanted, user: str) -> list[PastShown]:
    """The solved questions; none where it was narrowed to what they have not."""
    if wanted.kind not in {None, PAST} or wanted.size is not None:
        return []
    find, most = services.past.find, MOST_NARROWED if wanted.year else MOST_PAST
    hits = await find(wanted.text, field_id=wanted.field_id, kind=PAST, most=most)
    return await services.database.read(past.shown, wanted, hits, user) if hits else []


def _strong(hits: Sequence[Hit]) -> bool:
    return any(hit.strong for hit in hits)


def _searched(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Mapping[str, Any]) -> None:
        wanted = search_views.read(view)
        if wanted is None:
            await ack(response_action="errors", errors={search_views.TEXT: "探したいことを書いてください。"})
            return
        found = await look(services, wanted, who(body).user)
        await ack(response_action="update", view=result_views.dialog(found))

    return submit


def _narrow(services: Services) -> Callable[..., Awaitable[None]]:
    """「しぼりこむ」 below a message: the same in a dialog, with menus."""

    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        wanted = travels.unpacked(need(body, "actions", 0, "value"))
        await show(client, body, result_views.dialog(await look(services, wanted, who(body).user)))
        await ack()

    return press


def _anew(services: Services) -> Callable[..., Awaitable[None]]:
    """「もしかして」: the same search, for what was meant, in the place of what was found before."""

    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        found = await look(services, travels.unpacked(need(body, "actions", 0, "value")), who(body).user)
        view_id = in_dialog(body)
        if view_id is not None:
            await client.views_update(view_id=view_id, view=result_views.dialog(found))
            await ack()
            return
        await ack()
        message = result_views.message(found)
        await say(respond, text=message.text, blocks=message.blocks, replace_original=True)

    return press


def _chosen(services: Services) -> Callable[..., Awaitable[None]]:
    """Something was chosen in a menu: the dialog shows what is found then, from the first on."""

    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        found = await look(services, travels.chosen(part(body, "view")), who(body).user)
        await client.views_update(view_id=need(body, "view", "id"), view=result_views.dialog(found))
        await ack()

    return choose


def _turn(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        start = number(body, "actions", 0, "value")
        wanted = replace(travels.chosen(part(body, "view")), start=start)
        found = await look(services, wanted, who(body).user)
        await client.views_update(view_id=need(body, "view", "id"), view=result_views.dialog(found))
        await ack()

    return press


def _read(services: Services) -> Callable[..., Awaitable[None]]:
    """「全文」 of what was found."""

    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        which, _, key = need(body, "actions", 0, "value").rpartition(":")
        search_id, entry_id = two(which)
        await services.database.read(dialogs.may_open, entry_id, who(body))
        await show(client, body, await services.database.read(dialogs.entry, entry_id, who(body).user))
        await services.database.write_later(use.opened, search_id, key)
        await ack()

    return press


def _solved(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        which, _, key = need(body, "actions", 0, "value").rpartition(":")
        search_id, entry_id = two(which)
        learned = await services.database.write(use.solved, search_id, key, entry_id, who(body).user)
        message, view_id = search_views.solved(learned), in_dialog(body)
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
        message = result_views.message(await look(services, Wanted(text), call.user))
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
