"""Buttons, menus and dialogs about people: where one belongs, what somebody may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.bodies import Body as Municipality
from bot.domain.permissions import Deed
from handlers.common.answering import say
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need
from handlers.common.services import Services
from handlers.members import introducing, person, views
from storage import members, reference
from storage.database import Transaction


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    door = [Door(services, Deed.INTRODUCE)]
    app.action(views.YES, middleware=door)(_yes(services))
    app.action(views.LATER, middleware=door)(_later(services))
    app.action(views.CHOOSE, middleware=door)(_open(services, replace=True))
    app.action(views.OPEN, middleware=door)(_open(services, replace=False))
    app.view(views.PLACE, middleware=door)(_entered(services))
    app.options(views.BODY, middleware=door)(_search(services))
    app.view(person.CALLBACK, middleware=[Door(services, Deed.MANAGE_PEOPLE)])(_person(services))


def _yes(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        code = need(body, "actions", 0, "value")
        found = await services.database.write(_take_guess, who(body).user, code)
        await ack()
        await say(respond, **views.answered(views.saved(found.name), "課を書く・直す"), replace_original=True)

    return press


def _take_guess(tx: Transaction, user_id: str, code: str) -> Municipality:
    known = members.member(tx, user_id)
    introducing.introduce(tx, user_id, code, known.section if known else None)
    return reference.directory(tx).by_code[code]


def _later(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await services.database.write(introducing.put_off, who(body).user)
        await ack()
        words = f"わかりました。もうお尋ねしません。{views.NEUTRAL}"
        await say(respond, **views.answered(words, "所属を選ぶ"), replace_original=True)

    return press


def _open(services: Services, *, replace: bool) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        view = await services.database.read(_dialog, who(body).user)
        await client.views_open(trigger_id=need(body, "trigger_id"), view=view)
        await ack()
        if replace:
            await say(respond, **views.answered(views.NEUTRAL, "所属を選ぶ"), replace_original=True)

    return press


def _dialog(tx: Transaction, user_id: str) -> Block:
    known = members.member(tx, user_id)
    if known is None:
        return views.place(None, None)
    body = reference.directory(tx).by_code.get(known.municipality_code or "")
    return views.place(body or introducing.guess(tx, known), known.section)


def _entered(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        found = await services.database.write(_keep, who(body).user, view)
        if found.problems:
            await ack(response_action="errors", errors=dict(found.problems))
        else:
            await ack(response_action="update", view=views.thanks(found.name))

    return submit


def _keep(tx: Transaction, user_id: str, view: Body) -> views.Place:
    found = views.read_place(view, reference.directory(tx).by_code)
    if not found.problems:
        introducing.introduce(tx, user_id, found.code, found.section)
    return found


def _person(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        source = f"view:{need(view, 'id')}:{view.get('hash') or ''}"
        problems = await services.database.write(person.change_person, who(body).user, view, source=source)
        if problems:
            await ack(response_action="errors", errors=problems)
        else:
            await ack()

    return submit


def _search(services: Services) -> Callable[..., Awaitable[None]]:
    async def search(ack: AsyncAck, body: Body) -> None:
        typed = body.get("value")
        found = await services.database.read(found_bodies, typed if isinstance(typed, str) else "")
        await ack(options=views.options(found))

    return search


def found_bodies(tx: Transaction, typed: str) -> list[Municipality]:
    """What a menu of bodies offers for what was typed into it."""
    return reference.directory(tx).search(typed[: views.LONGEST], own=members.own_prefecture(tx))
