"""What was looked for in vain gets its entry, by coordinators; an entry its words, by who cares for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from bot.errors import Malformed
from handlers.common import forms
from handlers.common.answering import shows
from handlers.common.blocks import Block
from handlers.common.doors import Body, Door, who
from handlers.common.payloads import need, number, storable
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.faq import dialogs, use
from handlers.faq import gap_views as views
from handlers.faq.drafting import nameless
from handlers.faq.showing import found_values
from handlers.faq.views import TEACH
from storage import faq_gaps, faq_searches, faq_use
from storage.database import Transaction

MOST, NEAR = 20, 8
"""So many searches are dealt with at once; so many entries are offered for them."""
LEARNED = 3
"""So many ways to ask are learned of one topic."""


def register(app: AsyncApp, services: Services) -> None:
    """Put these listeners on the app."""
    edits, writes = [Door(services, Deed.EDIT_FAQ)], [Door(services, Deed.WRITE_FAQ)]
    app.action(views.LINK, middleware=edits)(_open(services))
    app.view(views.LINKING, middleware=edits)(_link(services))
    app.action(views.WRITE, middleware=edits)(_write(services))
    app.action(TEACH, middleware=writes)(_teach(services))
    app.view(views.TEACHING, middleware=writes)(_taught(services))


def ids_of(value: str) -> list[int]:
    """The ids of searches that a button or dialog carries.

    Raises:
        Malformed: it is none of ours.
    """
    parts = value.split(",")
    if not 1 <= len(parts) <= MOST:
        raise Malformed()
    return [number({"v": each}, "v") for each in parts]


def words_of(tx: Transaction, ids: Sequence[int]) -> list[str]:
    """What was looked for, each once, the first first.

    Raises:
        Malformed: there is no such search.
    """
    return list(_said(tx, ids))


def _said(tx: Transaction, ids: Sequence[int]) -> Mapping[str, int]:
    """The same, with the first search that said so."""
    found: dict[str, int] = {}
    for each in ids:
        if (search := faq_searches.search(tx, each)) is not None and len(found) < LEARNED:
            found.setdefault(search.words, search.id)
    if not found:
        raise Malformed()
    return found


def link(
    tx: Transaction, ids: Sequence[int], chosen: str | None, user: str
) -> tuple[Block | None, Mapping[str, str]]:
    """Lead the words of searches to an entry, or to none; they are dealt with.

    Raises:
        Malformed, NotPossibleNow: with the sentence that says why.
    """
    if chosen is None:
        return None, {views.CHOSEN: "どれかを選んでください。"}
    said, question = _said(tx, ids), None
    if chosen != views.NONE:
        entry = use.found(tx, number({"v": chosen}, "v"))
        question = entry.content.question
        for words, at in said.items():
            faq_use.learn(tx, entry.id, words, source=f"search:{at}", author=None, by_hand=True)
    faq_gaps.done(tx, ids, user)
    return views.linked(question), {}


def _open(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        ids = ids_of(need(body, "actions", 0, "value"))
        words = await services.database.read(words_of, ids)
        hits = await services.search.find(words[0], most=NEAR)
        near = await services.database.read(found_values, [hit.id for hit in hits])
        await show(client, body, views.link(ids, words, near))
        await ack()

    return press


def _link(services: Services) -> Callable[..., Awaitable[None]]:
    async def submit(ack: AsyncAck, body: Body, view: Body) -> None:
        ids = ids_of(need(view, "private_metadata"))
        chosen = forms.choice(view, views.CHOSEN)
        shown, problems = await services.database.write(link, ids, chosen, who(body).user)
        await shows(ack, shown, problems)

    return submit


def _write(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        words = await services.database.read(words_of, ids_of(need(body, "actions", 0, "value")))
        view = await services.database.read(dialogs.write, who(body).user, words[0])
        await show(client, body, view)
        await ack()

    return press


def _teach(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        entry_id, user = number(body, "actions", 0, "value"), who(body).user
        view = await services.database.read(dialogs.teach, entry_id, user)
        await client.views_update(
            view_id=need(body, "view", "id"), view=view
        )  # no room above: three are open
        await ack()

    return press


def _taught(services: Services) -> Callable[..., Awaitable[None]]:
    """The dialog below shows the words that there are now."""

    async def submit(ack: AsyncAck, body: Body, view: Body, client: AsyncWebClient) -> None:
        words = await services.database.read(nameless, storable(forms.text(view, views.WORDS)))
        if len(words) < dialogs.SHORTEST_WORDS:
            await ack(response_action="errors", errors={views.WORDS: "2文字以上で書いてください。"})
            return
        entry_id, key = number(view, "private_metadata"), f"view:{need(view, 'id')}:{view.get('hash') or ''}"
        shown = await services.database.write(dialogs.taught, entry_id, words, who(body).user, source=key)
        await ack(response_action="update", view=shown)

    return submit
