"""A Bolt app that only acknowledges: what the framework itself costs. Same flag, same connections, same web server."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    """Run until SIGTERM, configured by the same environment variables as the bot."""
    token, url = os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]
    client = AsyncWebClient(token=token, base_url=url)
    client.proxy = None  # the SDK would take HTTPS_PROXY even for this machine
    app = AsyncApp(
        client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], process_before_response=True
    )

    @app.event(re.compile(".*"))
    async def taken(event: dict[str, Any]) -> None:
        pass  # returning acknowledges an event

    web_app = app.web_app(path="/slack/events")
    web_app.router.add_get("/healthz", lambda _: _fine())
    runner = web.AppRunner(web_app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    handlers = _handlers(app)
    for handler in handlers:
        await handler.connect_async()  # type: ignore[no-untyped-call]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]
    await runner.cleanup()


def _handlers(app: AsyncApp) -> list[AsyncSocketModeHandler]:
    token = os.environ.get("SLACK_APP_TOKEN")
    made = [AsyncSocketModeHandler(app, token) for _ in range(2)] if token else []
    for handler in made:
        handler.client.proxy = None
    return made


async def _fine() -> web.Response:
    return web.Response(text="ok")


if __name__ == "__main__":
    asyncio.run(main())
