"""`banso check` against the sandbox, with the app installed from our own app.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.check import exit_code, run_checks
from bot.check_slack import Place
from bot.findings import Finding
from bot.manifest import load_manifest
from bot.settings import Settings
from sandbox import Sandbox
from sandbox.client import Workspace
from tests.bot.checking import Facts, lines

APP = Path(__file__).parents[2] / "app.yaml"

pytestmark = pytest.mark.usefixtures("no_proxy_from_outside")


async def checked(sandbox: Sandbox, facts: Facts | None = None, **values: Any) -> list[Finding]:
    given = {
        "slack_api_url": sandbox.api_url,
        "slack_bot_token": SecretStr(sandbox.bot_token),
        "slack_app_token": SecretStr(sandbox.app_token),
    }
    return await run_checks(Settings(_env_file=None, **{**given, **values}), facts=facts)


async def test_our_own_manifest_gives_everything_the_check_asks_for() -> None:
    async with Sandbox(APP) as sandbox, Workspace(sandbox.control_url) as town:
        inside = await town.channel("デジタル相談")
        findings = await checked(sandbox, Facts(places=[Place(inside.id, "デジタル相談", "consultation")]))
        assert sandbox.world.app.problems == ()
    assert exit_code(findings) == 0, lines(findings)
    assert "権限はアプリの設定どおりです" in lines(findings, "✅")
    assert "Socket Mode でつながりました" in lines(findings, "✅")
    assert "#デジタル相談 にボットがいます" in lines(findings, "✅")


async def test_channels_without_the_bot_are_bad_public_or_private() -> None:
    async with Sandbox(APP) as sandbox, Workspace(sandbox.control_url) as town:
        public = await town.channel("公開", bot=False)
        private = await town.channel("非公開", private=True, bot=False)
        places = [Place(public.id, "公開", "consultation"), Place(private.id, "非公開", "consultation")]
        findings = await checked(sandbox, Facts(places=places))
    assert "相談チャンネル #公開 にボットがいません" in lines(findings, "❌")
    assert "相談チャンネル #非公開 が見えません" in lines(findings, "❌")


async def test_an_app_installed_from_an_older_manifest_is_noticed() -> None:
    older = load_manifest()
    older["oauth_config"]["scopes"]["bot"].remove("reactions:write")
    async with Sandbox(older) as sandbox:
        findings = await checked(sandbox)
    assert "権限が足りません:reactions:write" in lines(findings, "❌")


async def test_a_token_that_was_revoked_is_noticed() -> None:
    async with Sandbox(APP) as sandbox, Workspace(sandbox.control_url) as town:
        await town.revokes()
        findings = await checked(sandbox)
    assert "再インストール" in lines(findings, "❌")


async def test_two_tokens_swapped_are_both_named() -> None:
    async with Sandbox(APP) as sandbox:
        findings = await checked(
            sandbox,
            slack_bot_token=SecretStr(sandbox.app_token),
            slack_app_token=SecretStr(sandbox.bot_token),
        )
    assert "SLACK_BOT_TOKEN が xoxb-" in lines(findings, "❌")
    assert "SLACK_APP_TOKEN が xapp-" in lines(findings, "❌")
