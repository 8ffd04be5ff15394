"""What the app says back to an interaction: through its response_url, or in the acknowledgement of a command.

Source: docs.slack.dev/interactivity/handling-user-interaction (5 uses within 30 minutes).
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass

from aiohttp import web

from sandbox import messages
from sandbox.blocks import check_blocks
from sandbox.clocks import normal_stamp
from sandbox.state import Channel, Json, Message, Person, World

USES = 5
SECONDS = 1800.0


@dataclass(slots=True)
class _Address:
    user: str
    channel: str
    source: Message | None
    made: float
    uses: int = 0


class ResponseUrls:
    """The response_urls handed out, and their answers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, _Address] = {}

    def issue(self, user: str, channel: str, source: Message | None) -> str:
        """Return an address for answers to `user` in `channel`; `source` is the message acted on."""
        secret = secrets.token_urlsafe(18)
        self._known[secret] = _Address(user, channel, source, time.monotonic())
        return f"{self._world.base_url}/response/{self._world.team_id}/{secret}"

    async def handle(self, request: web.Request) -> web.Response:
        """Take one POST to a response_url."""
        self._world.tally.active()
        known = self._known.get(request.match_info["secret"])
        if known is None:
            return _no("invalid_url", 404)
        if time.monotonic() - known.made > SECONDS:
            return _no("expired_url", 404)
        if known.uses >= USES:
            return _no("used_url", 404)
        try:
            body = json.loads(await request.read())
        except ValueError:
            return _no("invalid_payload", 400)
        if not isinstance(body, dict):
            return _no("invalid_payload", 400)
        known.uses += 1
        error = respond(
            self._world,
            self._world.people[known.user],
            self._world.channels.get(known.channel),
            body,
            known.source,
        )
        return (
            _no(error, 404 if error == "channel_not_found" else 200)
            if error
            else web.json_response({"ok": True})
        )


def respond(
    world: World, person: Person, channel: Channel | None, body: Json, source: Message | None
) -> str | None:
    """Carry out one answer of the app; return Slack's error or None."""
    if channel is None:
        return "channel_not_found"
    if body.get("delete_original") in (True, "true"):
        return _delete(world, person, channel, source)
    blocks = body.get("blocks")
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            return "invalid_blocks_format"
    if blocks and check_blocks(blocks, surface="message"):
        return "invalid_blocks"
    if blocks:
        messages.name_parts(world, blocks)
    text = str(body.get("text") or "")
    if not text and not blocks and not body.get("attachments"):
        return "no_text"
    # A command has no message to replace: there it is simply said (bolt-js issue 2287).
    if source is not None and body.get("replace_original") in (True, "true"):
        return _replace(world, person, channel, source, text, blocks)
    thread = normal_stamp(str(body["thread_ts"])) if body.get("thread_ts") else None
    if thread is not None and thread not in channel.messages:
        return "thread_not_found"
    message = Message(
        world.clock.stamp(),
        channel.id,
        world.bot_user_id,
        text,
        blocks=blocks or None,
        thread_ts=thread,
        bot=True,
    )
    if body.get("response_type") == "in_channel":
        if channel.archived:
            return "is_archived"
        messages.publish(world, channel, message)
    else:
        messages.show_ephemeral(world, person, message)
    return None


def _delete(world: World, person: Person, channel: Channel, source: Message | None) -> str | None:
    if source is None:
        return "message_not_found"
    if source.ephemeral:
        person.ephemerals.pop(source.ts, None)
        world.touch("ephemeral", person.id)
    elif source.ts in channel.messages:
        messages.remove(world, channel, channel.messages[source.ts])
    return None


def _replace(
    world: World,
    person: Person,
    channel: Channel,
    source: Message | None,
    text: str,
    blocks: list[Json] | None,
) -> str | None:
    if source is None:
        return "message_not_found"
    if source.ephemeral:
        if source.ts in person.ephemerals:
            source.text, source.blocks, source.words = text, blocks or None, None
            world.touch("ephemeral", person.id)
    elif source.ts in channel.messages:
        target = channel.messages[source.ts]
        messages.change(
            world,
            channel,
            target,
            editor=world.bot_user_id,
            mark=not blocks,
            text=text,
            blocks=blocks or None,
        )
    return None


def _no(error: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)
