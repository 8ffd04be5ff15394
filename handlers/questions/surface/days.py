"""The dialogs with which a question gets a day: 「あとで返事する」 and 「必要な日」."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.permissions import Deed
from bot.domain.question import Verb
from bot.errors import NotPossibleNow
from handlers.common import forms
from handlers.common.blocks import Block, modal, plain, section
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number
from handlers.common.services import Services
from handlers.questions.catching import taking
from handlers.questions.lifecycle.resting import LONGEST, need_theirs, put_off, set_needed
from storage.database import Transaction

LATER, NEEDED = "question_later", "question_needed"
DIALOGS = {Verb.PUT_OFF: LATER, Verb.SET_NEEDED: NEEDED}
"""Verbs that ask for a day first, and the dialog in which they do."""
DAY, WHY = "day", "why"


def register(app: AsyncApp, services: Services) -> None:
    """Put the dialogs on the app."""
    press = [Door(services, Deed.PRESS)]
    app.view(LATER, middleware=press)(_submitted(services, _put_off))
    app.view(NEEDED, middleware=press)(_submitted(services, _needed))


def dialog(tx: Transaction, question_id: int, verb: Verb, user: str) -> Block:
    """The dialog for a verb that needs a day.

    Raises:
        NotFound, NotYours, NotPossibleNow: it is not theirs now, and the sentence says why.
    """
    question = need_theirs(tx, question_id, verb, user)
    picker: Block = {"type": "datepicker", "placeholder": plain("日を選ぶ")}
    if verb is Verb.PUT_OFF:
        title, blocks = "あとで返事する", _later(question.number, picker)
    else:
        if question.needed_on is not None:
            picker["initial_date"] = question.needed_on.isoformat()
        hint = "空欄にすると「なし」になります。近い日にすると、返信の目安も早まります。"
        title, blocks = "必要な日", [forms.field(DAY, "回答が必要な日", picker, hint=hint)]
    return modal(
        title, blocks, callback_id=DIALOGS[verb], submit=plain("決める"), private_metadata=str(question.id)
    )


def _later(number: int, picker: Block) -> list[Block]:
    area: Block = {
        "type": "plain_text_input",
        "max_length": LONGEST,
        "placeholder": plain("例:担当課に確かめます"),
    }
    return [
        section(
            f"*No.{number}* に返事をする日を決めます。その日の朝にお知らせします。それまで、催促はしません。"
        ),
        forms.field(DAY, "返事をする日", picker, optional=False),
        forms.field(WHY, "ひとこと(受付に出て、相談者さんに見えます)", area),
    ]


Submit = Callable[[Transaction, int, str, Mapping[str, Any], str], str | None]
"""Keeps the day; answers with why it cannot be, if it cannot."""


def _put_off(
    tx: Transaction, question_id: int, user: str, view: Mapping[str, Any], source: str
) -> str | None:
    try:
        put_off(tx, question_id, user, forms.day(view, DAY), forms.text(view, WHY), source=source)
    except NotPossibleNow as refusal:
        return refusal.sentence
    return None


def _needed(tx: Transaction, question_id: int, user: str, view: Mapping[str, Any], source: str) -> str | None:
    try:
        set_needed(tx, question_id, user, forms.day(view, DAY), source=source)
    except NotPossibleNow as refusal:
        return refusal.sentence
    return None


def _submitted(services: Services, submit: Submit) -> Callable[..., Awaitable[None]]:
    async def submitted(ack: AsyncAck, body: Body, view: Body) -> None:
        question_id, user = number(view, "private_metadata"), who(body).user
        source = f"view:{need(view, 'id')}:{view.get('hash', '')}"
        await taking.hear_out(services, question_id, user)
        problem = await services.database.write(submit, question_id, user, view, source)
        if problem is not None:
            await ack(response_action="errors", errors={DAY: problem})
        else:
            await ack(response_action="clear")

    return submitted
