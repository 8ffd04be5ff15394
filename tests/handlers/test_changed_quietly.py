"""Who was told of a session by letter, and did not say no, hears quietly that the letter is true no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.study import views
from storage import channels, members, replies
from storage.study import Series
from tests.handlers.meetings import delivered, goes_on, living, says, sent, tokyo
from tests.handlers.prefecture import ARIMA, HERE, KEN, MORI, NAGI, TOKANO, Prefecture
from tests.handlers.study import WEEKLY, about, change, keep, registered

FIRST = "2026-12-03"
CHANGED, CANCELLED = "日時が変わりました", "中止になりました"


@pytest.fixture
def found(ken: Prefecture) -> Series:
    """A series without a channel, announced by letter a week before."""
    made = registered(ken, WEEKLY)
    goes_on(ken, tokyo(11, 27, 12))
    delivered(ken)
    return made


def heard(ken: Prefecture, user: str, what: str = CHANGED) -> list[str]:
    return [each for each in sent(ken, user) if what in each]


def moves(ken: Prefecture, found: Series, day: str, clock: str = "10:00") -> None:
    assert not change(ken, found, FIRST, views.MOVE, day, clock)
    goes_on(ken, ken.now + timedelta(minutes=1))


def test_who_has_not_answered_hears_of_the_new_day_with_the_next_morning_s_letter(
    ken: Prefecture, found: Series
) -> None:
    meeting = living(ken, found)
    for user, answer in ((MORI, "yes"), (ARIMA, "no"), (TOKANO, "video")):
        says(ken, meeting, user, answer)
    moves(ken, found, "2026-12-04")
    assert [len(heard(ken, user)) for user in (MORI, ARIMA, TOKANO, KEN)] == [1, 0, 0, 0]
    goes_on(ken, tokyo(11, 30, 12))
    assert [len(heard(ken, user)) for user in (MORI, ARIMA, TOKANO, KEN)] == [1, 0, 1, 1]
    assert heard(ken, KEN)[0].endswith(
        "12月4日(金) 10:00〜11:30(もとは 12/3(木)15:00)。お返事は、`/banso 勉強会` からもできます。"
    )
    goes_on(ken, tokyo(12, 4, 18))
    assert [len(sent(ken, NAGI)), ken.read(replies.count, meeting.id)] == [0, (1, 1, 1)]


def test_one_letter_a_change_and_none_for_what_is_back_before_it_came(ken: Prefecture, found: Series) -> None:
    moves(ken, found, "2026-12-04")
    moves(ken, found, FIRST, "15:00")
    goes_on(ken, tokyo(11, 30, 12))
    assert not heard(ken, KEN)
    moves(ken, found, "2026-12-04")
    assert not change(ken, found, FIRST, views.CANCEL)
    goes_on(ken, tokyo(12, 1, 12))
    delivered(ken)
    assert [len(heard(ken, KEN, each)) for each in (CHANGED, CANCELLED)] == [0, 1]
    assert not change(ken, found, FIRST, views.RESTORE)
    goes_on(ken, tokyo(12, 2, 12))
    assert ["中止が取りやめになりました" in each for each in heard(ken, KEN)] == [True]


def test_who_answers_before_the_letter_comes_knows_by_that(ken: Prefecture, found: Series) -> None:
    moves(ken, found, "2026-12-04")
    says(ken, living(ken, found), KEN, "video")
    says(ken, living(ken, found), MORI, "yes")
    goes_on(ken, tokyo(11, 30, 12))
    assert [heard(ken, user) for user in (KEN, MORI)] == [[], []]


def test_what_would_come_too_late_comes_before_the_old_time(ken: Prefecture, found: Series) -> None:
    goes_on(ken, tokyo(12, 3, 10))
    assert not change(ken, found, FIRST, views.CANCEL)
    goes_on(ken, tokyo(12, 3, 10, 1))
    assert len(heard(ken, KEN, CANCELLED)) == 1


def test_who_still_waits_for_the_announcement_reads_the_new_time_in_it_alone(ken: Prefecture) -> None:
    found = registered(ken, WEEKLY)
    goes_on(ken, tokyo(11, 26, 8, 30))
    moves(ken, found, "2026-12-04")
    goes_on(ken, tokyo(11, 30, 12))
    delivered(ken)
    goes_on(ken, tokyo(12, 2, 12))
    assert ["12月4日(金) 10:00" in each for each in heard(ken, KEN, "勉強会のお知らせです")] == [True]
    assert [heard(ken, user) for user in (KEN, TOKANO)] == [[], []]


def test_nobody_hears_who_was_not_told_who_left_or_who_may_know_no_more(
    ken: Prefecture, found: Series
) -> None:
    left = {"user_id": TOKANO, "name": "戸叶", "deactivated": True}
    ken.write(lambda tx: members.save_members(tx, [left], overwrite=["deactivated"]))
    ken.write(channels.set_channel_members, HERE, [KEN, ARIMA])
    keep(ken, replace(WEEKLY, channel=HERE, audience="channel"), about=about(ken, found))
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert not change(ken, found, FIRST, views.CANCEL)
    goes_on(ken, tokyo(11, 30, 12))
    told = [len(heard(ken, user, CANCELLED)) for user in (KEN, TOKANO, MORI, NAGI)]
    assert told == [1, 0, 0, 0]  # a coordinator may know of all; MORI is not in the channel


def test_where_there_is_a_channel_its_card_tells_and_no_letter_does(ken: Prefecture) -> None:
    found = registered(ken, replace(WEEKLY, channel=HERE))
    goes_on(ken, tokyo(11, 27, 12))
    delivered(ken)
    says(ken, living(ken, found), TOKANO, "video")
    moves(ken, found, "2026-12-04")
    goes_on(ken, tokyo(11, 30, 12))
    assert [heard(ken, user) for user in (KEN, TOKANO)] == [[], []]


def test_many_hear_it_once_each(ken: Prefecture) -> None:
    crowd = [f"U0CROWD{n}" for n in range(60)]
    rows = [{"user_id": each, "name": each, "permission": "staff"} for each in crowd]
    ken.write(lambda tx: members.save_members(tx, rows))
    found = registered(ken, WEEKLY)
    goes_on(ken, tokyo(11, 27, 12))
    delivered(ken)
    moves(ken, found, "2026-12-04")
    goes_on(ken, tokyo(11, 30, 12))
    assert {len(heard(ken, each)) for each in (KEN, *crowd)} == {1}
    assert ken.read(replies.count, living(ken, found).id) == (0, 0, 0)
    assert ken.read(replies.attendance, [living(ken, found).id]) == []


def test_the_last_look_says_how_many_will_hear_of_a_change(ken: Prefecture, found: Series) -> None:
    for user, answer in ((MORI, "yes"), (ARIMA, "no"), (NAGI, "yes")):
        says(ken, living(ken, found), user, answer)
    said = keep(ken, replace(WEEKLY, starts="16:00", ends="17:30"), about=about(ken, found))
    assert "すでに返事をした方など4人に、変更を直接メッセージでお知らせします。" in said
    goes_on(ken, tokyo(11, 30, 12))
    assert [len(heard(ken, user)) for user in (MORI, NAGI, TOKANO, KEN, ARIMA)] == [1, 1, 1, 1, 0]
    assert "お知らせします" not in keep(
        ken, replace(WEEKLY, starts="16:00", ends="17:30", place="別館"), about=about(ken, found)
    )
