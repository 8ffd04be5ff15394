"""「お知らせの設定」: whether what can wait comes with the morning's letter or at once while somebody works, what of the
week reaches them, and whether they are told ten minutes before a study session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need
from handlers.common.quiet import AT_ONCE
from handlers.common.services import Services
from handlers.digests import choosing as digests
from handlers.home.views import LETTERS
from handlers.study import choosing as study
from storage import members
from storage.database import Transaction

CALLBACK, HOW = "home_letters_chosen", "how"
MORNING = "morning"
_CHOICES = {MORNING: "朝のまとめ(1日1通・おすすめ)", AT_ONCE: "そのつど(対応時間のあいだ)"}


def register(app: AsyncApp, services: Services) -> None:
    """Put the choice on the app."""
    door = [Door(services, Deed.ASK)]
    app.action(LETTERS, middleware=door)(_open(services))
    app.view(CALLBACK, middleware=door)(_submitted(services))


def dialog(tx: Transaction, user: str) -> Block:
    """The choice, as it stands for somebody."""
    choices = {key: option(words, key) for key, words in _CHOICES.items()}
    radio: Block = {"type": "radio_buttons", "options": list(choices.values())}
    radio["initial_option"] = choices[AT_ONCE if members.letters(tx, user) == AT_ONCE else MORNING]
    blocks = [
        section(
            "新しい相談・ご自分への返事・緊急は、対応時間のあいだ、すぐにお知らせします。時間外には鳴らしません。"
        ),
        forms.field(HOW, "それ以外のお知らせ(催促・FAQのお願いなど)", radio, optional=False),
        small("朝のまとめは、その日の対応時間のはじめに届きます。"),
        *study.blocks(tx, user),
        *digests.blocks(tx, user),
    ]
    return modal("お知らせの設定", blocks, callback_id=CALLBACK, submit=plain("決める"))


def choose(tx: Transaction, user: str, view: Mapping[str, Any]) -> None:
    """Keep what somebody chose. What waits already comes with the next morning's letter.

    Raises:
        Malformed: it is none of the choices; nothing was changed.
    """
    chosen = forms.choice(view, HOW)
    if chosen not in _CHOICES:
        raise Malformed()
    if members.member(tx, user) is None:
        members.save_stranger(tx, user)
    members.set_letters(tx, user, AT_ONCE if chosen == AT_ONCE else "")
    study.choose(tx, user, view)
    digests.choose(tx, user, view)


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view = await services.database.read(dialog, who(body).user)
        await client.views_open(trigger_id=need(body, "trigger_id"), view=view)
        await ack()

    return press


def _submitted(services: Services) -> Callable[..., Awaitable[None]]:
    async def submitted(ack: AsyncAck, body: Body, view: Body) -> None:
        await services.database.write(choose, who(body).user, view)
        await ack()

    return submitted
