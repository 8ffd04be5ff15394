"""A telephone call or a visit, entered by somebody who answers: it is followed like every question, or counted as done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.asking import Audience, Details
from bot.domain.permissions import Deed
from bot.domain.text import escape
from bot.errors import Malformed, NotOpenYet
from bot.feature import Call, Command
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door
from handlers.common.payloads import need
from handlers.common.services import Services
from handlers.questions.lifecycle.asking import ask
from handlers.questions.lifecycle.recording import record
from handlers.questions.screens import phone_form
from handlers.questions.screens.phone_form import AUDIENCE, Entered
from handlers.questions.surface.forms import consultation, submitted
from storage import questions, reference, workspace
from storage.database import Transaction

SHORTCUT = "question_phone"


def register(app: AsyncApp, services: Services) -> None:
    """Put the shortcut and the dialog on the app."""
    door = [Door(services, Deed.VOUCH)]
    app.shortcut({"type": "shortcut", "callback_id": SHORTCUT}, middleware=door)(_open(services))
    app.view(phone_form.CALLBACK, middleware=door)(submitted(services, submit))


def submit(
    tx: Transaction, actor: str, view: Mapping[str, Any], *, source: str
) -> tuple[Block | None, dict[str, str]]:
    """Keep what was entered; returns what the dialog shows then, or sentences by block when something is missing."""
    entered = phone_form.read(view, now=tx.now, bodies=reference.directory(tx).by_code)
    place = consultation(tx, "") if entered.audience != Audience.PRIVATE else None
    problems = dict(entered.problems)
    if place is None and entered.audience != Audience.PRIVATE and not entered.answer:
        problems[AUDIENCE] = "相談チャンネルがまだありません。「県と担当だけに」をお選びください。"
    if problems:
        return None, problems
    details, asker = _details(entered, actor), entered.asker or actor
    if entered.answer:
        question_id = record(tx, asker, escape(entered.text), escape(entered.answer), details, source=source)
    else:
        question_id = ask(tx, asker, escape(entered.text), details, source=source, channel=place)
    number = f"No.{questions.need(tx, question_id).number}"
    return phone_form.receipt(number, answered=bool(entered.answer)), {}


def _details(entered: Entered, actor: str) -> Details:
    return Details(
        way=entered.way,
        audience=Audience(entered.audience),
        entered_by=actor,
        minutes=entered.minutes,
        received_at=entered.received_at,
        municipality_code=entered.code,
        section=entered.section,
    )


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def use(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await open_form(services, client, need(body, "trigger_id"))
        await ack()

    return use


async def open_form(services: Services, client: AsyncWebClient, trigger_id: str) -> None:
    """Open the dialog.

    Raises:
        Malformed: nobody pressed anything that a dialog may follow.
        NotOpenYet: only practice is possible so far.
    """
    if not trigger_id:
        raise Malformed()
    now = await services.database.read(_now)
    await client.views_open(trigger_id=trigger_id, view=phone_form.form(now))


def _now(tx: Transaction) -> datetime:
    if not workspace.workspace(tx).is_open:
        raise NotOpenYet()
    return tx.now


async def _run(services: Services, call: Call) -> None:
    await open_form(services, call.client, call.trigger_id)


COMMAND = Command(("電話", "訪問", "でんわ", "denwa"), "電話・訪問で受けた相談を登録", Deed.VOUCH, _run)
