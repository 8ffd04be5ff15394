"""Clock, limits, delivery times, counters, logs, tokens, sockets."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from sandbox import events
from sandbox.control.desk import Desk, verb
from sandbox.errors import Refused
from sandbox.state import Json


@verb("info")
async def info(desk: Desk, args: Json) -> Json:
    """Addresses, tokens, the app, and how it is connected."""
    world = desk.world
    return {
        **desk.sandbox.values(),
        "bot_id": world.bot_id,
        "app_id": world.app_id,
        "scopes": sorted(world.app.scopes),
        "events": sorted(world.app.events) if world.app.events is not None else None,
        "manifest_problems": list(world.app.problems),
        "connections": desk.sandbox.sockets.connections,
    }


@verb("clock")
async def clock(desk: Desk, args: Json) -> Json:
    """Read the workspace clock, or move it: set (Unix seconds), to (as set, but never back) or advance (seconds)."""
    own = desk.world.clock
    if "set" in args:
        own.set(float(args["set"]))
    if "to" in args and float(args["to"]) > own.now():
        own.set(float(args["to"]))
    if "advance" in args:
        own.advance(float(args["advance"]))
    if {"set", "to", "advance"} & args.keys():
        desk.world.touch("clock")
    return {"now": own.now()}


@verb("limits")
async def limits(desk: Desk, args: Json) -> Json:
    """Switch the rate limits: limits "on", "off" or {"off": [methods]}; every change fills the buckets."""
    wanted = args.get("limits")
    own = desk.world.limits
    if wanted is not None:
        own.on = wanted != "off"
        own.off_for = set(wanted["off"]) if isinstance(wanted, dict) else set()
        own.reset()
    return {"on": own.on, "off": sorted(own.off_for), "refused": own.refused}


@verb("workspace")
async def workspace(desk: Desk, args: Json) -> Json:
    """Read or change what lies outside the app: user_groups ("everybody" manages them, "admins" or "no plan"),
    commands_of_others (commands that an app installed later has as well), commercial (the app is sold outside the
    Marketplace: the limits of 2025 on reading)."""
    world = desk.world
    if "user_groups" in args:
        if args["user_groups"] not in ("everybody", "admins", "no plan"):
            raise Refused("bad_arguments", f"user_groups: {args['user_groups']}")
        world.user_groups = args["user_groups"]
    if "commands_of_others" in args:
        world.commands_of_others = frozenset(args["commands_of_others"])
    if "commercial" in args:
        world.limits.commercial = bool(args["commercial"])
        world.limits.reset()
    return {
        "user_groups": world.user_groups,
        "commands_of_others": sorted(world.commands_of_others),
        "commercial": world.limits.commercial,
    }


@verb("delivery")
async def delivery(desk: Desk, args: Json) -> Json:
    """Read or set retry_delays (list of seconds), ack_seconds and trigger_seconds; play Slack's limits of delivery, which
    are not played otherwise: events_an_hour, fewest_an_hour; and subscribe again after Slack switched the events off:
    again."""
    own, subscription = desk.world.courier.settings, desk.world.courier.subscription
    triggers = desk.world.triggers
    for name in ("events_an_hour", "fewest_an_hour"):
        if name in args:
            subscription.on = True
            setattr(subscription, name, int(args[name]))
    if args.get("again"):
        subscription.switch_on()
    if "retry_delays" in args:
        own.retry_delays = [float(each) for each in args["retry_delays"]]
    if "ack_seconds" in args:
        own.ack_seconds = float(args["ack_seconds"])
    if "trigger_seconds" in args:
        triggers.seconds = float(args["trigger_seconds"])
    return {
        "retry_delays": own.retry_delays,
        "ack_seconds": own.ack_seconds,
        "trigger_seconds": triggers.seconds,
        "limited": subscription.on,
        "disabled": subscription.disabled,
    }


@verb("request_url")
async def request_url(desk: Desk, args: Json) -> Json:
    """Switch to HTTP mode; say whether the app passed the challenge: url."""
    return {"verified": await desk.sandbox.set_request_url(args["url"]).verify()}


@verb("counters")
async def counters(desk: Desk, args: Json) -> Json:
    """Everything counted so far."""
    tally, courier = desk.world.tally, desk.world.courier
    return {
        "calls": dict(tally.calls),
        "successes": dict(tally.successes),
        "outcomes": dict(tally.outcomes),
        "posts": tally.successes["chat.postMessage"],
        "updates": tally.successes["chat.update"],
        "asked": tally.asked,
        "asked_by_channel": dict(tally.asked_by_channel),
        "human_messages": tally.human_messages,
        "submitted": dict(tally.submitted),
        "duplicates": tally.duplicates(),
        "deliveries": dict(courier.outcomes),
        "acks": dict(desk.sandbox.sockets.acks),
        "pending": courier.pending(),
        "warnings": tally.warnings,
    }


@verb("calls")
async def calls(desk: Desk, args: Json) -> Json:
    """The log of Web API calls, oldest first: method, outcome, after (number), last (how many)."""
    rows = [
        row
        for row in desk.world.tally.log
        if args.get("method") in (None, row["method"])
        and args.get("outcome") in (None, row["outcome"])
        and row["number"] > int(args.get("after") or 0)
    ]
    return {"calls": rows[-int(args.get("last") or 1000) :], "total": len(rows)}


@verb("deliveries")
async def deliveries(desk: Desk, args: Json) -> Json:
    """What became of the payloads sent to the app, oldest first: name, kind, last, payloads (to see them too)."""
    log = [
        each
        for each in desk.world.courier.log
        if args.get("name") in (None, each.name) and args.get("kind") in (None, each.kind)
    ]
    rows = [
        each.row() | ({"payload": each.payload} if args.get("payloads") else {})
        for each in log[-int(args.get("last") or 1000) :]
    ]
    return {"deliveries": rows, "outcomes": dict(Counter(each.outcome for each in log))}


@verb("quiet")
async def quiet(desk: Desk, args: Json) -> Json:
    """Wait until nothing has gone to or come from the app for `for` seconds, at most `within`.

    Says quiet true or false. Events waiting for a retry count as going on only with `retries` true.
    """
    still, deadline = float(args.get("for") or 0.3), time.monotonic() + float(args.get("within") or 10)
    tally, courier = desk.world.tally, desk.world.courier
    while True:
        busy = courier.in_flight or tally.running or (args.get("retries") and courier.waiting)
        rest = still - (time.monotonic() - max(tally.last_activity, courier.last_activity))
        if not busy and rest <= 0:
            return {"quiet": True, **courier.pending()}
        if time.monotonic() >= deadline:
            return {"quiet": False, "running": tally.running, **courier.pending()}
        await asyncio.sleep(max(0.01, min(rest, 0.1)))


@verb("app")
async def app(desk: Desk, args: Json) -> Json:
    """Take the app's token away or give it back: how ("revoke", "uninstall" or "restore")."""
    world, how = desk.world, args["how"]
    if how == "restore":
        world.revoked = None
    elif how == "revoke":
        events.app_event(world, "tokens_revoked")
        world.revoked = "token_revoked"
    elif how == "uninstall":
        events.app_event(world, "tokens_revoked")
        events.app_event(world, "app_uninstalled")
        world.revoked = "account_inactive"
    else:
        raise Refused("bad_arguments", f"how: {how}")
    return {}


@verb("sockets")
async def sockets(desk: Desk, args: Json) -> Json:
    """End the app's connections: how ("warning", "refresh_requested", "link_disabled" or "cut")."""
    own, how = desk.sandbox.sockets, args.get("how")
    if how is None:
        return {"connections": own.connections}
    if how not in ("warning", "refresh_requested", "link_disabled", "cut"):
        raise Refused("bad_arguments", f"how: {how}")
    return {"ended": own.cut() if how == "cut" else await own.disconnect(how)}
