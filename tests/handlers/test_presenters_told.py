"""Who agreed to present comes to the session: what who comes is told, they are told, announced or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from handlers.common.doors import Visitor
from handlers.study import dialogs, materials, presenting, views
from handlers.study.coming import session_on
from storage import due, meetings, replies, topics
from storage.database import Transaction
from storage.meetings import Meeting
from storage.study import Series
from tests.handlers.meetings import delivered, goes_on, living, says, sent, tokyo
from tests.handlers.prefecture import HERE, KEN, MORI, Prefecture
from tests.handlers.study import WEEKLY, about, change, registered

IN_CHANNEL = replace(WEEKLY, channel=HERE, audience="channel")
FIRST, FOURTH = "2026-12-03", "2026-12-24"


def agrees(ken: Prefecture, found: Series, on: str, user: str = MORI) -> None:
    """Somebody is asked to present, and says yes; who asks themselves has said it."""

    def asks(tx: Transaction) -> int | None:
        topic = topics.add(tx, found.id, "画面が黒い", "", actor=KEN)
        topics.take_up(tx, topic.id, date.fromisoformat(on))
        session = session_on(tx, found, date.fromisoformat(on))
        assert session is not None
        assert presenting.ask(tx, found, topics.need(tx, topic.id), session, user, KEN) is None
        return topics.presenters(tx, [topic.id])[topic.id].id

    asked = ken.write(asks)
    assert asked is not None
    ken.write(presenting.answer, asked, user, yes=True)
    goes_on(ken, ken.now + timedelta(minutes=1))


def meeting_on(ken: Prefecture, found: Series, on: str) -> Meeting:
    meeting = ken.read(meetings.find, found.id, date.fromisoformat(on))
    assert meeting is not None
    return meeting


def test_who_presents_counts_as_coming_and_is_told_of_a_move_and_reminded(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    goes_on(ken, tokyo(11, 26, 9))
    agrees(ken, found, FIRST)
    meeting = living(ken, found)
    assert ken.read(replies.count, meeting.id) == (1, 0, 0)
    assert [each for each in sent(ken, MORI) if each.endswith(".ics")] == ["勉強会_20261203.ics"]
    assert not change(ken, found, FIRST, views.MOVE, "2026-12-04", "10:00")
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert sum("日時が変わりました。12月4日(金) 10:00" in each for each in sent(ken, MORI)) == 1
    goes_on(ken, tokyo(12, 3, 12))
    assert sum("出席の予定です" in each for each in sent(ken, MORI)) == 1
    says(ken, meeting, MORI, "no")  # they may say otherwise as everybody may
    assert ken.read(replies.count, meeting.id) == (0, 1, 0)


def test_who_puts_themselves_down_comes_as_well(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    goes_on(ken, tokyo(11, 26, 9))
    agrees(ken, found, FIRST, KEN)
    assert ken.read(replies.count, living(ken, found).id) == (1, 0, 0)


def test_weeks_before_the_announcement_a_move_reaches_who_presents(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    agrees(ken, found, FOURTH)
    assert meeting_on(ken, found, FOURTH).told_at is None
    assert not change(ken, found, FOURTH, views.MOVE, "2026-12-25", "10:00")
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert sum("日時が変わりました。12月25日(金) 10:00" in each for each in sent(ken, MORI)) == 1
    assert meeting_on(ken, found, FOURTH).told_at is None
    goes_on(ken, tokyo(12, 18, 12))
    meeting = meeting_on(ken, found, FOURTH)
    assert (meeting.told_at, ken.read(replies.count, meeting.id)) == (tokyo(12, 18, 8, 30), (1, 0, 0))


def test_what_was_never_announced_is_over_without_a_word_when_its_series_ends(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    agrees(ken, found, FOURTH)
    ken.write(materials.of_session, found.id, date(2026, 12, 17), Visitor(KEN, ""))
    ken.write(dialogs.end, about(ken, found), Visitor(KEN, ""))
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert sum("中止になりました" in each for each in sent(ken, MORI)) == 1
    goes_on(ken, tokyo(12, 28, 12))
    assert ken.read(meetings.living, found.id) == []
    assert not ken.read(due.is_scheduled, f"study.morning:{found.id}")
    assert "おつかれさま" not in str(sent(ken, KEN))


def test_one_letter_says_that_it_is_cancelled_and_that_nobody_presents(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    goes_on(ken, tokyo(11, 26, 9))
    agrees(ken, found, FIRST)
    before = len(sent(ken, MORI))
    assert not change(ken, found, FIRST, views.CANCEL)
    goes_on(ken, ken.now + timedelta(minutes=1))
    (letter,) = sent(ken, MORI)[before:]
    assert "中止になりました" in letter
    assert letter.endswith("発表のお願いも、なくなりました。準備をありがとうございました。")
    delivered(ken)
    assert not change(ken, found, FIRST, views.RESTORE)
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert "(中止が取りやめになりました)。発表のお願いは、なくなったままです。" in sent(ken, MORI)[-1]


def test_what_is_held_after_all_before_they_heard_says_that_they_need_not_present(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    goes_on(ken, tokyo(11, 26, 9))
    agrees(ken, found, FIRST)
    goes_on(ken, tokyo(11, 26, 20))
    before = len(sent(ken, MORI))
    for what in (views.CANCEL, views.RESTORE):
        assert not change(ken, found, FIRST, what)
        goes_on(ken, ken.now + timedelta(minutes=1))
    goes_on(ken, tokyo(11, 27, 12))
    (letter,) = sent(ken, MORI)[before:]
    assert letter.startswith("「画面が黒い」の発表")
    assert "のお願いは、なくなりました" in letter
