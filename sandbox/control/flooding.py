"""Load: many messages at a rate, and how long the app took to acknowledge each."""

from __future__ import annotations

import asyncio
import time

from sandbox import messages
from sandbox.control.desk import Desk, verb
from sandbox.courier import Delivery
from sandbox.errors import Refused
from sandbox.state import Json

MOST_SECONDS = 600.0


@verb("flood")
async def flood(desk: Desk, args: Json) -> Json:
    """Post `count` messages, `per_second`, turn by turn in `channels` by `people` (ids), with `text` ({n} is the number).

    `thread` (ts) writes them into a thread, `mention` mentions the bot. Waits for every acknowledgement, at most
    `within` seconds after the last message. Returns sent, acked, seconds and `ms`: from sending to the acknowledgement
    of each event that was acknowledged at its first attempt or later.
    """
    world = desk.world
    channels = [desk.channel({"channel": each}) for each in args["channels"]]
    people = [desk.person({"person": each}) for each in args["people"]]
    if not channels or not people:
        raise Refused("bad_arguments", "channels and people must not be empty")
    count, rate = int(args["count"]), float(args["per_second"])
    template = str(args.get("text") or "相談 {n}")
    if args.get("mention"):
        template = f"<@{world.bot_user_id}> {template}"
    sent: list[Delivery] = []
    started = time.monotonic()
    for number in range(count):
        ahead = started + number / rate - time.monotonic()
        if ahead > 0 or number % 50 == 0:
            await asyncio.sleep(max(ahead, 0))
        channel, person = channels[number % len(channels)], people[number % len(people)]
        text = template.replace("{n}", str(number))
        _, deliveries = messages.say(world, channel, person, text, thread_ts=args.get("thread"))
        sent += deliveries
    posted = time.monotonic() - started
    if sent:
        waiting = [each.done for each in sent]
        await asyncio.wait(waiting, timeout=min(float(args.get("within") or 60), MOST_SECONDS))
    done = [each for each in sent if each.outcome == "delivered"]
    return {
        "messages": count,
        "sent": len(sent),
        "acked": len(done),
        "retried": sum(each.attempt > 0 for each in sent),
        "seconds": round(time.monotonic() - started, 6),
        "seconds_posting": round(posted, 6),
        "ms": [round((each.acked - each.sent) * 1000, 3) for each in done],
    }
