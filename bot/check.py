"""`banso check`: what is missing or wrong, one line each, with what to do about it (Japanese, for the operator).

Tokens are really tried and the WebSocket is really opened: a check that only reads the settings would have said "fine"
in most cases that keep a bot from working.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp

from bot.check_embedding import check_embedder
from bot.check_slack import Place, check_bot, check_channels, check_socket
from bot.clock import Clock
from bot.errors import DatabaseUnavailable, OperatorError, SettingsError
from bot.findings import Finding, bad, exit_code, ok, warn
from bot.obstacles import name_port
from bot.settings import REAL_SLACK, Settings
from bot.slack import web_client
from storage.refusals import in_words

__all__ = ["Finding", "SetupFacts", "exit_code", "run_checks", "unreadable_settings"]

DUTY_DAYS: Final = 7

SchemaState = Literal["ok", "behind", "ahead", "unreachable", "read_only"]


class SetupFacts(Protocol):
    """What the database knows about the set-up."""

    async def schema_state(self) -> tuple[SchemaState, str]:
        """How the database stands, and a detail for people (versions, the kind of failure)."""
        ...

    async def channels(self) -> Sequence[Place]:
        """The channels the bot must be in, whatever for."""
        ...

    async def talents_on_duty(self, days: int) -> int:
        """How many talents have a shift within the next `days` days."""
        ...

    async def coordinators(self) -> int:
        """How many active coordinators there are."""
        ...

    async def admins(self) -> tuple[int, int]:
        """How many administrators have an active account, and how many a deactivated one."""
        ...

    async def dead_letter_recipients(self) -> int:
        """How many people are told about a message that can never be delivered."""
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """The answers of `SetupFacts`, read once."""

    channels: tuple[Place, ...]
    on_duty: int
    coordinators: int
    admins: tuple[int, int]
    dead_letter_recipients: int


async def run_checks(
    settings: Settings, *, facts: SetupFacts | None, clock: Clock | None = None
) -> list[Finding]:
    """All checks, in the order in which an operator would mend things. Never raises for what it finds.

    Args:
        facts: the database's side; None leaves it out.
        clock: the machine's clock.
    """
    stored, setup = await check_database(facts) if facts is not None else ([], None)
    findings = check_settings(settings) + await check_port(settings)
    if settings.slack_bot_token.get_secret_value():
        findings += await _check_slack(settings, setup.channels if setup else (), clock or Clock())
    findings += await check_embedder(settings) + stored
    return findings + (check_setup(setup) if setup else [])


async def _check_slack(settings: Settings, channels: Sequence[Place], clock: Clock) -> list[Finding]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        try:
            client = web_client(settings, session)
        except SettingsError as error:
            return [_as_finding(error)]
        findings = _proxy(settings, client.proxy)
        found, bot = await check_bot(client, clock.real_now)
        findings += found
        if bot is None:
            again = "上を直してから、もう一度 `banso check` を実行してください"
            return [*findings, warn("ほかの Slack の点検はしていません", again)]
        if settings.slack_app_token is not None and settings.socket_mode:
            findings += await check_socket(client, session, settings.slack_app_token.get_secret_value(), bot)
        return findings + await check_channels(client, channels)


def _proxy(settings: Settings, proxy: str | None) -> list[Finding]:
    """The SDK takes HTTPS_PROXY from the environment and never looks at NO_PROXY."""
    host = urlsplit(settings.slack_api_url).hostname or ""
    if proxy is None or settings.slack_proxy or not proxy_bypass(host):
        return []
    return [
        warn(
            f"NO_PROXY に {host} がありますが、Slack へは HTTPS_PROXY を通ります(NO_PROXY は使われません)",
            "直接つなぐなら、このプログラムだけ HTTPS_PROXY を空にして起動してください",
        )
    ]


def check_settings(settings: Settings) -> list[Finding]:
    """What can be seen from the settings alone."""
    findings = [*_tokens(settings), *_mode(settings)]
    if settings.slack_proxy and urlsplit(settings.slack_proxy).scheme not in {"http", "https"}:
        findings.append(
            bad("SLACK_PROXY が http:// で始まっていません", "http://宛先:番号 の形にしてください")
        )
    if settings.slack_api_url != REAL_SLACK:
        findings.append(
            warn("本物の Slack ではなく、練習用の場所につなぎます", "本番では SLACK_API_URL を消してください")
        )
    return findings or [ok("設定の書き方に問題はありません")]


def _tokens(settings: Settings) -> list[Finding]:
    bot = settings.slack_bot_token.get_secret_value()
    app = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    findings = []
    if not bot:
        findings.append(
            bad(
                "SLACK_BOT_TOKEN がありません",
                "アプリをインストールすると出る xoxb- のトークンを入れてください",
            )
        )
    elif not bot.startswith("xoxb-"):
        findings.append(
            bad(
                "SLACK_BOT_TOKEN が xoxb- で始まっていません",
                "ボットのトークンと取り違えていないか確かめてください",
            )
        )
    if app and not app.startswith("xapp-"):
        findings.append(
            bad(
                "SLACK_APP_TOKEN が xapp- で始まっていません",
                "アプリのトークンと取り違えていないか確かめてください",
            )
        )
    return findings


def _mode(settings: Settings) -> list[Finding]:
    if settings.socket_mode:
        return []
    if not settings.slack_signing_secret.get_secret_value():
        return [
            bad(
                "SLACK_APP_TOKEN も SLACK_SIGNING_SECRET もありません",
                "ふつうは SLACK_APP_TOKEN(xapp-)だけ入れてください。HTTP モードなら署名の鍵を入れてください",
            )
        ]
    if not settings.public_url:
        return [
            bad(
                "HTTP モードなのに PUBLIC_URL がありません",
                "Slack から届く https:// の URL を入れ、`banso manifest --url` で登録してください",
            )
        ]
    if not settings.public_url.startswith("https://"):
        return [
            bad(
                "PUBLIC_URL が https:// で始まっていません",
                "Slack は https にしか送りません。証明書のある URL にしてください",
            )
        ]
    return []


async def check_port(settings: Settings) -> list[Finding]:
    """The port for /healthz can be opened, or it is a running Banso that holds it."""
    host, port = settings.host, settings.port
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except OSError as error:
        if await _is_banso(host, port):
            same = (
                "点検しているのがその Banso なら、そのままで大丈夫です。別の Banso なら PORT を変えてください"
            )
            return [warn(f"PORT {port} では、もう Banso が動いています", same)]
        found = name_port(error, host, port)
        return [bad(found.what, found.what_to_do)]
    server.close()
    await server.wait_closed()
    return []


async def _is_banso(host: str, port: int) -> bool:
    """Whether what answers there is one of us."""
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=6)) as session:
            async with session.get(url) as answer:
                return {"findings", "ledger"} <= set(await answer.json(content_type=None))
    except (aiohttp.ClientError, OSError, ValueError, TypeError):
        return False


async def check_database(facts: SetupFacts) -> tuple[list[Finding], Setup | None]:
    """Reachable, writable, of the version this program wants; and what it holds when it can be read."""
    setup = None
    try:
        state, detail = await facts.schema_state()
        if state in {"ok", "read_only"}:
            setup = Setup(
                tuple(await facts.channels()),
                await facts.talents_on_duty(DUTY_DAYS),
                await facts.coordinators(),
                await facts.admins(),
                await facts.dead_letter_recipients(),
            )
    except DatabaseUnavailable as error:
        state, detail = "unreachable", in_words(error.__cause__)
    except OperatorError as error:
        return [_as_finding(error)], None
    return [_database(state, detail)], setup


def _database(state: SchemaState, detail: str) -> Finding:
    if state == "behind":
        return bad(f"データベースの版が古いままです({detail})", "`banso migrate` を実行してください")
    if state == "ahead":
        return bad(
            f"データベースのほうがプログラムより新しい版です({detail})", "プログラムを新しくしてください"
        )
    if state == "read_only":
        return bad(
            f"データベースに書き込めません({detail})",
            "ファイルの持ち主、空き容量、データベースの権限を確かめてください",
        )
    if state == "unreachable":
        return bad(
            f"データベースにつながりません({detail})",
            "DATABASE_URL と、データベースが動いているかを確かめてください",
        )
    return ok(f"データベースは使えます(版 {detail})")


def check_setup(setup: Setup) -> list[Finding]:
    """What is still to be set up before municipalities can be invited."""
    to_do = "Slack の `/banso 設定` で決めるか、`banso load` の名簿ファイルに書き足してください"
    findings = []
    if not any(place.purpose == "consultation" for place in setup.channels):
        findings.append(warn("相談チャンネルがまだありません", to_do))
    if setup.on_duty == 0:
        findings.append(warn(f"この先 {DUTY_DAYS} 日に当番のアドバイザーがいません", to_do))
    if setup.coordinators < 2:
        few = f"県の担当が {setup.coordinators} 人です。休みの日に相談が止まらないよう 2 人以上にします"
        findings.append(warn(few, to_do))
    active, gone = setup.admins
    if not active:
        first = "BANSO_ADMIN に管理者になる方の Slack のメンバー ID(U…)を書いて、ボットを起動し直してください"
        findings.append(
            bad(f"管理者 {gone} 人が退会していて、ほかに管理者がいません", first)
            if gone
            else warn("管理者がまだいません", first)
        )
    if setup.dead_letter_recipients == 0:
        findings.append(warn("届けられなかったお知らせを受け取る人がいません", to_do))
    return findings or [ok("名簿と当番の準備ができています")]


def unreadable_settings(error: SettingsError) -> list[Finding]:
    """The findings for settings that could not even be read: one for each line of the error."""
    lines = [line for line in error.sentence.splitlines()[1:] if line]
    fix = ".env(または環境変数)のその行を直してください"
    return [bad(line, fix) for line in lines] or [_as_finding(error)]


def _as_finding(error: OperatorError) -> Finding:
    """Our sentences say first what is so, then what to do."""
    what, _, what_to_do = error.sentence.removesuffix("。").partition("。")
    return bad(what, what_to_do)
