"""What counts as being disturbed twice for the same thing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.rings import rung

BOT, MORI, NAGI = "U0BANSO", "U0MORI", "U0NAGI"
ROOM, THREAD = "C0SOUDAN", "1795482000.000001"
TEN = 1795482000.0


def ring(
    by: str, minute: float, text: str, *, thread: str | None = None, channel: str = ROOM
) -> dict[str, Any]:
    ts = f"{TEN + 60 * minute:.6f}"
    return {"kind": "thread", "channel": channel, "ts": ts, "thread_ts": thread, "by": by, "text": text}


def ours(minute: float, text: str) -> dict[str, Any]:
    return ring(BOT, minute, text, channel="D0MORI")


def word(minute: float, thread: str = THREAD) -> dict[str, Any]:
    return ring(NAGI, minute, "まだ映りません", thread=thread)


@pytest.mark.parametrize(
    ("heard", "twice"),
    [
        ([ours(0, "相談 No.1 が届きました。")], 0),
        ([ours(0, "相談 No.1 が届きました。"), ours(9, "相談 No.1 が届きました。")], 1),
        ([ours(0, "相談 No.1 が届きました。"), ours(9, "相談 No.2 が届きました。")], 0),
        ([word(0), ours(3, "相談 No.1 の続きが届いています。")], 1),
        ([word(0), word(1), ours(3, "相談 No.1 の続きが届いています。")], 1),
        ([word(0), ours(11, "相談 No.1 の返信をお待ちです。")], 0),
        ([ours(0, "相談 No.1 の続きが届いています。"), word(3)], 0),
        ([word(0), ours(3, "相談 No.2 が届きました。")], 0),
        ([word(0, thread="1795482000.000009"), ours(3, "相談 No.1 の続きが届いています。")], 0),
    ],
)
def test_slacks_own_rings_count_too(heard: list[dict[str, Any]], twice: int) -> None:
    found = rung(MORI, heard, BOT, {1: (ROOM, THREAD), 2: (ROOM, "1795482000.000002")})
    assert found.twice == twice
    assert (found.by_bot, found.by_people) == (
        len([each for each in heard if each["by"] == BOT]),
        len([each for each in heard if each["by"] == NAGI]),
    )
