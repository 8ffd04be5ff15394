"""Questions, their timeline, the messages they are made of, and the ledger that counts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from bot.errors import NotFound
from storage import channels, due, ledger, members, messages, questions, timelines
from storage.database import Database, Transaction
from storage.questions import Question
from storage.tables import events
from storage.tables import questions as table
from tests.conftest import StillClock

VERBS = [("receive", "received", None), ("assign", "assigned", "U2")]


def ask(tx: Transaction, /, ts: str = "1.0", **more: Any) -> int:
    practice = bool(more.get("practice"))
    values: dict[str, Any] = {
        "practice": practice,
        "number": questions.next_number(tx, practice=practice),
        "channel": "C1",
        "ts": ts,
        "thread_ts": ts,
        "asker": "U1",
        "municipality_code": None,
        "section": None,
        "field_id": "device",
        "state": "assigned",
        "responsible": "U2",
        "reasons": ["field"],
        "received_at": tx.now,
        "target_at": tx.now + timedelta(hours=4),
        "next_step": "escalate",
        "next_at": tx.now + timedelta(hours=4),
        **more,
    }
    return questions.add(tx, actor="U1", verbs=VERBS, **values)


def write(tx: Transaction, /, ts: str, **more: Any) -> None:
    values: dict[str, Any] = {
        "channel": "C1",
        "ts": ts,
        "thread_ts": None,
        "author": "U1",
        "body": "",
        "files": [],
        "written_at": tx.now,
        "question_id": None,
        "asks": False,
        "set_aside": None,
        "group_ts": ts,
        "edited_ts": None,
        **more,
    }
    messages.add(tx, **values)


def change(tx: Transaction, /, question_id: int, verb: str, **values: Any) -> None:
    questions.change(tx, questions.need(tx, question_id), verb=verb, actor="U2", **values)


async def test_numbers_are_gapless_practice_apart_and_a_failure_gives_its_number_back(
    opened: Database,
) -> None:
    first = await opened.write(ask)

    def fails(tx: Transaction) -> None:
        ask(tx, "2.0")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await opened.write(fails)
    second = await opened.write(ask, "3.0")
    drill = await opened.write(ask, "4.0", practice=True)
    found = [await opened.read(questions.need, each) for each in (first, second, drill)]
    assert [(each.number, each.practice) for each in found] == [(1, False), (2, False), (1, True)]


async def test_a_question_comes_back_as_it_was_written_with_its_municipalitys_name(opened: Database) -> None:
    number = await opened.write(ask, municipality_code="011002")
    found = await opened.read(questions.need, number)
    assert (found.municipality, found.reasons, found.received_at) == (
        "札幌市",
        ["field"],
        opened.clock.business_now(),
    )
    assert found.received_at.tzinfo is not None
    assert await opened.read(questions.in_thread, "C1", "1.0") == found
    assert await opened.read(questions.in_thread, "C2", "1.0") is None
    with pytest.raises(NotFound):
        await opened.read(questions.need, number + 1)


async def test_a_question_of_another_workspace_is_not_found(opened: Database, database_url: str) -> None:
    number = await opened.write(ask)
    async with Database(database_url, opened.clock, "T0OTHER") as other:
        assert await other.read(questions.get, number) is None
        assert await other.read(questions.in_thread, "C1", "1.0") is None


async def test_every_change_is_an_event_that_knows_what_it_overwrote(
    opened: Database, clock: StillClock
) -> None:
    number = await opened.write(ask)
    before = await opened.read(questions.need, number)
    clock.business += timedelta(hours=1)
    claimed = {"state": "claimed", "responsible": "U3", "claimed_at": clock.business, "reasons": []}
    await opened.write(change, number, "claim", **claimed)
    after = await opened.read(questions.need, number)
    assert (after.state, after.responsible, after.claimed_at) == ("claimed", "U3", clock.business)
    *_, event = await opened.read(timelines.timeline, number)
    assert (event.verb, event.actor, event.state, event.at) == ("claim", "U2", "claimed", clock.business)
    restored = timelines.restored(event)
    assert restored == {name: getattr(before, name) for name in claimed}
    await opened.write(change, number, "undo", undoes=event.id, **restored)
    assert await opened.read(questions.need, number) == before


async def test_times_survive_a_change_and_its_undoing(opened: Database, clock: StillClock) -> None:
    number = await opened.write(ask)
    target = (await opened.read(questions.need, number)).target_at
    await opened.write(change, number, "hand_over", target_at=target + timedelta(days=1))
    *_, event = await opened.read(timelines.timeline, number)
    assert timelines.restored(event) == {"target_at": target}


async def test_who_did_something_and_did_not_take_it_back(opened: Database) -> None:
    number = await opened.write(ask)
    await opened.write(change, number, "step_aside")
    assert await opened.read(timelines.doers, number, "step_aside") == {"U2"}
    *_, event = await opened.read(timelines.timeline, number)
    await opened.write(change, number, "undo", undoes=event.id)
    assert await opened.read(timelines.doers, number, "step_aside") == set()


async def test_what_somebody_asked_last_is_found_within_two_minutes_either_way(
    opened: Database, clock: StillClock
) -> None:
    now, within = clock.business, timedelta(minutes=2)
    await opened.write(write, "1.0", written_at=now)
    await opened.write(write, "2.0", written_at=now + timedelta(seconds=50))
    await opened.write(write, "3.0", author="U9", written_at=now + timedelta(seconds=60))
    await opened.write(write, "4.0", thread_ts="1.0", written_at=now + timedelta(seconds=60))

    async def latest(seconds: int, thread: str | None = None) -> str | None:
        at = now + timedelta(seconds=seconds)
        found = await opened.read(messages.around, "C1", "9.9", "U1", thread, at, within)
        assert (found.here, found.below) == (None, [])
        return found.before.ts if found.before else None

    assert [await latest(each) for each in (0, 100, 170, 171, -120, -121)] == [
        "2.0", "2.0", "2.0", None, "1.0", None,
    ]  # fmt: skip
    assert await latest(60, "1.0") == "4.0"
    row = await opened.read(messages.find, "C1", "2.0")
    assert row is not None
    await opened.write(lambda tx: messages.change(tx, [row.id], deleted_at=now))
    assert await latest(100) == "1.0"


async def test_the_threads_of_living_questions_are_those_below_everything_that_was_asked(
    opened: Database, clock: StillClock
) -> None:
    living = await opened.write(ask, "1.0")
    closed = await opened.write(ask, "5.0", state="closed", closed_at=clock.business - timedelta(days=3))
    inside = await opened.write(ask, "7.5", thread_ts="7.0")
    for ts, question_id, more in (
        ("1.0", living, {}),
        ("2.0", living, {}),
        ("2.5", living, {"asks": False, "thread_ts": "1.0"}),
        ("5.0", closed, {}),
        ("7.5", inside, {"thread_ts": "7.0"}),
        ("7.6", inside, {"thread_ts": "7.0"}),
    ):
        await opened.write(write, ts, question_id=question_id, **{"asks": True, **more})
    found = await opened.read(messages.threads, timedelta(days=1))
    assert [(each.ts, each.asks) for each in found] == [
        ("1.0", ("1.0",)),
        ("2.0", ("2.0",)),
        ("7.0", ("7.5", "7.6")),
    ]
    assert "5.0" in [each.ts for each in await opened.read(messages.threads, timedelta(days=7))]


async def test_the_ledger_counts_each_question_once_whatever_became_of_it(
    opened: Database, clock: StillClock
) -> None:
    closed = {"state": "closed", "closed_at": clock.business, "next_at": None}
    fates: list[dict[str, Any]] = [
        {},
        {"state": "claimed"},
        {"state": "waiting"},
        {"state": "answered"},
        {**closed, "close_reason": "resolved"},
        {**closed, "close_reason": "resolved"},
        {**closed, "close_reason": "no_reply"},
        {**closed, "close_reason": "not_a_question"},
        {"practice": True},
    ]
    for place, more in enumerate(fates):
        await opened.write(ask, f"{place}.0", **more)
    await opened.write(write, "20.0", set_aside="thanks")
    await opened.write(write, "20.5", set_aside="thanks", group_ts="20.0")
    await opened.write(lambda tx: channels.save_channel(tx, "C9", purpose="practice"))
    await opened.write(write, "21.0", channel="C9", set_aside="thanks")
    books = await opened.read(ledger.ledger)
    assert (books.received, books.waiting, books.answered) == (7, 3, 1)
    assert books.closed == {"resolved": 2, "no_reply": 1}
    assert books.set_aside == 2, "one asking of two messages, and what was no question"
    assert books.balanced
    await opened.write(
        lambda tx: tx.connection.execute(delete(events).where(events.c.question_id == 1)).rowcount
    )
    assert not (await opened.read(ledger.ledger)).balanced


async def test_what_falls_due_next_is_known(opened: Database, clock: StillClock) -> None:
    def at(tx: Transaction, /, number: int, **values: Any) -> None:
        tx.connection.execute(update(table).where(table.c.id == number).values(**values))

    assert await opened.read(ledger.next_step_at) is None
    one, other = [await opened.write(ask, f"{place}.0") for place in range(2)]
    soon, later = clock.business + timedelta(minutes=5), clock.business + timedelta(hours=5)
    await opened.write(at, one, next_at=soon)
    await opened.write(at, other, next_at=later)
    assert await opened.read(ledger.next_step_at) == soon
    await opened.write(at, one, next_at=clock.business)
    assert await opened.read(ledger.next_step_at) == later, "what is due already lies not ahead"
    await opened.write(at, other, state="closed")
    assert await opened.read(ledger.next_step_at) is None


async def test_the_auditor_finds_what_is_adrift(opened: Database, clock: StillClock) -> None:
    def adrift(tx: Transaction, /, question: Question, **values: Any) -> list[int]:
        tx.connection.execute(update(table).where(table.c.id == question.id).values(**values))
        return ledger.without_next_step(tx)

    question = await opened.read(questions.need, await opened.write(ask))
    late = clock.business - timedelta(minutes=16)
    assert await opened.read(ledger.without_next_step) == [1], "what is planned needs its due row"
    key = f"{ledger.NEXT_STEP}:{question.id}"
    await opened.write(due.schedule, key, ledger.NEXT_STEP, question.id, clock.business)
    assert await opened.read(ledger.without_next_step) == []
    assert await opened.write(adrift, question, next_at=None) == [1]
    assert await opened.write(adrift, question, next_at=late) == [1]
    assert await opened.write(adrift, question, next_at=clock.business - timedelta(minutes=14)) == []
    assert await opened.write(adrift, question, responsible=None) == [1]
    assert await opened.write(adrift, question, state="closed") == []


async def test_the_same_slack_message_cannot_be_two_questions_or_two_messages(opened: Database) -> None:
    await opened.write(ask)
    await opened.write(write, "1.0")
    for twice in (ask, lambda tx: write(tx, "1.0")):
        with pytest.raises(Exception, match=r"(?i)unique|DatabaseUnavailable|^$"):
            await opened.write(twice)
    assert await opened.read(members.member, "U1") is None


def asked(
    tx: Transaction, /, *, ts: str, opens: bool = True, of: int | None = None, asker: str = "U1", **more: Any
) -> int:
    """A message that asks, and the question it opened or belongs to."""
    question_id = ask(tx, ts, asker=asker) if opens else (of or 0)
    write(tx, ts, question_id=of or question_id, asks=True, author=asker, **more)
    return question_id


async def test_one_asking_in_two_questions_is_counted(opened: Database) -> None:
    """Whoever captured the second message did not see the first: its group is its own."""
    first = await opened.write(asked, ts="1000.0")
    await opened.write(asked, ts="1050.0", opens=False, of=first)
    assert await opened.read(ledger.source_twice) == 0
    await opened.write(asked, ts="1169.0")
    assert await opened.read(ledger.source_twice) == 1


async def test_a_message_of_one_question_that_opened_another_is_counted(opened: Database) -> None:
    first = await opened.write(asked, ts="1000.0")
    await opened.write(asked, ts="9000.0", of=first)
    assert await opened.read(ledger.source_twice) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"ts": "1120.0"},
        {"ts": "1060.0", "asker": "U9"},
        {"ts": "1060.0", "thread_ts": "900.0"},
        {"ts": "1060.0", "deleted_at": datetime(2026, 11, 24, tzinfo=UTC)},
    ],
    ids=["two minutes later", "somebody else", "another place", "deleted"],
)
async def test_two_askings_in_two_questions_are_right(opened: Database, more: dict[str, Any]) -> None:
    await opened.write(asked, ts="1000.0")
    await opened.write(asked, **more)
    assert await opened.read(ledger.source_twice) == 0


async def test_a_message_that_came_late_between_two_questions_is_nobodys_mistake(opened: Database) -> None:
    await opened.write(asked, ts="1000.0")
    second = await opened.write(asked, ts="1180.0")
    await opened.write(asked, ts="1100.0", opens=False, of=second)
    assert await opened.read(ledger.source_twice) == 0


async def test_what_is_asked_after_a_question_was_closed_is_another_question(opened: Database) -> None:
    first = await opened.write(asked, ts="1000.0")
    await opened.write(change, first, "resolve", state="closed", close_reason="resolved")
    await opened.write(asked, ts="1060.0")
    await opened.write(change, first, "reopen", state="reopened", close_reason=None)
    assert await opened.read(ledger.source_twice) == 0


async def test_a_second_question_is_mended_by_closing_it_as_a_duplicate(opened: Database) -> None:
    await opened.write(asked, ts="1000.0")
    second = await opened.write(asked, ts="1060.0")
    assert await opened.read(ledger.source_twice) == 1
    await opened.write(change, second, "close_duplicate", state="closed", close_reason="duplicate")
    assert await opened.read(ledger.source_twice) == 0
