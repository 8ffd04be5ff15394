"""What the app hands to every feature's listeners."""

from __future__ import annotations

from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from storage.database import Database


@dataclass(slots=True)
class Refusals:
    """Whether an event was left to Slack's retries since the last thorough catch-up: they may all have failed too."""

    any: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """The open database, the Slack client, who we are in this workspace, the metrics, and what we had to refuse."""

    database: Database
    client: AsyncWebClient
    bot_user_id: str
    metrics: Metrics
    refusals: Refusals = field(default_factory=Refusals)
