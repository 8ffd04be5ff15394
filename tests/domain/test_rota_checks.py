"""What does not fit in a rota is said in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.business_time import BusinessCalendar, parse_working_hours
from bot.domain.rota import Absence, Because, Other, Rota, RotaMember, Turn, Why, WhyNot
from bot.domain.rota_checks import Trouble, check_rota, check_turns, may_take, outlasts
from bot.domain.rota_words import WHY, WHY_NOT, because_words, other_words

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = BusinessCalendar()
NAMES = {"A": "森脇", "B": "柏木"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


WEEK = Turn("A", at(7, 8, 30), at(11, 17, 15))
MORIWAKI = RotaMember("A", "森脇")


def test_a_rota_without_members() -> None:
    (found,) = check_rota(Rota("r", "全体の当番"), [], CALENDAR)
    assert found.must_be_mended
    assert found.sentence == "「全体の当番」にメンバーがいません。1人以上を選んでください。"


def test_too_few_people_and_somebody_who_never_works_when_it_is_open() -> None:
    night = RotaMember("B", "柏木", parse_working_hours("土・日 9:00-17:00"))
    found = check_rota(Rota("r", "当番", seats=2, deputies=1), [night, MORIWAKI], CALENDAR)
    assert [each.trouble for each in found] == [Trouble.TOO_FEW, Trouble.NO_TIME]
    assert "3人が要りますが、メンバーは2人" in found[0].sentence
    assert "柏木さんの対応日" in found[1].sentence


def test_days_that_end_before_they_begin() -> None:
    wrong = RotaMember("A", "森脇", joins=date(2027, 4, 1), leaves=date(2027, 3, 31))
    (found,) = check_rota(Rota("r", "当番"), [wrong], CALENDAR)
    assert found.trouble is Trouble.BACKWARDS
    assert check_rota(Rota("r", "当番"), [MORIWAKI], CALENDAR) == []


def test_an_absence_longer_than_the_rota() -> None:
    last = at(25, 17, 15)
    assert "当番表の終わり(12/25(金)17:15)より長く" in outlasts(at(31, 0), last, "Asia/Tokyo")
    assert outlasts(last, last, "Asia/Tokyo") == ""
    assert outlasts(at(31, 0), None, "Asia/Tokyo") == ""


def test_overlapping_shifts_of_one_person_also_with_another_rota() -> None:
    second = Turn("A", at(11, 13), at(14, 12))
    (found,) = check_turns([second, WEEK, Turn("B", at(7, 9), at(8, 12))], NAMES, CALENDAR)
    assert found.must_be_mended
    assert found.sentence == (
        "森脇さんの当番が重なっています:12/7(月)8:30〜12/11(金)17:15と12/11(金)13:00〜12/14(月)12:00。どちらかを直してください。"
    )
    (found,) = check_turns([WEEK], NAMES, CALENDAR, elsewhere=[("端末", second)])
    assert "(「端末」)" in found.sentence


def test_shifts_that_share_only_a_night_do_not_overlap() -> None:
    night = [Turn("A", at(7, 8, 30), at(8, 3)), Turn("A", at(7, 20), at(8, 17, 15))]
    assert check_turns(night, NAMES, CALENDAR) == []


@pytest.mark.parametrize(
    ("turn", "trouble"),
    [
        (Turn("A", at(8, 9), at(7, 9)), Trouble.BACKWARDS),
        (Turn("A", at(12, 0), at(14, 8, 30)), Trouble.CLOSED),
    ],
)
def test_shifts_that_are_none(turn: Turn, trouble: Trouble) -> None:
    (found,) = check_turns([turn], NAMES, CALENDAR)
    assert found.trouble is trouble
    assert found.sentence.startswith("森脇さんの")


def test_who_can_take_a_turn() -> None:
    tuesdays = RotaMember("B", "柏木", parse_working_hours("火 8:30-17:15"), contract_until=date(2026, 12, 8))
    tuesday = Turn("A", at(8, 8, 30), at(8, 17, 15))
    assert may_take(tuesday, tuesdays, [], CALENDAR) is None
    assert may_take(WEEK, tuesdays, [], CALENDAR) == (
        "柏木さんは12/7(月)8:30に対応日・対応時間の外です。当番は変わっていません。"
    )
    later = Turn("A", at(15, 8, 30), at(15, 17, 15))
    assert "契約期間の外" in (may_take(later, tuesdays, [], CALENDAR) or "")
    away = [Absence("B", at(8, 15), at(8, 16))]
    assert "12/8(火)15:00にお休みです" in (may_take(tuesday, tuesdays, away, CALENDAR) or "")
    other = [Turn("B", at(8, 8, 30), at(8, 12), deputy=True)]
    assert "ほかの当番" in (may_take(tuesday, tuesdays, [], CALENDAR, others=other) or "")
    night = Turn("A", at(8, 18), at(8, 20))
    assert "開庁している時間がありません" in (may_take(night, tuesdays, [], CALENDAR) or "")


def test_reasons_in_words() -> None:
    because = Because(
        (Why.FILLS_IN, Why.LONGEST_OFF), at(1, 17, 15), (Other("B", WhyNot.ABSENT), Other("Z", WhyNot.DAYS))
    )
    assert because_words(because) == (
        "ほかの方が対応しない時間を受け持ちます。当番の間がいちばん空いています(前回は12/1(火)17:15まで)"
    )
    assert because_words(Because((Why.NEW,))) == "まだ当番をしていません"
    assert other_words(because, NAMES) == ["柏木さん:お休みです", "Zさん:対応日・対応時間の外です"]
    assert set(WHY) == set(Why)
    assert set(WHY_NOT) == set(WhyNot)
