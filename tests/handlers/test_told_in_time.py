"""Who comes hears of a change before they would come for nothing, whenever they work."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from handlers.common.doors import Visitor
from handlers.study import materials, views
from storage import absences, channels, duties, members, talents
from storage.database import Transaction
from storage.meetings import Meeting
from storage.study import Series
from tests.handlers.meetings import goes_on, living, presents, says, sent, tokyo
from tests.handlers.prefecture import HERE, ITSUKI, KEN, MORI, NAGI, Prefecture
from tests.handlers.study import WEEKLY, about, change, keep, registered

IN_CHANNEL = replace(WEEKLY, channel=HERE, audience="channel")


def comes(
    ken: Prefecture, user: str, on: str = "2026-12-03", on_closed: str = "skip"
) -> tuple[Series, Meeting]:
    """Somebody has said that they come to the first session, on a Thursday unless told otherwise."""
    found = registered(ken, replace(IN_CHANNEL, on=on, on_closed=on_closed))
    goes_on(ken, tokyo(11, 27, 9))
    meeting = living(ken, found)
    says(ken, meeting, user, "yes")
    return found, meeting


def works(ken: Prefecture, user: str, hours: str) -> None:
    """An adviser's own hours."""

    def set_hours(tx: Transaction) -> None:
        known = talents.talent(tx, user)
        assert known is not None
        talents.save_talent(tx, **{**asdict(known), "working_hours": hours})
        duties.remove_hours(tx, tx.now - timedelta(days=1), tx.now + timedelta(days=60), users=[user])

    ken.write(set_hours)


def test_who_works_on_mondays_alone_hears_on_wednesday_that_thursday_s_is_cancelled(ken: Prefecture) -> None:
    works(ken, MORI, "月 9:00-17:00")
    found, _ = comes(ken, MORI)
    goes_on(ken, tokyo(12, 2, 16))
    assert "出席の予定です:第1回" in sent(ken, MORI)[-1]  # on Wednesday morning, though it is none of theirs
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, tokyo(12, 2, 16, 5))
    assert ["中止になりました" in each for each in sent(ken, MORI)][-1:] == [True]
    goes_on(ken, tokyo(12, 3, 14, 59))
    assert sum("中止になりました" in each for each in sent(ken, MORI)) == 1


def test_what_is_moved_behind_their_next_day_is_told_before_they_come_to_the_old_time(
    ken: Prefecture,
) -> None:
    works(ken, MORI, "月 9:00-17:00")
    found, _ = comes(ken, MORI)
    goes_on(ken, tokyo(12, 2, 20))
    assert not change(ken, found, "2026-12-03", views.MOVE, "2026-12-08", "10:00")
    goes_on(ken, tokyo(12, 2, 21))
    assert "日時が変わりました" not in str(sent(ken, MORI))  # nobody is rung at night for the afternoon
    goes_on(ken, tokyo(12, 3, 8, 31))
    assert "日時が変わりました。12月8日(火) 10:00" in sent(ken, MORI)[-1]


def test_a_saturday_s_session_that_is_cancelled_after_hours_is_told_at_once(ken: Prefecture) -> None:
    found, _ = comes(ken, NAGI, on="2026-11-28", on_closed="hold")
    goes_on(ken, tokyo(11, 27, 18))
    assert not change(ken, found, "2026-11-28", views.CANCEL)
    goes_on(ken, tokyo(11, 27, 18, 5))
    assert "中止になりました" in sent(ken, NAGI)[-1]


def test_who_left_is_told_nothing_that_nobody_can_deliver(ken: Prefecture) -> None:
    found, _ = comes(ken, NAGI)
    row = {"user_id": NAGI, "name": "浜野 凪", "deactivated": True}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated"]))
    before = sent(ken, NAGI)
    goes_on(ken, tokyo(12, 2, 12))
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, tokyo(12, 2, 13))
    assert sent(ken, NAGI) == [each for each in before if not each.endswith(".ics")]


def test_who_is_away_then_is_not_rung_for_it(ken: Prefecture) -> None:
    found, _ = comes(ken, MORI)
    away = (tokyo(12, 1, 0), tokyo(12, 5, 0))
    ken.write(lambda tx: absences.add(tx, MORI, *away, said=None, made_by=MORI))
    goes_on(ken, tokyo(12, 1, 12))
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, tokyo(12, 4, 18))
    assert "中止になりました" not in str(sent(ken, MORI))


@pytest.mark.parametrize("hours", ["月 9:00-17:00", "月・火・水・木・金 9:00-17:00"])
def test_who_presents_is_asked_for_materials_whichever_days_are_theirs(ken: Prefecture, hours: str) -> None:
    works(ken, MORI, hours)
    found, meeting = comes(ken, KEN)
    presents(ken, found, meeting, MORI)
    goes_on(ken, tokyo(12, 1, 12))
    assert ["資料は、まだありません" in each for each in sent(ken, MORI)] == [True]


ELSEWHERE = "集まる場所が変わりました"


def revised(ken: Prefecture, found: Series, place: str, starts: str = "15:00") -> None:
    """Somebody changes the whole series."""
    keep(ken, replace(IN_CHANNEL, place=place, starts=starts), about=about(ken, found))
    goes_on(ken, ken.now + timedelta(minutes=1))


def test_who_was_reminded_hears_once_where_it_is_now(ken: Prefecture) -> None:
    """Before the reminder nobody hears of it apart: that says where it is."""
    found, meeting = comes(ken, NAGI)
    says(ken, meeting, ITSUKI, "video")
    revised(ken, found, "別館")
    goes_on(ken, tokyo(12, 2, 9))
    assert ELSEWHERE not in str(sent(ken, NAGI))
    revised(ken, found, "県庁5階 502")
    gives_link(ken, meeting, "https://meet.example.jp/other")
    (letter,) = [each for each in sent(ken, NAGI) if ELSEWHERE in each]  # of the first that is true no more
    assert letter == "第1回 アドバイザー勉強会(12月3日(木) 15:00〜16:30)の集まる場所が変わりました。"
    revised(ken, found, "県庁5階 502")  # the same again
    assert sum(ELSEWHERE in each for each in sent(ken, NAGI)) == 1
    assert ELSEWHERE not in str(sent(ken, ITSUKI))
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert ELSEWHERE not in str(sent(ken, NAGI))


def gives_link(ken: Prefecture, meeting: Meeting, link: str) -> None:
    """Whoever arranges gives this session an address of its own."""
    typed = {materials.ADDRESSES: "", materials.LINK: link, materials.NOTE: ""}
    values = {name: {name: {"value": text}} for name, text in typed.items()}
    view = {"private_metadata": str(meeting.id), "state": {"values": values}}
    assert not ken.write(materials.entered, Visitor(KEN, ""), view)[1]
    goes_on(ken, ken.now + timedelta(minutes=1))


def test_another_time_and_another_place_are_one_letter(ken: Prefecture) -> None:
    found, _ = comes(ken, NAGI)
    goes_on(ken, tokyo(12, 2, 9))
    revised(ken, found, "県庁5階 502", starts="15:30")
    assert "日時が変わりました。12月3日(木) 15:30" in sent(ken, NAGI)[-1]
    assert ELSEWHERE not in str(sent(ken, NAGI))


def test_a_crowd_hears_where_it_is_once_each(ken: Prefecture) -> None:
    found, meeting = comes(ken, NAGI)
    crowd = [f"U0CROWD{n}" for n in range(60)]
    ken.write(lambda tx: members.save_members(tx, [{"user_id": each, "name": each} for each in crowd]))
    ken.write(channels.set_channel_members, HERE, [KEN, NAGI, *crowd])
    for each in crowd:
        says(ken, meeting, each, "yes")
    goes_on(ken, tokyo(12, 3, 9))
    revised(ken, found, "県庁5階 502")
    assert {sum(ELSEWHERE in letter for letter in sent(ken, each)) for each in (NAGI, *crowd)} == {1}
