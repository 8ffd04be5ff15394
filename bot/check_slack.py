"""The checks that talk to Slack, over the same client, proxy and authorities as the bot itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import Finding, bad, ok, warn
from bot.manifest import bot_scopes
from bot.obstacles import issuer_seen, name_obstacle

HELLO_SECONDS: Final = 10.0
SKEW_WARN_SECONDS: Final = 60
SKEW_BAD_SECONDS: Final = 300
"""Slack's signatures are refused when they are older than five minutes by our clock."""

_REINSTALL: Final = (
    "アプリの設定画面に `banso manifest` の出力を貼り直し、ワークスペースへ再インストールしてください"
)
_BOT_TOKEN: Final = "OAuth & Permissions の Bot User OAuth Token(xoxb-)を SLACK_BOT_TOKEN に入れてください"
_APP_TOKEN: Final = (
    "Basic Information の App-Level Tokens で connections:write を付けて作り、"
    "SLACK_APP_TOKEN に入れてください"
)
_REVOKED: Final = "アプリをワークスペースへ再インストールし、新しいトークンを入れてください"
_TOKEN_ERRORS: Final = {
    "account_inactive": ("アプリが外されたか、トークンが取り消されています", _REVOKED),
    "token_revoked": ("トークンが取り消されています", _REVOKED),
    "token_expired": (
        "トークンの期限が切れています(自動更新の設定になっています)",
        "`banso manifest` からアプリを作り直してください",
    ),
}


PURPOSES: Final = {
    "consultation": "相談チャンネル",
    "practice": "練習チャンネル",
    "desk": "県の対応チャンネル",
}
"""What the channels are called in which the bot must be."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel by its id, and what it is for: one of PURPOSES."""

    channel: str
    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Bot:
    """Who the bot token belongs to."""

    user_id: str
    app_id: str | None


async def check_bot(client: AsyncWebClient, now: Callable[[], datetime]) -> tuple[list[Finding], Bot | None]:
    """Try the bot token (auth.test): who we are, the granted scopes, the clock. No bot: nothing else will work."""
    try:
        answer = await client.auth_test()
    except Exception as error:
        return [await _failed("ボットトークン", error, client, _BOT_TOKEN)], None
    findings = [ok(f"ワークスペース「{answer.get('team')}」に @{answer.get('user')} としてつながりました")]
    findings += _scopes(answer.headers.get("x-oauth-scopes"))
    findings += _clock(answer.headers.get("Date"), now())
    user_id = str(answer.get("user_id"))
    return findings, Bot(user_id, await _app_of(client, user_id))


def _scopes(granted: str | None) -> list[Finding]:
    if granted is None:
        return [
            warn(
                "Slack が権限の一覧を返しませんでした",
                "途中のプロキシがヘッダーを消していないか確かめてください",
            )
        ]
    have, need = {scope.strip() for scope in granted.split(",") if scope.strip()}, bot_scopes()
    findings = []
    if need - have:
        findings.append(bad(f"権限が足りません:{'、'.join(sorted(need - have))}", _REINSTALL))
    if have - need:
        findings.append(warn(f"使わない権限が付いています:{'、'.join(sorted(have - need))}", _REINSTALL))
    return findings or [ok(f"権限はアプリの設定どおりです({len(have)} 個)")]


def _clock(date: str | None, now: datetime) -> list[Finding]:
    if date is None:
        return []
    skew = abs((parsedate_to_datetime(date).astimezone(UTC) - now).total_seconds())
    if skew <= SKEW_WARN_SECONDS:
        return []
    what, to_do = (
        f"この機械の時計が Slack と {skew:.0f} 秒ずれています",
        "時刻合わせ(NTP)を有効にしてください",
    )
    return [bad(f"{what}。署名の確認に失敗します", to_do) if skew > SKEW_BAD_SECONDS else warn(what, to_do)]


async def _app_of(client: AsyncWebClient, user_id: str) -> str | None:
    """The app a bot user belongs to, when Slack says so."""
    try:
        answer = await client.users_info(user=user_id)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return None
    profile: dict[str, Any] = answer["user"].get("profile") or {}
    return profile.get("api_app_id") or None


async def check_socket(
    client: AsyncWebClient, session: aiohttp.ClientSession, app_token: str, bot: Bot | None
) -> list[Finding]:
    """Try the app token (apps.connections.open) and open a WebSocket until Slack says hello."""
    try:
        url = str((await client.apps_connections_open(app_token=app_token))["url"])
    except Exception as error:
        return [await _failed("アプリトークン", error, client, _APP_TOKEN)]
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = await _hello(session, url, client)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return [await _blocked("Socket Mode", error, url, client)]
    app_id = str((hello.get("connection_info") or {}).get("app_id") or "")
    if bot is not None and bot.app_id and app_id and bot.app_id != app_id:
        return [
            bad(
                f"2 つのトークンが別のアプリのものです({bot.app_id} と {app_id})",
                "同じアプリの画面から取り直してください",
            )
        ]
    return [ok(f"Socket Mode でつながりました(いまの接続 {hello.get('num_connections', '?')} 本)")]


async def _hello(session: aiohttp.ClientSession, url: str, client: AsyncWebClient) -> dict[str, Any]:
    """Slack's first message. Closed at once afterwards, so that no event of a running bot comes to us."""
    async with session.ws_connect(url, proxy=client.proxy, ssl=client.ssl or True) as socket:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                said: dict[str, Any] = json.loads(message.data)
                if said.get("type") == "hello":
                    return said
    raise ConnectionResetError("closed before hello")


async def check_channels(client: AsyncWebClient, channels: Sequence[Place]) -> list[Finding]:
    """The bot is in each of these channels, and none is archived."""
    return [await _channel(client, place) for place in channels]


async def _channel(client: AsyncWebClient, place: Place) -> Finding:
    called = f"{PURPOSES[place.purpose]} #{place.name}"
    invite = f"#{place.name} で /invite @Banso と打ち、ボットを招待してください"
    try:
        found: dict[str, Any] = (await client.conversations_info(channel=place.channel))["channel"]
    except SlackApiError as error:
        code = _code(error)
        if code in {"channel_not_found", "not_in_channel"}:
            return bad(f"{called} が見えません(削除されたか、非公開で招待されていません)", invite)
        return bad(f"{called} を確かめられません({code})", _REINSTALL)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return await _blocked(called, error, client.base_url, client)
    if found.get("is_archived"):
        to_do = '元に戻すか、名簿ファイルで purpose を "other" にして読み込み直してください'
        return bad(f"{called} はアーカイブされています", to_do)
    if not found.get("is_member"):
        return bad(f"{called} にボットがいません", invite)
    return ok(f"{called} にボットがいます")


async def _failed(what: str, error: Exception, client: AsyncWebClient, to_do: str) -> Finding:
    if not isinstance(error, SlackApiError):
        return await _blocked(what, error, client.base_url, client)
    code = _code(error)
    if code is None:
        status = getattr(error.response, "status_code", getattr(error.response, "status", "?"))
        return bad(
            f"{what}:Slack ではないものが答えました({status})",
            "プロキシやフィルターの案内ページのことがあります。slack.com への通信を許可するよう頼んでください",
        )
    sentence, remedy = _TOKEN_ERRORS.get(code, (f"Slack に受け付けられません({code})", to_do))
    return bad(f"{what}:{sentence}", remedy)


async def _blocked(what: str, error: Exception, url: str, client: AsyncWebClient) -> Finding:
    issuer = None
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        issuer = await issuer_seen(
            f"https://{urlsplit(url).netloc}/", client.proxy
        )  # no path: it holds a ticket
    found = name_obstacle(error, host=urlsplit(url).hostname or url, proxy=client.proxy, issuer=issuer)
    return bad(f"{what}:{found.what}", found.what_to_do)


def _code(error: SlackApiError) -> str | None:
    """Slack's error code; None when what answered was not Slack."""
    data = getattr(error.response, "data", None)
    return str(data["error"]) if isinstance(data, dict) and data.get("error") else None
