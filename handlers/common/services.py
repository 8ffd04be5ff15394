"""What the app hands to every feature's listeners."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.slack import Token
from handlers.common.hearing import Hearing
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The open database, the Slack client and what it thinks of our token, who we are in this workspace, the metrics, and
    what we heard. `process` tells this process from another replica and from the one before a restart."""

    database: Database
    client: AsyncWebClient
    bot_user_id: str
    metrics: Metrics
    hearing: Hearing = field(default_factory=Hearing)
    token: Token = field(default_factory=Token)
    process: str = field(default_factory=partial(secrets.token_hex, 6))
