"""One question in the asker's eyes."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.client import Channel, Message, Person


@dataclass(slots=True)
class Asking:
    """The first message, what the asker added, and talents' replies. `ended`: the asker has said that it is resolved, and
    writes no more of it."""

    asker: Person
    channel: Channel
    first: Message
    added: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)
    ended: bool = False

    @property
    def messages(self) -> list[Message]:
        """Everything that must end in one and the same question."""
        return [self.first, *self.added, *self.replies]
