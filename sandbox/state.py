"""What the workspace holds: people, channels, messages, views. Data and indexes only; rules live elsewhere."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sandbox.board import Board
from sandbox.clocks import WorkspaceClock
from sandbox.courier import Courier
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.manifest import App
from sandbox.tally import Tally
from sandbox.triggers import Triggers

Json: TypeAlias = dict[str, Any]


@dataclass(slots=True, eq=False)
class Person:
    """A human, the app's bot user or Slackbot."""

    id: str
    name: str
    real_name: str
    team_id: str
    email: str = ""
    title: str = ""
    guest: bool = False
    admin: bool = False
    bot: bool = False
    external: bool = False
    deleted: bool = False
    updated: int = 0
    zone: str = "Asia/Tokyo"
    notifications: list[Json] = field(default_factory=list)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    stack: list[View] = field(default_factory=list)
    home: View | None = None
    seen_errors: list[Json] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Group:
    """A user group ("@dx-team"); its members are ids."""

    id: str
    handle: str
    members: list[str]
    name: str = ""
    disabled: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """One message. On a thread's parent `replies` holds the stamps of its replies, oldest first."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot: bool = False
    username: str | None = None
    edited: Json | None = None
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    client_msg_id: str | None = None
    extra: Json = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    followers: set[str] = field(default_factory=set)
    versions: list[list[Json]] = field(default_factory=list)
    ephemeral: bool = False
    created: float = field(default_factory=time.monotonic)
    words: str | None = None

    @property
    def is_reply(self) -> bool:
        """Say whether the message stands in a thread below another one."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation: a channel, a direct message (`im`) or a group direct message (`mpim`).

    `order` has the stamps of everything, `top` of what stands in the channel itself; both oldest first.
    """

    id: str
    name: str
    creator: str
    created: int
    private: bool = False
    im: bool = False
    mpim: bool = False
    archived: bool = False
    closed: bool = False
    shared: bool = False
    topic: str = ""
    purpose: str = ""
    members: dict[str, None] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    top: list[str] = field(default_factory=list)
    gone: dict[str, Message] = field(default_factory=dict)
    pins: dict[str, int] = field(default_factory=dict)
    bookmarks: dict[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return Slack's `channel_type`: im, mpim, group or channel."""
        if self.im:
            return "im"
        if self.mpim:
            return "mpim"
        return "group" if self.private else "channel"


@dataclass(slots=True, eq=False)
class View:
    """A modal or a home tab as the app gave it, and what its person has entered since."""

    id: str
    body: Json
    hash: str
    owner: str
    root: str
    previous: str | None = None
    entered: dict[str, dict[str, Json]] = field(default_factory=dict)


class World:
    """The whole workspace and its one installed app."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.clock = WorkspaceClock()
        self.board = Board()
        self.faults = Faults()
        self.limits = Limits()
        self.tally = Tally()
        self.courier = Courier(self.faults)
        self.triggers = Triggers()
        self.revoked: str | None = None
        self.user_groups = "everybody"
        self.commands_of_others: frozenset[str] = frozenset()
        self.tour: Json | None = None
        self.entered: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = {}
        self.new_link: Callable[[], str] = str
        self.connected: Callable[[], bool] = bool
        self.new_response_url: Callable[[str, str, Message | None], str] = lambda *_: ""
        self.team_id = "T0BANSO01"
        self.team_domain = "banso-sandbox"
        self.team_name = "あさぎ県 DX相談"
        self.app_id, self.bot_id, self.bot_user_id = "A0BANSO01", "B0BANSO01", "U0BANSO01"
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-sandbox-{secrets.token_hex(12)}"
        self.verification_token = secrets.token_hex(12)
        self.signing_secret = secrets.token_hex(16)
        self.base_url = ""
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.ims: dict[frozenset[str], str] = {}
        self.names: dict[str, str] = {}
        self.real_names: dict[str, str] = {}
        self.views: dict[str, View] = {}
        self.files: dict[str, Json] = {}
        self.file_bytes: dict[str, bytes] = {}
        self.version = 0
        self._journal: deque[tuple[str, ...]] = deque(maxlen=10_000)
        self._numbers = itertools.count(1)
        self._changed: asyncio.Event | None = None
        for who in (
            Person(self.bot_user_id, "banso", app.name, self.team_id, bot=True),
            Person("USLACKBOT", "slackbot", "Slackbot", self.team_id, bot=True),
        ):
            self.people[who.id] = who

    def new_id(self, prefix: str) -> str:
        """Return an id nobody has: `prefix` and nine characters, in the order of making."""
        return f"{prefix}0{next(self._numbers):08d}"

    def is_stranger(self, person: Person) -> bool:
        """Say whether a person of another organisation shares no channel with the bot."""
        both = {person.id, self.bot_user_id}
        return person.external and not any(both <= each.members.keys() for each in self.channels.values())

    def touch(self, *what: str) -> None:
        """Note that something visible changed and wake whoever waits for that.

        `what` says it more closely, for those who follow changes one by one (sandbox/browser): a kind and its ids, such as
        ("message", channel, ts). A message that came, changed or went is always named; left out, it may be all but that.
        """
        self.version += 1
        self._journal.append(what)
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    def changes_since(self, version: int) -> list[tuple[str, ...]] | None:
        """Return what `touch` was told since `version`, oldest first; None if some of it is forgotten."""
        count = self.version - version
        if count > len(self._journal):
            return None
        return list(itertools.islice(self._journal, len(self._journal) - count, None)) if count else []

    async def wait_past(self, version: int, seconds: float) -> int:
        """Wait until the world has changed since `version`, at most `seconds`; return its version now."""
        if self.version > version:
            return self.version
        if self._changed is None:
            self._changed = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass
        return self.version
