"""What people write and see."""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass
from typing import Any, Protocol


class Placed(Protocol):
    """Anything that is a message somewhere."""

    @property
    def channel(self) -> str:
        """The channel's id."""

    @property
    def ts(self) -> str:
        """The message's stamp."""


@dataclass(frozen=True)
class Message:
    """A message somebody wrote: the channel's id and the stamp."""

    channel: str
    ts: str
    thread_ts: str | None = None


class Shown(UserDict[str, Any]):
    """A message as people see it: Slack's fields by key, and the usual ones in words."""

    @property
    def channel(self) -> str:
        """The channel's id."""
        return str(self["channel"])

    @property
    def ts(self) -> str:
        """The message's stamp."""
        return str(self["ts"])

    @property
    def text(self) -> str:
        """The text field alone (what telephones show)."""
        return str(self["text"])

    @property
    def words(self) -> str:
        """All visible text, that inside blocks too."""
        return str(self["words"])

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons and menu entries."""
        return [str(each["label"]) for each in self["buttons"]]

    @property
    def by_bot(self) -> bool:
        """Whether the app wrote it."""
        return "bot_id" in self.data

    @property
    def author(self) -> str:
        """The real name of who wrote it."""
        return str(self["author"])

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self["ephemeral"])

    @property
    def reactions(self) -> list[str]:
        """The names of the reactions on it."""
        return [str(each["name"]) for each in self.get("reactions", ())]

    @property
    def metadata(self) -> dict[str, Any]:
        """The app's metadata, empty if there is none."""
        found: dict[str, Any] = self.get("metadata", {})
        return found


class ShownView(UserDict[str, Any]):
    """A modal or home tab as its person sees it."""

    @property
    def title(self) -> str:
        """The modal's title."""
        return str(self["title"]["text"])

    @property
    def words(self) -> str:
        """All visible text."""
        return str(self["words"])

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons and menu entries (not submit and close)."""
        return [str(each["label"]) for each in self["buttons"]]

    @property
    def callback_id(self) -> str:
        """The callback_id the app gave it."""
        return str(self["callback_id"])

    @property
    def entered(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What its elements hold, by block_id and action_id."""
        found: dict[str, dict[str, dict[str, Any]]] = self["state"]["values"]
        return found


@dataclass(frozen=True)
class Outcome:
    """What became of a click or a command: acknowledged or not and why, after how many milliseconds, with what."""

    acked: bool
    reason: str | None = None
    ms: float | None = None
    answer: Any = None

    @classmethod
    def of(cls, body: dict[str, Any]) -> Outcome:
        """Read the outcome the control API returns."""
        return cls(body["acked"], body.get("reason"), body.get("ms"), body.get("answer"))


def ids(value: Any) -> Any:
    """Return a value to enter with people and channels in it replaced by their ids."""
    if isinstance(value, dict):
        return {key: ids(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [ids(each) for each in value]
    return getattr(value, "id", value)


def on_json(on: Placed | str | None) -> dict[str, str] | str | None:
    """Return what the control API takes for the place to press something."""
    return on if on is None or isinstance(on, str) else {"channel": on.channel, "ts": on.ts}
