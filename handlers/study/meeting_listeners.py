"""Buttons and dialogs around a session. Slack → action → answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from handlers.common.answering import say, shows
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number
from handlers.common.pressing import in_dialog, show, source
from handlers.common.services import Services
from handlers.study import card, materials, record_views, recording, replying, views


def register(app: AsyncApp, services: Services) -> None:
    """Put them on the app."""
    sees, arranges = [Door(services, Deed.SEE_STUDY)], [Door(services, Deed.ARRANGE_STUDY)]
    for each in card.ANSWERS:
        app.action(f"{card.ANSWER}_{each}", middleware=sees)(_answer(services))
    app.action(card.SOON, middleware=sees)(_soon(services))
    app.action(card.FILE, middleware=sees)(_file(services))
    app.action(card.MATERIALS, middleware=sees)(_materials(services))
    app.action(views.MATERIALS, middleware=arranges)(_materials_of(services))
    app.action(card.RECORD, middleware=arranges)(_record(services))
    app.view(materials.FORM, middleware=sees)(_materials_entered(services))
    app.view(record_views.FORM, middleware=arranges)(_recorded(services))
    app.view(record_views.SAID, middleware=arranges)(_said(services))


Press = Callable[..., Awaitable[None]]


def _answer(services: Services) -> Press:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        value, dialog = need(body, "actions", 0, "value"), in_dialog(body)
        if dialog is not None:
            shown = await services.database.write(replying.answer_in_list, value, who(body))
            await client.views_update(view_id=dialog, view=shown)
            await ack()
            return
        found = await services.database.write(replying.answer, value, who(body))
        await ack()
        await say(respond, text=found.text, blocks=found.blocks, replace_original=False)

    return press


def _soon(services: Services) -> Press:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        meeting = number(body, "actions", 0, "value")
        text = await services.database.write(replying.wants_soon, meeting, who(body))
        await ack()
        await say(respond, text=text, replace_original=False)

    return press


def _file(services: Services) -> Press:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        meeting, key = number(body, "actions", 0, "value"), source(body)
        text = await services.database.write(replying.ask_for_file, meeting, who(body), key)
        await ack()
        await say(respond, text=text, replace_original=False)

    return press


def _materials(services: Services) -> Press:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value = need(body, "actions", 0, "value")
        await show(client, body, await services.database.read(materials.of_meeting, value, who(body)))
        await ack()

    return press


def _materials_of(services: Services) -> Press:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        series_id, on = views.session_of(need(body, "actions", 0, "value"))
        view = await services.database.write(materials.of_session, series_id, on, who(body))
        await show(client, body, view)
        await ack()

    return press


def _record(services: Services) -> Press:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        value = need(body, "actions", 0, "value")
        await show(client, body, await services.database.read(recording.dialog, value, who(body)))
        await ack()

    return press


def _materials_entered(services: Services) -> Press:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        await shows(ack, *await services.database.write(materials.entered, who(body), view))

    return submit


def _recorded(services: Services) -> Press:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        await shows(ack, *await services.database.write(recording.entered, who(body), view))

    return submit


def _said(services: Services) -> Press:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        await shows(ack, *await services.database.write(recording.said, who(body), view))

    return submit
