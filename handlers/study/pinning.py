"""What of agendas is done every few seconds, beside everything else: they follow what they show, and are pinned to their
channels until their session is over. What Slack refuses is said once and not tried again for that agenda.

A pin is no message: nothing of it is lost when it fails, and doing it twice is doing it once (`already_pinned`,
`no_pin`). So it needs no row of the outbox; the user groups of rotas are kept in step in the same way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.feature import Message, Outgoing
from bot.slack import SCOPE_ERRORS, Outcome, outcome
from handlers.common.services import Services
from handlers.common.telling import tell
from handlers.rota.groups import gives_up
from handlers.study import agendas as cards
from handlers.study import proposing, topic_forms
from handlers.study.coming import session_on
from handlers.study.gathering import chairs, session_name, stands
from storage import agendas, study, topics
from storage.agendas import Agenda
from storage.database import Transaction

NOT_PINNED = "study.not_pinned"
WHY = {
    "missing_scope": "アプリに権限 pins:write がありません(app.yaml を貼り直し、入れ直すと付きます)",
    "permission_denied": "このチャンネルでは、Banso にピン留めが許されていません",
    "restricted_action": "このチャンネルでは、Banso にピン留めが許されていません",
    "too_many_pins": "このチャンネルのピン留めがいっぱいです(100件まで)",
    "not_in_channel": "Banso がチャンネルから外れています",
    "is_archived": "チャンネルがアーカイブされています",
}
log = structlog.get_logger("study")


async def keep(services: Services) -> None:
    """Let agendas and their pins be as they should be."""
    database = services.database
    if await database.read(behind):
        await database.write_later(catch_up)
    for found in await database.read(to_pin):
        await _pin(services, found)
    for found in await database.read(to_unpin):
        await _unpin(services, found)


def behind(tx: Transaction) -> bool:
    """Whether a topic lost its question, or an agenda shows what is so no more."""
    return any(not stands(tx, each) for each in topics.from_questions(tx)) or bool(cards.stale(tx))


def catch_up(tx: Transaction) -> None:
    """Take away the topics whose question is not everybody's any more, and let agendas follow."""
    for topic in topics.from_questions(tx):
        if not stands(tx, topic):
            proposing.drop(tx, topic, None)
    cards.follow(tx)


def to_pin(tx: Transaction) -> list[Agenda]:
    """Agendas that stand in their channel without a pin, though their session is not over."""
    return [each for each in agendas.living(tx) if each.to_pin and not cards.is_over(tx, each)]


def to_unpin(tx: Transaction) -> list[Agenda]:
    """Agendas whose session is over."""
    return [each for each in agendas.living(tx) if cards.is_over(tx, each)]


async def _pin(services: Services, found: Agenda) -> None:
    write, ts = services.database.write_later, found.posted_ts or ""
    code = await _said(lambda: services.client.pins_add(channel=found.channel, timestamp=ts))
    if code in {"", "already_pinned"}:
        await write(pinned, found, ts)
    elif code == "message_not_found":  # somebody deleted it; when it is written anew it is pinned again
        await write(lambda tx: agendas.note(tx, found.id, posted_ts=None))
    elif code is not None:
        await write(refused, found, code)


async def _unpin(services: Services, found: Agenda) -> None:
    code: str | None = ""
    if (ts := found.pinned_ts) is not None:
        code = await _said(lambda: services.client.pins_remove(channel=found.channel, timestamp=ts))
    if code is not None:  # what cannot be taken away is left to people
        await services.database.write_later(over, found)


async def _said(call: Callable[[], Awaitable[Any]]) -> str | None:
    """Slack's answer: "" for yes, why not, or None for what passes."""
    try:
        await call()
    except SlackApiError as error:
        what, code = outcome(error)
        final = gives_up(what, code) or what is Outcome.GONE
        log.warning("slack refused a pin", error=code, again=not final)
        return code if final else None
    except Exception as error:
        log.warning("cannot reach the pins", error=type(error).__name__)
        return None
    return ""


def pinned(tx: Transaction, found: Agenda, ts: str) -> None:
    """It is pinned; what was pinned before it was deleted."""
    agendas.note(tx, found.id, pinned_ts=ts, error=None)


def over(tx: Transaction, found: Agenda) -> None:
    """Its session is over: nobody looks at it any more."""
    agendas.note(tx, found.id, pinned_ts=None, closed_at=tx.now)


def refused(tx: Transaction, found: Agenda, code: str) -> None:
    """Slack does not let us; who arranges is told: of a right that is missing once and for all, of a channel once each."""
    agendas.note(tx, found.id, error=code)
    where = "" if code in SCOPE_ERRORS else found.channel
    for person in chairs(tx, study.need(tx, found.series_id)):
        said = {"code": code}
        tell(tx, person, NOT_PINNED, found.id, key=f"{where}:{code}:{person}", values=said)


def told(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Why an agenda is not pinned; nothing when it is by now, or its session is none any more."""
    found = agendas.by_id(tx, outgoing.record_id)
    series = study.need(tx, found.series_id) if found is not None else None
    session = session_on(tx, series, found.planned_on) if found is not None and series is not None else None
    if found is None or series is None or session is None or found.error is None:
        return None
    why = WHY.get(str(outgoing.values["code"]), "Slack が受け付けませんでした")
    return topic_forms.not_pinned(session_name(tx, series, session), why)
