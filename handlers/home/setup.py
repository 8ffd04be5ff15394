"""The set-up as coordinators use it: its dialogs, `/banso 設定`, and opening at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed, NotPossibleNow
from bot.feature import Call, Command, Message, Outgoing
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need
from handlers.common.services import Services
from handlers.home import opening_views, setup_views
from handlers.home.opening_views import OPENING, POST, WELCOME
from handlers.home.steps import BEFORE, FINISHED, known, need_step, present_step, save, seen
from handlers.members.opening import LAST_STEP, open_up
from storage import outbox
from storage.database import Transaction
from storage.outbox import Kind

WELCOME_MESSAGE = "home.welcome"


def register(app: AsyncApp, services: Services) -> None:
    """Put the set-up on the app."""
    door = [Door(services, Deed.SET_UP)]
    app.action(setup_views.CONTINUE, middleware=door)(_continue(services))
    app.action(setup_views.GO_TO, middleware=door)(_change(services, _step_chosen))
    app.action(setup_views.TO_OPENING, middleware=door)(_change(services, _last_look))
    app.view(setup_views.STEP, middleware=door)(_submitted(services, submit_step))
    app.view(OPENING, middleware=door)(_submitted(services, submit_opening))


def present_view(tx: Transaction) -> Block:
    """The dialog of the step somebody goes on with."""
    found = known(tx)
    step = present_step(found)
    return setup_views.step_view(found, step, seen(found, step))


def _step_chosen(tx: Transaction, body: Body) -> Block:
    found = known(tx)
    step = need_step(found, need(body, "actions", 0, "selected_option", "value"))
    return setup_views.step_view(found, step, seen(found, step))


def _last_look(tx: Transaction, _: Body) -> Block:
    found = known(tx)
    _may_open(found)
    return opening_views.opening(found)


def submit_step(tx: Transaction, actor: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a step; answers with what the dialog shows then: the next step, or what is to be mended."""
    saved = save(tx, actor, view)
    if saved.problems:
        return {"response_action": "errors", "errors": dict(saved.problems)}
    found = known(tx)
    stays = saved.stale or found.is_open
    step = saved.step if stays else min(saved.step + 1, LAST_STEP)
    shown = setup_views.step_view(found, step, seen(found, step), stale=saved.stale, saved=not saved.stale)
    return {"response_action": "update", "view": shown}


def submit_opening(tx: Transaction, actor: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Open, and post the words for everybody if that is wanted.

    Raises:
        NotPossibleNow: it is open, or something is missing; nothing was changed.
    """
    found, text, posts = known(tx), forms.text(view, WELCOME), forms.ticked(view, POST)
    _may_open(found)
    if posts and not text:
        return {
            "response_action": "errors",
            "errors": {WELCOME: "案内文を書くか、投稿の印を外してください。"},
        }
    open_up(tx, actor)
    for place in found.places if posts else ():
        key, words = f"{WELCOME_MESSAGE}:{place}", {"text": text[: opening_views.LONGEST]}
        outbox.send(tx, Kind.NOTICE, key, WELCOME_MESSAGE, 0, channel=place, values=words)
    return {"response_action": "update", "view": opening_views.opened(found.places, posted=posts)}


def _may_open(found: setup_views.Known) -> None:
    if found.is_open:
        raise NotPossibleNow(FINISHED)
    if found.done < LAST_STEP - 1:
        raise NotPossibleNow(BEFORE)
    if found.missing:
        raise NotPossibleNow(
            f"公開の前に、{'、'.join(found.missing)} を済ませてください。何も変わっていません。"
        )


def welcome(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The words for everybody, as they were sent off."""
    return opening_views.welcome(str(outgoing.values["text"]))


def _continue(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await _open(services, client, need(body, "trigger_id"))
        await ack()

    return press


async def _open(services: Services, client: AsyncWebClient, trigger_id: str) -> None:
    if not trigger_id:
        raise Malformed()
    view = await services.database.read(present_view)
    await client.views_open(trigger_id=trigger_id, view=view)


def _change(services: Services, look: Callable[[Transaction, Body], Block]) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view_id = need(body, "view", "id")
        view = await services.database.read(look, body)
        await client.views_update(view_id=view_id, view=view)
        await ack()

    return press


def _submitted(
    services: Services, act: Callable[[Transaction, str, Mapping[str, Any]], dict[str, Any]]
) -> Callable[..., Awaitable[None]]:
    async def submitted(ack: AsyncAck, body: Body, view: Body) -> None:
        await ack(**await services.database.write(act, who(body).user, view))

    return submitted


async def _run(services: Services, call: Call) -> None:
    await _open(services, call.client, call.trigger_id)


COMMAND = Command(("設定", "せってい", "settei"), "はじめの設定・設定の変更", Deed.SET_UP, _run)
