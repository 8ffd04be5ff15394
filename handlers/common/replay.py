"""Events that failed are tried again, by themselves a few times and by hand with `banso replay`."""

from __future__ import annotations

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.logs import referenced
from handlers.common.services import Services
from storage import failures

log = structlog.get_logger("handlers")


async def replay_failed(app: AsyncApp, services: Services, *, all_of_them: bool = False) -> tuple[int, int]:
    """Run stored events through the app again. Returns how many went through and how many failed again.

    An event that fails again is stored anew by the error handler under the same reference; the old row is closed
    either way, so that there is always one open row for one event.
    """
    done = failed = 0
    for event in await services.database.read(failures.to_replay, all_of_them=all_of_them):
        if not await services.database.write(failures.claim, event):
            continue
        with referenced(event.reference):
            response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=dict(event.body)))
            if response.status != 200:  # the database is away: the row stays as it is
                return done, failed + 1
            through = await services.database.write(failures.replayed, event)
            log.info("event replayed", kind=event.kind, through=through)
        done, failed = done + through, failed + (not through)
    return done, failed
