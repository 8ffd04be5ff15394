"""Slack → action → answer. Listeners translate, call one action and render; they catch nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.asking import Audience
from bot.domain.permissions import Deed
from bot.domain.question import Verb
from handlers.common.answering import say
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need, number, part, stamp
from handlers.common.services import Services
from handlers.questions.base.incoming import read_message
from handlers.questions.catching import taking
from handlers.questions.intake import direct, registering
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.lifecycle.calling import ask_for_call
from handlers.questions.lifecycle.narrowing import narrow
from handlers.questions.screens import beside, views
from handlers.questions.screens.contact import AUDIENCES, PLACE_LATER, PLACE_YES
from handlers.questions.surface import days, forms, more, phone, place, shortcuts, weighing

_BUTTONS = {
    views.CLAIM: Verb.CLAIM,
    views.ANSWER: Verb.ANSWER,
    views.RESOLVE: Verb.RESOLVE,
    views.REOPEN: Verb.REOPEN,
}


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    app.event("message")(_message(services))
    app.event("app_mention")(_message(services))
    press = [Door(services, Deed.PRESS)]
    for action_id, verb in _BUTTONS.items():
        app.action(action_id, middleware=press)(_button(services, verb))
    for audience, action_id in AUDIENCES.items():
        app.action(action_id, middleware=press)(_audience(services, audience))
    own = [Door(services, Deed.INTRODUCE)]
    app.action(PLACE_YES, middleware=own)(_place_yes(services))
    app.action(PLACE_LATER, middleware=own)(_place_later(services))
    app.action(beside.REGISTER, middleware=press)(_register(services))
    app.action(views.MORE, middleware=press)(_more(services))
    app.view(more.CALLBACK, middleware=press)(_submitted(services))
    days.register(app, services)
    weighing.register(app, services)
    forms.register(app, services)
    shortcuts.register(app, services)
    phone.register(app, services)


def _message(services: Services) -> Callable[..., Awaitable[None]]:
    """Keep what somebody wrote; `taking` makes of it what it is, a moment later."""
    bot, database, owner = services.bot_user_id, services.database, services.process

    async def listen(event: Body) -> None:
        channel, subtype = need(event, "channel"), event.get("subtype")
        message = part(event, "message") if subtype == "message_changed" else event
        gone = stamp(event, "deleted_ts") if subtype == "message_deleted" else None
        if subtype == "message_changed" and message.get("subtype") == "tombstone":
            gone = stamp(message, "ts")
        if gone is not None:
            previous = read_message(_previous(event), channel, bot)
            await database.write(taking.deleted, channel, gone, previous, owner)
        elif (incoming := read_message(message, channel, bot)) is not None:
            kind = taking.WRITTEN if message is event else taking.CHANGED
            await database.write(taking.written, incoming, kind, owner)

    return listen


def _previous(event: Body) -> Mapping[str, Any]:
    found = event.get("previous_message")
    return found if isinstance(found, Mapping) else {}


def _source(body: Body) -> str:
    """A press's natural key: Slack gives each its own time; together with who pressed it is unique."""
    pressed = f"{need(body, 'actions', 0, 'action_ts')}:{need(body, 'actions', 0, 'action_id')}"
    return f"action:{who(body).user}:{pressed}"


def _button(services: Services, verb: Verb) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        question_id, visitor = number(body, "actions", 0, "value"), who(body)
        await taking.hear_out(services, question_id, visitor.user)
        await services.database.write(
            act, question_id, verb, visitor.user, team=visitor.team, source=_source(body)
        )
        await ack()

    return press


def _audience(services: Services, audience: Audience) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        question_id, user = number(body, "actions", 0, "value"), who(body).user
        await taking.hear_out(services, question_id, user)
        await services.database.write(direct.choose, question_id, audience, user, source=_source(body))
        await ack()

    return press


def _place_yes(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        which, _, code = need(body, "actions", 0, "value").partition(":")
        question_id = number({"value": which}, "value")
        await services.database.write(place.confirm, question_id, code, who(body).user)
        await ack()

    return press


def _place_later(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body) -> None:
        await services.database.write(place.put_off, number(body, "actions", 0, "value"), who(body).user)
        await ack()

    return press


def _register(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        channel, _, ts = need(body, "actions", 0, "value").partition(":")
        await services.database.write(registering.register, channel, ts, who(body).user)
        services.metrics.captured.inc()
        await ack()
        await say(respond, text="相談として登録しました。", replace_original=True)

    return press


def _more(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        question_id, visitor = number(body, "actions", 0, "value"), who(body)
        view = await services.database.read(more.open_for, question_id, visitor.user, visitor.team)
        await client.views_open(trigger_id=need(body, "trigger_id"), view=view)
        await ack()

    return press


def _submitted(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        choice = more.read(view)
        if choice.problem is not None:
            await ack(response_action="errors", errors=dict([choice.problem]))
            return
        visitor, source = who(body), f"view:{need(view, 'id')}:{view.get('hash', '')}"
        if choice.widen:
            again = await services.database.read(more.widened, choice.question_id, visitor.user)
            await ack(response_action="update", view=again)
            return
        if choice.verb in days.DIALOGS:
            asks = await services.database.read(days.dialog, choice.question_id, choice.verb, visitor.user)
            await ack(response_action="update", view=asks)
            return
        await taking.hear_out(services, choice.question_id, visitor.user)
        await _do(services, choice, visitor, source)
        await ack()

    return submit


async def _do(services: Services, choice: more.Chosen, visitor: Visitor, source: str) -> None:
    write, question_id, user = services.database.write, choice.question_id, visitor.user
    if choice.narrow:
        await write(narrow, question_id, user, source=source)
    elif choice.phone is not None:
        await write(ask_for_call, question_id, user, choice.phone, source=source)
    elif choice.undo:
        await write(undo, question_id, user, source=source)
    elif choice.verb is not None:
        person, field_id, team = choice.person, choice.field_id, visitor.team
        await write(
            act, question_id, choice.verb, user, source=source, team=team, person=person, field_id=field_id
        )
