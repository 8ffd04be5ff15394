"""Answering one person on the spot. It is at most once and never the only copy of anything: that it fails undoes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.common.blocks import Block

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


async def shows(
    ack: AsyncAck, shown: Block | None, problems: Mapping[str, str], *, action: str = "update"
) -> None:
    """Acknowledge a dialog that was sent: with what it shows then, or, where that is nothing, with what is to be mended
    (sentences by block)."""
    if shown is None:
        await ack(response_action="errors", errors=dict(problems))
    else:
        await ack(response_action=action, view=shown)
