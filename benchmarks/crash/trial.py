"""One trial: kill the bot some times at one seam while people write and press, let it settle, judge."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.candidates import Mode
from benchmarks.crash.place import Place, misbehave, place, reschedule
from benchmarks.crash.talk import Talk
from benchmarks.crash.verdict import Recorded, Verdict, judge, read
from benchmarks.machine import Child, stopping, until
from benchmarks.nursery import Nursery
from storage.database import Database

SEAMS: dict[str, tuple[str, ...]] = {
    "before commit": ("before_commit", "before_deed"),
    "after commit, before ack": ("committed", "deed_done", "acknowledging"),
    "kept, before it is taken in": ("kept",),
    "after lease, before post": ("leased", "sending"),
    "after post, before mark": ("posted", "changed"),
    "during refresh": ("refreshing", "refreshed"),
}
"""The seams, and the hooks of `seams.py` that stand for each; one is chosen for each kill."""

OVER_HTTP = ("before commit", "after commit, before ack", "kept, before it is taken in")
DIES_WITHIN = 120.0
SETTLES_WITHIN = 180.0
"""Seconds. Patience costs nothing where all goes well; too little of it called late on a busy machine lost."""
MOST_PASSES, MOST_DEEDS = 6, 2
OF_DEEDS = frozenset({"before_deed", "deed_done"})
PAUSE = 0.15
"""Seconds between two messages."""


class NeverReached(AssertionError):
    """The bot did not come by the seam, or ended otherwise."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a trial does. `seed` makes the choices repeatable; the timing never is."""

    seam: str
    mode: Mode
    kills: int
    seed: int


async def trial(plan: Plan, database_url: str, directory: Path, nursery: Nursery | None = None) -> Verdict:
    """Run one trial in a fresh database.

    Raises:
        NeverReached: a kill did not happen.
    """
    chance = random.Random(plan.seed)
    verdict = Verdict()
    async with place(database_url, plan.mode, directory, nursery) as found:
        talk = Talk(found, chance)
        await misbehave(found)
        for _ in range(plan.kills):
            await reschedule(found, chance)
            await _kill(found, plan, talk, chance)
            verdict.kills += 1
            await talk.goes_on()  # nobody is there to hear it
        async with stopping(await found.start()) as child, found.database() as database:
            await talk.deeds.over()
            await until("the bot is up again", found.is_up, DIES_WITHIN, child)
            await talk.deeds.once_more()
            recorded = await settled(database, talk, child)
        judge(found, talk, recorded, verdict)
    return verdict


async def _kill(found: Place, plan: Plan, talk: Talk, chance: random.Random) -> None:
    hook = chance.choice(SEAMS[plan.seam])
    at = chance.randint(1, MOST_DEEDS if hook in OF_DEEDS else MOST_PASSES)
    child = await found.start(hook, at)
    deadline = time.monotonic() + DIES_WITHIN
    async with stopping(child):
        await until("the bot is up, or dead already", lambda: not child.alive or found.is_up(), DIES_WITHIN)
        while child.alive and time.monotonic() < deadline:
            await talk.goes_on()
            if plan.seam == "during refresh" and found.sandbox.sockets.connections:
                await found.ws.disconnects(chance.choice(["refresh_requested", "warning"]))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await child.process.wait()
    if child.process.returncode != -signal.SIGKILL:
        raise NeverReached(f"{plan}: {hook} {at}, exit {child.process.returncode}\n{child.last_words()}")


async def settled(database: Database, talk: Talk, child: Child) -> Recorded:
    """Wait until everything written is recorded and everything wanted is on Slack; what is not by then is lost."""
    deadline = time.monotonic() + SETTLES_WITHIN
    while True:
        recorded = await database.read(read)
        known = all((one.channel, one.ts) in recorded.question_of for one in talk.messages)
        if (known and not recorded.waiting) or time.monotonic() > deadline:
            return recorded
        if not child.alive:
            raise NeverReached(f"the bot ended by itself\n{child.last_words()}")
        await asyncio.sleep(0.1)
