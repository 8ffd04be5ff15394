"""What looks like an emergency, who is asked first, whose firm may have an interest, what may follow what."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.emergency import (
    NEXT,
    STEPS,
    State,
    is_vendors,
    looks_urgent,
    may_follow,
    on_call,
    steps_of,
)
from bot.domain.rota import Turn
from tests.domain.messages import ASIDE, QUESTIONS

TOKYO = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 27, 23, 10, tzinfo=TOKYO)
TODAY = date(2026, 11, 27)

URGENT = [
    "パソコンがウイルスに感染したかもしれません",
    "ウィルスに感染しました!",
    "ﾗﾝｻﾑｳｪｱにやられたようです。ファイルが暗号化されています",
    "画面に身代金を払えと出ています",
    "住民の名簿が漏えいした可能性があります",
    "個人情報の漏洩の疑いがあります",
    "サーバーに不正アクセスされたようです",
    "職員のメールアカウントが乗っ取られました",
    "ホームページが改ざんされています",
    "メールを誤送信してしまいました",
    "宛先を間違えて、名簿を別の業者に送ってしまいました",
    "間違えて個人番号の入った表を公開してしまいました",
    "BCCで送るところをCCで送ってしまいました",
    "USBメモリを紛失しました。どうすればいいですか",
    "USBがなくなって、どこかに落とした\nようです",
    "庁用のタブレットを電車に置き忘れました",
    "不審なメールの添付ファイルを開いてしまいました",
    "警告の画面が出て電話しろと言っています。消えません",
    "フィッシングのサイトにパスワードを入力してしまいました",
    "研修中ですが、いまウイルスに感染したという表示が出ています",
]
CALM = [
    "ウイルス対策ソフトの更新期限が来ます。どこに頼めばよいですか",
    "情報漏えいを防ぐ研修の講師をさがしています",
    "ランサムウェアに備えたバックアップの事例を教えてください",
    "USBメモリの管理規程のひな形はありますか",
    "誤送信を防ぐ仕組みの導入で、仕様書の例がほしいです",
    "ウイルスに感染した場合の手順書をつくりたいです",
    "端末が遅いです",
    "不審者の情報をメールで配信したい",
    "情報公開請求の資料について",
    "新型コロナウイルスの予防接種の予約システムについて",
    "ファイルを間違って消してしまいました",
    "",
]


@pytest.mark.parametrize("text", URGENT)
def test_it_happened(text: str) -> None:
    assert looks_urgent(text)


@pytest.mark.parametrize("text", CALM)
def test_it_is_only_spoken_of(text: str) -> None:
    assert not looks_urgent(text)


def test_of_what_town_halls_ask_every_day_only_this_is_one() -> None:
    everyday = {*QUESTIONS, *(text for texts in ASIDE.values() for text in texts)}
    urgent = {"名簿を間違って送りました、ありがとうございます", "ウイルスが入りました"}
    assert {text for text in everyday if looks_urgent(text)} == urgent


@given(st.text(max_size=200))
def test_any_text_is_looked_at(text: str) -> None:
    assert looks_urgent(text) in {True, False}


@pytest.mark.parametrize(
    ("conflicts", "code", "barred"),
    [
        ((), "993433", False),
        ((), None, False),
        (("body:993433",), "993433", True),
        (("body:999999",), "993433", False),
        (("body:999999",), None, True),
        (("procure",), "993433", True),
        (("procure", "body:999999"), "993433", True),
    ],
)
def test_whose_firm_may_have_an_interest(conflicts: tuple[str, ...], code: str | None, barred: bool) -> None:
    assert is_vendors(conflicts, code) is barred


def turn(user: str, day: int, starts: int, ends: int) -> Turn:
    return Turn(user, NOW.replace(day=day, hour=starts, minute=0), NOW.replace(day=day, hour=ends, minute=0))


def test_out_of_hours_it_is_today_s_engineer_then_the_next_one_then_the_others() -> None:
    turns = [
        turn("next", 30, 9, 17),
        turn("today", 27, 9, 17),
        turn("past", 26, 9, 17),
        turn("pm", 27, 9, 17),
    ]
    assert on_call(turns, ["none", "past", "next", "today"], NOW, TODAY) == ["today", "next", "none", "past"]


def test_who_is_on_duty_now_comes_first() -> None:
    now = NOW.replace(hour=15)
    turns = [turn("morning", 27, 9, 12), turn("noon", 27, 13, 17), turn("noon", 30, 9, 12)]
    assert on_call(turns, ["morning", "noon"], now, TODAY) == ["noon", "morning"]
    assert on_call([], ["a", "b"], now, TODAY) == ["a", "b"]
    assert on_call(turns, [], now, TODAY) == []


def test_it_may_flare_up_again_but_nothing_follows_itself() -> None:
    assert set(NEXT) == set(State)
    assert all(may_follow(before, after) == (after in NEXT[before]) for before in State for after in State)
    assert not any(may_follow(state, state) for state in State)
    assert may_follow(State.CLOSED, State.OPEN)
    assert not may_follow(State.CLOSED, State.CONTROLLED)


@pytest.mark.parametrize(("own", "shown"), [(None, STEPS), ("", STEPS), (" \n", STEPS), ("①電話", "①電話")])
def test_the_steps_are_ours_until_they_are_theirs(own: str | None, shown: str) -> None:
    assert steps_of(own) == shown
