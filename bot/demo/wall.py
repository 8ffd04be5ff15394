"""What the demo puts up beside the chat, for those who watch in a browser: moments the clock can be moved to, and what the
bot's books say.

The stand-in workspace knows neither our business hours nor our database. We know both, and tell it through its control API
(`jumps`, `says`); the browser reads it there and moves the workspace's clock itself, which ours follows (`live`).
"""

from __future__ import annotations

import math
import time as real
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import auditor
from bot.auditor import Books
from bot.demo.stage import Stage
from bot.domain.business_time import BusinessCalendar
from bot.web import Health
from storage import ledger

APART = 0.4
"""Seconds between two looks into the books at least."""

MONDAY, FRIDAY = 0, 4
Json = dict[str, Any]


def jumps(now: datetime, next_step: datetime | None, calendar: BusinessCalendar | None = None) -> list[Json]:
    """Moments ahead of `now` (aware), the nearest first, as the control API's verb `jumps` takes them.

    Args:
        next_step: when the bot does something of its own accord next, if it has anything to do.
        calendar: whose opening hours; the usual ones by default.
    """
    calendar = calendar or BusinessCalendar()
    found = [] if next_step is None else [("Banso が次に動くとき", next_step)]
    found += [
        ("次に窓口が開くとき", calendar.next_opening(now)),
        ("次の月曜日の 9:00", _next(now, calendar, MONDAY, time(9))),
        ("次の金曜日の 16:00(週のまとめ)", _next(now, calendar, FRIDAY, time(16))),
    ]
    found.sort(key=lambda each: each[1])
    return [{"name": name, "to": math.ceil(moment.timestamp())} for name, moment in found]


def _next(now: datetime, calendar: BusinessCalendar, weekday: int, clock: time) -> datetime:
    day = calendar.day_of(now)
    day += timedelta(days=weekday - day.weekday())
    moment = datetime.combine(day, clock, ZoneInfo(calendar.zone))
    return moment if moment > now else moment + timedelta(days=7)


def says(books: Books, health: Health, asked: int) -> list[Json]:
    """What the bot says of itself, as the control API's verb `says` takes it. `asked` is what the workspace counted."""
    return [_nothing_lost(books, asked), _ledger(books), _outbox(books), _health(health)]


def _nothing_lost(books: Books, asked: int) -> Json:
    counts = books.ledger
    missing = asked - counts.received - counts.set_aside
    state, note = "fine", f"{asked} = {counts.received} + {counts.set_aside}。なくなったものはありません。"
    if missing > 0:
        state, note = (
            "waiting",
            f"あと {missing} 件は、届く途中です。Slack が送り直すか、Banso が読みに行きます。",
        )
    elif missing < 0:
        note = f"ほかの {-missing} 件は、相談チャンネルの外から登録されました。"
    items = [
        ["書かれた相談", asked],
        ["受け付けた", counts.received],
        ["相談ではないものとして残した", counts.set_aside],
    ]
    return {"title": "なくなっていないか", "items": items, "state": state, "note": note}


def _ledger(books: Books) -> Json:
    counts = books.ledger
    items = [
        ["受け付けた", counts.received],
        ["未回答", counts.waiting],
        ["回答あり", counts.answered],
        ["終わった", sum(counts.closed.values())],
    ]
    return {"title": "台帳", "items": items, "state": "fine" if counts.balanced else "wrong"}


def _outbox(books: Books) -> Json:
    backlog = books.backlog
    state = "wrong" if backlog.dead else "waiting" if backlog.waiting or books.kept.waiting else "fine"
    items = [
        ["これから送るもの", backlog.waiting],
        ["付けるリアクション", backlog.marks],
        ["読んだが、まだ取り込んでいない", books.kept.waiting],
        ["届けられない", backlog.dead],
    ]
    return {"title": "送信待ち", "items": items, "state": state}


def _health(health: Health) -> Json:
    note = " ".join(health.findings) or "異常はありません。"
    return {"title": "点検", "state": "wrong" if health.findings else "fine", "note": note}


class Wall:
    """Keeps what is put up as it is now; without a browser nobody sees it, and it costs a few reads a second."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._put: dict[str, list[Json]] = {}
        self._looked = -math.inf

    async def put_up(self, now: datetime) -> None:
        """Look, unless that was just done, and put up what differs. Raises SandboxError or aiohttp.ClientError."""
        if real.monotonic() - self._looked < APART:
            return
        stage, read = self._stage, self._stage.banso.database.read
        books, health = await read(auditor.read), await stage.banso.health()
        # Counted last: what is asked in between counts as on its way, never as too much.
        asked = self._asked(await stage.ws.counters())
        await self._tell("jumps", jumps(now, await read(ledger.next_step_at)))
        await self._tell("says", says(books, health, asked))
        self._looked = real.monotonic()

    def _asked(self, counters: Json) -> int:
        """What was asked, without what people tell each other where nobody asks."""
        channels, cast = self._stage.channels, self._stage.cast
        rooms = [room for room in (*cast.rooms, *cast.side_rooms) if room.purpose != "consultation"]
        elsewhere: int = sum(counters["asked_by_channel"].get(channels[room.name].id, 0) for room in rooms)
        return self._stage.asked(counters) - elsewhere

    async def _tell(self, verb: str, what: list[Json]) -> None:
        if self._put.get(verb) != what:
            await self._stage.control.call(verb, **{verb: what})
            self._put[verb] = what
