"""files.getUploadURLExternal, files.completeUploadExternal, files.info and files.delete."""

from __future__ import annotations

from sandbox import messages
from sandbox.calls import Call, invalid, method
from sandbox.clocks import normal_stamp
from sandbox.errors import SlackError
from sandbox.files import store
from sandbox.state import Channel, Json, Message

ALT = 1000
"""Characters of `alt_txt` (method files.getUploadURLExternal, error alt_txt_too_large)."""


@method("files.getUploadURLExternal", "files:write")
def upload_url(call: Call) -> Json:
    """Give an address to upload a file to."""
    name, length = call.need("filename"), call.need("length")
    if not length.isdecimal() or int(length) < 1:
        raise invalid("must be a positive number", "/length")
    world, alt = call.world, call.text("alt_txt")
    if alt is not None and len(alt) > ALT:
        raise SlackError("alt_txt_too_large")
    file = store(world, world.bot_user_id, name, b"")
    if alt:
        file["alt_txt"] = alt
    del world.file_bytes[file["id"]]
    file["size"] = int(length)
    return {"upload_url": f"{world.base_url}/upload/{file['id']}", "file_id": file["id"]}


@method("files.completeUploadExternal", "files:write")
def complete(call: Call) -> Json:
    """Share uploaded files in a channel, or keep them private."""
    files = [_uploaded(call, each) for each in _given(call)]
    places = call.text("channel_id") or call.text("channels") or ""
    for place in filter(None, places.split(",")):
        _share(call, place.strip(), files)
    return {"files": files}


def _given(call: Call) -> list[Json]:
    try:
        given = call.decoded("files")
    except ValueError:
        given = None
    if not isinstance(given, list) or not given or not all(isinstance(each, dict) for each in given):
        raise invalid("must be a list of files", "/files")
    return given


def _uploaded(call: Call, given: Json) -> Json:
    file = call.world.files.get(str(given.get("id")))
    if file is None or file["id"] not in call.world.file_bytes:
        raise SlackError("file_not_found")
    file["title"] = str(given.get("title") or file["title"])
    return file


def _share(call: Call, place: str, files: list[Json]) -> None:
    """Into a conversation: somebody's user id is refused (node-slack-sdk issue 1653)."""
    world = call.world
    if place[:1] not in "CGD":
        raise invalid("input must match regex pattern: ^[CGD][A-Z0-9]{8,}$", "/channel_id")
    channel: Channel | None = world.channels.get(place)
    if channel is None or world.bot_user_id not in channel.members:
        raise SlackError("channel_not_found" if channel is None or channel.private else "not_in_channel")
    thread = call.text("thread_ts")
    thread_ts = normal_stamp(thread) if thread else None
    if thread_ts is not None and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    message = Message(
        ts=world.clock.stamp(),
        channel=channel.id,
        user=world.bot_user_id,
        text=call.text("initial_comment") or "",
        files=files,
        thread_ts=thread_ts,
        subtype="file_share",
        bot=True,
    )
    messages.publish(world, channel, message)
    for file in files:
        kind = "private" if channel.private else "public"
        share = {"ts": message.ts, **({"thread_ts": thread_ts} if thread_ts else {})}
        file.setdefault("shares", {}).setdefault(kind, {}).setdefault(channel.id, []).append(share)


@method("files.info", "files:read")
def info(call: Call) -> Json:
    """Describe a file."""
    file = call.world.files.get(call.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write")
def delete(call: Call) -> Json:
    """Delete one of the bot's own files; in a message a tombstone stays (page file-object, "mode")."""
    world = call.world
    file = world.files.get(call.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    if file["user"] != world.bot_user_id:
        raise SlackError("cant_delete_file")
    del world.files[file["id"]]
    world.file_bytes.pop(file["id"], None)
    for channel in world.channels.values():
        for message in [each for each in channel.messages.values() if file in each.files]:
            left = [{"id": one["id"], "mode": "tombstone"} if one is file else one for one in message.files]
            messages.change(world, channel, message, editor=world.bot_user_id, mark=False, files=left)
    return {}
