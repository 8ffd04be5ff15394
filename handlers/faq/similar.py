"""「近い回答を見る」: entries that are like a question, looked for once it is asked, and afresh when somebody reads them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.asking import Audience
from bot.domain.finding import NEIGHBOURS, Hit, fields_near
from bot.domain.permissions import Deed, allowed
from bot.domain.question import State, Verb, may, possible
from bot.domain.text import excerpt
from bot.errors import NotAllowed, NotYours
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, Visitor, role, who
from handlers.common.payloads import need, number, part, storable
from handlers.common.pressing import in_dialog, show, source, two
from handlers.common.services import Services
from handlers.faq import search_views, use, views
from handlers.faq.drafting import nameless
from handlers.faq.showing import found_values
from handlers.questions.base import alike
from handlers.questions.base.parts import may_read, parts_of
from handlers.questions.base.sides import show as show_card
from handlers.questions.base.sides import whole
from handlers.questions.lifecycle.opening import Near, field_from, is_unclear
from handlers.questions.screens import asking_form
from handlers.questions.screens.views import SIMILAR, SOLVES
from storage import faq_documents, faq_similar, question_changes, questions
from storage.database import Transaction

SHOWN = 5
LOOKS_BACK = timedelta(days=1)


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    app.action(SIMILAR, middleware=[Door(services, Deed.PRESS)])(_open(services))
    app.action(views.ANSWERS, middleware=[Door(services, Deed.PRESS)])(_answers(services))
    app.action(SOLVES, middleware=[Door(services, Deed.SEARCH)])(_solves(services))


async def look_for_similar(services: Services) -> None:
    """For each question that is new, look whether something is like it, and let its card say so. Where its words do not tell
    its field, that of what is like it does. Nobody waits for this, neither Slack nor who asked."""
    database = services.database
    if not services.search.ready:  # nothing found now says nothing
        return
    while waiting := await database.read(_waiting):
        for question_id, text, unclear in waiting:
            hits = await services.search.find(text, most=NEIGHBOURS)
            asked = await services.past.find(text, kind=alike.OPEN, most=alike.MOST)
            others = [hit.id for hit in asked if hit.strong and hit.id != question_id]
            fields = await _fields(services, text, hits) if unclear else []
            await database.write_later(_note, question_id, _strong(hits), others, fields)


async def _fields(services: Services, text: str, hits: Sequence[Hit]) -> Near:
    """The fields of entries and of solved questions that nearly ask the same."""
    solved = await services.past.find(text, kind=alike.PAST, most=NEIGHBOURS)
    return [*fields_near(hits), *fields_near(solved)]


def _strong(hits: Sequence[Hit]) -> list[int]:
    return [hit.id for hit in hits if hit.strong][:SHOWN]


def _waiting(tx: Transaction) -> list[tuple[int, str, bool]]:
    """The questions nobody has looked for yet, with their words, and whether their field is not clear; none while there is
    nothing to be found."""
    if not faq_documents.any_published(tx) and not question_changes.several(tx):
        return []
    ids = faq_similar.not_looked_for(tx, tx.now - LOOKS_BACK)
    found = [questions.need(tx, each) for each in ids]
    return [(each.id, whole(tx, each), is_unclear(each)) for each in found]


def _note(
    tx: Transaction, question_id: int, ids: Sequence[int], near: Sequence[int], fields: Near = ()
) -> None:
    question = questions.need(tx, question_id)
    others = alike.others(tx, near, question.asker, question.municipality_code)
    if faq_similar.note(tx, question_id, ids, others):
        field_from(tx, question, fields)
        if ids or others:
            show_card(tx, question, mark=False)


def may_look(tx: Transaction, question_id: int, visitor: Visitor) -> None:
    """Who does not look into the FAQ otherwise (a guest) sees what is like their own question.

    Raises:
        NotFound, NotAllowed: it is none of theirs.
    """
    own = questions.need(tx, question_id).asker == visitor.user
    if not own and not allowed(Deed.SEARCH, role(tx, visitor)):
        raise NotAllowed()


def asked(tx: Transaction, question_id: int, user: str) -> str:
    """The words of a question, to whom may know them.

    Raises:
        NotFound, NotYours: with the sentence that says why.
    """
    question = questions.need(tx, question_id)
    if not may_read(tx, question, user):
        raise NotYours()
    return whole(tx, question)


def dialog(tx: Transaction, question_id: int, user: str, ids: Sequence[int]) -> Block:
    """What is like a question: what its card counts, then what else was found now (`ids`). Whoever may end it can say that
    it is solved."""
    question = questions.need(tx, question_id)
    ends = may(Verb.FOUND, parts_of(tx, question, user)) and possible(Verb.FOUND, State(question.state))
    first = faq_similar.noted(tx, question_id)
    found = found_values(tx, list(dict.fromkeys([*first, *ids]))[:SHOWN])
    return search_views.similar(excerpt(whole(tx, question), 100), question_id, found, ends=ends)


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        question_id, user = number(body, "actions", 0, "value"), who(body).user
        await services.database.read(may_look, question_id, who(body))
        text = await services.database.read(asked, question_id, user)
        ids = _strong(await services.search.find(text, most=NEIGHBOURS))
        await show(client, body, await services.database.read(dialog, question_id, user, ids))
        await ack()

    return press


def _answers(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        question_id, entry_id = two(need(body, "actions", 0, "value"))
        answer, user = use.solved_question, who(body).user
        learned = await services.database.write(answer, question_id, entry_id, user, source=source(body))
        view_id = in_dialog(body)
        shown = search_views.in_dialog(search_views.solved(learned), search_views.SIMILAR)
        if view_id is not None:
            await client.views_update(view_id=view_id, view=shown)
        await ack()

    return press


def _solves(services: Services) -> Callable[..., Awaitable[None]]:
    """「これで解決」 before anything is asked: the dialog stays below, with what was written in it."""

    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id, view = number(body, "actions", 0, "value"), part(body, "view")
        public = forms.choice(view, asking_form.AUDIENCE) in {Audience.OPEN, Audience.BODY}
        text = storable(forms.text(view, asking_form.TEXT)) if public else ""
        words = await services.database.read(nameless, text)
        key, user = f"view:{need(view, 'id')}", who(body).user
        learned = await services.database.write(use.solved_before, entry_id, user, words, source=key)
        await show(client, body, search_views.solved_before(learned))
        await ack()

    return press
