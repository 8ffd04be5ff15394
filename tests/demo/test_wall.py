"""What the demo puts up for those who watch: moments to jump to, and the books in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.auditor import Books
from bot.demo.wall import jumps, says
from bot.web import Health
from storage import kept
from storage.ledger import Ledger
from storage.outbox import Backlog

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "opens", "monday", "friday"),
    [
        ("2026-11-25 10:00", "2026-11-25 13:00", "2026-11-30 09:00", "2026-11-27 16:00"),
        ("2026-11-25 12:30", "2026-11-25 13:00", "2026-11-30 09:00", "2026-11-27 16:00"),
        ("2026-11-27 17:20", "2026-11-30 08:30", "2026-11-30 09:00", "2026-12-04 16:00"),
        ("2026-11-30 08:59", "2026-11-30 13:00", "2026-11-30 09:00", "2026-12-04 16:00"),
        ("2026-11-30 09:00", "2026-11-30 13:00", "2026-12-07 09:00", "2026-12-04 16:00"),
        ("2026-12-28 17:00", "2027-01-04 08:30", "2027-01-04 09:00", "2027-01-01 16:00"),
    ],
)
def test_every_jump_leads_ahead_and_knows_when_town_halls_open(
    now: str, opens: str, monday: str, friday: str
) -> None:
    found = {each["name"]: each["to"] for each in jumps(at(now), None)}
    assert found == {
        "次に窓口が開くとき": at(opens).timestamp(),
        "次の月曜日の 9:00": at(monday).timestamp(),
        "次の金曜日の 16:00(週のまとめ)": at(friday).timestamp(),
    }
    assert min(found.values()) > at(now).timestamp()


def test_what_is_due_next_is_a_jump_too_and_never_falls_short_of_it() -> None:
    due = at("2026-11-25 10:31") + timedelta(milliseconds=300)
    first, *_ = jumps(at("2026-11-25 10:00"), due)
    assert first["name"] == "Banso が次に動くとき"
    assert due.timestamp() <= first["to"] < due.timestamp() + 1


@pytest.mark.parametrize(
    ("asked", "state", "words"),
    [(3, "fine", "3 = 2 + 1"), (5, "waiting", "あと 2 件"), (2, "fine", "ほかの 1 件")],
)
def test_it_says_whether_what_was_asked_is_there(asked: int, state: str, words: str) -> None:
    lost, _, outbox, health = says(books(), Health(()), asked)
    assert lost["state"] == state
    assert words in lost["note"]
    assert outbox["state"] == health["state"] == "fine"


def test_it_says_what_is_wrong() -> None:
    bad = books(received=3, dead=1)
    _, ledger, outbox, health = says(bad, Health(("届けられないお知らせが 1 件あります。",)), 3)
    assert ledger["state"] == outbox["state"] == health["state"] == "wrong"
    assert health["note"] == "届けられないお知らせが 1 件あります。"


def books(received: int = 2, dead: int = 0) -> Books:
    return Books(
        Ledger(received, 1, 1, 1, {}),
        [],
        0,
        kept.Backlog(0, 0, None),
        0,
        0,
        Backlog(0, 0, dead, None),
        [],
        at("2026-11-25 10:00"),
    )
