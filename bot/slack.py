"""The Slack client as we use it, and what its answers mean for delivery."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from enum import Enum
from functools import cache

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SettingsError
from bot.settings import Settings

TOKEN_ERRORS = frozenset(
    {
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Our own standing is broken: the operator must act, and nothing may be given up meanwhile."""

SCOPE_ERRORS = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})
"""Those of them that depend on what is called: the token itself is taken."""

_UNSURE_ERRORS = frozenset(
    [
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "unknown_error",
    ]
)


@dataclass(slots=True)
class Token:
    """What Slack last said of our token: `refused` is its word while it is refused, None otherwise. One for the whole app:
    delivery, the events and a look each minute know it (a quiet day must not hide it)."""

    refused: str | None = None


class Outcome(Enum):
    """What a failed call means."""

    LIMITED = "limited"
    REFUSED_US = "refused_us"
    UNSURE = "unsure"
    NOT_SENT = "not_sent"
    GONE = "gone"
    DEAD = "dead"
    OUR_BUG = "our_bug"


@cache
def _machines_authorities() -> ssl.SSLContext:
    """Read once: there are more than a hundred, and they take a twentieth of a second."""
    return ssl.create_default_context()


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """Trust the machine's authorities and, if set, the one of the office's proxy.

    Raises:
        SettingsError: the proxy's certificate cannot be read.
    """
    if settings.slack_ca_file is None:
        return _machines_authorities()
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=str(settings.slack_ca_file))
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"SLACK_CA_FILE の証明書を読めません({type(error).__name__})。"
            "認証局の証明書を PEM 形式(-----BEGIN CERTIFICATE----- で始まる)で置いてください。"
        ) from error
    return context


def web_client(
    settings: Settings, session: aiohttp.ClientSession, *, with_token: bool = True
) -> AsyncWebClient:
    """A client on a shared session. It never retries by itself: a dropped connection after Slack had processed a
    post made two posts with the SDK's default handler. `with_token=False` is for Bolt, which gets its token from
    `authorize` and complains about a second one."""
    client = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value() if with_token else None,
        base_url=settings.slack_api_url,
        session=session,
        proxy=settings.slack_proxy,
        ssl=ssl_context(settings),
        retry_handlers=[],
        timeout=10,
    )
    if settings.may_move_time:
        client.proxy = (
            None  # the SDK takes HTTPS_PROXY and never looks at NO_PROXY; this machine needs no proxy
        )
    return client


def outcome(error: Exception) -> tuple[Outcome, str]:
    """What an exception of the client means, and its short name for people and logs.

    Sources: Slack's docs of chat.postMessage and chat.update, "Errors" (fatal_error: "it's possible some aspect of
    the operation succeeded").
    """
    if isinstance(error, SlackApiError):
        return _api_outcome(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Outcome.NOT_SENT, "no_connection"
    if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
        return Outcome.UNSURE, type(error).__name__
    raise error


def _api_outcome(error: SlackApiError) -> tuple[Outcome, str]:
    response = error.response
    status: int = getattr(response, "status_code", getattr(response, "status", 200))
    data = response.data if hasattr(response, "data") and isinstance(response.data, dict) else {}
    if status != 429 and "error" not in data:
        return Outcome.UNSURE, f"http_{status}"  # not Slack's words: a proxy's page, or half an answer
    code = str(data.get("error", f"http_{status}"))
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Outcome.LIMITED, code
    if code in TOKEN_ERRORS:
        return Outcome.REFUSED_US, code
    if status >= 500 or code in _UNSURE_ERRORS:
        return Outcome.UNSURE, code
    if code in {"message_not_found", "cant_update_message", "edit_window_closed"}:
        return Outcome.GONE, code
    return Outcome.DEAD, code


def retry_after(error: Exception) -> float:
    """Seconds Slack asks us to wait after a 429."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    found = {str(name).lower(): value for name, value in dict(headers).items()}.get("retry-after", "30")
    value = found[0] if isinstance(found, list) else found
    try:
        return max(1.0, float(value))
    except ValueError:
        return 30.0
