"""A channel in the words of a test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sandbox.client.link import PATIENCE
from sandbox.client.things import Placed, Shown

if TYPE_CHECKING:
    from sandbox.client.link import Link
    from sandbox.client.person import Person


class Channel:
    """A channel or direct message."""

    def __init__(self, link: Link, channel_id: str, name: str) -> None:
        self._link = link
        self.id = channel_id
        self.name = name

    def __repr__(self) -> str:
        return f"Channel({self.name or self.id})"

    async def shows(
        self, text: str, within: float = PATIENCE, thread: Placed | None = None, to: Person | None = None
    ) -> Shown:
        """Wait for a message whose visible words contain `text` and return the newest such.

        `thread` looks only in that thread, `to` also at what only that person sees.
        """
        there: list[str] = []

        async def look() -> tuple[Shown | None, int]:
            body = await self._find(text, thread, to)
            there[:] = body.get("there") or []
            return Shown(body["message"]) if body["message"] else None, body["version"]

        found = await self._link.until(look, within)
        if found is None:
            raise AssertionError(_missing(f"{self} did not show 「{text}」 within {within} s", there))
        return found

    async def never_shows(
        self, text: str, for_: float = 0.5, thread: Placed | None = None, to: Person | None = None
    ) -> None:
        """Watch for `for_` seconds and fail as soon as a message with `text` is there."""

        async def look() -> tuple[Shown | None, int]:
            body = await self._find(text, thread, to)
            return Shown(body["message"]) if body["message"] else None, body["version"]

        found = await self._link.until(look, for_)
        if found is not None:
            raise AssertionError(f"{self} shows 「{text}」, which it never should:\n{found.words}")

    async def no_longer_shows(
        self, text: str, within: float = PATIENCE, thread: Placed | None = None
    ) -> None:
        """Wait until no message has `text` any more."""

        async def look() -> tuple[bool | None, int]:
            body = await self._find(text, thread, None)
            return None if body["message"] else True, body["version"]

        if await self._link.until(look, within) is None:
            raise AssertionError(f"{self} still shows 「{text}」 after {within} s")

    async def changed(self, message: Placed, text: str, within: float = PATIENCE) -> Shown:
        """Wait until one message contains `text` and return it as it is then."""
        last: list[str] = []

        async def look() -> tuple[Shown | None, int]:
            body = await self._link.call("see/channel", channel=self.id)
            found = [Shown(each) for each in body["messages"] if each["ts"] == message.ts]
            last[:] = [each.words for each in found]
            return next((each for each in found if text in each.words), None), body["version"]

        found = await self._link.until(look, within)
        if found is None:
            raise AssertionError(_missing(f"message {message.ts} never contained 「{text}」", last))
        return found

    async def messages(self, last: int = 1000, to: Person | None = None) -> list[Shown]:
        """Return everything in the channel, replies too, oldest first; `to` adds what only that person sees."""
        body = await self._link.call(
            "see/channel", channel=self.id, last=last, person=to.id if to is not None else None
        )
        return [Shown(each) for each in body["messages"]]

    async def top(self, last: int = 1000) -> list[Shown]:
        """Return what stands in the channel itself, without replies, oldest first."""
        body = await self._link.call("see/channel", channel=self.id, last=last, everything=False)
        return [Shown(each) for each in body["messages"]]

    async def thread(self, message: Placed) -> list[Shown]:
        """Return a thread: its first message and the replies."""
        body = await self._link.call("see/channel", channel=self.id, thread=message.ts)
        return [Shown(each) for each in body["messages"]]

    async def adds(self, *people: Person, bot: bool = False) -> None:
        """Bring people, or the bot, into the channel."""
        ids = [each.id for each in people]
        await self._members(add=[*ids, *(await self._bot() if bot else ())])

    async def removes(self, *people: Person, bot: bool = False) -> None:
        """Take people, or the bot, out of the channel."""
        ids = [each.id for each in people]
        await self._members(remove=[*ids, *(await self._bot() if bot else ())])

    async def members(self) -> list[str]:
        """Return the ids of who is in the channel."""
        body = await self._link.call("channels/members", channel=self.id)
        found: list[str] = body["channel"]["members"]
        return found

    async def archives(self) -> None:
        """Archive the channel."""
        await self._link.call("channels/end", channel=self.id, how="archive")

    async def unarchives(self) -> None:
        """Bring the archived channel back."""
        await self._link.call("channels/end", channel=self.id, how="unarchive")

    async def deletes(self) -> None:
        """Delete the channel with everything in it."""
        await self._link.call("channels/end", channel=self.id, how="delete")

    async def renames(self, name: str) -> None:
        """Give the channel another name."""
        await self._link.call("channels/end", channel=self.id, how="rename", new_name=name)
        self.name = name

    async def _members(self, **change: Any) -> None:
        await self._link.call("channels/members", channel=self.id, **change)

    async def _bot(self) -> list[str]:
        return [(await self._link.call("info"))["bot_user_id"]]

    async def _find(self, text: str, thread: Placed | None, to: Person | None) -> dict[str, Any]:
        return await self._link.call(
            "see/find",
            channel=self.id,
            text=text,
            thread=thread.ts if thread is not None else None,
            person=to.id if to is not None else None,
        )


def _missing(sentence: str, there: list[str]) -> str:
    seen = "\n".join(f"  | {each}".replace("\n", "\n  | ") for each in there)
    return f"{sentence} (at {time.strftime('%H:%M:%S')}). What was there:\n{seen or '  nothing'}"
