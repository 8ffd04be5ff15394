"""Words for the tests of `banso check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.check import SchemaState, run_checks
from bot.check_slack import Place
from bot.errors import DatabaseUnavailable
from bot.findings import Finding
from bot.settings import Settings
from tests.bot.network import FakeSlack

BOT_TOKEN, APP_TOKEN = "xoxb-1-secret", "xapp-1-A1-secret"
NOWHERE = FakeSlack(port=9)


@dataclass
class Facts:
    """A database's answers."""

    state: SchemaState = "ok"
    places: Sequence[Place] = (Place("C1", "デジタル相談", "consultation"),)
    duty: int = 3
    desk: int = 2
    admin: tuple[int, int] = (1, 0)
    recipients: int = 1
    away: bool = False

    async def schema_state(self) -> tuple[SchemaState, str]:
        return self.state, "0001 → 0002"

    async def channels(self) -> Sequence[Place]:
        if self.away:
            raise DatabaseUnavailable()
        return self.places

    async def talents_on_duty(self, days: int) -> int:
        return self.duty if days == 7 else 0

    async def coordinators(self) -> int:
        return self.desk

    async def admins(self) -> tuple[int, int]:
        return self.admin

    async def dead_letter_recipients(self) -> int:
        return self.recipients


def settings(slack: FakeSlack, **values: Any) -> Settings:
    given = {"slack_bot_token": SecretStr(BOT_TOKEN), "slack_app_token": SecretStr(APP_TOKEN)}
    return Settings(_env_file=None, slack_api_url=slack.url, **{**given, "port": 0, **values})


def lines(findings: Sequence[Finding], mark: str = "") -> str:
    return "\n".join(str(finding) for finding in findings if str(finding).startswith(mark))


async def checked(slack: FakeSlack, facts: Facts | None = None, **values: Any) -> list[Finding]:
    findings = await run_checks(settings(slack, **values), facts=facts)
    text = lines(findings)
    assert "secret" not in text, "a check never repeats a token"
    return findings
