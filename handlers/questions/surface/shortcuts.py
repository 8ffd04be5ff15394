"""「相談として登録」 on a message: anyone's own words, or, for those who answer, anybody's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.domain.text import clean
from bot.errors import NotPossibleNow, PersonalNumber
from handlers.common.answering import say
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, part
from handlers.common.services import Services
from handlers.questions.base.exposed import tell_of_number
from handlers.questions.base.incoming import Incoming, is_direct, read_message
from handlers.questions.intake import registering
from handlers.questions.lifecycle.replies import keep
from handlers.questions.surface.forms import open_form
from storage import channels, messages, questions
from storage.database import Transaction

REGISTER_MESSAGE, ASK = "question_register_message", "question_ask"


def register(app: AsyncApp, services: Services) -> None:
    """Put the shortcuts on the app."""
    door = [Door(services, Deed.ASK)]
    app.shortcut({"type": "message_action", "callback_id": REGISTER_MESSAGE}, middleware=door)(
        _message(services)
    )
    app.shortcut({"type": "shortcut", "callback_id": ASK}, middleware=door)(_ask(services))


def register_message(tx: Transaction, message: Incoming, actor: str) -> str | None:
    """Make somebody's message a question; returns its number, None when the bot cannot answer where it was written.

    Raises:
        NotYours, NotPossibleNow, PersonalNumber: nothing was changed, and the sentence says why.
    """
    if messages.find(tx, message.channel, message.ts) is None:
        place = channels.channel(tx, message.channel)
        if place is None or not place.bot_is_member or place.archived:
            return None
        if message.masked and is_direct(message.channel):
            raise PersonalNumber()
        keep(tx, message, group_ts=message.ts)
        if message.masked:
            tell_of_number(tx, message)
    question_id = registering.register(tx, message.channel, message.ts, actor)
    return f"No.{questions.need(tx, question_id).number}"


def _message(services: Services) -> Callable[..., Awaitable[None]]:
    async def use(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        channel = need(body, "channel", "id")
        message = read_message(part(body, "message"), channel, services.bot_user_id)
        if message is None:
            raise NotPossibleNow("この書き込みは、人が書いたものではないため登録できません。")
        number = await services.database.write(register_message, message, who(body).user)
        if number is None:
            text, trigger = clean(message.text), need(body, "trigger_id")
            await open_form(services, client, trigger, text=text, visitor=who(body))
        else:
            await say(respond, text=f"相談 {number} として登録しました。", response_type="ephemeral")
        await ack()

    return use


def _ask(services: Services) -> Callable[..., Awaitable[None]]:
    async def use(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await open_form(services, client, need(body, "trigger_id"))
        await ack()

    return use
