"""Load from inside the sandbox's process: as many messages at once as wanted, each waited for until acknowledged."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from benchmarks.town import TEXT, Town
from sandbox import messages
from sandbox.courier import Delivery

ACK_WITHIN = 60.0


@dataclass(slots=True)
class Asked:
    """What became of a load. `ms` holds the acknowledgement times, `seconds` first message to last acknowledgement."""

    sent: int = 0
    acked: int = 0
    retried: int = 0
    seconds: float = 0.0
    ms: list[float] = field(default_factory=list)

    def add(self, each: Delivery) -> None:
        """Count one event."""
        self.sent += 1
        self.retried += each.attempt > 0
        if each.outcome == "delivered":
            self.acked += 1
            self.ms.append((each.acked - each.sent) * 1000)


async def saturate(place: Town, count: int, at_once: int, first: int = 0) -> Asked:
    """Write `count` messages, `at_once` unacknowledged at any time, turn by turn in all channels by all askers.

    `first` is the number of the first message; a later load must go on where the one before ended.
    """
    world, asked = place.sandbox.world, Asked()
    numbers = iter(range(first, first + count))

    async def keep_writing() -> None:
        for number in numbers:
            channel = world.channels[place.channels[number % len(place.channels)].id]
            person = world.people[place.askers[number % len(place.askers)].id]
            _, sent = messages.say(world, channel, person, TEXT.replace("{n}", str(number)))
            await asyncio.wait([each.done for each in sent], timeout=ACK_WITHIN)
            for each in sent:
                asked.add(each)

    started = time.monotonic()
    await asyncio.gather(*(keep_writing() for _ in range(at_once)))
    asked.seconds = time.monotonic() - started
    return asked
