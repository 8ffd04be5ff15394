"""What the app hands to every feature's listeners."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The open database, the Slack client, who we are in this workspace, and the metrics."""

    database: Database
    client: AsyncWebClient
    bot_user_id: str
    metrics: Metrics
