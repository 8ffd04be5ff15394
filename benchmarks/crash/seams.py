"""`python -m benchmarks.crash.seams`: the bot, made to kill itself the n-th time it passes a seam.

CRASH_HOOK names the place (`HOOKS`), CRASH_AT is n. It kills with SIGKILL, so that nothing in the process can react.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from sqlalchemy import Connection, Engine, event

import bot.web
from bot.cli import main
from bot.delivery import Delivery
from bot.feature import Message
from bot.posting import Posted, Poster
from handlers.questions.catching.taking import Taker
from handlers.questions.intake.capture import Became
from handlers.questions.lifecycle.actions import act
from handlers.questions.surface import forms, listeners
from storage.database import Database, Transaction
from storage.kept import KEPT, Word
from storage.outbox import Kind
from storage.sending import OutboxRow

Hit = Callable[[], None]
IsNews = Callable[[Iterable[Any]], bool]
NEWS = frozenset({Became.QUESTION, Became.PART, Became.SET_ASIDE, Became.REPLY, Became.KEPT})
DONE = "done"
"""What the commit of a press or a dialog wakes here; nobody listens."""


def _marked(action: Callable[..., Any]) -> Callable[..., Any]:
    """The action, whose commits can be told from others."""

    def marked(tx: Transaction, *given: Any, **named: Any) -> Any:
        result = action(tx, *given, **named)
        tx.wakes.add(DONE)
        return result

    return marked


def _mark_deeds() -> None:
    """Mark what a press on a card and a dialog do."""
    listeners.act = _marked(act)  # type: ignore[attr-defined]
    forms.submit = _marked(forms.submit)


def _is_done(jobs: Iterable[Any]) -> bool:
    """Whether something somebody pressed or sent in a dialog is done."""
    return any(DONE in job.wakes for job in jobs)


def _has_news(jobs: Iterable[Any]) -> bool:
    """Whether something somebody wrote is kept, or taken in, or something they pressed or sent is done."""
    return _is_done(jobs) or any(
        KEPT in job.wakes or (isinstance(job.result, Became) and job.result in NEWS) for job in jobs
    )


def _before_commit(hit: Hit, is_news: IsNews = _has_news) -> None:
    """What somebody wrote, pressed or sent is in the transaction, and COMMIT has not been sent."""
    original, here = Database._run_one, threading.local()

    def run_one(self: Database, connection: Connection, job: Any, *rest: Any, **more: Any) -> None:
        original(self, connection, job, *rest, **more)
        here.news = getattr(here, "news", False) or is_news([job])

    def commit(_: Connection) -> None:
        if getattr(here, "news", False):
            here.news = False
            hit()

    Database._run_one = run_one  # type: ignore[method-assign]
    event.listen(Engine, "commit", commit)


def _committed(hit: Hit, is_news: IsNews = _has_news) -> None:
    """COMMIT has returned, and nobody has been told yet."""
    original = Database._answer

    def answer(self: Database, jobs: Iterable[Any]) -> None:
        if is_news(jobs):
            hit()
        original(self, jobs)

    Database._answer = answer  # type: ignore[method-assign]


def _before_deed(hit: Hit) -> None:
    """`before_commit` of presses and dialogs alone: among words, which are many, they seldom have their turn."""
    _before_commit(hit, _is_done)


def _deed_done(hit: Hit) -> None:
    """`committed` of presses and dialogs alone."""
    _committed(hit, _is_done)


def _acknowledging(hit: Hit) -> None:
    """The listener is done, and the acknowledgement is about to be sent."""
    over_socket = AsyncBaseSocketModeClient.send_socket_mode_response
    over_http = bot.web.to_aiohttp_response  # type: ignore[attr-defined]

    async def socket(self: AsyncBaseSocketModeClient, response: Any) -> None:
        hit()
        await over_socket(self, response)

    async def http(response: Any) -> Any:
        hit()
        return await over_http(response)

    AsyncBaseSocketModeClient.send_socket_mode_response = socket  # type: ignore[method-assign]
    bot.web.to_aiohttp_response = http  # type: ignore[attr-defined, assignment]


def _leased(hit: Hit) -> None:
    """The lease is committed, and the row has not been looked at."""
    original = Delivery._deliver

    async def deliver(self: Delivery, row: OutboxRow) -> None:
        hit()
        await original(self, row)

    Delivery._deliver = deliver  # type: ignore[method-assign]


def _sending(hit: Hit) -> None:
    """A message is rendered and about to be posted."""
    original = Poster.send

    async def send(self: Poster, row: OutboxRow, message: Message) -> Posted:
        if _is_new(row):
            hit()
        return await original(self, row, message)

    Poster.send = send  # type: ignore[method-assign]


def _posted(hit: Hit) -> None:
    """Slack has a new message, and the row does not say so."""
    original = Poster.send

    async def send(self: Poster, row: OutboxRow, message: Message) -> Posted:
        posted = await original(self, row, message)
        if _is_new(row):
            hit()
        return posted

    Poster.send = send  # type: ignore[method-assign]


def _changed(hit: Hit) -> None:
    """Slack has whatever was sent (an edit, a reaction too), and the row does not say so."""
    original = Poster.send

    async def send(self: Poster, row: OutboxRow, message: Message) -> Posted:
        posted = await original(self, row, message)
        hit()
        return posted

    Poster.send = send  # type: ignore[method-assign]


def _is_new(row: OutboxRow) -> bool:
    return row.posted_ts is None and row.kind in {Kind.CARD, Kind.NOTICE, Kind.DIRECT}


def _refreshing(hit: Hit) -> None:
    """Slack has asked for a new connection, and the old one is about to go."""
    original = SocketModeClient.connect_to_new_endpoint

    async def connect(self: SocketModeClient, force: bool = False) -> None:
        if force:
            hit()
        await original(self, force)

    SocketModeClient.connect_to_new_endpoint = connect  # type: ignore[method-assign, assignment]


def _refreshed(hit: Hit) -> None:
    """The new connection stands, and what came over the old one is still being handled."""
    original = SocketModeClient.connect_to_new_endpoint

    async def connect(self: SocketModeClient, force: bool = False) -> None:
        await original(self, force)
        if force:
            hit()

    SocketModeClient.connect_to_new_endpoint = connect  # type: ignore[method-assign, assignment]


def _kept(hit: Hit) -> None:
    """A word is kept and perhaps acknowledged, and nothing has been made of it."""
    original = Taker._take

    async def take(self: Taker, word: Word) -> None:
        hit()
        await original(self, word)

    Taker._take = take  # type: ignore[method-assign]


def _hasty(hit: Hit) -> None:
    """No seam but a mistake, to see that the verdict finds it: who presses or sends is told before anything is committed,
    and then it is not."""
    original = AsyncSocketModeHandler.handle

    async def handle(
        self: AsyncSocketModeHandler, client: AsyncBaseSocketModeClient, req: SocketModeRequest
    ) -> None:
        if req.type == "interactive":
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
        await original(self, client, req)  # type: ignore[arg-type]

    AsyncSocketModeHandler.handle = handle  # type: ignore[method-assign]
    _before_commit(hit, _is_done)


HOOKS: dict[str, Callable[[Hit], None]] = {
    "before_commit": _before_commit,
    "committed": _committed,
    "before_deed": _before_deed,
    "deed_done": _deed_done,
    "acknowledging": _acknowledging,
    "kept": _kept,
    "leased": _leased,
    "sending": _sending,
    "posted": _posted,
    "changed": _changed,
    "refreshing": _refreshing,
    "refreshed": _refreshed,
    "hasty": _hasty,
}


def _countdown(passes: int) -> Hit:
    """Kill this process at the `passes`-th call."""
    left, lock = [passes], threading.Lock()

    def hit() -> None:
        with lock:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return hit


if __name__ == "__main__":
    _mark_deeds()
    HOOKS[os.environ["CRASH_HOOK"]](_countdown(int(os.environ["CRASH_AT"])))
    sys.argv = ["bot", "run"]
    main()
