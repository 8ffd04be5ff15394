"""The one error handler: every failure of a listener is answered here, and nothing is lost by it.

A person gets a Japanese sentence with a reference number: on the spot for a button, in the dialog for a modal. An event
that failed is stored, without secrets and My Numbers, and answered 200, to be replayed; when the database itself is
away, 500, so that Slack sends it again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.errors import (
    BansoError,
    DatabaseUnavailable,
    DialogTooLate,
    Malformed,
    OperatorError,
    SlackBusy,
    SlackRefuses,
    UserError,
)
from bot.logs import current_reference, reference
from bot.slack import Outcome, outcome
from handlers.common.answering import say
from handlers.common.blocks import modal, section
from handlers.common.services import Services
from handlers.common.typed import noted
from storage import failures

log = structlog.get_logger("handlers")

LEFT_OUT = frozenset(
    {"token", "response_url", "response_urls", "trigger_id", "authorizations", "authed_users", "blocks"}
)
"""Secrets, and blocks: a message's words are in its text as well, and in blocks a My Number may lie in pieces."""
_TRIGGER_OVER = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_PASSES = frozenset({Outcome.LIMITED, Outcome.UNSURE, Outcome.NOT_SENT})
"""Nothing to mend: in a minute Slack takes it."""
NOTHING_LOST = "記録は変わっていません。"


def register_errors(app: AsyncApp, services: Services) -> None:
    """Make the Bolt app answer failures."""

    async def answer(error: Exception, body: dict[str, Any], respond: AsyncRespond) -> BoltResponse:
        ref = current_reference() or reference()
        kind = str(body.get("type") or ("command" if "command" in body else "unknown"))
        if kind == "event_callback":  # nobody waits for a sentence; whatever failed must not be lost
            return await _event_failed(services, ref, error, body)
        if _too_late(error):
            error = DialogTooLate()
        if isinstance(error, UserError):
            log.info("refused", kind=kind, why=type(error).__name__)
            return await _say(error.sentence, kind, respond)
        known = _known(error)  # no bug of ours: no traceback, and no time lost on one
        log.error(
            "listener failed", kind=kind, why=type(known or error).__name__, exc_info=None if known else error
        )
        return await _say(_sentence(known, ref), kind, respond)

    app.error(answer)


def _too_late(error: Exception) -> bool:
    """Whether a dialog came more than three seconds after the press that asked for it (views.open, "Errors")."""
    return isinstance(error, SlackApiError) and error.response.get("error") in _TRIGGER_OVER


def _known(error: Exception) -> OperatorError | None:
    """What the operator must mend, said for whoever waits for an answer; None for our own mistakes."""
    if isinstance(error, DatabaseUnavailable):
        return DatabaseUnavailable()  # its own words are for the log
    if not isinstance(error, SlackApiError | aiohttp.ClientError):
        return None
    what = outcome(error)[0]
    if what is Outcome.REFUSED_US:
        return SlackRefuses()
    return SlackBusy() if what in _PASSES else None


def _sentence(known: OperatorError | None, ref: str) -> str:
    if known is not None:
        return f"{known.sentence}お問い合わせ番号 {ref}"
    ask = "もう一度お試しください。続くときは県の担当へ、"
    return f"{BansoError().sentence}{NOTHING_LOST}{ask}お問い合わせ番号 {ref} をお伝えください。"


async def _say(sentence: str, kind: str, respond: AsyncRespond) -> BoltResponse:
    if kind == "view_submission":
        view = modal("お知らせ", [section(sentence)])
        return BoltResponse(status=200, body=json.dumps({"response_action": "update", "view": view}))
    if respond.response_url:
        await say(respond, text=sentence, response_type="ephemeral", replace_original=False)
    return BoltResponse(status=200, body="")


async def _event_failed(
    services: Services, ref: str, error: Exception, body: Mapping[str, Any]
) -> BoltResponse:
    if isinstance(error, DatabaseUnavailable):
        return _away(services)
    event = body.get("event")
    kind = str(event.get("type", "unknown")) if isinstance(event, Mapping) else "unknown"
    if isinstance(error, Malformed) or kind == "unknown":  # perhaps a later version of ours can read it
        log.warning("event cannot be read, kept for replay", kind=kind)
    else:
        log.error("event failed, kept for replay", kind=kind, exc_info=error)
    services.metrics.failed_events.inc()
    try:
        await services.database.write(
            failures.keep_failed,
            reference=ref,
            kind=kind,
            body=fit_to_keep(body),
            error=type(error).__name__,
        )
    except DatabaseUnavailable:
        return _away(services)
    return BoltResponse(status=200, body="")


def _away(services: Services) -> BoltResponse:
    log.warning("event left to Slack's retry: the database is away")
    services.hearing.refused(services.database.clock.real_now())
    return BoltResponse(status=500, body="")


def fit_to_keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload without My Numbers, and without tokens, response addresses and trigger ids, however deep they lie. It
    can be replayed: what was masked is noted."""
    kept: dict[str, Any] = _without(noted(payload))
    return kept


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without(inner) for key, inner in value.items() if key not in LEFT_OUT}
    if isinstance(value, float) and not math.isfinite(value):
        # Python reads what is no JSON (RFC 8259, section 6); PostgreSQL stores none of it.
        return str(value)
    return [_without(inner) for inner in value] if isinstance(value, list) else value
