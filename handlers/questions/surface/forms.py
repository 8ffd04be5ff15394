"""Asking by dialog: from `/banso 相談`, `/soudan`, the shortcut 「相談する」 and whoever else opens the form."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import words
from bot.domain.asking import Audience, Details, Urgency, Way
from bot.domain.fields import guess_field
from bot.domain.finding import NEIGHBOURS, Hit, fields_near
from bot.domain.permissions import Deed, allowed
from bot.domain.text import clean, escape
from bot.errors import Malformed, NotOpenYet, SearchUnavailable
from bot.feature import Call, Command
from handlers.common import forms
from handlers.common.answering import WITHIN, shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, Visitor, role, who
from handlers.common.payloads import need, part
from handlers.common.services import Services
from handlers.questions.base import alike
from handlers.questions.lifecycle.asking import ask
from handlers.questions.screens import asking_form
from handlers.questions.screens.asking_form import AUDIENCE, Entered
from handlers.questions.shown.cards import opens
from storage import channels, faq, questions, workspace
from storage.channels import Channel
from storage.database import Transaction

LIKE = 2
"""So many entries are shown to who is about to ask."""
_OVERTAKEN = frozenset({"hash_conflict", "not_found"})
"""The dialog was sent, closed or changed meanwhile (docs.slack.dev, "views.update", "Errors")."""


def register(app: AsyncApp, services: Services) -> None:
    """Put the dialog on the app."""
    app.action(asking_form.AUDIENCE, middleware=[Door(services, Deed.ASK)])(_chosen(services))
    app.view(asking_form.CALLBACK, middleware=[Door(services, Deed.ASK)])(submitted(services, submit))


async def open_form(
    services: Services,
    client: AsyncWebClient,
    trigger_id: str,
    *,
    text: str = "",
    near: str = "",
    visitor: Visitor | None = None,
) -> None:
    """Open the dialog, with what is known of the text; `near` is the channel it was asked for in. If it is said who asks
    (`visitor`), they see what the FAQ has for it, as far as they may.

    Raises:
        Malformed: nobody pressed anything that a dialog may follow.
        NotOpenYet: only practice is possible so far.
    """
    if not trigger_id:
        raise Malformed()
    hits = await _strong(services, text, visitor) if visitor is not None and text else []
    ids = [hit.id for hit in hits[:LIKE]]
    view = await services.database.read(dialog, text, near, ids, fields_near(hits))
    await client.views_open(trigger_id=trigger_id, view=view)


async def like(services: Services, text: str, visitor: Visitor) -> list[int]:
    """The entries that fit a text well. Asking never waits for the search to be mended."""
    return [hit.id for hit in (await _strong(services, text, visitor))[:LIKE]]


async def _strong(services: Services, text: str, visitor: Visitor) -> list[Hit]:
    if not allowed(Deed.SEARCH, await services.database.read(role, visitor)):
        return []
    with contextlib.suppress(SearchUnavailable, TimeoutError):
        async with asyncio.timeout(WITHIN):
            return [hit for hit in await services.search.find(text, most=NEIGHBOURS) if hit.strong]
    return []


async def _wanted(services: Services, text: str, user: str) -> bool:
    """Whether another body asks the same before everybody, as far as that can be said at once."""
    with contextlib.suppress(SearchUnavailable, TimeoutError):
        async with asyncio.timeout(WITHIN):
            hits = await services.past.find(text, kind=alike.OPEN, most=alike.MOST)
            ids = [hit.id for hit in hits if hit.strong]
            return bool(await services.database.read(alike.others_of, ids, user))
    return False


def dialog(
    tx: Transaction,
    text: str,
    near: str,
    like: Sequence[int] = (),
    of_fields: Sequence[tuple[str, float]] = (),
) -> Block:
    """The dialog, with what is known of the text and of the channel it was asked for in, and the entries that are like it;
    `of_fields` are the fields of what nearly asks the same (`guess_field`).

    Raises:
        NotOpenYet: only practice is possible so far.
    """
    if channels.purpose(tx, near) != "practice" and not workspace.workspace(tx).is_open:
        raise NotOpenYet()
    places = {place.channel: place.name for place in _open_to(tx, near)}
    here = near if near in places else next(iter(places), "")
    fields, known = workspace.all_fields(tx), _asked_in(tx, like)
    guess = guess_field(clean(text), fields, of_fields).field_id if text else None
    return asking_form.form(
        fields, text=text, guess=guess, channel=near, places=places, here=here, like=known
    )


def _asked_in(tx: Transaction, entries: Sequence[int]) -> dict[int, str]:
    """The questions of entries, by id."""
    return {entry.id: entry.content.question for entry in faq.these(tx, entries)}


def _chosen(services: Services) -> Callable[..., Awaitable[None]]:
    """Somebody says whom they ask: what is like it is shown before they send it. Nothing is kept by that."""

    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        view = part(body, "view")
        if view.get("callback_id") != asking_form.CALLBACK:
            raise Malformed()
        text = forms.text(view, asking_form.TEXT)
        found = await like(services, text, who(body)) if text else []
        wanted = bool(text) and await _wanted(services, text, who(body).user)
        if (found, wanted) != (asking_form.shown_like(view), asking_form.shows_wanted(view)):
            entries = await services.database.read(_asked_in, found)
            shown = asking_form.with_like(view, entries, wanted=wanted)
            try:
                await client.views_update(
                    view_id=need(view, "id"), hash=str(view.get("hash") or ""), view=shown
                )
            except SlackApiError as error:
                if error.response.get("error") not in _OVERTAKEN:
                    raise
        await ack()

    return choose


def submit(tx: Transaction, asker: str, view: Body, *, source: str) -> tuple[Block | None, dict[str, str]]:
    """Ask what was entered; returns what the dialog shows then, or sentences by block when something is missing."""
    space, fields = workspace.workspace(tx), workspace.all_fields(tx)
    entered = asking_form.read(view, today=tx.now.astimezone(ZoneInfo(space.zone)).date(), fields=fields)
    place = consultation(tx, entered.channel, entered.place)
    problems = dict(entered.problems)
    if place is None and entered.audience != "private":
        problems.setdefault(AUDIENCE, "相談チャンネルがまだありません。「県と担当だけに」をお選びください。")
    if problems:
        return None, problems
    details, text = _details(entered), escape(entered.text)
    question_id = ask(tx, asker, text, details, source=source, channel=place, files=entered.files)
    question = questions.need(tx, question_id)
    target = words.short(question.target_at, space.zone)
    number, begins = f"No.{question.number}", opens(tx, question)
    receipt = asking_form.receipt(number, target, audience=entered.audience, where=place, opens=begins)
    return receipt, {}


def consultation(tx: Transaction, near: str, chosen: str | None = None) -> str | None:
    """The channel an open question goes to: the chosen one, else where it was asked for, if people ask there, else the
    first one."""
    open_to = [place.channel for place in _open_to(tx, near)]
    return next((place for place in (chosen, near, *open_to) if place in open_to), None)


def _open_to(tx: Transaction, near: str) -> list[Channel]:
    """Where somebody may ask before everybody: a practice channel only from inside."""
    return [
        place
        for place in channels.all_channels(tx)
        if place.purpose in ({"consultation", "practice"} if place.channel == near else {"consultation"})
        and place.bot_is_member
        and not place.archived
    ]


def _details(entered: Entered) -> Details:
    return Details(
        way=Way.FORM,
        audience=Audience(entered.audience),
        urgency=Urgency(entered.urgency),
        needed_on=entered.needed_on,
        needed_for=entered.needed_for,
        phone=entered.phone,
        field_id=entered.field_id,
    )


def submitted(
    services: Services, submit: Callable[..., tuple[Block | None, dict[str, str]]]
) -> Callable[..., Awaitable[None]]:
    """A listener that keeps a dialog's question with `submit(tx, user, view, source=…)` and shows what that gives."""

    async def keep(ack: AsyncAck, body: Body, view: Body) -> None:
        user, source = who(body).user, f"view:{need(view, 'id')}"
        shown, problems = await services.database.write(submit, user, view, source=source)
        if shown is not None:
            services.metrics.captured.inc()
        await shows(ack, shown, problems)

    return keep


async def _run(services: Services, call: Call) -> None:
    visitor = Visitor(call.user, call.team)
    await open_form(
        services, call.client, call.trigger_id, text=call.text, near=call.channel, visitor=visitor
    )


COMMAND = Command(
    ("相談", "そうだん", "soudan"),
    "相談を書く(続けて書いた文は下書きに入ります)",
    Deed.ASK,
    _run,
    alias="/soudan",
)
