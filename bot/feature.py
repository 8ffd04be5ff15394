"""What a feature hands to the core: one `FEATURE` per folder of `handlers/`.

`bot.app` gives the parts to delivery (renderers, dead-letter hooks) and scheduler (due work), which import no feature.
`T` is the open transaction of `storage.database`; it stays a type variable because storage lies above this module.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.domain.permissions import Deed

T = TypeVar("T")

Blocks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is made rather than carried. `content` gives its bytes: it is called on a thread of its own once the
    transaction is over, for it may take seconds, and must use nothing but what it was made with. `alt` says what a picture
    shows (`bot.carrying.ALT` characters of it)."""

    name: str
    content: Callable[[], bytes]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered message. `text` is a full sentence, because telephones show only that. `emoji` is used by marks alone,
    `file` (a Slack id) and `made` by files: neither takes the copy away. With what is `made` goes the text."""

    text: str
    blocks: Blocks | None = None
    emoji: str | None = None
    file: str | None = None
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One row of the outbox, as a renderer sees it.

    `first` is true until the row has been posted once: only then may a card carry a mention.
    """

    uid: str
    renderer: str
    record_id: int
    values: Mapping[str, Any]
    first: bool


@dataclass(frozen=True, slots=True)
class DueWork:
    """A due row handed to its action: the record it is about and when it was due (aware UTC)."""

    kind: str
    record_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An outbox row that cannot be delivered as things are, and why (Slack's error code). It was addressed to a channel
    or to a person (`user_id`); `sent` is the version that was delivered last."""

    uid: str
    kind: str
    renderer: str
    record_id: int
    channel: str
    user_id: str | None
    sent: int
    error: str


@dataclass(frozen=True, slots=True)
class FirstPost:
    """An outbox row that stands on Slack since this moment, in `channel` as message `ts`: for the first time, or anew
    because its message was deleted. `user_id` is whom it was addressed to, if it was a person."""

    renderer: str
    record_id: int
    user_id: str | None
    channel: str
    ts: str


Renderer = Callable[[T, Outgoing], "Message | None"]
"""Reads the record afresh and renders it; None when there is nothing left to say."""

DueAction = Callable[[T, DueWork], None]
"""Runs in one transaction and itself writes when the record is due next."""

DeadLetterHook = Callable[[T, DeadLetter], None]
PostedHook = Callable[[T, FirstPost], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the address of a calendar answers: an HTTP status, the file where it is 200, what it is known by (`mark`), and
    after how many seconds to come again where it is 429."""

    status: int
    body: bytes = b""
    mark: str = ""
    wait: int = 0


Fetch = Callable[[str, Collection[str]], Awaitable[Fetched]]
"""From the token in an address, and the marks that whoever asks has already."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command that somebody typed. `text` is what follows the command's word; `respond` answers only them; with
    `trigger_id` a dialog can be opened within three seconds."""

    user: str
    team: str
    channel: str
    text: str
    trigger_id: str
    client: Any
    respond: Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `/banso`.

    Args:
        words: what it is called by; the first one is shown. Width, capitals and kana do not matter.
        summary: its line in 「ヘルプ」.
        deed: who may use it.
        run: `run(services, call)` answers.
        alias: a slash command of its own (`/soudan`), which an administrator may leave out of the manifest.
    """

    words: tuple[str, ...]
    summary: str
    deed: Deed
    run: Callable[[Any, Call], Awaitable[None]]
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Feature(Generic[T]):
    """The parts of one feature.

    Args:
        name: the folder's name.
        register: puts the feature's listeners on the Bolt app (`register(app, services)`).
        renderers: outbox renderer name → function; names are unique over all features.
        due_work: due kind → action.
        depends_on_words: the due kinds among them that look at what people wrote; they wait while that may be unknown.
        on_dead_letter: told, in the same transaction, when one of its rows is given up.
        commands: its words after `/banso`.
        on_posted: told, in the transaction that marks it as sent, where a row of its renderers was posted.
    """

    name: str
    register: Callable[[Any, Any], None]
    renderers: Mapping[str, Renderer[T]] = field(default_factory=dict)
    due_work: Mapping[str, DueAction[T]] = field(default_factory=dict)
    depends_on_words: frozenset[str] = frozenset()
    on_dead_letter: DeadLetterHook[T] | None = None
    commands: Sequence[Command] = ()
    on_posted: PostedHook[T] | None = None
