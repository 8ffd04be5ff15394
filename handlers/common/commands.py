"""`/banso 〇〇` and its aliases: the first word says what is wanted; anything else is taken as the beginning of a question.

With the IME on, `/` types 「・」 and words come in full width: whatever can be meant is understood.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed, Role, allowed
from bot.feature import Call, Command
from handlers.common.answering import say
from handlers.common.blocks import section
from handlers.common.doors import Body, Door, role, who
from handlers.common.services import Services

COMMAND = "/banso"
HELP_WORDS = ("ヘルプ", "help", "使い方", "?")
HELP_SUMMARY = "この案内"
HEAD = "*Banso の使い方*\n困ったことは、相談チャンネルにそのまま書くだけで届きます。"


def register_commands(app: AsyncApp, services: Services, commands: Sequence[Command]) -> None:
    """Put `/banso` and every alias on the app. The first command also takes text that begins with no known word."""
    found = {folded(word): command for command in commands for word in command.words}
    app.command(COMMAND, middleware=[Door(services, Deed.HELP)])(_banso(services, commands, found))
    for command in commands:
        if command.alias is not None:
            app.command(command.alias, middleware=[Door(services, command.deed)])(_alias(services, command))


def folded(word: str) -> str:
    """A word as it is compared: full or half width, capitals or not, katakana or hiragana."""
    plain = unicodedata.normalize("NFKC", word).casefold().strip()
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in plain)


def split(text: str) -> tuple[str, str]:
    """The first word and what follows it; any white space parts them."""
    parts = text.split(maxsplit=1)
    return (parts[0] if parts else "", parts[1].strip() if len(parts) > 1 else "")


def _banso(
    services: Services, commands: Sequence[Command], found: dict[str, Command]
) -> Callable[..., Awaitable[None]]:
    async def run(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        text = str(body.get("text") or "").strip()
        word, rest = split(text)
        command = found.get(folded(word))
        if not text or folded(word) in {folded(each) for each in HELP_WORDS}:
            visitor_role = await services.database.read(role, who(body))
            await say(respond, **_help(commands, visitor_role), response_type="ephemeral")
        elif command is None:
            await commands[0].run(services, await _call(services, commands[0], body, text, client, respond))
        else:
            await command.run(services, await _call(services, command, body, rest, client, respond))
        await ack()

    return run


def _alias(services: Services, command: Command) -> Callable[..., Awaitable[None]]:
    async def run(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        text = str(body.get("text") or "").strip()
        await command.run(services, await _call(services, command, body, text, client, respond))
        await ack()

    return run


async def _call(
    services: Services, command: Command, body: Body, text: str, client: AsyncWebClient, respond: AsyncRespond
) -> Call:
    """What the command gets.

    Raises:
        NotAllowed: it is not for them.
    """
    visitor = who(body)
    await Door(services, command.deed).check(body)
    trigger = str(body.get("trigger_id") or "")
    return Call(visitor.user, visitor.team, str(body.get("channel_id") or ""), text, trigger, client, respond)


def _help(commands: Sequence[Command], visitor_role: Role) -> dict[str, Any]:
    """What this person can do, in their own words' order."""
    lines = [f"{HEAD}\n"]
    for command in commands:
        if allowed(command.deed, visitor_role):
            alias = f"(`{command.alias}` でも)" if command.alias else ""
            lines.append(f"・`{COMMAND} {command.words[0]}` {command.summary}{alias}")
    lines.append(f"・`{COMMAND} {HELP_WORDS[0]}` {HELP_SUMMARY}")
    text = "\n".join(lines)
    return {"text": text, "blocks": [section(text)]}
