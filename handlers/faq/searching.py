"""`/banso 探す` and what is pressed on what it found. Listeners translate, call one action and render."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.feature import Call, Command, Message
from handlers.common import forms
from handlers.common.answering import say
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number
from handlers.common.services import Services
from handlers.faq import use, views
from handlers.faq.finding import find
from handlers.members.introducing import ask_body, is_unknown
from handlers.questions.forms import open_form
from storage import faq

MOST_HITS = 50


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    door = [Door(services, Deed.SEARCH)]
    app.action(views.SOLVED, middleware=door)(_solved(services))
    app.action(views.ASK, middleware=[Door(services, Deed.ASK)])(_ask(services))
    app.action(views.SHARE, middleware=door)(_share(services))
    app.view(views.SHARING, middleware=door)(_shared(services))


async def look(services: Services, text: str) -> Message:
    """What the FAQ has for a text."""
    hits = await find(services, text, most=MOST_HITS)
    return await services.database.write(use.results, text, hits)


def _solved(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        search_id, entry_id = _two(body)
        await services.database.write(use.solved, search_id, entry_id, who(body).user)
        await ack()
        message = views.solved()
        await say(respond, text=message.text, blocks=message.blocks, replace_original=True)

    return press


def _two(body: Body) -> tuple[int, int]:
    """The two numbers in a button's value."""
    first, _, second = need(body, "actions", 0, "value").partition(":")
    return number({"v": first}, "v"), number({"v": second}, "v")


def _ask(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        search_id = number(body, "actions", 0, "value")
        text = await services.database.read(use.looked_for, search_id)
        near = body.get("channel")
        channel = str(near.get("id") or "") if isinstance(near, dict) else ""
        await open_form(services, client, need(body, "trigger_id"), text=text, near=channel)
        await ack()

    return press


def _share(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id = number(body, "actions", 0, "value")
        entry = await services.database.read(faq.need, entry_id)
        view = views.sharing(entry.content.question, entry_id)
        await client.views_open(trigger_id=need(body, "trigger_id"), view=view)
        await ack()

    return press


def _shared(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        entry_id, places = number(view, "private_metadata"), forms.places(view, views.PLACE)
        source = f"view:{need(view, 'id')}"
        place = places[0] if places else None
        problem = await services.database.write(use.share, entry_id, place, who(body).user, source=source)
        if problem is not None:
            await ack(response_action="errors", errors={views.PLACE: problem})
        else:
            await ack()

    return submit


async def _run(services: Services, call: Call) -> None:
    message = await look(services, call.text) if call.text else views.usage()
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
