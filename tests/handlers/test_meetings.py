"""Around a session: announced when it is near, told once of what changes, reminded, recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream

from bot import ics
from bot.domain.report import Period
from bot.errors import Malformed, NotPossibleNow, NotYours
from bot.feature import Outgoing
from handlers.calendars.gathering import Kind
from handlers.calendars.gathering import gather as gather_calendar
from handlers.common.doors import Visitor
from handlers.faq import dialogs as faq_dialogs
from handlers.questions.intake import capture
from handlers.reports.gathering import gather
from handlers.reports.study_sheets import study_sheets
from handlers.study import (
    FEATURE,
    agendas,
    choosing,
    dialogs,
    materials,
    record_views,
    recording,
    replying,
    views,
)
from storage import agendas as stored_agendas
from storage import channels, due, meetings, members, replies, workspace
from storage.meetings import NoSuchMeeting
from tests.handlers.faq import answered, newest
from tests.handlers.meetings import (
    TOKYO,
    goes_on,
    living,
    presents,
    records,
    says,
    sent,
    shown,
    tokyo,
    versions,
)
from tests.handlers.prefecture import ARIMA, BODY, HERE, ITSUKI, KEN, MORI, NAGI, Prefecture
from tests.handlers.study import WEEKLY, about, change, keep, look, registered, words
from tests.handlers.study import state as state_of

IN_CHANNEL = replace(WEEKLY, channel=HERE, audience="channel")


def announced(ken: Prefecture, given: Any = IN_CHANNEL) -> Any:
    """A series whose first session is announced."""
    found = registered(ken, given)
    goes_on(ken, tokyo(11, 26, 9))
    return found, living(ken, found)


# --- announcing -----------------------------------------------------------------------------------------------------


def test_a_session_is_announced_a_week_before_when_the_offices_open(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    goes_on(ken, tokyo(11, 26, 8, 29))  # the first is on Thursday 12/3
    assert ken.read(meetings.living, found.id) == []
    goes_on(ken, tokyo(11, 26, 8, 31))
    meeting = living(ken, found)
    assert (meeting.on, meeting.channel, meeting.told_at) == (date(2026, 12, 3), HERE, tokyo(11, 26, 8, 30))
    assert versions(ken, meeting) == [1]
    text = words({"blocks": shown(ken, meeting).blocks})
    assert "第1回 アドバイザー勉強会*\n12月3日(木) 15:00〜16:30\n場所:県庁3階" in text
    assert "出席 *0人*|欠席 *0人*|録画で見る *0人*" in text
    goes_on(ken, tokyo(12, 3, 8, 31))
    assert versions(ken, meeting) == [1]
    assert [each.on for each in ken.read(meetings.living, found.id)] == [
        date(2026, 12, 3),
        date(2026, 12, 10),
    ]


def test_nothing_is_announced_before_the_prefecture_opens_nor_of_a_cancelled_session(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, tokyo(12, 2, 12))
    assert ken.read(meetings.living, found.id) == []
    ken.write(lambda tx: workspace.set_workspace(tx, opened_at=None))
    goes_on(ken, tokyo(12, 7, 12))
    assert ken.read(meetings.living, found.id) == []


def told_on(ken: Prefecture, first: str, policy: str, until: Any) -> list[tuple[str, str, str]]:
    """The sessions of a weekly series: when each was planned, when it was announced, when it was."""
    found = registered(ken, replace(IN_CHANNEL, on=first, on_closed=policy))
    goes_on(ken, until)
    told = ken.read(meetings.held_between, ken.now - timedelta(days=60), ken.now)
    mine = [each for each, _ in told if each.series_id == found.id]
    assert len({each.on for each in mine}) == len(mine)
    days = [(each.on, each.told_at, each.starts) for each in mine if each.told_at is not None]
    on_wall = [(on, at.astimezone(TOKYO), starts.astimezone(TOKYO)) for on, at, starts in days]
    return [(f"{on:%m-%d}", f"{at:%m-%d}", f"{starts:%m-%d}") for on, at, starts in on_wall]


@pytest.mark.parametrize(
    ("policy", "closed"),
    [
        ("skip", []),
        ("before", [("12-31", "12-21", "12-28")]),
        ("after", [("12-31", "12-28", "01-04")]),
        ("hold", [("12-31", "12-24", "12-31")]),
    ],
)
def test_over_new_year_each_session_is_announced_once(
    ken: Prefecture, policy: str, closed: list[tuple[str, str, str]]
) -> None:
    """Thursdays; the offices are closed from 12/29 to 1/3."""
    seen = told_on(ken, "2026-12-24", policy, tokyo(1, 8, 18, year=2027))
    assert seen == [("12-24", "12-17", "12-24"), *closed, ("01-07", "12-28", "01-07")]


@pytest.mark.parametrize(
    ("policy", "closed"),
    [
        ("skip", []),
        ("before", [("05-05", "04-23", "04-30")]),
        ("after", [("05-05", "04-28", "05-06")]),
        ("hold", [("05-05", "04-28", "05-05")]),
    ],
)
def test_over_the_holidays_of_may_each_session_is_announced_once(
    ken: Prefecture, policy: str, closed: list[tuple[str, str, str]]
) -> None:
    """Wednesdays of 2027; 4/29 and 5/3 to 5/5 are holidays, 5/1 and 5/2 a weekend."""
    ken.now = tokyo(4, 12, 10, year=2027)
    seen = told_on(ken, "2027-04-28", policy, tokyo(5, 13, 18, year=2027))
    assert seen == [("04-28", "04-21", "04-28"), *closed, ("05-12", "04-30", "05-12")]


def test_without_a_channel_those_who_answer_hear_of_it_by_letter(ken: Prefecture) -> None:
    _, meeting = announced(ken, replace(WEEKLY, audience="talents"))
    goes_on(ken, tokyo(11, 27, 12))
    assert versions(ken, meeting) == []
    assert [len(sent(ken, user)) for user in (KEN, MORI, ARIMA, NAGI)] == [1, 1, 1, 0]
    (text,) = sent(ken, MORI)
    assert "第1回 アドバイザー勉強会 12月3日(木) 15:00〜16:30" in text


def test_where_a_session_is_announced_is_looked_at(ken: Prefecture) -> None:
    ken.write(lambda tx: channels.save_channel(tx, "C0SOTO", name="外", bot_is_member=False))
    for given, sentence in (
        (replace(WEEKLY, channel="C0SOTO"), "Banso がいる"),
        (replace(WEEKLY, channel=HERE, audience="talents"), "非公開"),
    ):
        view = {"private_metadata": dialogs.NEW, "state": state_of(given)}
        _, problems = ken.write(dialogs.entered, Visitor(KEN, ""), view)
        assert sentence in str(problems)
    registered(ken, replace(WEEKLY, channel=HERE))
    assert "お知らせは <#C0SOUDAN>" in look(ken)


# --- replies --------------------------------------------------------------------------------------------------------


def test_people_say_whether_they_come_and_change_their_minds(ken: Prefecture) -> None:
    _, meeting = announced(ken)
    assert "「出席」で受け付けました" in says(ken, meeting, NAGI, "yes")
    assert "ファイル" in says(ken, meeting, MORI, "yes")
    says(ken, meeting, ITSUKI, "video")
    assert "録画の場所をお届けします" in says(ken, meeting, NAGI, "video")
    assert ken.read(replies.count, meeting.id) == (1, 0, 2)
    assert versions(ken, meeting) == [5]
    assert "ファイル" not in says(ken, meeting, NAGI, "yes")  # it came with the first
    assert [each for each in sent(ken, NAGI) if each.endswith(".ics")] == ["勉強会_20261203.ics"]
    says(ken, meeting, NAGI, "yes")
    assert versions(ken, meeting) == [6]  # nothing new, nothing shown


def test_what_cannot_be_answered(ken: Prefecture) -> None:
    found, meeting = announced(ken)
    for value, error in (("x", Malformed), (f"{meeting.id}:maybe", Malformed), ("999:yes", NoSuchMeeting)):
        with pytest.raises(error):
            ken.write(replying.answer, value, Visitor(NAGI, ""))
    with pytest.raises(NoSuchMeeting):
        says(ken, meeting, ARIMA, "yes")  # is not in the channel
    with pytest.raises(NotPossibleNow, match="先に「出席」"):
        ken.write(replying.wants_soon, meeting.id, Visitor(NAGI, ""))
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, ken.now + timedelta(seconds=1))
    with pytest.raises(NotPossibleNow, match="中止"):
        says(ken, meeting, NAGI, "yes")
    assert "*中止*" in words({"blocks": shown(ken, living(ken, found)).blocks})
    ken.now = tokyo(12, 10, 10)
    with pytest.raises(NotPossibleNow):
        says(ken, meeting, NAGI, "yes")


def test_the_list_takes_answers_to_what_is_announced(ken: Prefecture) -> None:
    found = registered(ken, IN_CHANNEL)
    assert "録画で見る" not in look(ken, NAGI)
    goes_on(ken, tokyo(11, 26, 9))
    meeting = living(ken, found)

    def presses(user: str, said: str) -> str:
        view = ken.write(replying.answer_in_list, f"{meeting.id}:{said}", Visitor(user, ""))
        pressed = [each for each in str(view).split("'action_id': '") if each.startswith("study_answer_")]
        assert len(pressed) == (3 if meeting.is_open(ken.now) else 0)  # the second session is not announced
        return words(view)

    assert "あなたのお返事" not in look(ken, NAGI)
    assert "ℹ️ 「出席」で受け付けました" in presses(NAGI, "yes")
    assert "「出席」で受け付けました:第1回 アドバイザー勉強会 12/3(木)15:00" in presses(KEN, "yes")
    assert "出席 *1人*|欠席 *0人*|録画で見る *1人*|あなたのお返事:*録画で見る*" in presses(NAGI, "video")
    assert sent(ken, NAGI) == ["勉強会_20261203.ics"]
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    assert "録画で見る" not in look(ken, NAGI)  # cancelled, though nobody was told yet
    goes_on(ken, ken.now + timedelta(minutes=1))
    meeting = ken.read(meetings.need, meeting.id)
    assert "ℹ️ この回は中止になりました。お返事は変わっていません" in presses(NAGI, "yes")
    assert ken.read(replies.count, meeting.id) == (1, 0, 1)
    with pytest.raises(Malformed):
        ken.write(replying.answer_in_list, "x", Visitor(NAGI, ""))


def event(ken: Prefecture, user: str, meeting: Any) -> Any:
    """What the file holds that somebody would get now, by a parser of others."""
    outgoing = Outgoing("", replying.FILE, meeting.id, {"user": user}, True)
    found = ken.read(FEATURE.renderers[replying.FILE], outgoing)
    assert found is not None
    assert found.made is not None
    (only,) = IcsCalendarStream.calendar_from_ics(found.made.content().decode()).events
    return only


def calendar(ken: Prefecture, user: str) -> list[Any]:
    """What somebody takes along at their address, by the same parser."""
    content = ics.write(ken.read(gather_calendar, user, Kind.MINE))
    return list(IcsCalendarStream.calendar_from_ics(content.decode()).events)


def test_moved_and_cancelled_sessions_are_told_to_who_comes_once(ken: Prefecture) -> None:
    found, meeting = announced(ken)
    says(ken, meeting, NAGI, "yes")
    says(ken, meeting, ITSUKI, "no")
    before = event(ken, NAGI, meeting)
    assert not change(ken, found, "2026-12-03", views.MOVE, "2026-12-04", "10:00")
    goes_on(ken, ken.now + timedelta(minutes=5))
    moved = event(ken, NAGI, meeting)
    assert (moved.uid, moved.sequence) == (before.uid, before.sequence + 1)
    assert "もとは 12月3日(木)" in words({"blocks": shown(ken, meeting).blocks})
    assert sent(ken, NAGI)[1:] == [
        "第1回 アドバイザー勉強会の日時が変わりました。12月4日(金) 10:00〜11:30(もとは 12/3(木)15:00)。"
        "出られなくなったときは、下のボタンで教えてください。"
    ]
    assert sent(ken, ITSUKI) == []
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, tokyo(12, 3, 18))
    assert "中止になりました" in sent(ken, NAGI)[-1]
    assert len(sent(ken, NAGI)) == 2  # the letter of before says nothing any more, nobody was reminded
    gone = event(ken, NAGI, meeting)
    assert (gone.uid, gone.status.value, gone.sequence) == (before.uid, "CANCELLED", before.sequence + 2)
    goes_on(ken, tokyo(12, 4, 18))
    assert not [each for each in sent(ken, KEN) if "おつかれさま" in each]


def test_what_is_moved_and_moved_back_in_the_night_disturbs_nobody(ken: Prefecture) -> None:
    found, meeting = announced(ken)
    says(ken, meeting, NAGI, "yes")
    ken.now = tokyo(11, 27, 20)
    for what, day in (
        (views.MOVE, "2026-12-04"),
        (views.RESTORE, ""),
        (views.CANCEL, ""),
        (views.RESTORE, ""),
    ):
        assert not change(ken, found, "2026-12-03", what, day, "15:00" if day else "")
        goes_on(ken, ken.now + timedelta(minutes=1))
    goes_on(ken, tokyo(11, 30, 12))
    assert [each for each in sent(ken, NAGI) if "変わりました" in each or "中止" in each] == []
    assert living(ken, found).version == 5


def test_a_closure_that_is_added_later_is_told_when_the_offices_open(ken: Prefecture) -> None:
    _, meeting = announced(ken)
    says(ken, meeting, NAGI, "yes")
    before = event(ken, NAGI, meeting)
    ken.write(lambda tx: workspace.set_workspace(tx, closures=["2026-12-03"]))
    goes_on(ken, tokyo(11, 27, 12))
    assert "中止になりました" in sent(ken, NAGI)[-1]
    after = event(ken, NAGI, meeting)  # their calendar takes the file instead of the one it has
    assert (after.uid, after.status.value, after.sequence) == (before.uid, "CANCELLED", before.sequence + 1)
    goes_on(ken, tokyo(12, 1, 12))
    assert event(ken, NAGI, meeting).sequence == after.sequence


def test_what_is_not_held_says_when_the_next_one_is_and_nothing_else(ken: Prefecture) -> None:
    """「ほかの回は変わりません」 would be untrue where the whole series moved."""
    found, meeting = announced(ken)
    says(ken, meeting, NAGI, "yes")
    keep(ken, replace(IN_CHANNEL, on="2026-12-08", starts="13:00", ends="14:00"), about=about(ken, found))
    goes_on(ken, ken.now + timedelta(minutes=1))
    following = "次の回は 12月8日(火) 13:00〜14:00 です。"
    assert f"は、中止になりました。{following}" in sent(ken, NAGI)[-1]
    assert words({"blocks": shown(ken, meeting).blocks}).endswith(following)
    ken.write(dialogs.end, about(ken, found), Visitor(KEN, ""))
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert "次の回" not in str(shown(ken, meeting))


def test_a_card_says_that_its_session_goes_on(ken: Prefecture) -> None:
    _, meeting = announced(ken)
    said = [str(shown(ken, meeting).blocks)]
    for hour, minute in ((15, 1), (17, 0)):
        goes_on(ken, tokyo(12, 3, hour, minute))
        said.append(str(shown(ken, meeting).blocks))
    assert ["いま開いています" in each for each in said] == [False, True, False]


# --- reminding ------------------------------------------------------------------------------------------------------


def test_who_comes_is_reminded_the_day_before_and_ten_minutes_before_only_if_they_want(
    ken: Prefecture,
) -> None:
    _, meeting = announced(ken)
    for user, answer in ((NAGI, "yes"), (ITSUKI, "yes"), (MORI, "no")):
        says(ken, meeting, user, answer)
    assert "10分前に" in ken.write(replying.wants_soon, meeting.id, Visitor(NAGI, ""))
    goes_on(ken, tokyo(12, 2, 8, 29))
    assert len(sent(ken, NAGI)) == 1
    goes_on(ken, tokyo(12, 2, 12))
    assert "出席の予定です:第1回" in sent(ken, NAGI)[1]
    assert "場所:県庁3階|<https://meet.example.jp/a|オンラインで参加>" in sent(ken, NAGI)[1]
    assert "出席の予定です:第1回" in sent(ken, ITSUKI)[1]
    goes_on(ken, tokyo(12, 3, 14, 51))
    assert "まもなく始まります" in sent(ken, NAGI)[-1]
    assert [len(sent(ken, user)) for user in (NAGI, ITSUKI, MORI)] == [3, 2, 0]


def ticks(ken: Prefecture, user: str, *, wants: bool) -> None:
    """Send 「お知らせの設定」."""
    options = [{"value": "yes"}] if wants else []
    view = {"state": {"values": {choosing.SOON: {choosing.SOON: {"selected_options": options}}}}}
    ken.write(choosing.choose, user, view)


def test_who_chose_it_once_is_told_ten_minutes_before_until_they_choose_otherwise(ken: Prefecture) -> None:
    """Of whatever they come to, also of what they answered before they chose."""
    found, meeting = announced(ken)
    ticks(ken, NAGI, wants=True)
    assert "initial_options" in str(ken.read(choosing.blocks, NAGI))
    assert "10分前にもお知らせします" in says(ken, meeting, NAGI, "yes")
    for user in (ITSUKI, MORI):
        says(ken, meeting, user, "yes")
    ken.write(replying.wants_soon, meeting.id, Visitor(ITSUKI, ""))
    ticks(ken, MORI, wants=True)
    ken.write(choosing.choose, MORI, {"state": {"values": {}}})  # of before there was this choice
    ticks(ken, ITSUKI, wants=False)
    goes_on(ken, tokyo(12, 3, 14, 51))
    begins = {user: str(sent(ken, user)).count("まもなく始まります") for user in (NAGI, ITSUKI, MORI)}
    assert begins == {NAGI: 1, ITSUKI: 0, MORI: 1}
    ticks(ken, NAGI, wants=False)
    goes_on(ken, tokyo(12, 3, 17))
    second = living(ken, found)
    for user in (NAGI, ITSUKI, MORI):
        says(ken, second, user, "yes")
    goes_on(ken, tokyo(12, 10, 14, 51))
    begins = {
        user: str(sent(ken, user)).count("第2回 アドバイザー勉強会 12/10(木)15:00から") for user in begins
    }
    assert begins == {NAGI: 0, ITSUKI: 0, MORI: 1}
    assert "initial_options" not in str(ken.read(choosing.blocks, NAGI))
    row = {"user_id": NAGI, "name": "浜野", "permission": "guest"}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["permission"]))
    assert ken.read(choosing.blocks, NAGI) == []


def test_a_meeting_of_monday_is_reminded_on_friday_and_who_answers_later_is_not(ken: Prefecture) -> None:
    _, meeting = announced(ken, replace(IN_CHANNEL, on="2026-11-30"))
    says(ken, meeting, NAGI, "yes")
    goes_on(ken, tokyo(11, 27, 12))
    assert "出席の予定です" in sent(ken, NAGI)[-1]
    says(ken, meeting, ITSUKI, "yes")
    goes_on(ken, tokyo(11, 30, 14))
    assert [len(sent(ken, user)) for user in (NAGI, ITSUKI)] == [2, 1]


def test_a_crowd_is_told_in_portions(ken: Prefecture) -> None:
    found, meeting = announced(ken)
    crowd = [f"U0CROWD{n}" for n in range(60)]
    ken.write(lambda tx: members.save_members(tx, [{"user_id": each, "name": each} for each in crowd]))
    ken.write(channels.set_channel_members, HERE, crowd)
    for each in crowd:
        says(ken, meeting, each, "yes")
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, ken.now + timedelta(hours=1))
    assert all("中止" in sent(ken, each)[-1] for each in crowd)


# --- materials ------------------------------------------------------------------------------------------------------


def gives(
    ken: Prefecture, meeting: Any, user: str, addresses: str, link: str = "", note: str = ""
) -> dict[str, str]:
    typed = {materials.ADDRESSES: addresses, materials.LINK: link, materials.NOTE: note}
    values = {name: {name: {"value": text}} for name, text in typed.items()}
    view = {"private_metadata": str(meeting.id), "state": {"values": values}}
    _, problems = ken.write(materials.entered, Visitor(user, ""), view)
    return problems


def test_materials_are_given_by_who_arranges_and_are_links(ken: Prefecture) -> None:
    found, meeting = announced(ken)
    assert "https://" in gives(ken, meeting, KEN, "共有フォルダにあります")[materials.ADDRESSES]
    assert (
        "5つまで" in gives(ken, meeting, KEN, "\n".join(["https://a.example.jp/x"] * 6))[materials.ADDRESSES]
    )
    assert set(gives(ken, meeting, KEN, "", "javascript:1", "あ" * 501)) == {materials.LINK, materials.NOTE}
    with pytest.raises(NotYours):
        gives(ken, meeting, NAGI, "https://a.example.jp/x")
    before = event(ken, NAGI, meeting)
    given = "https://a.example.jp/x?a=1&b=2"
    assert not gives(ken, meeting, MORI, given, "https://meet.example.jp/b", "2枚目から <!channel>")
    text = words({"blocks": shown(ken, meeting).blocks})
    assert "<https://a.example.jp/x?a=1&amp;b=2|資料1>" in text
    assert "2枚目から &lt;!channel&gt;" in text
    assert "<https://meet.example.jp/b|オンラインで参加>" in text
    after = event(ken, NAGI, meeting)
    assert (after.url, after.sequence) == ("https://meet.example.jp/b", before.sequence + 1)
    taken_along = [(each.url, each.sequence) for each in calendar(ken, NAGI) if each.uid == after.uid]
    assert taken_along == [(after.url, after.sequence)]  # the address says the same as the file
    assert sum(each.url == after.url for each in calendar(ken, NAGI)) == 1
    assert "<https://meet.example.jp/b|オンラインで参加>" in look(ken, NAGI)
    ken.write(agendas.show, found, meeting.on, HERE, KEN)
    agenda = ken.read(stored_agendas.of, found.id, meeting.on)
    assert agenda is not None
    card = ken.read(agendas.card, Outgoing("", agendas.CARD, agenda.id, {}, False))
    assert card is not None
    assert "<https://meet.example.jp/b|" in words({"blocks": card.blocks})
    view = ken.read(materials.of_meeting, str(meeting.id), Visitor(KEN, ""))
    assert "https://a.example.jp/x?a=1&b=2" in str(view)
    assert ken.write(materials.of_session, found.id, date(2026, 12, 10), Visitor(KEN, ""))


def test_who_presents_is_asked_for_materials_that_are_not_there(ken: Prefecture) -> None:
    """Where nobody presents, whoever arranges hears of that, and not of materials."""
    found, meeting = announced(ken)
    presents(ken, found, meeting, MORI)
    goes_on(ken, tokyo(12, 1, 12))
    assert ["資料は、まだありません" in each for each in sent(ken, MORI)] == [True]
    goes_on(ken, tokyo(12, 2, 18))
    assert len(sent(ken, MORI)) == 1
    gives(ken, meeting, MORI, "https://a.example.jp/x")
    goes_on(ken, tokyo(12, 10, 18))
    assert [each for each in sent(ken, MORI) if "第1回" in each and "資料" in each] == []  # true no more
    assert [each for each in sent(ken, KEN) if "資料は、まだありません" in each] == []


# --- what came of it ------------------------------------------------------------------------------------------------


def test_minutes_are_written_afterwards_and_reach_who_was_not_there(ken: Prefecture) -> None:
    _, meeting = announced(ken)
    for user, answer in ((NAGI, "yes"), (ITSUKI, "video"), (MORI, "yes")):
        says(ken, meeting, user, answer)
    with pytest.raises(NotPossibleNow, match="始まったあと"):
        records(ken, meeting, "早すぎる")
    goes_on(ken, tokyo(12, 4, 12))
    assert "おつかれさまでした" in sent(ken, KEN)[-1]
    assert "3000文字まで" in str(records(ken, meeting, "あ" * 3001))
    assert "アドレス" in str(records(ken, meeting, "よい", recording="録画フォルダ"))
    assert "どちらか" in str(records(ken, meeting, "よい", came=[NAGI], missed=[NAGI]))
    assert "ひとこと" in str(records(ken, meeting, " "))
    with pytest.raises(NotYours):
        records(ken, meeting, "よい", user=NAGI)
    recorded: dict[str, Any] = {"recording": "https://v.example.jp/1", "came": [ARIMA], "missed": [MORI]}
    assert not records(ken, meeting, "あ" * 3000, **recorded)
    assert "おつかれさま" not in str(sent(ken, KEN))
    goes_on(ken, tokyo(12, 7, 12))
    assert not records(ken, meeting, "直しました", **recorded)
    goes_on(ken, tokyo(12, 9, 12))
    recaps = {
        user: [each for each in sent(ken, user) if "まとめをお届け" in each] for user in (NAGI, ITSUKI, MORI)
    }
    assert {user: len(each) for user, each in recaps.items()} == {NAGI: 0, ITSUKI: 1, MORI: 1}
    assert "直しました" in words({"blocks": shown(ken, meeting).blocks})
    there = {
        each.municipality_code: (each.there, each.video)
        for each in ken.read(replies.attendance, [meeting.id])
    }
    assert there[BODY] == (1, 0)
    assert sum(each[0] for each in there.values()) == 2
    facts = ken.read(gather, Period(date(2026, 12, 1), date(2026, 12, 31)), ken.now)
    sessions, bodies = study_sheets(facts, ["12月"])
    assert sessions.rows == [("2026-12-03 15:00", "第1回 アドバイザー勉強会", 2, 1, 1, "あり")]
    assert [row[2:] for row in bodies.rows if row[0] == BODY] == [(1, 1, 0)]
    assert bodies.rows[-1] == (None, "所属を確かめていない方", 1, 1, 0)
    assert not records(ken, meeting, "もう一度")  # nobody is named any more
    assert sum(each.there for each in ken.read(replies.attendance, [meeting.id])) == 2


def test_what_it_said_of_a_question_begins_the_entry_that_is_offered(ken: Prefecture) -> None:
    """To who answered it; to who wrote it down what they answered themselves or nobody did; else to the office."""
    mine, nobodys = answered(ken), _asked(ken, "議会の中継が途切れます")
    barred = _asked(ken, "プロポーザルの仕様書は入札の前にいつ出しますか")
    _, meeting = announced(ken)
    goes_on(ken, tokyo(12, 4, 12))
    said = {mine: "浜野さんの件は、まず有線です", nobodys: "次に帯域です", barred: "ひな形があります"}
    assert "FAQに残す" not in _says_of(ken, meeting, {mine: said[mine]}, KEN)
    view = _says_of(ken, meeting, said, MORI)  # who answered the first, and has a conflict with the last
    assert [f"相談 No.{number}" in view for number in (1, 2, 3)] == [True, True, False]
    assert "3件の相談のスレッドに載せます" in view
    goes_on(ken, tokyo(12, 7, 12))
    offers = {user: [each for each in sent(ken, user) if "FAQに残しませんか" in each] for user in (MORI, KEN)}
    assert [each.partition("の話が")[0] for each in offers[MORI]] == ["あなたが答えた相談 No.1 "]
    assert [each.partition("の話が")[0] for each in offers[KEN]] == ["相談 No.3 "]
    fields = words_in(ken.read(faq_dialogs.keep, mine, MORI))
    assert fields["faq_answer"] == "担当の方の件は、まず有線です\n\n担当の方、電源を長押ししてください"
    assert words_in(ken.read(faq_dialogs.keep, nobodys, KEN))["faq_answer"] == "次に帯域です"


def _asked(ken: Prefecture, text: str) -> int:
    """A question nobody answers."""
    ken.now += timedelta(minutes=3)
    ken.write(capture.capture, ken.message(NAGI, f"{text}。どうすればいいですか"))
    return newest(ken)


def _says_of(ken: Prefecture, meeting: Any, said: dict[int, str], user: str) -> str:
    """Send the dialog with what was said of each question; returns what is shown then."""
    blocks = {record_views.said_in(key): text for key, text in said.items()}
    values = {name: {name: {"value": text}} for name, text in blocks.items()}
    about = f"{meeting.id}:{','.join(map(str, said))}"
    view = {"private_metadata": about, "state": {"values": values}}
    shown_then, problems = ken.write(recording.said, Visitor(user, ""), view)
    assert (shown_then is not None, problems) == (True, {})
    return words(shown_then)


def test_what_is_said_of_a_question_is_at_most_so_long(ken: Prefecture) -> None:
    about = _asked(ken, "議会の中継が途切れます")
    _, meeting = announced(ken)
    goes_on(ken, tokyo(12, 4, 12))
    block = record_views.said_in(about)
    view = {
        "private_metadata": f"{meeting.id}:{about}",
        "state": {"values": {block: {block: {"value": "あ" * 3001}}}},
    }
    shown_then, problems = ken.write(recording.said, Visitor(KEN, ""), view)
    assert (shown_then, list(problems)) == (None, [block])
    assert "いまは3001文字" in problems[block]
    assert ken.read(meetings.outcomes_of, meeting.id) == []


def words_in(view: Any) -> dict[str, Any]:
    """What the fields of a dialog begin with."""
    fields = [each for each in view["blocks"] if each["type"] == "input"]
    return {each["block_id"]: each["element"].get("initial_value") for each in fields}


def test_a_series_that_ends_cancels_what_was_announced(ken: Prefecture) -> None:
    found, meeting = announced(ken)
    says(ken, meeting, NAGI, "yes")
    ken.write(dialogs.end, about(ken, found), Visitor(KEN, ""))
    goes_on(ken, ken.now + timedelta(minutes=1))
    assert "中止になりました" in sent(ken, NAGI)[-1]
    goes_on(ken, tokyo(12, 4, 12))
    assert ken.read(meetings.living, found.id) == []
    assert not ken.read(due.is_scheduled, f"study.morning:{found.id}")
