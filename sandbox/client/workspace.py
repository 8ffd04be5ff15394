"""The workspace in the words of a test."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from sandbox.client.channel import Channel
from sandbox.client.link import PATIENCE, Link
from sandbox.client.person import Person


class Workspace:
    """A sandbox seen by a test; use it with `async with`."""

    def __init__(self, control_url: str) -> None:
        self._link = Link(control_url)
        self._bot = ""

    async def __aenter__(self) -> Workspace:
        self._bot = (await self._link.call("info"))["bot_user_id"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._link.close()

    @property
    def bot_mention(self) -> str:
        """What people type to mention the bot."""
        return f"<@{self._bot}>"

    async def info(self) -> dict[str, Any]:
        """Return addresses, tokens, scopes and how the app is connected."""
        return await self._link.call("info")

    # Who and where

    async def channel(
        self,
        name: str,
        private: bool = False,
        bot: bool = True,
        members: Sequence[Person] = (),
        topic: str | None = None,
    ) -> Channel:
        """Make a channel or find it by name, with the bot (unless `bot` is False) and these members in it."""
        ids = [each.id for each in members]
        body = await self._link.call(
            "channels", name=name, private=private, bot=bot, members=ids, topic=topic
        )
        return Channel(self._link, body["channel"]["id"], name)

    async def person(
        self,
        real_name: str,
        email: str | None = None,
        channels: Sequence[Channel] = (),
        id: str | None = None,
        guest: bool = False,
        **more: Any,
    ) -> Person:
        """Add a person or find them by name; `more` takes name, admin, title, external_team, quiet."""
        body = await self._link.call(
            "people",
            real_name=real_name,
            email=email,
            channels=[each.id for each in channels],
            id=id,
            guest=guest or None,
            **more,
        )
        return Person(self._link, body["person"]["id"], real_name, self._bot)

    async def crowd(self, people: Sequence[dict[str, Any]]) -> list[Person]:
        """Add many people at once, without events; each is {real_name, email, id, channels (ids), …}."""
        ids = (await self._link.call("people/many", people=list(people)))["ids"]
        return [
            Person(self._link, number, str(each["real_name"]), self._bot)
            for number, each in zip(ids, people, strict=True)
        ]

    async def group(self, handle: str, members: Sequence[Person] = ()) -> str:
        """Make a user group with these members, or change who is in it; return what people type to mention it."""
        body = await self._link.call("groups", handle=handle, members=[each.id for each in members])
        return f"<!subteam^{body['id']}>"

    # Misbehaviour

    async def faults(self, kind: str, **options: Any) -> None:
        """Plan a fault; sandbox/faults.py names the kinds.

        Options: method, count, probability, channel, retry_after, seconds, copies, error. The lasting ones are
        `history_delay` (seconds), `hold_events`, `drop_events` and `mute_pongs` (on=True or False).
        """
        await self._link.call("faults", kind=kind, **options)

    async def clear_faults(self) -> None:
        """Behave well again; events held back are sent."""
        await self._link.call("faults/clear")

    async def disconnects(self, how: str = "refresh_requested") -> int:
        """End the sockets: warning, refresh_requested, link_disabled, or cut without a word; return how many."""
        return int((await self._link.call("sockets", how=how))["ended"])

    async def revokes(self, how: str = "revoke") -> None:
        """Take the bot's token away: revoke, uninstall, or restore."""
        await self._link.call("app", how=how)

    # Clock and settings

    async def set_clock(self, unix: float) -> None:
        """Move the workspace clock to `unix` (seconds)."""
        await self._link.call("clock", set=unix)

    async def advance(self, seconds: float) -> None:
        """Move the workspace clock on."""
        await self._link.call("clock", advance=seconds)

    async def now(self) -> float:
        """Return the workspace's time (Unix seconds)."""
        return float((await self._link.call("clock"))["now"])

    async def limits(self, limits: str | dict[str, Any]) -> None:
        """Switch the rate limits: "on", "off" or {"off": [methods]}."""
        await self._link.call("limits", limits=limits)

    async def around(self, **options: Any) -> None:
        """Change what lies outside the app: user_groups ("everybody", "admins" or "no plan"), commands_of_others (names),
        commercial (True: the limits of 2025 on reading)."""
        await self._link.call("workspace", **options)

    async def delivery(
        self,
        retry_delays: Sequence[float] | None = None,
        ack_seconds: float | None = None,
        trigger_seconds: float | None = None,
    ) -> None:
        """Set after how many seconds events are sent again, how long the app has to acknowledge and to open a dialog."""
        delays = list(retry_delays) if retry_delays is not None else None
        await self._link.call(
            "delivery", retry_delays=delays, ack_seconds=ack_seconds, trigger_seconds=trigger_seconds
        )

    async def event_limits(self, events_an_hour: int = 30_000, fewest_an_hour: int = 1_000) -> None:
        """Play Slack's limits of delivery: how many events it sends in an hour, and how many it has sent at least before
        it switches the subscription of an app off that answers nearly none."""
        await self._link.call("delivery", events_an_hour=events_an_hour, fewest_an_hour=fewest_an_hour)

    async def subscribe_again(self) -> None:
        """Switch the events on again, as an administrator does in the app's settings."""
        await self._link.call("delivery", again=True)

    async def request_url(self, url: str) -> bool:
        """Switch to HTTP mode; return whether the app passed Slack's challenge."""
        return bool((await self._link.call("request_url", url=url))["verified"])

    # Counting and waiting

    async def counters(self) -> dict[str, Any]:
        """Return everything the sandbox has counted by itself."""
        return await self._link.call("counters")

    async def calls(
        self, method: str | None = None, outcome: str | None = None, last: int = 1000
    ) -> list[dict[str, Any]]:
        """Return the log of Web API calls, oldest first."""
        found: list[dict[str, Any]] = (
            await self._link.call("calls", method=method, outcome=outcome, last=last)
        )["calls"]
        return found

    async def deliveries(self, name: str | None = None, payloads: bool = False) -> list[dict[str, Any]]:
        """Return what became of the payloads sent to the app, oldest first."""
        found: list[dict[str, Any]] = (
            await self._link.call("deliveries", name=name, payloads=payloads or None)
        )["deliveries"]
        return found

    async def quiet(self, for_: float = 0.3, within: float = PATIENCE, retries: bool = False) -> None:
        """Wait until nothing has gone to or come from the app for `for_` seconds."""
        body = await self._link.call("quiet", **{"for": for_}, within=within, retries=retries or None)
        if not body["quiet"]:
            raise AssertionError(f"the app and the workspace were still busy after {within} s: {body}")

    async def connected(self, count: int = 1, within: float = PATIENCE) -> None:
        """Wait until the app holds at least `count` sockets open."""

        async def look() -> tuple[bool | None, int]:
            body = await self._link.call("sockets")
            return True if body["connections"] >= count else None, body["version"]

        if await self._link.until(look, within) is None:
            raise AssertionError(f"the app opened fewer than {count} sockets within {within} s")

    async def flood(
        self,
        count: int,
        per_second: float,
        channels: Sequence[Channel],
        people: Sequence[Person],
        **more: Any,
    ) -> dict[str, Any]:
        """Post many messages at a rate; `more` takes text, mention, thread, within. Returns acknowledgement times."""
        return await self._link.call(
            "flood",
            count=count,
            per_second=per_second,
            channels=[each.id for each in channels],
            people=[each.id for each in people],
            **more,
        )
