"""The bodies' own opening hours, closures, openings and emergency numbers, as coordinators enter them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.home import calendar_views
from handlers.members.offices import keep_office
from handlers.members.presses import found_bodies
from handlers.members.views import options
from storage import offices, reference, workspace
from storage.database import Transaction


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    door = [Door(services, Deed.SET_UP)]
    app.action(calendar_views.OFFICES, middleware=door)(_opened(services))
    app.action(calendar_views.BODY, middleware=door)(_chosen(services))
    app.options(calendar_views.BODY, middleware=door)(_search(services))
    app.view(calendar_views.SAVE, middleware=door)(_submitted(services))


def _shown(tx: Transaction, code: str | None, *, saved: bool = False, stale: bool = False) -> Block:
    """The dialog, for a body or still without one.

    Raises:
        Malformed: there is no such body.
    """
    names, own = reference.directory(tx).by_code, offices.own_offices(tx)
    if code is not None and code not in names:
        raise Malformed()
    found = calendar_views.Offices(
        None if code is None else names[code],
        offices.Office() if code is None else offices.office(tx, code),
        workspace.workspace(tx).hours,
        [names[each].name for each in own if each in names],
    )
    return calendar_views.dialog(found, _mark(tx, code), saved=saved, stale=stale)


def _mark(tx: Transaction, code: str | None) -> str:
    """A short mark of what the dialog shows: it changes when somebody else changes that."""
    shown = repr((code, None if code is None else offices.office(tx, code)))
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


def submit(tx: Transaction, actor: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what is known of a body's offices; answers with what the dialog shows then, or what is to be mended.

    Raises:
        Malformed: nothing was changed.
    """
    code, mark = _about(view)
    if code not in reference.directory(tx).by_code:
        raise Malformed()
    if mark != _mark(tx, code):
        return {"response_action": "update", "view": _shown(tx, code, stale=True)}
    entered = calendar_views.read(view, mark)
    if entered.problems:
        problems = {calendar_views.named(block, mark): words for block, words in entered.problems.items()}
        return {"response_action": "errors", "errors": problems}
    keep_office(tx, actor, code, entered.office)
    return {"response_action": "update", "view": _shown(tx, code, saved=True)}


def _about(view: Mapping[str, Any]) -> tuple[str, str]:
    try:
        said = json.loads(str(view.get("private_metadata")))
        code, mark = said["code"], said["seen"]
    except (ValueError, KeyError, TypeError):
        raise Malformed() from None
    if not isinstance(code, str) or not isinstance(mark, str):
        raise Malformed()
    return code, mark


def _opened(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(_shown, None))
        await ack()

    return press


def _chosen(services: Services) -> Callable[..., Awaitable[None]]:
    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        code = need(body, "actions", 0, "selected_option", "value")
        view = await services.database.read(_shown, code)
        await client.views_update(view_id=need(body, "view", "id"), view=view)
        await ack()

    return choose


def _search(services: Services) -> Callable[..., Awaitable[None]]:
    async def search(ack: AsyncAck, body: Body) -> None:
        typed = body.get("value")
        found = await services.database.read(found_bodies, typed if isinstance(typed, str) else "")
        await ack(options=options(found))

    return search


def _submitted(services: Services) -> Callable[..., Awaitable[None]]:
    async def submitted(ack: AsyncAck, body: Body, view: Body) -> None:
        await ack(**await services.database.write(submit, who(body).user, view))

    return submitted
