"""Slack → action → answer. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from bot.feature import Call, Command
from handlers.common.answering import shows
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number, part
from handlers.common.pressing import in_dialog, show, source
from handlers.common.services import Services
from handlers.emergency import actions, forms, values, views
from handlers.questions.surface.forms import open_form

SHORTCUT = "emergency"


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    asks, presses = [Door(services, Deed.ASK)], [Door(services, Deed.PRESS)]
    sets_up = [Door(services, Deed.SET_UP)]
    app.action(views.OPEN, middleware=asks)(_open(services))
    app.shortcut({"type": "shortcut", "callback_id": SHORTCUT}, middleware=asks)(_shortcut(services))
    app.action(views.START, middleware=asks)(_start(services))
    app.action(views.ASK, middleware=asks)(_ask(services))
    app.action(views.CARD_FILE, middleware=asks)(_card_file(services))
    app.view(forms.RECORD, middleware=asks)(_recorded(services))
    app.action(views.SEEN, middleware=presses)(_seen(services))
    app.action(views.MORE, middleware=presses)(_more(services))
    app.action(views.LOG_FILE, middleware=presses)(_log_file(services))
    app.view(forms.CHANGE, middleware=presses)(_changed(services))
    app.action(views.EDIT, middleware=sets_up)(_edit(services))
    app.view(forms.GUIDE, middleware=sets_up)(_guide(services))


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        practice = need(body, "actions", 0, "value") == "practice"
        found = await services.database.read(values.first_screen, who(body).user, practice=practice)
        await show(client, body, views.steps(found))
        await ack()

    return press


def _shortcut(services: Services) -> Callable[..., Awaitable[None]]:
    async def use(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        found = await services.database.read(values.first_screen, who(body).user)
        await client.views_open(trigger_id=need(body, "trigger_id"), view=views.steps(found))
        await ack()

    return use


def _start(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        draft, practice = views.about(part(body, "view"))
        dialog = await services.database.read(actions.record_dialog, who(body).user, draft, practice=practice)
        await show(client, body, dialog)
        await ack()

    return press


def _ask(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        draft, _ = views.about(part(body, "view"))
        await open_form(services, client, need(body, "trigger_id"), text=draft)
        await ack()

    return press


def _card_file(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        user, inside = who(body).user, in_dialog(body)
        await services.database.write(actions.want_card_file, user, source=source(body))
        if inside is not None:
            draft, practice = views.about(part(body, "view"))
            found = await services.database.read(
                values.first_screen, user, draft=draft, practice=practice, sent=True
            )
            await client.views_update(view_id=inside, view=views.steps(found))
        await ack()

    return press


def _recorded(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        key = f"view:{need(view, 'id')}"
        shown, problems = await services.database.write(actions.start, who(body).user, view, source=key)
        await shows(ack, shown, problems)

    return submit


def _seen(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        await services.database.write(actions.seen, number(body, "actions", 0, "value"), who(body).user)
        await ack()

    return press


def _more(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        emergency_id = number(body, "actions", 0, "value")
        await show(
            client, body, await services.database.read(actions.change_dialog, emergency_id, who(body).user)
        )
        await ack()

    return press


def _log_file(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        emergency_id, user = number(body, "actions", 0, "value"), who(body).user
        await services.database.write(actions.want_log_file, emergency_id, user, source=source(body))
        await ack()

    return press


def _changed(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        entered = forms.read_change(view, number(view, "private_metadata"))
        key = f"view:{need(view, 'id')}:{view.get('hash', '')}"
        problems = await services.database.write(actions.change, entered, who(body).user, source=key)
        await shows(ack, None if problems else forms.changed(entered.state), problems)

    return submit


def _edit(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(actions.guide_dialog))
        await ack()

    return press


def _guide(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        entered = forms.read_guide(view)
        if not entered.problems:
            await services.database.write(actions.save_guide, entered, who(body).user)
        await shows(ack, None if entered.problems else forms.guide_saved(), entered.problems)

    return submit


async def _run(services: Services, call: Call) -> None:
    if not call.trigger_id:
        raise Malformed()
    practice = await services.database.read(values.is_practice, call.channel)
    found = await services.database.read(values.first_screen, call.user, draft=call.text, practice=practice)
    await call.client.views_open(trigger_id=call.trigger_id, view=views.steps(found))


COMMAND = Command(
    (
        "緊急",
        "きんきゅう",
        "至急",
        "しきゅう",
        "ウイルス",
        "ウィルス",
        "ランサムウェア",
        "ランサム",
        "漏えい",
        "漏洩",
        "情報漏えい",
        "情報漏洩",
        "不正アクセス",
        "誤送信",
        "紛失",
        "kinkyu",
        "emergency",
    ),
    "緊急(ウイルス・情報漏えい)の手順と電話番号",
    Deed.ASK,
    _run,
)
