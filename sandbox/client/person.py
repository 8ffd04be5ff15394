"""A person in the words of a test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sandbox.client.channel import Channel
from sandbox.client.link import PATIENCE, SandboxError
from sandbox.client.things import Message, Outcome, Placed, Shown, ShownView, ids, on_json

if TYPE_CHECKING:
    from sandbox.client.link import Link

Place = Channel | str


class Person:
    """Somebody in the workspace who writes, reads and presses."""

    def __init__(self, link: Link, person_id: str, name: str, bot_user_id: str) -> None:
        self._link = link
        self._bot = bot_user_id
        self.id = person_id
        self.name = name

    def __repr__(self) -> str:
        return f"Person({self.name})"

    @property
    def mention(self) -> str:
        """What others type to mention this person."""
        return f"<@{self.id}>"

    # Writing

    async def says(
        self,
        text: str,
        channel: Place,
        thread: Placed | None = None,
        files: Sequence[dict[str, Any]] = (),
        broadcast: bool = False,
    ) -> Message:
        """Write in a channel or, with `thread`, below that message; files are {name, content or base64}."""
        body = await self._link.call(
            "act/post",
            person=self.id,
            channel=_id(channel),
            text=text,
            thread=thread.ts if thread is not None else None,
            files=list(files) or None,
            broadcast=broadcast or None,
        )
        return Message(body["channel"], body["ts"], body["thread_ts"])

    async def mentions_bot(self, text: str, channel: Place, thread: Placed | None = None) -> Message:
        """Write with a mention of the bot in front."""
        return await self.says(f"<@{self._bot}> {text}", channel, thread)

    async def direct(
        self, text: str, thread: Placed | None = None, files: Sequence[dict[str, Any]] = ()
    ) -> Message:
        """Write to the bot alone."""
        return await self.says(text, "bot", thread, files)

    async def edits(self, message: Placed, text: str) -> None:
        """Edit one's own message."""
        await self._link.call("act/edit", person=self.id, channel=message.channel, ts=message.ts, text=text)

    async def deletes(self, message: Placed, as_admin: bool = False) -> None:
        """Delete one's own message, or as an administrator anybody's."""
        await self._link.call(
            "act/delete", person=self.id, channel=message.channel, ts=message.ts, as_admin=as_admin or None
        )

    async def reacts(self, name: str, message: Placed, remove: bool = False) -> None:
        """React to a message, or take the reaction back."""
        await self._link.call(
            "act/react",
            person=self.id,
            channel=message.channel,
            ts=message.ts,
            name=name,
            remove=remove or None,
        )

    async def joins(self, channel: Place) -> None:
        """Join a public channel."""
        await self._link.call("act/join", person=self.id, channel=_id(channel))

    async def leaves(self, channel: Place) -> None:
        """Leave a channel."""
        await self._link.call("act/join", person=self.id, channel=_id(channel), leave=True)

    # Pressing

    async def clicks(
        self, label: str, on: Placed | str | None = None, within: float = PATIENCE, may_fail: bool = False
    ) -> Outcome:
        """Press the visible button with this label (or action_id), waiting until it is there.

        `on` is a message, "view" or "home"; without it an open modal, else the newest message that has the button,
        else the home tab. Fails if the app does not acknowledge, unless `may_fail`.
        """
        return await self._press(label, on, within, may_fail)

    async def clicks_stale(
        self, label: str, on: Placed | str | None = None, within: float = PATIENCE, may_fail: bool = False
    ) -> Outcome:
        """Press a button that may be gone since: on a deleted message or an earlier version of one."""
        return await self._press(label, on, within, may_fail, stale=True)

    async def chooses(
        self,
        label: str,
        value: Any,
        on: Placed | str | None = None,
        within: float = PATIENCE,
        may_fail: bool = False,
    ) -> Outcome:
        """Choose `value` in a select, radio group, date picker… that tells the app at once."""
        return await self._press(label, on, within, may_fail, choose=ids(value))

    async def types_into(
        self, label: str, typed: str, on: Placed | str | None = None
    ) -> list[dict[str, Any]]:
        """Type into an external select and return the options the app offers."""
        body = await self._link.call("act/suggest", person=self.id, name=label, typed=typed, on=on_json(on))
        found: list[dict[str, Any]] = body["options"]
        return found

    async def _press(
        self, label: str, on: Placed | str | None, within: float, may_fail: bool, **how: Any
    ) -> Outcome:
        visible: list[str] = []

        async def look() -> tuple[Outcome | None, int]:
            try:
                body = await self._link.call("act/press", person=self.id, name=label, on=on_json(on), **how)
            except SandboxError as error:
                if error.code != "not_visible":
                    raise
                visible[:] = error.body.get("visible") or []
                return None, error.body["version"]
            return Outcome.of(body["outcome"]), body["version"]

        outcome = await self._link.until(look, within)
        if outcome is None:
            raise AssertionError(f"{self} saw no 「{label}」 to press within {within} s, only {visible}")
        return self._fine(f"pressing 「{label}」", outcome, may_fail)

    def _fine(self, what: str, outcome: Outcome, may_fail: bool) -> Outcome:
        if not outcome.acked and not may_fail:
            raise AssertionError(f"{what} by {self} was not acknowledged: {outcome.reason}")
        return outcome

    # Modals and home

    async def view(self, within: float = PATIENCE, title: str | None = None) -> ShownView:
        """Wait until a modal is open (with this title or callback_id) and return the one on top."""

        async def look() -> tuple[ShownView | None, int]:
            body = await self._link.call("see/view", person=self.id)
            found = ShownView(body["view"]) if body["view"] else None
            if found is not None and title not in (None, found.title, found.callback_id):
                found = None
            return found, body["version"]

        found = await self._link.until(look, within)
        if found is None:
            raise AssertionError(f"{self} has no modal {title or ''} open after {within} s")
        return found

    async def has_view(self) -> bool:
        """Say whether a modal is open right now."""
        return (await self._link.call("see/view", person=self.id))["view"] is not None

    async def submits(
        self, values: dict[str, Any] | None = None, may_fail: bool = False
    ) -> dict[str, str] | None:
        """Fill in the modal on top, by label, block_id or action_id, and send it.

        Returns the errors it shows, by block_id, or None if it was taken.
        """
        body = (await self._link.call("act/submit", person=self.id, values=ids(values or {})))["outcome"]
        self._fine("submitting the modal", Outcome.of({"ms": None, **body}), may_fail)
        errors: dict[str, str] | None = body.get("errors")
        return errors

    async def closes(self, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        await self._link.call("act/close", person=self.id, everything=everything or None)

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app's home tab."""
        await self._link.call("act/home", person=self.id, tab=tab)

    async def home(self, text: str = "", within: float = PATIENCE) -> ShownView:
        """Wait until the home tab shows `text` and return it."""
        last: list[str] = []

        async def look() -> tuple[ShownView | None, int]:
            body = await self._link.call("see/home", person=self.id)
            found = ShownView(body["view"]) if body["view"] else None
            last[:] = [found.words] if found is not None else []
            return found if found is not None and text in found.words else None, body["version"]

        found = await self._link.until(look, within)
        if found is None:
            raise AssertionError(f"the home tab of {self} does not show 「{text}」 but: {last}")
        return found

    # Commands and shortcuts

    async def runs(
        self, command: str, text: str = "", channel: Place = "bot", may_fail: bool = False
    ) -> Outcome:
        """Type a slash command."""
        body = await self._link.call(
            "act/command", person=self.id, command=command, text=text, channel=_id(channel)
        )
        return self._fine(f"{command} {text}", Outcome.of(body["outcome"]), may_fail)

    async def shortcut(
        self, callback_id: str, message: Placed | None = None, may_fail: bool = False
    ) -> Outcome:
        """Use a global shortcut or, with `message`, one on that message."""
        body = await self._link.call(
            "act/shortcut",
            person=self.id,
            callback_id=callback_id,
            channel=message.channel if message is not None else None,
            ts=message.ts if message is not None else None,
        )
        return self._fine(f"shortcut {callback_id}", Outcome.of(body["outcome"]), may_fail)

    # Seeing

    async def dm(self) -> Channel:
        """Return the direct message with the bot."""
        body = await self._link.call("see/direct", person=self.id)
        return Channel(self._link, body["channel"], f"DM {self.name}")

    async def notifications(self, channel: Place | None = None) -> list[dict[str, Any]]:
        """Return what rang, oldest first: kind (mention, thread, direct, everybody), channel, ts, by, text."""
        found: list[dict[str, Any]] = (await self._link.call("see/person", person=self.id))["notifications"]
        return [each for each in found if channel is None or each["channel"] == _id(channel)]

    async def ephemerals(self, channel: Place | None = None) -> list[Shown]:
        """Return what only this person was shown, oldest first."""
        place = _id(channel) if channel is not None else None
        body = await self._link.call("see/person", person=self.id, channel=place)
        return [Shown(each) for each in body["ephemerals"]]

    async def errors(self) -> list[dict[str, Any]]:
        """Return the errors Slack itself showed: name, reason."""
        found: list[dict[str, Any]] = (await self._link.call("see/person", person=self.id))["errors"]
        return found

    async def sees(self, text: str, channel: Place = "bot", within: float = PATIENCE) -> Shown:
        """Wait for a message with `text` in a channel, among what only this person sees too."""
        place = await self.dm() if channel == "bot" else Channel(self._link, _id(channel), _id(channel))
        return await place.shows(text, within, to=self)

    async def is_rung(
        self, text: str = "", channel: Place | None = None, within: float = PATIENCE
    ) -> dict[str, Any]:
        """Wait until something rang whose text contains `text` and return it."""
        seen: list[dict[str, Any]] = []

        async def look() -> tuple[dict[str, Any] | None, int]:
            body = await self._link.call("see/person", person=self.id)
            seen[:] = [n for n in body["notifications"] if channel is None or n["channel"] == _id(channel)]
            return next((n for n in reversed(seen) if text in n["text"]), None), body["version"]

        found = await self._link.until(look, within)
        if found is None:
            raise AssertionError(f"nothing with 「{text}」 rang for {self} within {within} s, only {seen}")
        return found

    async def changes(self, **fields: Any) -> None:
        """Change name, real_name, email, title, guest, admin or deleted."""
        await self._link.call("people/change", person=self.id, **fields)
        self.name = fields.get("real_name", self.name)

    async def deactivates(self) -> None:
        """Be deactivated by an administrator."""
        await self.changes(deleted=True)


def _id(channel: Place) -> str:
    return channel if isinstance(channel, str) else channel.id
