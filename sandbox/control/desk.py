"""What every control verb works with: the world, the running sandbox and ways to name things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from sandbox.channels import direct
from sandbox.errors import Refused
from sandbox.state import Channel, Json, Message, Person, World

if TYPE_CHECKING:
    from sandbox.server import Sandbox


class Desk:
    """The world and the sandbox it runs in."""

    def __init__(self, world: World, sandbox: Sandbox) -> None:
        self.world = world
        self.sandbox = sandbox

    def person(self, args: Json, name: str = "person") -> Person:
        """Return the person named by id. Raises Refused."""
        found = self.world.people.get(args[name])
        if found is None:
            raise Refused("user_not_found", args[name])
        return found

    def channel(self, args: Json, name: str = "channel") -> Channel:
        """Return the channel named by id or name. Raises Refused."""
        key = str(args[name])
        found = self.world.channels.get(self.world.names.get(key.removeprefix("#"), key))
        if found is None:
            raise Refused("channel_not_found", key)
        return found

    def direct(self, person: Person) -> Channel:
        """Return a person's direct message with the bot."""
        return direct(self.world, [person.id, self.world.bot_user_id])[0]

    def message(self, channel: Channel, ts: str) -> Message:
        """Return a message. Raises Refused."""
        found = channel.messages.get(ts)
        if found is None:
            raise Refused("message_not_found", ts)
        return found


Verb: TypeAlias = Callable[[Desk, Json], Awaitable[Json]]

VERBS: dict[str, Verb] = {}


def verb(name: str) -> Callable[[Verb], Verb]:
    """Enter a function into the table of verbs."""

    def enter(run: Verb) -> Verb:
        VERBS[name] = run
        return run

    return enter
