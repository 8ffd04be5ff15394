"""A small prefecture without Slack: actions on a database, people's words as values, clocks that obey."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, Select, func, select

from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions import FEATURE
from handlers.questions.base.incoming import Incoming
from storage import channels, due
from storage.database import Transaction
from storage.engines import transaction
from storage.tables import due_work, held_letters, outbox
from storage.workspace import save_workspace

P = ParamSpec("P")
R = TypeVar("R")

HERE = "C0SOUDAN"
BODY, OTHER_BODY = "011002", "012025"
NAGI, ITSUKI = "U0NAGI", "U0ITSUKI"
MORI, ARIMA, TOKANO, KEN = "U0MORI", "U0ARIMA", "U0TOKANO", "U0KEN"
ASKERS, HELPERS = (NAGI, ITSUKI), (MORI, ARIMA, TOKANO, KEN)
BOT = "U0BANSO"
TUESDAY_TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def talent(user: str, role: str, field: str, *conflicts: str) -> dict[str, Any]:
    return {
        "id": user,
        "name": f"{user[2:]} 氏",
        "role": role,
        "fields": [field],
        "conflicts": list(conflicts),
        "hours": "月・火・水・木・金 9:00-17:00",
    }


FILE: dict[str, Any] = {
    "intake": "direct",
    "channels": [{"id": HERE, "name": "相談"}],
    "members": [
        {"id": NAGI, "name": "浜野 凪", "municipality": BODY, "section": "総務課"},
        {"id": ITSUKI, "name": "峰岸 樹", "municipality": OTHER_BODY},
        {"id": KEN, "name": "県 太郎", "permission": "coordinator"},
    ],
    "talents": [
        talent(MORI, "engineer", "device", "procure"),
        talent(ARIMA, "engineer", "net", f"body:{OTHER_BODY}"),
        talent(TOKANO, "pm", "procure"),
    ],
}


class Prefecture:
    """One workspace in a database that many share; `now` is people's time and the machine's alike."""

    def __init__(self, engine: Engine, workspace: str) -> None:
        self._engine = engine
        self.workspace = workspace
        self.now = TUESDAY_TEN
        self._stamps = itertools.count(1)

    def set_up(self) -> None:
        """Load the workspace file, as an operator would; everybody but one is in the channel."""
        self.write(lambda tx: save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/"))
        self.write(load, parse(FILE))
        self.write(channels.set_channel_members, HERE, [NAGI, ITSUKI, MORI, TOKANO, KEN])

    def write(self, action: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action in a transaction of its own; what it raises undoes it."""
        with transaction(self._engine) as connection:
            return action(Transaction(connection, self.workspace, self.now, self.now), *args, **kwargs)

    read = write

    def message(
        self,
        author: str,
        text: str,
        *,
        thread: str | None = None,
        mention: bool = False,
        at: datetime | None = None,
        channel: str = HERE,
    ) -> Incoming:
        """What somebody writes now (or wrote `at`); each stamp is one of its own."""
        micros = int((at or self.now).timestamp() * 1_000_000) + next(self._stamps)
        ts = f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
        return Incoming(channel, ts, thread, author, text, (), mention, None)

    def run_due(self, most: int = 100) -> int:
        """Run what is due now; more than `most` rows at one moment would never end."""
        for count in range(most):
            if self.write(due.run_next, FEATURE.due_work) is None:
                return count
        raise AssertionError(f"more than {most} due rows ran at one moment")

    def later(self, **delta: float) -> None:
        """Let time go on and run what falls due, a quarter of an hour at a time."""
        until = self.now + timedelta(**delta)
        while self.now < until:
            self.now = min(until, max(self._next_due() or until, self.now + timedelta(minutes=1)))
            self.run_due()

    def _next_due(self) -> datetime | None:
        ours = due_work.c.kind.in_(list(FEATURE.due_work))
        query = select(func.min(due_work.c.due_at)).where(due_work.c.workspace == self.workspace, ours)
        found: datetime | None = self.read(lambda tx: tx.connection.execute(query).scalar_one())
        return found

    def rings(self, user: str) -> list[str]:
        """The keys of the direct messages somebody is sent, and then of those that wait for when they may be rung."""
        o, h = outbox.c, held_letters.c
        sent = select(o.key).where(o.workspace == self.workspace, o.user_id == user, o.kind == "direct")
        waits = select(h.key).where(h.workspace == self.workspace, h.user_id == user, h.done_at.is_(None))
        queries = (sent.order_by(o.id), waits.order_by(h.id))
        return [key for query in queries for key in self.read(_keys, query)]


def _keys(tx: Transaction, query: Select[Any]) -> list[str]:
    return list(tx.connection.execute(query).scalars())
