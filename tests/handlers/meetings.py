"""Words the tests of meetings share: time that goes on, people who answer, what is on its way to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.topics import Request
from bot.feature import Message, Outgoing
from handlers.common.doors import Visitor
from handlers.common.telling import LETTERS
from handlers.home.morning import letters_due
from handlers.study import FEATURE, record_views, recording, replying
from handlers.study.meeting import CARD
from storage import due, meetings, topics
from storage.database import Transaction
from storage.meetings import Meeting
from storage.study import Series
from storage.tables import due_work, outbox
from tests.handlers.prefecture import KEN, Prefecture

TOKYO = ZoneInfo("Asia/Tokyo")
_DUE = {**FEATURE.due_work, LETTERS: letters_due}


def goes_on(ken: Prefecture, at: datetime) -> None:
    """Time goes on to a moment; what falls due until then happens, each at its own time."""
    d = due_work.c
    query = select(d.due_at).where(d.workspace == ken.workspace, d.kind.in_(list(_DUE)))

    def first(tx: Transaction) -> datetime | None:
        return tx.connection.execute(query.order_by(d.due_at).limit(1)).scalar()

    for _ in range(2000):
        following = ken.read(first)
        if following is None or following > at:
            ken.now = max(ken.now, at)
            return
        ken.now = max(ken.now, following)
        while ken.write(due.run_next, _DUE) is not None:
            pass
    raise AssertionError("it never ends")


def tokyo(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """A moment on the wall."""
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def living(ken: Prefecture, found: Series) -> Meeting:
    """The next meeting that is not over."""
    return ken.read(meetings.living, found.id)[0]


def says(ken: Prefecture, meeting: Meeting, user: str, answer: str) -> str:
    """Somebody presses one of the three buttons; returns what they read."""
    return ken.write(replying.answer, f"{meeting.id}:{answer}", Visitor(user, "")).text


def sent(ken: Prefecture, user: str) -> list[str]:
    """The letters that went out to somebody, rendered now; files by their names."""
    o = outbox.c
    query = select(o.uid, o.renderer, o.record_id, o["values"]).where(
        o.workspace == ken.workspace, o.user_id == user, o.renderer.in_(list(FEATURE.renderers))
    )

    def render(tx: Transaction) -> list[Message | None]:
        rows = tx.connection.execute(query.order_by(o.id)).all()
        return [FEATURE.renderers[row[1]](tx, Outgoing(*row, first=True)) for row in rows]

    return [each.made.name if each.made else each.text for each in ken.read(render) if each is not None]


def delivered(ken: Prefecture) -> None:
    """All that was sent is on Slack."""
    o = outbox.c

    def post(tx: Transaction) -> None:
        rows = outbox.update().where(o.workspace == ken.workspace, o.posted_ts.is_(None))
        tx.connection.execute(rows.values(posted_ts="1.0", posted_channel="D1", sent=o.wanted))

    ken.write(post)


def shown(ken: Prefecture, meeting: Meeting) -> Message:
    """The card."""
    found = ken.read(FEATURE.renderers[CARD], Outgoing("", CARD, meeting.id, {}, False))
    assert found is not None
    return found


def versions(ken: Prefecture, meeting: Meeting) -> list[int]:
    """How often each card of a meeting was wanted."""
    o = outbox.c
    mine = (o.workspace == ken.workspace, o.renderer == CARD, o.record_id == meeting.id)
    return list(ken.read(lambda tx: list(tx.connection.execute(select(o.wanted).where(*mine)).scalars())))


def records(ken: Prefecture, meeting: Meeting, minutes: str, user: str = KEN, **more: Any) -> dict[str, str]:
    """Send the dialog of the minutes; returns what is wrong."""
    values: dict[str, Any] = {
        record_views.MINUTES: {"value": minutes},
        record_views.RECORDING: {"value": more.get("recording")},
        record_views.CAME: {"selected_users": more.get("came", [])},
        record_views.MISSED: {"selected_users": more.get("missed", [])},
        record_views.QUESTIONS: {"selected_options": [{"value": str(n)} for n in more.get("questions", [])]},
    }
    view = {
        "private_metadata": str(meeting.id),
        "state": {"values": {name: {name: value} for name, value in values.items()}},
    }
    _, problems = ken.write(recording.entered, Visitor(user, ""), view)
    return problems


def presents(ken: Prefecture, found: Series, meeting: Meeting, user: str) -> None:
    """Somebody has agreed to present a topic in a meeting."""

    def agreed(tx: Transaction) -> None:
        topic = topics.add(tx, found.id, "画面が黒い", "", actor=KEN)
        topics.take_up(tx, topic.id, meeting.on)
        topics.ask(tx, topic.id, user, KEN, Request.ACCEPTED)

    ken.write(agreed)
