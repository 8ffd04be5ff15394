"""Answering one person on the spot. It is at most once and never the only copy of anything: that it fails undoes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

WITHIN = 1.5
"""Seconds: the acknowledgement must follow within three of the press."""

log = structlog.get_logger("handlers")


async def say(respond: Callable[..., Awaitable[Any]], **message: Any) -> None:
    """Answer at the payload's own address, which Slack takes back after half an hour and five answers."""
    try:
        async with asyncio.timeout(WITHIN):
            answer = await respond(**message)
    except Exception as error:
        log.warning("could not answer on the spot", error=type(error).__name__)
    else:
        if answer is not None and answer.status_code != 200:
            log.warning("could not answer on the spot", status=answer.status_code)
