"""Slack → action → answer. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from bot.feature import Call, Command
from handlers.common.answering import say, shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number
from handlers.common.pressing import in_dialog, show, source, two
from handlers.common.services import Services
from handlers.faq import (
    actions,
    dialogs,
    entering,
    form,
    gaps,
    searching,
    similar,
    unpublishing,
    views,
    word_listing,
)
from storage.database import Transaction

Dialog = Callable[[Transaction, int, str], Block]

_YES = "ありがとうございます。この文面で、県の担当が確かめてから公開します。"
_NO = (
    "わかりました。FAQには載せません。チャンネルに共有された分も、公開をやめた表示に替わります。"
    "ご相談の内容は、ほかの方には見えません。"
)


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    writes, edits = [Door(services, Deed.WRITE_FAQ)], [Door(services, Deed.EDIT_FAQ)]
    press = [Door(services, Deed.PRESS)]
    app.action(views.OPEN, middleware=press)(_read(services))
    app.action(views.KEEP, middleware=writes)(_open(services, dialogs.keep))
    app.action(views.EDIT, middleware=writes)(_open(services, dialogs.edit))
    app.action(views.REVIEW, middleware=edits)(_open(services, partial(dialogs.edit, review=True)))
    app.action(views.HISTORY, middleware=writes)(_open(services, dialogs.history))
    app.action(views.PHRASINGS, middleware=writes)(_open(services, dialogs.phrasings))
    app.action(views.UNLEARN, middleware=writes)(_unlearn(services))
    app.action(views.ARCHIVE, middleware=writes)(_put_away(services, back=False))
    app.action(views.RESTORE, middleware=edits)(_put_away(services, back=True))
    app.action(views.UNPUBLISH, middleware=edits)(_unpublish(services))
    app.action(views.CONFIRM, middleware=writes)(_confirm(services))
    app.action(views.AGREE, middleware=press)(_answer(services, yes=True))
    app.action(views.REFUSE, middleware=press)(_answer(services, yes=False))
    for callback, door in ((form.KEEP, writes), (form.EDIT, writes), (form.REVIEW, edits)):
        app.view(callback, middleware=door)(_submitted(services))
    searching.register(app, services)
    similar.register(app, services)
    word_listing.register(app, services)
    gaps.register(app, services)


def _open(services: Services, dialog: Dialog) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        record_id = number(body, "actions", 0, "value")
        view = await services.database.read(dialog, record_id, who(body).user)
        await show(client, body, view)
        await ack()

    return press


def _read(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id = number(body, "actions", 0, "value")
        await services.database.read(dialogs.may_open, entry_id, who(body))
        await show(client, body, await services.database.read(dialogs.entry, entry_id, who(body).user))
        await ack()

    return press


def _unlearn(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id, phrasing_id = two(need(body, "actions", 0, "value"))
        view = await services.database.write(dialogs.unlearn, entry_id, phrasing_id, who(body).user)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return press


def _put_away(services: Services, *, back: bool) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id, user = number(body, "actions", 0, "value"), who(body).user
        await services.database.write(actions.put_away, entry_id, user, source=source(body), back=back)
        view = await services.database.read(dialogs.entry, entry_id, user)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return press


def _unpublish(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id, user = number(body, "actions", 0, "value"), who(body).user
        await services.database.write(unpublishing.unpublish, entry_id, user, source=source(body))
        view = await services.database.read(dialogs.entry, entry_id, user)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return press


def _confirm(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        entry_id, user = number(body, "actions", 0, "value"), who(body).user
        await services.database.write(actions.confirm, entry_id, user, source=source(body))
        if (shown := in_dialog(body)) is not None:
            view = await services.database.read(dialogs.entry, entry_id, user)
            await client.views_update(view_id=shown, view=view)
            await ack()
            return
        await ack()
        await _say(respond, "ありがとうございます。1年後に、またお尋ねします。")

    return press


def _answer(services: Services, *, yes: bool) -> Callable[..., Awaitable[None]]:
    said = _YES if yes else _NO

    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        which, _, seen = need(body, "actions", 0, "value").partition(":")
        entry_id = number({"v": which}, "v")
        answer = actions.answer_yes
        await services.database.write(
            answer, entry_id, who(body).user, yes=yes, seen=seen, source=source(body)
        )
        if (shown := in_dialog(body)) is not None:
            await client.views_update(view_id=shown, view=views.done(said))
            await ack()
            return
        await ack()
        await _say(respond, said)

    return press


async def _say(respond: AsyncRespond, text: str) -> None:
    """A word below the message that was pressed, which stays."""
    await say(respond, text=text, response_type="ephemeral", replace_original=False)


def _submitted(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        key = f"view:{need(view, 'id')}:{view.get('hash') or ''}"
        shown, problems = await services.database.write(entering.submitted, who(body).user, view, source=key)
        await shows(ack, shown, problems)

    return submit


async def _run_write(services: Services, call: Call) -> None:
    if not call.trigger_id:
        raise Malformed()
    view = await services.database.read(dialogs.write, call.user)
    await call.client.views_open(trigger_id=call.trigger_id, view=view)


COMMANDS: tuple[Any, ...] = (
    searching.COMMAND,
    Command(("FAQを書く", "faqwrite"), "FAQや好事例を書く", Deed.WRITE_FAQ, _run_write),
)
