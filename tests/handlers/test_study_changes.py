"""A series is changed, one session is moved or cancelled, and numbers stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.series import OnClosed
from bot.errors import Malformed, NotPossibleNow, UserError
from handlers.common.doors import Visitor
from handlers.study import FEATURE, actions, dialogs, draft, views
from storage import study, workspace
from storage.study import NoSuchSeries
from tests.handlers.prefecture import KEN, MORI, NAGI, Prefecture
from tests.handlers.study import (
    WEEKLY,
    about,
    change,
    enter,
    keep,
    look,
    registered,
    run_due,
    words,
)

pytestmark = pytest.mark.screens

# --- changing a series ----------------------------------------------------------------------------------------------


def test_a_change_shows_what_it_does_to_the_coming_ten(ken: Prefecture) -> None:
    found = registered(ken)
    said = keep(
        ken, replace(WEEKLY, starts="10:00", ends="11:00", on_closed="before"), KEN, about(ken, found)
    )
    assert "第1回 12月3日(木) 10:00〜11:00(いまは 12月3日(木) 15:00〜16:30)" in said
    assert "第5回 12月28日(月) 10:00〜11:00(12月31日(木)は閉庁日。いまは 1月7日(木) 15:00〜16:30)" in said
    assert "第10回 1月28日" in said or "第10回 2月4日" in said
    after = ken.read(study.need, found.id)
    assert (after.plan.minutes, after.plan.on_closed, after.revision) == (60, OnClosed.BEFORE, 2)


def test_a_short_month_does_not_become_the_rule(ken: Prefecture) -> None:
    found = registered(ken, replace(WEEKLY, every="month_day", on="2027-01-29", times=4, on_closed="before"))
    ken.now += timedelta(days=70)  # 2/8: the next is planned for 2/28, a Sunday
    run_due(ken)
    view = ken.write(dialogs.edit, found.id, Visitor(KEN, ""))
    values = {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}
    assert values[draft.ON]["initial_date"] == "2027-02-28"
    assert values[draft.TIMES]["initial_value"] == "3"
    left = replace(
        WEEKLY, title="新しい名前", every="month_day", on="2027-02-28", times=3, on_closed="before"
    )
    said = keep(ken, left, KEN, about(ken, found))
    assert said.count("変わりません)") == 3
    assert "第2回 2月26日(金) 15:00〜16:30(2月28日(日)は閉庁日。変わりません)" in said
    assert "第3回 3月29日(月)" in said
    assert ken.read(study.need, found.id).plan.first == date(2027, 1, 29)


def test_numbers_of_what_has_begun_stay_whatever_changes(ken: Prefecture) -> None:
    found = registered(ken)
    change(ken, found, "2026-12-10", views.CANCEL)
    ken.now += timedelta(days=17)  # 12/11: two have begun, one of them was cancelled
    assert run_due(ken) == 1
    mark = ken.read(study.need, found.id).mark
    assert mark is not None
    assert (mark.on, mark.number) == (date(2026, 12, 10), 2)
    said = keep(ken, replace(WEEKLY, every="fortnight", on="2026-12-15"), KEN, about(ken, found))
    assert "第3回 12月15日(火) 15:00〜16:30(いまは 12月17日(木) 15:00〜16:30)" in said
    ken.write(lambda tx: workspace.set_workspace(tx, closures=["12-03", "12-10"]))
    assert "第3回 アドバイザー勉強会*\n12月15日(火)" in look(ken)
    assert [each.number for each in ken.read(study.numbered, found.id)] == [1, 2]


def test_what_begins_meanwhile_is_counted_before_a_change_even_if_nothing_was_due_yet(
    ken: Prefecture,
) -> None:
    found = registered(ken)
    ken.now += timedelta(days=10)
    said = keep(ken, replace(WEEKLY, on="2026-12-11"), KEN, about(ken, found))
    assert "第2回 12月11日(金)" in said
    assert [each.number for each in ken.read(study.numbered, found.id)] == [1]


def test_single_changes_that_lose_their_place_are_named_before(ken: Prefecture) -> None:
    found = registered(ken)
    change(ken, found, "2026-12-10", views.MOVE, "2026-12-11", "10:00")
    change(ken, found, "2026-12-17", views.CANCEL)
    said = keep(ken, replace(WEEKLY, every="fortnight"), KEN, about(ken, found))
    assert "もとに戻ります:12月10日(木)" in said
    assert "第2回 12月17日(木) 15:00〜16:30 中止" in said
    (left,) = ken.read(study.changes, [found.id])[found.id]
    assert left.on == date(2026, 12, 17)


def test_who_comes_second_reads_first_what_the_other_did(ken: Prefecture) -> None:
    found = registered(ken)
    seen = about(ken, found)
    keep(ken, replace(WEEKLY, title="一"), KEN, seen)
    with pytest.raises(NotPossibleNow, match="先に"):
        enter(ken, replace(WEEKLY, title="二"), MORI, seen)
    with pytest.raises(NotPossibleNow, match="先に"):
        ken.write(dialogs.end, seen, Visitor(MORI, ""))
    assert ken.read(study.need, found.id).about.title == "一"


def test_a_series_is_ended_and_its_sessions_stay(ken: Prefecture) -> None:
    found = registered(ken)
    ken.now += timedelta(days=10)
    ken.write(dialogs.end, about(ken, found), Visitor(KEN, ""))
    assert "アドバイザー勉強会" not in look(ken)
    assert [each.number for each in ken.read(study.numbered, found.id)] == [1]
    assert run_due(ken) == 0
    with pytest.raises(NoSuchSeries, match="終わり"):
        ken.write(dialogs.edit, found.id, Visitor(KEN, ""))


def test_a_series_that_is_over_can_go_on(ken: Prefecture) -> None:
    found = registered(ken, replace(WEEKLY, times=1))
    ken.now += timedelta(days=10)
    assert run_due(ken) == 1
    assert run_due(ken) == 0
    assert "これからの回はありません" in look(ken)
    said = keep(ken, replace(WEEKLY, on="2027-01-14", times=2), KEN, about(ken, found))
    assert "第2回 1月14日(木)" in said
    assert "第3回 1月21日(木)" in said
    assert "第4回" not in said


# --- one session ----------------------------------------------------------------------------------------------------


def test_one_session_is_moved_and_the_others_stay(ken: Prefecture) -> None:
    found = registered(ken)
    assert change(ken, found, "2026-12-10", views.MOVE, "2026-12-14", "10:00") == {}
    said = look(ken, NAGI)
    assert (
        "第2回 アドバイザー勉強会*\n12月14日(月) 10:00〜11:30(日時が変わりました。もとは 12月10日(木))"
        in said
    )
    assert "第3回 アドバイザー勉強会*\n12月17日(木) 15:00〜16:30" in said
    assert change(ken, found, "2026-12-10", views.RESTORE) == {}
    assert "第2回 アドバイザー勉強会*\n12月10日(木) 15:00〜16:30" in look(ken, NAGI)


def test_one_session_is_cancelled_and_takes_place_after_all(ken: Prefecture) -> None:
    found = registered(ken)
    assert change(ken, found, "2026-12-10", views.CANCEL) == {}
    assert "~*第2回 アドバイザー勉強会*~ *中止*" in look(ken, NAGI)
    assert "第3回 アドバイザー勉強会*\n12月17日" in look(ken, NAGI)
    view = ken.read(dialogs.one, f"{found.id}:2026-12-10", Visitor(KEN, ""))
    assert "もとの予定に戻す" in words(view)
    assert "中止する" not in words(view)
    assert change(ken, found, "2026-12-10", views.RESTORE) == {}
    assert "中止" not in look(ken, NAGI)


@pytest.mark.parametrize(
    ("what", "day", "clock", "block", "sentence"),
    [
        (views.MOVE, "", "10:00", views.DAY, "これからの日付"),
        (views.MOVE, "2026-12-11", "", views.CLOCK, "時刻を"),
        (views.MOVE, "2026-11-20", "10:00", views.DAY, "これからの日付"),
        (views.MOVE, "0001-01-01", "00:00", views.DAY, "これからの日付"),
        (views.MOVE, "9999-12-31", "10:00", views.DAY, "これからの日付"),
        (views.MOVE, "2026-11-24", "09:00", views.DAY, "過ぎた日時"),
        (views.MOVE, "2026-12-10", "15:00", views.DAY, "いまと同じ"),
        (views.MOVE, "2026-12-12", "10:00", views.DAY, "その日は閉庁日"),
        (views.MOVE, "2026-12-02", "10:00", views.DAY, "前の回(12/3(木)15:00)より後"),
        (views.MOVE, "2026-12-17", "15:00", views.DAY, "次の回(12/17(木)15:00)より前"),
        ("explode", "", "", views.WHAT, "どうするか"),
    ],
)
def test_where_a_session_cannot_be_is_said_at_its_place(
    ken: Prefecture, what: str, day: str, clock: str, block: str, sentence: str
) -> None:
    found = registered(ken)
    problems = change(ken, found, "2026-12-10", what, day, clock)
    assert list(problems) == [block]
    assert sentence in problems[block]
    assert ken.read(study.changes, [found.id]) == {found.id: []}


def test_a_session_goes_back_only_to_where_it_can_be(ken: Prefecture) -> None:
    found = registered(ken)
    change(ken, found, "2026-12-10", views.MOVE, "2026-12-14", "10:00")
    ken.now += timedelta(days=17)  # 12/11
    assert "過ぎた日時" in change(ken, found, "2026-12-10", views.RESTORE)[views.WHAT]
    change(ken, found, "2026-12-17", views.CANCEL)
    ken.write(lambda tx: workspace.set_workspace(tx, closures=["12-17"]))
    assert "閉庁日" in change(ken, found, "2026-12-17", views.RESTORE)[views.WHAT]


@pytest.mark.parametrize("value", ["", "x", "1", "1:x", "1:2026-13-01", ":2026-12-03", "-1:2026-12-03"])
def test_a_button_that_somebody_made_up_opens_nothing(ken: Prefecture, value: str) -> None:
    registered(ken)
    with pytest.raises(Malformed):
        ken.read(dialogs.one, value, Visitor(KEN, ""))


@pytest.mark.parametrize("on", ["2026-12-04", "2026-12-31", "2030-12-05", "0001-01-01", "9999-12-31"])
def test_a_session_that_is_none_is_refused(ken: Prefecture, on: str) -> None:
    found = registered(ken)
    for act in (
        lambda: ken.read(dialogs.one, f"{found.id}:{on}", Visitor(KEN, "")),
        lambda: change(ken, found, on, views.CANCEL),
    ):
        with pytest.raises(NotPossibleNow, match="もう始まったか"):
            act()
    with pytest.raises(UserError):
        ken.read(dialogs.one, f"999:{on}", Visitor(KEN, ""))


def test_what_has_begun_is_shown_as_such_and_changed_no_more(ken: Prefecture) -> None:
    found = registered(ken)
    ken.now += timedelta(days=9, hours=5, minutes=30)  # 12/3 15:30
    run_due(ken)
    assert "第1回 アドバイザー勉強会*\n12月3日(木) 15:00〜16:30 *いま開いています*" in look(ken)
    with pytest.raises(NotPossibleNow):
        change(ken, found, "2026-12-03", views.CANCEL)
    ken.now += timedelta(hours=1)
    assert "第1回" not in look(ken)


def test_a_laptop_that_slept_counts_all_that_began_meanwhile(ken: Prefecture) -> None:
    found = registered(ken)
    ken.now += timedelta(days=40)  # 1/3
    assert run_due(ken) == 1
    held = ken.read(study.numbered, found.id)
    assert [(each.number, each.on.day) for each in held] == [(1, 3), (2, 10), (3, 17), (4, 24)]
    assert actions.BEGUN in FEATURE.due_work
