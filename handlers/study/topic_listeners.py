"""Slack → action → answer, for topics. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import UserError
from handlers.common.answering import shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need, number
from handlers.common.pressing import in_dialog, show
from handlers.common.services import Services
from handlers.questions.screens.views import TOPIC
from handlers.study import presenting, proposing, topic_arranging, topic_dialogs, topic_forms, topic_views
from storage.database import Transaction

Dialog = Callable[[Transaction, str, Visitor], Block]
Entered = Callable[[Transaction, Visitor, Body], dict[str, str]]


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    sees, arranges = [Door(services, Deed.SEE_STUDY)], [Door(services, Deed.ARRANGE_STUDY)]
    for action, dialog in ((topic_views.PAGE, topic_dialogs.page), (topic_views.NEW, topic_dialogs.new)):
        app.action(action, middleware=sees)(_open(services, dialog))
    app.action(TOPIC, middleware=sees)(_open(services, topic_dialogs.from_question))
    for action, dialog in (
        (topic_views.HANDLE, topic_arranging.handle),
        (topic_views.SUGGESTIONS, topic_arranging.suggestions),
        (topic_views.AGENDA, topic_arranging.agenda),
    ):
        app.action(action, middleware=arranges)(_open(services, dialog))
    app.action(topic_views.VOTE, middleware=sees)(_press(services, _wants))
    app.action(topic_views.UNVOTE, middleware=sees)(_press(services, _wants_not))
    app.action(topic_views.TAKE_BACK, middleware=sees)(_press(services, _takes_back))
    app.action(topic_views.TAKE_UP, middleware=arranges)(_press(services, _takes_up))
    app.action(topic_views.UP, middleware=arranges)(_press(services, _higher))
    app.action(topic_views.SUGGEST, middleware=arranges)(_suggested(services))
    app.action(topic_forms.ACCEPT, middleware=sees)(_answers(services, yes=True))
    app.action(topic_forms.DECLINE, middleware=sees)(_answers(services, yes=False))
    app.view(topic_forms.PROPOSE, middleware=sees)(_proposed(services))
    app.view(topic_forms.HANDLING, middleware=arranges)(_entered(services, topic_arranging.handled))
    app.view(topic_forms.SHOWING, middleware=arranges)(_entered(services, topic_arranging.agenda_shown))


def _open(services: Services, dialog: Dialog) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value = need(body, "actions", 0, "value")
        inside = in_dialog(body) is not None
        await show(client, body, await services.database.read(_shown, dialog, value, who(body), inside))
        await ack()

    return press


def _shown(tx: Transaction, dialog: Dialog, value: str, visitor: Visitor, inside: bool) -> Block:
    """A dialog; above another one, which Slack gives no address to answer at, also the reason why there is none."""
    try:
        return dialog(tx, value, visitor)
    except UserError as error:
        if not inside:
            raise
        return topic_views.done(error.sentence)


# --- what is done on the page, which is shown anew ------------------------------------------------------------------


def _wants(tx: Transaction, value: str, visitor: Visitor) -> None:
    proposing.want(tx, topic_dialogs.one_of(value)[1], visitor, wants=True)


def _wants_not(tx: Transaction, value: str, visitor: Visitor) -> None:
    proposing.want(tx, topic_dialogs.one_of(value)[1], visitor, wants=False)


def _takes_back(tx: Transaction, value: str, visitor: Visitor) -> None:
    proposing.take_back(tx, topic_dialogs.one_of(value)[1], visitor)


def _takes_up(tx: Transaction, value: str, visitor: Visitor) -> None:
    place, topic_id = topic_dialogs.one_of(value)
    _, session = topic_dialogs.arranged(tx, place, visitor)
    proposing.take_up(tx, topic_id, session.on, visitor)


def _higher(tx: Transaction, value: str, visitor: Visitor) -> None:
    place, topic_id = topic_dialogs.one_of(value)
    topic_dialogs.arranged(tx, place, visitor)
    proposing.shift(tx, topic_id, visitor, up=True)


def _press(services: Services, act: topic_dialogs.Act) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view_id = need(body, "view", "id")
        value, pressed = need(body, "actions", 0, "value"), topic_dialogs.pressed
        view = await services.database.write(pressed, act, value, who(body))
        await client.views_update(view_id=view_id, view=view)
        await ack()

    return press


def _suggested(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value, view_id = need(body, "actions", 0, "value"), need(body, "view", "id")
        view = await services.database.write(topic_arranging.suggested, value, who(body))
        await client.views_update(view_id=view_id, view=view)
        await _renew(services, client, body, value.partition("|")[0])
        await ack()

    return press


async def _renew(services: Services, client: AsyncWebClient, body: Body, place: str) -> None:
    """Show the page anew that lies below a dialog."""
    below = body["view"].get("previous_view_id")
    if isinstance(below, str) and below:
        page = await services.database.read(topic_dialogs.page, place, who(body))
        await client.views_update(view_id=below, view=page)


def _proposed(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        source, about = f"view:{need(view, 'id')}", need(view, "private_metadata")
        write = services.database.write
        shown, problems = await write(topic_dialogs.proposed, who(body), view, source=source)
        if shown is None or shown["clear_on_close"]:
            await shows(ack, shown, problems)
            return
        await _renew(services, client, body, about)  # which says it all
        await ack()

    return submit


def _entered(services: Services, act: Entered) -> Callable[..., Awaitable[None]]:
    """A dialog above the page: it closes when it is done, and the page is shown anew."""

    async def submit(ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        problems = await services.database.write(act, who(body), view)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        series, on = need(view, "private_metadata").split(":")[:2]
        await _renew(services, client, body, f"{series}:{on}")
        await ack()

    return submit


# --- the card of a presenter ----------------------------------------------------------------------------------------


def _answers(services: Services, *, yes: bool) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        request_id, answer = number(body, "actions", 0, "value"), presenting.answer
        await services.database.write(answer, request_id, who(body).user, yes=yes)
        await ack()

    return press
