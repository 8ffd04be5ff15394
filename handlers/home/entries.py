"""The entries of the FAQ that wait for somebody: the lists of them, and `/banso FAQ一覧`, which shows how each begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, timedelta

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.faq import State
from bot.domain.permissions import Deed, allowed
from bot.errors import Malformed
from bot.feature import Call, Command
from handlers.common.blocks import Block, actions, button
from handlers.common.doors import Body, Door, Visitor, role, who
from handlers.common.pressing import show
from handlers.common.services import Services
from handlers.faq import word_views
from handlers.faq.notices import to_look_at
from handlers.faq.showing import values_of
from handlers.faq.views import LIST
from handlers.home import list_views
from handlers.home.list_views import Draft, Listed
from handlers.home.listing import List
from handlers.questions.base.routing import calendar_of
from storage import faq, overview, workspace
from storage.database import Transaction

REVIEW_AHEAD = timedelta(days=30)
SHOWN = 10
"""So many of each list are shown at once."""


def _in_state(title: str, deed: Deed, state: State, *, own: bool, reviews: bool = False) -> List:
    """The entries in a state: one's own, or everybody's."""

    def count(tx: Transaction, user: str) -> int:
        return overview.entries_in(tx, state, owner=user if own else None)

    def rows(tx: Transaction, user: str, most: int, start: int) -> Sequence[Draft]:
        found = faq.in_state(tx, state, owner=user if own else None, most=most, start=start)
        return [Draft(values_of(tx, each), reviews=reviews) for each in found]

    return List(title, deed, count, rows)


def _to_review(title: str, deed: Deed, hint: str, *, own: bool) -> List:
    """The entries whose review date has come: one's own, as many as the message says that asks for them; or everybody's, and
    those of which it comes soon."""

    def until(tx: Transaction) -> date:
        today = calendar_of(workspace.workspace(tx)).day_of(tx.now)
        return today if own else today + REVIEW_AHEAD

    def count(tx: Transaction, user: str) -> int:
        return overview.entries_to_review(tx, until(tx), owner=user if own else None)

    def rows(tx: Transaction, user: str, most: int, start: int) -> Sequence[Draft]:
        found = faq.to_review(tx, until(tx), owner=user if own else None, most=most, start=start)
        return [Draft(values_of(tx, each)) for each in found]

    return List(title, deed, count, rows, hint=hint)


def _asked_for(title: str, deed: Deed, hint: str) -> List:
    """The entries that the letter asks somebody who reviews to look at: as many as it says."""

    def due(tx: Transaction, user: str) -> Sequence[int]:
        today = calendar_of(workspace.workspace(tx)).day_of(tx.now)
        return [each.id for each in to_look_at(tx, today, user)]

    def count(tx: Transaction, user: str) -> int:
        return len(due(tx, user))

    def rows(tx: Transaction, user: str, most: int, start: int) -> Sequence[Draft]:
        return [Draft(values_of(tx, each)) for each in faq.these(tx, due(tx, user)[start : start + most])]

    return List(title, deed, count, rows, hint=hint)


_WRITE, _EDIT = Deed.WRITE_FAQ, Deed.EDIT_FAQ
OWN: Mapping[str, List] = {
    "drafts": _in_state("FAQの下書き", _WRITE, State.DRAFT, own=True),
    "own_reviews": _in_state("確認に出したFAQ", _WRITE, State.REVIEW, own=True),
    "own_old": _to_review("見直しの時期のFAQ", _WRITE, "ご自分のFAQで、見直す日になったものです。", own=True),
}
EVERYBODYS: Mapping[str, List] = {
    "reviews": _in_state("確認待ちのFAQ", _EDIT, State.REVIEW, own=False, reviews=True),
    "all_drafts": _in_state("FAQの下書き(全員)", _EDIT, State.DRAFT, own=False),
    "look_at": _asked_for(
        "見直しをお願いするFAQ", _EDIT, "ご自分のFAQと、担当の方が2週間見ていないものです。"
    ),
    "old": _to_review(
        "見直しの時期のFAQ", _EDIT, "見直す日を過ぎたものと、あと30日以内のものです。", own=False
    ),
}


def waiting(tx: Transaction, visitor: Visitor) -> Sequence[Listed]:
    """What waits for somebody who writes, or for who reviews: how much there is, and how it begins."""
    which = EVERYBODYS if allowed(_EDIT, role(tx, visitor)) else OWN
    return [each.page(tx, name, visitor.user, most=SHOWN) for name, each in which.items()]


def dialog(tx: Transaction, visitor: Visitor) -> Block:
    """The same as a dialog."""
    view = list_views.beginnings("FAQの一覧", waiting(tx, visitor), "いま、お待ちのFAQはありません。")
    if allowed(_EDIT, role(tx, visitor)):
        view["blocks"].append(actions(button(word_views.TITLE, word_views.OPEN, "-")))
    return view


def register(app: AsyncApp, services: Services) -> None:
    """Put the button that opens it on the app."""
    app.action(LIST, middleware=[Door(services, _WRITE)])(_press(services))


def _press(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await show(client, body, await services.database.read(dialog, who(body)))
        await ack()

    return press


async def _run(services: Services, call: Call) -> None:
    if not call.trigger_id:
        raise Malformed()
    view = await services.database.read(dialog, Visitor(call.user, call.team))
    await call.client.views_open(trigger_id=call.trigger_id, view=view)


COMMAND = Command(("FAQ一覧", "faqlist"), "FAQの下書きと確認待ち", _WRITE, _run)
