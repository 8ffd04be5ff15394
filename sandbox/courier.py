"""Sends payloads to the app over whichever transport is in use, and writes down what became of each.

Source: docs.slack.dev/apis/events-api (3 seconds to acknowledge; events again at once, after a minute, after five).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.faults import PUSH_KINDS, Faults
from sandbox.subscription import Subscription

DUPLICATE = frozenset({"duplicate"})
assert DUPLICATE < PUSH_KINDS


class NotDelivered(Exception):
    """The app did not acknowledge; `reason` in Slack's words (timeout, connection_failed, http_error)."""

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Transport(Protocol):
    """A way to the app."""

    async def send(self, parcel: Delivery, reason: str, copies: int) -> Any:
        """Send it and wait for the acknowledgement; return what it carried. Raises NotDelivered."""


@dataclass(slots=True)
class Settings:
    """Times a test may shorten (seconds)."""

    retry_delays: list[float] = field(default_factory=lambda: [0.1, 60.0, 300.0])
    ack_seconds: float = 3.0


@dataclass(slots=True)
class Delivery:
    """One payload on its way. `number` counts from 1, `attempt` from 0; `made` is real time (Unix seconds), `sent` (for the
    first time) and `acked` are monotonic seconds."""

    kind: str
    name: str
    payload: dict[str, Any]
    done: asyncio.Future[None]
    number: int
    made: float = field(default_factory=time.time)
    attempt: int = 0
    outcome: str = "waiting"
    failures: list[str] = field(default_factory=list)
    sent: float = 0.0
    acked: float = 0.0
    answer: Any = None

    def row(self) -> dict[str, Any]:
        """Return what a test may read of it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "event_id": self.payload.get("event_id"),
            "attempts": self.attempt + (1 if self.sent else 0),
            "outcome": self.outcome,
            "failures": self.failures,
            "ms": round((self.acked - self.sent) * 1000, 3) if self.acked else None,
        }


class Courier:
    """Delivers events with retries and everything else once."""

    def __init__(self, faults: Faults) -> None:
        self.settings = Settings()
        self.subscription = Subscription()
        self.transport: Transport | None = None
        self.log: deque[Delivery] = deque(maxlen=10_000)
        self.outcomes: Counter[str] = Counter()
        self.in_flight = 0
        self.waiting = 0
        self.last_activity = time.monotonic()
        self._faults = faults
        self.number = 0
        self._held: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def event(self, name: str, payload: dict[str, Any]) -> Delivery:
        """Send an event, again if need be; return at once."""
        parcel = self._parcel("events_api", name, payload)
        if self._faults.drop_events:
            self._finish(parcel, "dropped")
        elif self._faults.hold_events:
            self._held.append(parcel)
        else:
            self._start(parcel)
        return parcel

    async def once(self, kind: str, name: str, payload: dict[str, Any]) -> Delivery:
        """Send a command or an interaction, never again; return when it is acknowledged or lost."""
        parcel = self._parcel(kind, name, payload)
        try:
            await self._attempt(parcel, "")
            self._finish(parcel, "delivered")
        except NotDelivered as error:
            parcel.failures.append(error.reason)
            self._finish(parcel, "failed")
        return parcel

    def release(self) -> int:
        """Send the events held back; return how many."""
        held, self._held = self._held, []
        for parcel in held:
            self._start(parcel)
        return len(held)

    def pending(self) -> dict[str, int]:
        """Say how much is on its way, waits for its next try, or is held back."""
        return {"in_flight": self.in_flight, "waiting": self.waiting, "held": len(self._held)}

    async def close(self) -> None:
        """Give up everything that is still on its way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _parcel(self, kind: str, name: str, payload: dict[str, Any]) -> Delivery:
        self.number += 1
        parcel = Delivery(kind, name, payload, asyncio.get_running_loop().create_future(), self.number)
        self.log.append(parcel)
        return parcel

    def _start(self, parcel: Delivery) -> None:
        task = asyncio.get_running_loop().create_task(self._keep_trying(parcel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_trying(self, parcel: Delivery) -> None:
        reason = ""
        delays = list(self.settings.retry_delays)
        while True:
            if refused := self.subscription.refuses():
                self._finish(parcel, refused)
                return
            attempt = self.subscription.tries()
            try:
                await self._attempt(parcel, reason)
            except NotDelivered as error:
                self.subscription.answered(attempt, well=False)
                reason = error.reason
                parcel.failures.append(reason)
                if not error.again or parcel.attempt >= len(delays):
                    self._finish(parcel, "given_up")
                    return
                parcel.outcome = "retrying"
                self.outcomes["retries"] += 1
                self.waiting += 1
                try:
                    await asyncio.sleep(delays[parcel.attempt])
                finally:
                    self.waiting -= 1
                parcel.attempt += 1
            else:
                self.subscription.answered(attempt, well=True)
                self._finish(parcel, "delivered")
                return

    async def _attempt(self, parcel: Delivery, reason: str) -> None:
        if self.transport is None:
            raise NotDelivered("connection_failed")
        fault = self._faults.take(DUPLICATE, parcel.name)
        self.in_flight += 1
        self.last_activity = time.monotonic()
        parcel.sent = parcel.sent or self.last_activity  # whoever waits for the answer waits from here on
        try:
            parcel.answer = await self.transport.send(parcel, reason, fault.copies if fault else 0)
            parcel.acked = time.monotonic()
        finally:
            self.in_flight -= 1
            self.last_activity = time.monotonic()

    def _finish(self, parcel: Delivery, outcome: str) -> None:
        parcel.outcome = outcome
        self.outcomes[outcome] += 1
        if not parcel.done.done():
            parcel.done.set_result(None)
