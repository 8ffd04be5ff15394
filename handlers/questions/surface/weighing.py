"""「担当の決まり方」: how a question came to those who were given it. The door, the button and the dialog itself are for
coordinators only, because what speaks against a person is nobody else's to read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import words
from bot.domain.permissions import Deed
from bot.domain.question import Part, Verb
from bot.domain.reasons import Reason, ReasonCode, reason_words
from bot.errors import NotYours
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import number
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.questions.base.naming import family_name
from handlers.questions.base.parts import parts_of
from handlers.questions.base.routing import field_named
from handlers.questions.screens import weighing as screen
from handlers.questions.screens.deeds import DONE
from handlers.questions.screens.weighing import Line, Round
from storage import questions, rankings, timelines, workspace
from storage.database import Transaction
from storage.questions import Question
from storage.rankings import Ranking, Weighed

OPEN, LABEL = "question_weighed", screen.TITLE
SHOWN = 5
"""So many rounds are shown, the latest."""


def register(app: AsyncApp, services: Services) -> None:
    """Put the button on the app."""
    app.action(OPEN, middleware=[Door(services, Deed.WEIGH)])(_open(services))


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        question_id = number(body, "actions", 0, "value")
        view = await services.database.read(dialog, question_id, who(body).user)
        await show(client, body, view)
        await ack()

    return press


def may_see(tx: Transaction, question: Question, user_id: str) -> bool:
    """Whether there is something to see, and it is theirs."""
    return Part.COORDINATOR in parts_of(tx, question, user_id) and bool(rankings.of(tx, question.id))


def dialog(tx: Transaction, question_id: int, user_id: str) -> Block:
    """The dialog for a coordinator.

    Raises:
        NotFound: there is no such question here.
        NotYours: they are none, or the question is not theirs to know.
    """
    question = questions.need(tx, question_id)
    if Part.COORDINATOR not in parts_of(tx, question, user_id):
        raise NotYours()
    zone = workspace.workspace(tx).zone
    rounds = [(each.at, _ranked(tx, each, zone)) for each in rankings.of(tx, question.id)]
    rounds += [
        (
            event.at,
            Round(
                words.short(event.at, zone), DONE[event.verb], _name(tx, event.why), _name(tx, event.actor)
            ),
        )
        for event in timelines.timeline(tx, question.id)
        if event.verb == Verb.HAND_OVER
    ]
    rounds.sort(key=lambda each: each[0], reverse=True)
    return screen.dialog(question.number, [each for _, each in rounds[:SHOWN]])


def _name(tx: Transaction, user_id: str | None) -> str:
    return family_name(tx, user_id or "")


def _ranked(tx: Transaction, found: Ranking, zone: str) -> Round:
    field = field_named(tx, found.field_id)
    short = field.short if field else "その他"
    return Round(
        words.short(found.at, zone),
        DONE[found.verb],
        _name(tx, found.chosen),
        ranked=[_line(tx, each, short, chosen=each.user_id == found.chosen) for each in found.ranked],
        more=found.more,
        excluded=[_line(tx, each, short) for each in found.excluded],
    )


def _line(tx: Transaction, each: Weighed, short: str, *, chosen: bool = False) -> Line:
    reasons = [Reason(ReasonCode(code)) for code in each.reasons]
    return Line(
        _name(tx, each.user_id),
        reason_words(reasons, short, most=len(reasons)),
        "・".join(each.against),
        chosen,
    )
