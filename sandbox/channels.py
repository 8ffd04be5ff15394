"""Channels and people: making, joining, leaving, ending, with the events that follow."""

from __future__ import annotations

from sandbox import events
from sandbox.errors import Refused
from sandbox.messages import notice
from sandbox.state import Channel, Person, World


def create(world: World, name: str, creator: str, *, private: bool) -> Channel:
    """Make a channel with nobody in it. Raises Refused if the name is taken."""
    if name in world.names:
        raise Refused("name_taken", name)
    channel = Channel(world.new_id("C"), name, creator, int(world.clock.now()), private=private)
    world.channels[channel.id] = channel
    world.names[name] = channel.id
    world.touch("channels")
    if not private:
        events.channel_event(world, channel, "created", creator)
    return channel


def join(
    world: World, channel: Channel, person: Person, inviter: str | None = None, *, quiet: bool = False
) -> bool:
    """Put a person into a channel; False if they are in it. `quiet` leaves out the line and the events."""
    if person.id in channel.members:
        return False
    channel.members[person.id] = None
    channel.shared = channel.shared or person.external
    world.touch("channels")
    if not quiet:
        events.membership(world, channel, person, inviter, joined=True)
        subtype = "group_join" if channel.private else "channel_join"
        extra = {"inviter": inviter} if inviter else {}
        notice(world, channel, person, subtype, f"<@{person.id}> has joined the channel", **extra)
    return True


def leave(world: World, channel: Channel, person: Person, actor: str | None = None) -> bool:
    """Take a person out of a channel; False if they are not in it."""
    if person.id not in channel.members:
        return False
    events.membership(world, channel, person, actor, joined=False)
    del channel.members[person.id]
    subtype = "group_leave" if channel.private else "channel_leave"
    notice(world, channel, person, subtype, f"<@{person.id}> has left the channel")
    world.touch("channels")
    return True


def set_archived(world: World, channel: Channel, actor: Person, archived: bool) -> None:
    """Archive a channel or bring it back. A public one loses its members by that: apps when it is archived
    (elastic/connectors issue 1972), people are not restored when it comes back (slack.com/help, "Archive or delete a
    channel"); a private one keeps them."""
    if channel.archived == archived:
        raise Refused("already_archived" if archived else "not_archived", channel.name)
    channel.archived = archived
    word = "archive" if archived else "unarchive"
    prefix = "group" if channel.private else "channel"
    notice(world, channel, actor, f"{prefix}_{word}", f"<@{actor.id}> {word}d the channel")
    events.channel_event(world, channel, word, actor.id)
    if not channel.private and archived:
        channel.members.pop(world.bot_user_id, None)
    elif not channel.private:
        channel.members.clear()


def delete(world: World, channel: Channel, actor: str) -> None:
    """Delete a channel with all its messages."""
    events.channel_event(world, channel, "deleted", actor)
    del world.channels[channel.id]
    world.names.pop(channel.name, None)
    world.touch("channels")


def rename(world: World, channel: Channel, actor: Person, name: str) -> None:
    """Give a channel another name."""
    if name in world.names:
        raise Refused("name_taken", name)
    old = channel.name
    del world.names[old]
    world.names[name] = channel.id
    channel.name = name
    prefix = "group" if channel.private else "channel"
    text = f'<@{actor.id}> has renamed the channel from "{old}" to "{name}"'
    notice(world, channel, actor, f"{prefix}_name", text, old_name=old, name=name)
    events.channel_event(world, channel, "rename", actor.id)


def describe(world: World, channel: Channel, actor: Person, what: str, text: str) -> None:
    """Set a channel's topic or its purpose, with the line that says so (page message-event, channel_topic and
    channel_purpose)."""
    setattr(channel, what, text)
    prefix = "group" if channel.private else "channel"
    said = f"set the channel {what}: {text}" if text else f"cleared channel {what}"
    notice(world, channel, actor, f"{prefix}_{what}", f"<@{actor.id}> {said}", **{what: text})


def direct(world: World, people: list[str]) -> tuple[Channel, bool]:
    """Return the direct message of these people, and whether it had to be made."""
    key = frozenset(people)
    if key in world.ims:
        return world.channels[world.ims[key]], False
    pair = len(key) <= 2
    names = "-".join(world.people[each].name for each in people)
    channel = Channel(
        world.new_id("D" if pair else "G"),
        "" if pair else f"mpdm-{names}-1",
        people[0],
        int(world.clock.now()),
        private=True,
        im=pair,
        mpim=not pair,
        members=dict.fromkeys(people),
    )
    channel.shared = any(world.people[each].external for each in people)
    world.channels[channel.id] = channel
    world.ims[key] = channel.id
    world.touch("channels")
    return channel, True
