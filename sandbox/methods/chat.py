"""chat.*: posting, changing and deleting."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox import messages
from sandbox.blocks import check_blocks
from sandbox.calls import Call, marked, method
from sandbox.channels import direct
from sandbox.clocks import normal_stamp
from sandbox.errors import SlackError
from sandbox.notifications import mentioned
from sandbox.state import Channel, Json, Message
from sandbox.wire import message_json

MOST_TEXT = 40_000
"""chat.postMessage cuts text here (page chat.postMessage, "Truncating content")."""
MOST_UPDATE = 4_000
"""chat.update refuses longer text (its error msg_too_long)."""
MOST_METADATA = 8_192
"""Bytes of metadata; metadata_too_large is documented, the number is not."""

_OWN_ERROR = re.compile(r"(invalid_blocks_format|msg_blocks_too_long|only_one_table_allowed): ")
_EVENT_TYPE = re.compile(r"[A-Za-z0-9._-]{1,255}")


def content(call: Call) -> Json:
    """Return the checked parts of a message: text, blocks, attachments, metadata; None for what was not given."""
    text = call.text("text")
    blocks = _list(call, "blocks", "invalid_blocks_format")
    attachments = _list(call, "attachments", "invalid_attachments")
    markdown = call.text("markdown_text")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if blocks:
        refuse_bad_blocks(blocks)
        messages.name_parts(call.world, blocks)
    if attachments and len(attachments) > 100:
        raise SlackError("too_many_attachments")
    return {"text": text, "blocks": blocks, "attachments": attachments, "metadata": _metadata(call)}


def refuse_bad_blocks(blocks: list[Json]) -> None:
    """Raise invalid_blocks, or the error of its own that a problem names."""
    problems = check_blocks(blocks, surface="message")
    if not problems:
        return
    own = next((match[1] for each in problems if (match := _OWN_ERROR.match(each))), None)
    raise SlackError(
        own or "invalid_blocks", errors=problems, response_metadata={"messages": marked(problems)}
    )


def _list(call: Call, name: str, error: str) -> list[Json] | None:
    try:
        value = call.decoded(name)
    except ValueError:
        raise SlackError(error) from None
    if value is not None and not isinstance(value, list):
        raise SlackError(error)
    return value


def _metadata(call: Call) -> Json | None:
    try:
        value: Any = call.decoded("metadata")
    except ValueError:
        raise SlackError("invalid_metadata_format") from None
    if value is None or value == {}:
        return value  # type: ignore[no-any-return]
    if not isinstance(value, dict) or not isinstance(value.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(value.get("event_type"), str) or not _EVENT_TYPE.fullmatch(value["event_type"]):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(value)) > MOST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}


def _target(call: Call, *, public_scope: bool) -> Channel:
    """Return the channel to write to; a person's id stands for the direct message with them."""
    world = call.world
    name = call.need("channel")
    if name in world.people and name != world.bot_user_id and not world.is_stranger(world.people[name]):
        channel, _ = direct(world, [name, world.bot_user_id])
    else:
        channel = _named(call, name)
    if channel.archived:
        raise SlackError("is_archived")
    if channel.im and not world.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    if world.bot_user_id not in channel.members and not (
        public_scope and "chat:write.public" in world.app.scopes
    ):
        raise SlackError("not_in_channel")
    return channel


def _named(call: Call, name: str) -> Channel:
    world = call.world
    found = world.channels.get(world.names.get(name.removeprefix("#"), name))
    if found is None or (found.private and world.bot_user_id not in found.members):
        raise SlackError("channel_not_found")
    return found


def _thread(call: Call, channel: Channel) -> str | None:
    value = call.text("thread_ts")
    if not value:
        return None
    ts = normal_stamp(value)
    parent = channel.messages.get(ts) if ts else None
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message")
    return ts


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    """Post a message as the bot."""
    world = call.world
    channel = _target(call, public_scope=True)
    parts = content(call)
    if not (parts["text"] or parts["blocks"] or parts["attachments"]):
        raise SlackError("no_text")
    thread_ts = _thread(call, channel)
    username = call.text("username")
    if username or call.text("icon_emoji") or call.text("icon_url"):
        call.scope("chat:write.customize")
    broadcast = thread_ts is not None and call.flag("reply_broadcast")
    if len(parts["text"] or "") > MOST_TEXT:
        call.warnings.append("message_truncated")
    message = Message(
        ts=world.clock.stamp(),
        channel=channel.id,
        user=world.bot_user_id,
        text=(parts["text"] or "")[:MOST_TEXT],
        blocks=parts["blocks"],
        attachments=parts["attachments"],
        metadata=parts["metadata"] or None,
        thread_ts=thread_ts,
        subtype="thread_broadcast" if broadcast else "bot_message" if username else None,
        bot=True,
        username=username,
    )
    messages.publish(world, channel, message)
    _count(call, message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(world, message, "all")}


def _count(call: Call, message: Message) -> None:
    if message.blocks and mentioned(Message("", "", "", message.text)) - mentioned(message):
        call.world.tally.warn(
            f"{message.ts}: a mention stands in the text but not in the blocks, so it rings nobody"
        )
    payload = (message.metadata or {}).get("event_payload", {})
    if "id" in payload:
        call.world.tally.carried(str(payload["id"]), message.ts)


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    """Show a message to one person in a channel."""
    world = call.world
    channel = _target(call, public_scope=False)
    person = world.people.get(call.need("user"))
    if person is None or person.id not in channel.members or person.deleted:
        raise SlackError("user_not_in_channel")
    parts = content(call)
    if not (parts["text"] or parts["blocks"] or parts["attachments"]):
        raise SlackError("no_text")
    if len(parts["text"] or "") > MOST_TEXT:
        raise SlackError("msg_too_long")
    message = Message(
        ts=world.clock.stamp(),
        channel=channel.id,
        user=world.bot_user_id,
        text=parts["text"] or "",
        blocks=parts["blocks"],
        thread_ts=_thread(call, channel),
        bot=True,
    )
    messages.show_ephemeral(world, person, message)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Change one of the bot's own messages; nobody is rung."""
    channel = call.channel()
    message = call.message(channel)
    if not message.bot or message.subtype == "tombstone":
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    parts = content(call)
    if all(parts[name] is None for name in ("text", "blocks", "attachments")):
        raise SlackError("no_text")
    if len(parts["text"] or "") > MOST_UPDATE:
        raise SlackError("msg_too_long")
    fields: Json = {}
    if parts["text"] is not None:
        # Text without blocks takes the old blocks away (page chat.update, argument blocks).
        fields |= {"text": parts["text"], "blocks": parts["blocks"] or None}
    elif parts["blocks"] is not None:
        fields["blocks"] = parts["blocks"] or None
    if parts["attachments"] is not None:
        fields["attachments"] = parts["attachments"] or None
    if parts["metadata"] is not None:
        fields["metadata"] = parts["metadata"] or None
    mark = not fields.get("blocks")
    messages.change(call.world, channel, message, editor=call.world.bot_user_id, mark=mark, **fields)
    shown = message_json(call.world, message, "all")
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    """Delete one of the bot's own messages."""
    channel = call.channel()
    message = call.message(channel)
    if not message.bot or message.subtype == "tombstone":
        raise SlackError("cant_delete_message")
    messages.remove(call.world, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    """Return the address of a message."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"https://{call.world.team_domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
