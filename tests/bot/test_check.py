"""`banso check`, through the real wire: what an operator reads for each thing that can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import SecretStr

from bot import check_slack
from bot.check import SchemaState, exit_code, run_checks, unreadable_settings
from bot.check_slack import Place
from bot.clock import Clock
from bot.errors import SettingsError
from bot.facts import StoredFacts
from bot.manifest import bot_scopes
from bot.metrics import Metrics
from bot.settings import Settings, load_settings
from bot.web import Health, WebServer, health_app
from handlers.members.form import parse
from handlers.members.loading import load
from storage.database import Database, Transaction
from storage.workspace import save_workspace
from tests.bot.checking import APP_TOKEN, BOT_TOKEN, NOWHERE, Facts, checked, lines, settings
from tests.bot.network import FakeSlack

pytestmark = pytest.mark.usefixtures("no_proxy_from_outside")


async def test_a_healthy_installation_has_nothing_but_green_lines_and_the_note_of_another_slack() -> None:
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, Facts())
    assert lines(findings, "❌") == ""
    assert lines(findings, "⚠").startswith("⚠ 本物の Slack ではなく")
    assert lines(findings, "✅").splitlines() == [
        "✅ ワークスペース「あさぎ県」に @banso としてつながりました",
        f"✅ 権限はアプリの設定どおりです({len(bot_scopes())} 個)",
        "✅ Socket Mode でつながりました(いまの接続 1 本)",
        "✅ 相談チャンネル #デジタル相談 にボットがいます",
        "✅ データベースは使えます(版 0001 → 0002)",
        "✅ 名簿と当番の準備ができています",
    ]
    assert exit_code(findings) == 0


async def test_both_tokens_are_really_tried() -> None:
    async with FakeSlack().serving() as slack:
        await checked(slack)
    assert f"Bearer {BOT_TOKEN}" in slack.tokens
    assert f"Bearer {APP_TOKEN}" in slack.tokens


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ("invalid_auth", "xoxb-"),
        ("account_inactive", "再インストール"),
        ("token_expired", "作り直して"),
        ("some_new_error", "some_new_error"),
    ],
)
async def test_a_refused_bot_token_says_what_to_do_and_stops_there(error: str, word: str) -> None:
    async with FakeSlack().serving() as slack:
        slack.answers["auth.test"] = {"ok": False, "error": error}
        findings = await checked(slack)
    assert word in lines(findings, "❌")
    assert len(lines(findings, "❌").splitlines()) == 1
    assert exit_code(findings) == 1


async def test_a_refused_app_token_names_the_place_where_a_right_one_is_made() -> None:
    async with FakeSlack().serving() as slack:
        slack.answers["apps.connections.open"] = {"ok": False, "error": "invalid_auth"}
        findings = await checked(slack)
    assert "アプリトークン" in lines(findings, "❌")
    assert "connections:write" in lines(findings, "❌")


async def test_missing_and_superfluous_scopes_are_named_one_by_one() -> None:
    async with FakeSlack(scopes="chat:write,channels:manage").serving() as slack:
        findings = await checked(slack)
    missing = "、".join(sorted(bot_scopes() - {"chat:write"}))
    assert f"❌ 権限が足りません:{missing} →" in lines(findings)
    assert "⚠ 使わない権限が付いています:channels:manage →" in lines(findings)


async def test_a_proxy_that_eats_the_scope_header_is_suspected() -> None:
    async with FakeSlack(scopes=None).serving() as slack:
        findings = await checked(slack)
    assert "ヘッダーを消していないか" in lines(findings, "⚠")


async def test_tokens_of_two_different_apps_are_noticed() -> None:
    async with FakeSlack().serving() as slack:
        slack.answers["users.info"] = {"ok": True, "user": {"profile": {"api_app_id": "A2"}}}
        findings = await checked(slack)
    assert "別のアプリ" in lines(findings, "❌")


@pytest.mark.parametrize(("seconds", "mark"), [(30, ""), (-90, "⚠"), (90, "⚠"), (400, "❌")])
async def test_a_wrong_clock_is_measured_against_slacks(seconds: int, mark: str) -> None:
    class Fast(Clock):
        def real_now(self) -> datetime:
            return now + timedelta(seconds=seconds)

    now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    async with FakeSlack(date=format_datetime(now, usegmt=True)).serving() as slack:
        findings = await run_checks(settings(slack), facts=None, clock=Fast())
    about = [line for line in lines(findings).splitlines() if "時計" in line]
    assert [line.split()[0] for line in about] == ([mark] if mark else [])
    assert not about or f"{abs(seconds)} 秒" in about[0]


async def test_a_websocket_that_is_not_let_through_is_told_apart_from_a_wrong_token() -> None:
    async with FakeSlack(upgrade=False).serving() as slack:
        findings = await checked(slack)
    assert "WebSocket への切り替えが断られました(400)" in lines(findings, "❌")


async def test_a_websocket_that_closes_without_a_word_is_bad() -> None:
    async with FakeSlack(hello=None).serving() as slack:
        findings = await checked(slack)
    assert "Socket Mode:" in lines(findings, "❌")


async def test_a_websocket_that_stays_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_slack, "HELLO_SECONDS", 0.1)
    async with FakeSlack(hello={"type": "something else"}).serving() as slack:
        findings = await checked(slack)
    assert "返事がありません" in lines(findings, "❌")


async def test_a_filters_page_is_not_taken_for_slack() -> None:
    async with FakeSlack(page="<html>このサイトは許可されていません</html>").serving() as slack:
        findings = await checked(slack)
    assert "Slack ではないものが答えました(403)" in lines(findings, "❌")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"ok": True, "channel": {"is_member": False}}, "/invite @Banso"),
        ({"ok": True, "channel": {"is_member": True, "is_archived": True}}, "アーカイブ"),
        ({"ok": False, "error": "channel_not_found"}, "見えません"),
        ({"ok": False, "error": "missing_scope"}, "missing_scope"),
    ],
)
@pytest.mark.parametrize(
    ("purpose", "called"),
    [("consultation", "相談チャンネル"), ("practice", "練習チャンネル"), ("desk", "県の対応チャンネル")],
)
async def test_each_channel_with_a_purpose_is_looked_into(
    answer: dict[str, Any], word: str, purpose: str, called: str
) -> None:
    async with FakeSlack().serving() as slack:
        slack.answers["conversations.info"] = answer
        findings = await checked(slack, Facts(places=[Place("C1", "デジタル相談", purpose)]))
    assert word in lines(findings, "❌")
    assert f"{called} #デジタル相談" in lines(findings, "❌")


async def test_every_channel_of_the_workspace_file_is_looked_into(database: Database) -> None:
    """But for those without a purpose, which are anybody's."""
    purposes = ("desk", "other", "practice", "consultation")
    channels = [{"id": f"C{n}", "name": purpose, "purpose": purpose} for n, purpose in enumerate(purposes)]

    def set_up(tx: Transaction) -> None:
        save_workspace(tx, name="あさぎ県", url="")
        load(tx, parse({"channels": channels}))

    await database.write(set_up)
    facts = StoredFacts(Settings(_env_file=None, database_url=database.url), database.clock)
    assert [place.name for place in await facts.channels()] == ["consultation", "practice", "desk"]


async def test_a_practice_channel_alone_is_not_enough() -> None:
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, Facts(places=[Place("C1", "練習", "practice")]))
    assert "相談チャンネルがまだありません" in lines(findings, "⚠")


async def test_a_taken_port_is_found_before_the_bot_is_started() -> None:
    async with FakeSlack().serving() as slack, FakeSlack().serving() as other:
        findings = await checked(slack, host="localhost", port=other.port)
    assert f"PORT {other.port} は、ほかのプログラムが使っています" in lines(findings, "❌")


async def test_a_port_that_a_running_banso_holds_is_no_mistake() -> None:
    async def healthy() -> Health:
        return Health()

    server = WebServer(health_app(healthy, Metrics()), "127.0.0.1", 0)
    await server.start()
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, port=server.port)
    await server.stop()
    assert lines(findings, "❌") == ""
    assert f"PORT {server.port} では、もう Banso が動いています" in lines(findings, "⚠")


async def test_a_free_port_is_free_again_after_the_check() -> None:
    async with FakeSlack().serving() as slack:
        port = slack.port
    async with FakeSlack().serving() as slack:
        for _ in range(2):
            assert "PORT" not in lines(await checked(slack, port=port))


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("behind", "banso migrate"),
        ("ahead", "新しく"),
        ("unreachable", "DATABASE_URL"),
        ("read_only", "空き容量"),
    ],
)
async def test_a_database_that_cannot_be_used_says_why(state: SchemaState, word: str) -> None:
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, Facts(state))
    assert word in lines(findings, "❌")
    assert "0001 → 0002" in lines(findings, "❌")


async def test_a_database_that_goes_away_while_it_is_asked_is_a_finding_too() -> None:
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, Facts(away=True))
    assert "データベースにつながりません" in lines(findings, "❌")


async def test_what_is_left_to_set_up_is_listed() -> None:
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, Facts(places=(), duty=0, desk=1, recipients=0))
    left = lines(findings, "⚠")
    for word in ("相談チャンネルがまだありません", "7 日に当番", "1 人です", "受け取る人がいません"):
        assert word in left
    assert exit_code(findings) == 0


@pytest.mark.parametrize(
    ("admin", "mark", "word"),
    [
        ((0, 0), "⚠", "管理者がまだいません"),
        ((0, 1), "❌", "管理者 1 人が退会していて、ほかに管理者がいません"),
        ((0, 2), "❌", "BANSO_ADMIN に"),
    ],
)
async def test_nobody_who_administers_is_told_with_what_to_do(
    admin: tuple[int, int], mark: str, word: str
) -> None:
    async with FakeSlack().serving() as slack:
        assert word in lines(await checked(slack, Facts(admin=admin)), mark)
        assert word not in lines(await checked(slack, Facts(admin=(1, 2))))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"slack_bot_token": SecretStr("")}, "SLACK_BOT_TOKEN がありません"),
        ({"slack_bot_token": SecretStr("xapp-1")}, "xoxb- で始まっていません"),
        ({"slack_app_token": SecretStr("xoxb-1")}, "xapp- で始まっていません"),
        ({"slack_app_token": None}, "SLACK_APP_TOKEN も SLACK_SIGNING_SECRET も"),
        ({"slack_app_token": None, "slack_signing_secret": SecretStr("s" * 32)}, "PUBLIC_URL がありません"),
        (
            {
                "slack_app_token": None,
                "slack_signing_secret": SecretStr("s" * 32),
                "public_url": "http://127.0.0.1:3000",
            },
            "PUBLIC_URL が https://",
        ),
        ({"slack_proxy": "proxy.example:8080"}, "SLACK_PROXY が http://"),
    ],
)
async def test_settings_that_cannot_work_are_named(values: dict[str, Any], word: str) -> None:
    quiet = {"slack_bot_token": SecretStr("")}  # without a bot token nothing is asked over the network
    findings = await checked(NOWHERE, **{**quiet, **values})
    assert word in lines(findings, "❌")


def test_settings_that_cannot_be_read_become_one_line_each() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(_env_file=None, port=99999, log_format="loud")
    findings = unreadable_settings(caught.value)
    assert [str(f).split(":")[0] for f in findings] == ["❌ PORT", "❌ LOG_FORMAT"]


@pytest.mark.parametrize(
    "url",
    [
        "http://banso.example",
        "banso.example",
        "https:///calendar",
        "https://banso.example/?a=b",
        "https://banso.example/#a",
        "https://user:secret@banso.example",
        "https://banso.example:x",
        "https://banso .example",
        "https://伴走.example",
        "ftp://banso.example",
    ],
)
def test_a_public_address_that_is_none_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(_env_file=None, public_url=url)
    assert str(caught.value).count("PUBLIC_URL: https://") == 1
    assert url not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://banso.example/", "https://banso.example"),
        ("https://banso.example:8443/desk", "https://banso.example:8443/desk"),
        ("http://127.0.0.1:0", "http://127.0.0.1:3210"),
        ("", None),
        (None, None),
    ],
)
def test_a_public_address_is_kept_as_addresses_are_made_of_it(url: str | None, address: str | None) -> None:
    assert load_settings(_env_file=None, public_url=url).address(3210) == address
