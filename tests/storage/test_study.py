"""Series and what is known of their single sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.series import Change, Every, Mark, OnClosed, Plan, Session
from bot.domain.study import About, Audience
from storage import study
from storage.database import Database, Transaction
from storage.study import NoSuchSeries, Series
from tests.conftest import StillClock
from tests.digits import NUMBER

ABOUT = About("勉強会", Audience.CHANNEL, "C1", "県庁", "https://meet.example.jp/a")
PLAN = Plan(
    date(2026, 12, 4),
    time(15, 5),
    90,
    Every.MONTH_DAY,
    date(2027, 3, 31),
    None,
    OnClosed.AFTER,
    first_number=3,
)
HOUR = timedelta(hours=1)
AT = datetime(2026, 12, 4, 6, 5, tzinfo=UTC)


def add(tx: Transaction, about: About = ABOUT) -> Series:
    return study.add(tx, about, PLAN, actor="U9")


def changes(tx: Transaction, series_id: int, change: Change) -> None:
    study.change_one(tx, series_id, change, actor="U9")


def session(number: int, on: date, starts: datetime, **more: bool) -> Session:
    return Session(on, number, starts, starts + HOUR, **more)


async def test_a_series_comes_back_as_it_was_kept(opened: Database) -> None:
    kept = await opened.write(add)
    assert await opened.read(study.need, kept.id) == kept
    assert (kept.about, kept.plan, kept.mark, kept.revision) == (ABOUT, PLAN, None, 1)
    assert (kept.created_by, kept.ended_at) == ("U9", None)
    with pytest.raises(NoSuchSeries):
        await opened.read(study.need, 999)


async def test_no_other_workspace_sees_or_changes_it(opened: Database) -> None:
    kept, ours = await opened.write(add), opened.workspace
    await opened.write(
        lambda tx: study.change_one(tx, kept.id, Change(PLAN.first, cancelled=True), actor="U9")
    )
    now = await opened.read(study.need, kept.id)
    opened.workspace = "T0OTHER"
    assert await opened.read(study.living) == []
    assert await opened.read(study.changes, [kept.id]) == {kept.id: []}
    await opened.write(study.end, kept.id)
    await opened.write(study.forget, kept.id, [PLAN.first])
    await opened.write(study.give_numbers, kept.id, [])
    with pytest.raises(NoSuchSeries):
        await opened.read(study.need, kept.id)
    opened.workspace = ours
    assert await opened.read(study.need, kept.id) == now
    assert await opened.read(study.changes, [kept.id]) == {kept.id: [Change(PLAN.first, cancelled=True)]}


async def test_a_change_counts_and_what_has_ended_is_listed_no_more(opened: Database) -> None:
    first, second = await opened.write(add), await opened.write(add)
    about, plan = replace(ABOUT, title="新しい名前", link=None), Plan(date(2027, 1, 8), time(9), 60, times=5)
    await opened.write(study.change, first.id, about, plan)
    after = await opened.read(study.need, first.id)
    assert (after.about, after.plan, after.revision) == (about, plan, 2)
    await opened.write(study.end, second.id)
    assert await opened.read(study.living) == [after]
    ended = await opened.read(study.need, second.id)
    assert ended.ended_at == (await opened.read(lambda tx: tx.now))
    assert ended.revision == 2


async def test_single_changes_are_one_a_date_and_can_be_taken_back(opened: Database) -> None:
    kept, other = await opened.write(add), await opened.write(add)
    moved = Change(date(2026, 12, 11), AT, AT + HOUR)
    for change in (Change(moved.on, cancelled=True), moved, Change(date(2026, 12, 4), cancelled=True)):
        await opened.write(changes, kept.id, change)
    found = await opened.read(study.changes, [kept.id, other.id])
    assert found == {kept.id: [Change(date(2026, 12, 4), cancelled=True), moved], other.id: []}
    await opened.write(study.restore_one, kept.id, moved.on)
    await opened.write(study.restore_one, other.id, date(2026, 12, 4))
    assert await opened.read(study.changes, [kept.id]) == {
        kept.id: [Change(date(2026, 12, 4), cancelled=True)]
    }
    assert (await opened.read(study.need, kept.id)).revision == 5


async def test_numbers_given_for_good_stay_whatever_is_forgotten(opened: Database, clock: StillClock) -> None:
    kept = await opened.write(add)
    cancelled = Change(date(2026, 12, 4), cancelled=True)
    await opened.write(lambda tx: study.change_one(tx, kept.id, cancelled, actor="U9"))
    first = session(3, date(2026, 12, 4), AT, cancelled=True)
    second = session(4, date(2026, 12, 11), AT + timedelta(days=7))
    await opened.write(study.give_numbers, kept.id, [first, second])
    await opened.write(study.give_numbers, kept.id, [])
    after = await opened.read(study.need, kept.id)
    assert (after.mark, after.revision) == (Mark(date(2026, 12, 11), 4), 2)
    assert await opened.read(study.numbered, kept.id) == [first, second]
    assert await opened.read(study.changes, [kept.id]) == {kept.id: []}
    await opened.write(study.forget, kept.id, [first.on, second.on])
    await opened.write(study.restore_one, kept.id, first.on)
    assert await opened.read(study.numbered, kept.id) == [first, second]
    clock.business = second.starts + HOUR / 2
    assert await opened.read(study.under_way, [kept.id]) == {kept.id: [second]}
    clock.business = second.ends
    assert await opened.read(study.under_way, [kept.id]) == {kept.id: []}


async def test_a_number_is_in_no_text_of_it(opened: Database) -> None:
    said = f"番号は{NUMBER}です"
    kept = await opened.write(add, replace(ABOUT, title=said, place=said, link=f"https://a.jp/{NUMBER}"))
    assert NUMBER not in str(await opened.read(study.need, kept.id))
