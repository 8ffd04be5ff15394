"""A series is registered; who may know of it; what Home says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.series import Every
from bot.domain.study import MOST_SERIES, Audience
from bot.errors import NotPossibleNow, NotYours
from handlers.common.doors import Visitor
from handlers.study import dialogs, draft, views
from handlers.study.looking import home_line, listed
from storage import channels, members, study
from tests.handlers.prefecture import ARIMA, HERE, ITSUKI, KEN, MORI, NAGI, Prefecture
from tests.handlers.study import (
    ROOM,
    WEEKLY,
    about,
    change,
    enter,
    keep,
    look,
    registered,
    words,
)

pytestmark = pytest.mark.screens

# --- registering ----------------------------------------------------------------------------------------------------


def test_before_a_series_is_kept_its_first_ten_sessions_are_shown(ken: Prefecture) -> None:
    said = keep(ken, WEEKLY)
    assert "第1回 12月3日(木) 15:00〜16:30" in said
    assert "第5回 1月7日(木) 15:00〜16:30" in said
    assert "第10回 2月18日(木)" in said  # 2/11 is a holiday
    assert "行いません:12月31日(木)、2月11日(木)" in said
    assert "第11回" not in said
    (found,) = ken.read(study.living)
    assert (found.about.title, found.plan.minutes, found.created_by) == ("アドバイザー勉強会", 90, KEN)
    listed_ = look(ken, NAGI)
    assert "第1回 アドバイザー勉強会" in listed_
    assert "場所:県庁3階|<https://meet.example.jp/a|オンラインで参加>" in listed_
    assert "勉強会を登録" not in listed_


def test_why_a_session_is_on_another_day_is_said_beforehand(ken: Prefecture) -> None:
    said = keep(ken, replace(WEEKLY, on="2026-12-24", on_closed="before"))
    assert "・第1回 12月24日(木) 15:00〜16:30\n" in said
    assert "・第2回 12月28日(月) 15:00〜16:30(12月31日(木)は閉庁日)\n" in said
    (found,) = ken.read(study.living)
    later = replace(WEEKLY, on="2026-12-24", starts="16:00", ends="17:00", on_closed="before")
    said = keep(ken, later, about=about(ken, found))
    assert (
        "・第2回 12月28日(月) 16:00〜17:00(12月31日(木)は閉庁日。いまは 12月28日(月) 15:00〜16:30)\n" in said
    )


def test_a_single_training_has_no_number(ken: Prefecture) -> None:
    registered(ken, replace(WEEKLY, title="合同研修", every="once", times=3, until="2026-01-01"))
    assert "合同研修*\n12月3日(木)" in look(ken, NAGI)
    assert "第1回" not in look(ken, NAGI)


def test_the_same_press_again_keeps_one(ken: Prefecture) -> None:
    shown, _ = enter(ken, WEEKLY)
    assert shown is not None
    for _ in range(2):
        ken.write(dialogs.confirmed, Visitor(KEN, ""), shown, source="view:V7")
    assert len(ken.read(study.living)) == 1


def test_what_was_right_a_moment_ago_is_looked_at_again(ken: Prefecture) -> None:
    shown, _ = enter(ken, replace(WEEKLY, every="once"))
    assert shown is not None
    ken.now += timedelta(days=30)
    with pytest.raises(NotPossibleNow, match="過ぎた日時"):
        ken.write(dialogs.confirmed, Visitor(KEN, ""), shown, source="view:V9")


def test_there_are_only_so_many(ken: Prefecture) -> None:
    for _ in range(MOST_SERIES):
        registered(ken)
    assert len(ken.read(listed, Visitor(KEN, ""))["blocks"]) <= 100
    with pytest.raises(NotPossibleNow, match=str(MOST_SERIES)):
        keep(ken, WEEKLY)


def test_what_people_typed_rings_nobody(ken: Prefecture) -> None:
    registered(ken, replace(WEEKLY, title="<!channel> & *会*", place="<@U1>", link="https://a.jp/?a=1&b=2"))
    said = look(ken, NAGI)
    assert "&lt;!channel&gt; &amp; *会*" in said
    assert "&lt;@U1&gt;" in said
    assert "<https://a.jp/?a=1&amp;b=2|オンラインで参加>" in said


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"title": " "}, draft.TITLE, "名前を"),
    ({"on": "2026-11-23", "on_closed": "hold"}, draft.ON, "過ぎた日時"),
    ({"on": "2026-11-24", "starts": "09:00"}, draft.ON, "過ぎた日時"),
    ({"on": "2026-12-05"}, draft.ON, "開かれる日がありません"),  # Saturdays
    ({"on": "2026-12-05", "every": "once"}, draft.ON, "その日は閉庁日"),
    ({"on": "2026-12-31", "until": "2027-01-02"}, draft.ON, "開かれる日がありません"),
    ({"audience": "channel", "channel": "C0NOBODY"}, draft.CHANNEL, "Banso がいる"),
    ({"audience": "channel", "channel": "C\x00"}, draft.CHANNEL, "Banso がいる"),
    ({"audience": "channel", "channel": ROOM}, draft.CHANNEL, "ご自分が入っている"),
]


def test_what_cannot_be_is_said_at_its_place(ken: Prefecture) -> None:
    ken.write(lambda tx: channels.save_channel(tx, ROOM, name="部屋", bot_is_member=True))
    for wrong, block, sentence in WRONG:
        shown, problems = enter(ken, replace(WEEKLY, **wrong))
        assert shown is None
        assert list(problems) == [block]
        assert sentence in problems[block]
    assert ken.read(study.living) == []


def test_a_talent_s_series_of_every_kind_reads_as_people_say_it(ken: Prefecture) -> None:
    kinds = {
        Every.WEEK: "毎週木曜",
        Every.FORTNIGHT: "隔週木曜",
        Every.MONTH_DAY: "毎月3日",
        Every.MONTH_WEEKDAY: "毎月第1木曜",
        Every.ONCE: "12月3日(木)",
    }
    for every, said in kinds.items():
        found = registered(ken, replace(WEEKLY, every=every.value, audience=Audience.TALENTS.value), MORI)
        assert f"{said} 15:00から90分|アドバイザーと県の担当" in look(ken, MORI)
        ken.write(dialogs.end, about(ken, found), Visitor(MORI, ""))


def test_the_channel_must_be_one_of_ones_own(ken: Prefecture) -> None:
    given = replace(WEEKLY, audience="channel", channel=HERE)
    assert enter(ken, given, MORI)[0] is not None
    assert draft.CHANNEL in enter(ken, given, ARIMA)[1]
    ken.write(lambda tx: channels.save_channel(tx, HERE, archived=True))
    assert draft.CHANNEL in enter(ken, given, MORI)[1]


# --- who may know ---------------------------------------------------------------------------------------------------


def test_each_sees_what_is_theirs(ken: Prefecture) -> None:
    ken.write(lambda tx: channels.save_channel(tx, ROOM, name="部屋", bot_is_member=True))
    ken.write(channels.set_channel_members, ROOM, [MORI, ITSUKI])
    registered(ken, replace(WEEKLY, title="みんなの会"))
    registered(ken, replace(WEEKLY, title="部屋の会", audience="channel", channel=ROOM), MORI)
    registered(ken, replace(WEEKLY, title="助言者の会", audience="talents"), ARIMA)
    names = ("みんなの会", "部屋の会", "助言者の会")
    seen = {
        user: [name for name in names if name in look(ken, user)] for user in (NAGI, ITSUKI, ARIMA, MORI, KEN)
    }
    assert seen == {
        NAGI: ["みんなの会"],
        ITSUKI: ["みんなの会", "部屋の会"],
        ARIMA: ["みんなの会", "助言者の会"],
        MORI: list(names),
        KEN: list(names),
    }
    assert "部屋の会" not in look(ken, "U0FREMD")
    assert f"<#{ROOM}> の方" in look(ken, MORI)


def test_nobody_changes_what_they_may_not_know(ken: Prefecture) -> None:
    ken.write(lambda tx: channels.save_channel(tx, ROOM, name="部屋", bot_is_member=True))
    ken.write(channels.set_channel_members, ROOM, [MORI])
    found = registered(ken, replace(WEEKLY, audience="channel", channel=ROOM), MORI)
    before = ken.read(study.need, found.id)
    for act in (
        lambda: ken.write(dialogs.edit, found.id, Visitor(ARIMA, "")),
        lambda: ken.write(dialogs.one, f"{found.id}:2026-12-03", Visitor(ARIMA, "")),
        lambda: ken.write(dialogs.end, about(ken, found), Visitor(ARIMA, "")),
        lambda: enter(ken, WEEKLY, ARIMA, about(ken, found)),
        lambda: change(ken, found, "2026-12-03", views.CANCEL, user=ARIMA),
    ):
        with pytest.raises(NotYours):
            act()
    assert ken.read(study.need, found.id) == before
    assert ROOM not in str(ken.write(dialogs.edit, found.id, Visitor(KEN, "")))  # its menu cannot show it
    keep(ken, replace(WEEKLY, title="県が直した", audience="channel"), KEN, about(ken, found))
    assert ken.read(study.need, found.id).about.channel == ROOM
    assert "県が直した" in look(ken, MORI)


def test_home_says_when_the_next_one_is(ken: Prefecture) -> None:
    def line(user: str) -> str:
        return words(ken.read(home_line, Visitor(user, "")))

    assert line(NAGI) == ""
    assert line(KEN) == line(MORI) == "*■ 次の勉強会* まだありません\n一覧・登録"
    registered(ken, replace(WEEKLY, title="助言者の会", on="2026-11-26", audience="talents"))
    found = registered(ken)
    assert "*■ 次の勉強会* 12/3(木)15:00 第1回 アドバイザー勉強会" in line(NAGI)
    assert "11/26(木)15:00 第1回 助言者の会" in line(MORI)
    change(ken, found, "2026-12-03", views.CANCEL)
    assert "12/10(木)15:00 第2回" in line(NAGI)
    row = {"user_id": NAGI, "name": "浜野", "permission": "guest"}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["permission"]))
    assert line(NAGI) == ""
