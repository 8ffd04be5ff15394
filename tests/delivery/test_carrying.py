"""Where the bot's token may go when a file is fetched: to Slack, and nowhere that somebody else wrote down."""

from __future__ import annotations

from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.carrying import MOST, Carrier
from storage.database import Database


class Told:
    """A client that knows one file."""

    base_url = "https://slack.com/api/"

    def __init__(self, **file: Any) -> None:
        self._file = file

    async def files_info(self, file: str) -> dict[str, Any]:
        return {"file": {"id": file, "size": 3, **self._file}}


async def described(**file: Any) -> Any:
    carrier = Carrier(cast(AsyncWebClient, Told(**file)), cast(Database, None), cast(Any, None))
    return await carrier._describe("F1")


@pytest.mark.parametrize(
    "url",
    ["https://files.slack.com/files-pri/T1-F1/a.png", "https://files.slack-gov.com/a", "https://slack.com/a"],
)
async def test_what_lies_with_slack_is_carried(url: str) -> None:
    assert await described(url_private_download=url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://files.slack.com/a.png",
        "https://files.slack.com.evil.example/a.png",
        "https://evil.example/files.slack.com",
        "https://evilslack.com/a.png",
        "https://files.slack.com@evil.example/a.png",
        "file:///etc/passwd",
    ],
)
async def test_what_lies_elsewhere_is_not(url: str) -> None:
    assert await described(url_private_download=url) is None


async def test_neither_is_what_is_external_empty_or_too_large() -> None:
    url = "https://files.slack.com/a.png"
    assert await described(url_private_download=url, is_external=True) is None
    assert await described(url_private_download=url, size=0) is None
    assert await described(url_private_download=url, size=MOST + 1) is None
    assert await described(url_private_download=url, size=MOST) is not None
