"""The Bolt app with every feature's listeners, and who we are in the workspace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.envelope import unreadable
from bot.errors import SlackUnusable
from bot.feature import Feature
from bot.settings import Settings
from bot.slack import Outcome, outcome, retry_after
from handlers.calendars import FEATURE as CALENDARS
from handlers.common.commands import register_commands
from handlers.common.errors import register_errors
from handlers.common.services import Services
from handlers.common.typed import without_my_numbers
from handlers.digests import FEATURE as DIGESTS
from handlers.emergency import FEATURE as EMERGENCY
from handlers.faq import FEATURE as FAQ
from handlers.home import FEATURE as HOME
from handlers.members import FEATURE as MEMBERS
from handlers.members.listeners import register_rest
from handlers.questions import FEATURE as QUESTIONS
from handlers.reports import FEATURE as REPORTS
from handlers.rota import FEATURE as ROTA
from handlers.study import FEATURE as STUDY
from storage.database import Transaction

log = structlog.get_logger("app")
BUSY_SECONDS = 120.0
"""So long a start waits for its turn while Slack limits us."""

FEATURES: Sequence[Feature[Transaction]] = (
    QUESTIONS,
    MEMBERS,
    ROTA,
    FAQ,
    EMERGENCY,
    STUDY,
    REPORTS,
    CALENDARS,
    DIGESTS,
    HOME,
)
"""What is heard most often comes first: Bolt tries the listeners in order, and each costs it 0.1 ms to try."""


class Bolt(AsyncApp):
    """Bolt, which cannot even report a failure about a payload that is not of Slack's form."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Handle a payload; 400 for what nobody could have sent by Slack's rules."""
        if (where := unreadable(req.body)) is not None:
            log.warning("unreadable payload", where=where)
            return BoltResponse(status=400, body="")
        return await super().async_dispatch(req)


def build_bolt(
    services: Services, client: AsyncWebClient, settings: Settings, *, bot_id: str, team_id: str
) -> AsyncApp:
    """The Bolt app with every listener. It commits before it acknowledges (`process_before_response`), and it
    authorizes from what Slack told us at the start, so that no event costs a call."""
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=team_id,
        bot_token=settings.slack_bot_token.get_secret_value(),
        bot_id=bot_id,
        bot_user_id=services.bot_user_id,
    )

    async def authorize(**_: object) -> AuthorizeResult:
        return known

    app = Bolt(
        name="banso",  # without one Bolt reads the source of everything that called us
        client=client,
        signing_secret=settings.slack_signing_secret.get_secret_value() or "unused-in-socket-mode",
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
    app.use(without_my_numbers)
    for feature in FEATURES:
        feature.register(app, services)
    register_commands(app, services, [command for feature in FEATURES for command in feature.commands])
    register_rest(app)
    register_errors(app, services)
    return app


async def who_are_we(client: AsyncWebClient) -> dict[str, str]:
    """Ask Slack who we are (auth.test). Being told to wait is no reason to give up: we may be started again in the middle
    of a storm.

    Raises:
        SlackUnusable: the token is refused, Slack cannot be reached, or it let us wait too long; said in a sentence.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            answer = await client.auth_test()
            break
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            what, code = outcome(error)
            wait = retry_after(error)
            if what is not Outcome.LIMITED or time.monotonic() + wait > deadline:
                raise SlackUnusable(
                    f"Slack に接続できません({code})。banso check で確かめてください。"
                ) from error
        await asyncio.sleep(wait)
    return {key: str(answer.get(key, "")) for key in ("team_id", "team", "url", "user_id", "bot_id")}
