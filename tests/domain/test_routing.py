"""Who is asked: never somebody in conflict or absent, never nobody, always the same for the same facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.reasons import Reason, ReasonCode, reason_words
from bot.domain.routing import (
    MANY,
    Ask,
    Candidate,
    Coordinator,
    NobodyToAsk,
    Routing,
    TalentRole,
    rank,
)

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASK = Ask("device", (TalentRole.ENGINEER,), "993433", NOW + 4 * HOUR)
DESK = [Coordinator("C1", "県 一郎", 3), Coordinator("C2", "県 二子", 1), Coordinator("C3", "県 三郎", 1)]

MORIWAKI = Candidate("T10", "森脇", TalentRole.ENGINEER, ("people", "device"), on_duty=True)
ARIMA = Candidate("T07", "有馬", TalentRole.ENGINEER, ("net", "device", "law"), on_duty=False)
KAJITANI = Candidate("T03", "梶谷", TalentRole.PM, ("std", "procure"), on_duty=True)
AIZAWA = Candidate("T01", "相沢", TalentRole.PRODUCER, ("plan", "people"), on_duty=True)
SETOGUCHI = Candidate("T08", "瀬戸口", TalentRole.ENGINEER, ("nocode",), on_duty=True)


def chosen(*candidates: Candidate, ask: Ask = ASK, desk: list[Coordinator] | None = None) -> str:
    return rank(ask, candidates, DESK if desk is None else desk, NOW).chosen.user_id


def codes(routing: Routing) -> list[ReasonCode]:
    return [reason.code for reason in routing.chosen.reasons]


def test_whoever_is_on_duty_and_knows_the_field_comes_first() -> None:
    routing = rank(ASK, [ARIMA, KAJITANI, AIZAWA, SETOGUCHI, MORIWAKI], DESK, NOW)
    assert routing.chosen.user_id == "T10"
    assert codes(routing) == [ReasonCode.FIELD, ReasonCode.ROLE, ReasonCode.ON_DUTY]
    assert [choice.user_id for choice in routing.ranked] == [
        *("T10", "T08"),  # on duty, by field and by profession
        "T03",  # the PM on duty
        *("C2", "C3", "C1"),  # the desk
        *("T07", "T01"),  # not on duty; not fitting: for a choice by hand
    ]
    assert not routing.to_desk


def test_a_matching_profession_is_enough_when_nobody_on_duty_knows_the_field() -> None:
    assert chosen(ARIMA, SETOGUCHI, KAJITANI, AIZAWA) == "T08"


def test_the_profession_named_first_for_a_field_wins_between_two_who_know_it() -> None:
    ask = replace(ASK, field_id="data", roles=(TalentRole.ENGINEER, TalentRole.PRODUCER))
    producer = replace(AIZAWA, fields=("data",))
    engineer = replace(MORIWAKI, fields=("data",))
    assert chosen(producer, engineer, ask=ask) == "T10"
    assert chosen(producer, engineer, ask=replace(ask, roles=ask.roles[::-1])) == "T01"


def test_a_deputy_who_fits_stands_before_the_pm() -> None:
    routing = rank(ASK, [KAJITANI, replace(ARIMA, deputy=True)], DESK, NOW)
    assert routing.chosen.user_id == "T07"
    assert ReasonCode.DEPUTY in codes(routing)


def test_a_deputy_stands_after_everybody_on_duty_who_fits() -> None:
    assert chosen(replace(ARIMA, deputy=True), SETOGUCHI) == "T08"


def test_when_nobody_fits_the_pm_on_duty_takes_it() -> None:
    routing = rank(ASK, [AIZAWA, KAJITANI, ARIMA], DESK, NOW)
    assert routing.chosen.user_id == "T03"
    assert codes(routing) == [ReasonCode.PM_ON_DUTY]


def test_without_a_pm_on_duty_the_coordinator_with_the_fewest_open_questions_takes_it() -> None:
    routing = rank(ASK, [AIZAWA, ARIMA], DESK, NOW)
    assert routing.chosen.user_id == "C2"
    assert codes(routing) == [ReasonCode.COORDINATOR]
    assert not routing.to_desk
    assert routing.later is None


def test_coordinators_take_turns_as_their_load_grows() -> None:
    loads = {"C1": 0, "C2": 0, "C3": 0}
    for _ in range(30):
        desk = [Coordinator(user_id, user_id, load) for user_id, load in loads.items()]
        loads[chosen(desk=desk)] += 1
    assert set(loads.values()) == {10}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"absent": True}, "休みです"),
        ({"conflicts": ("device",)}, "この分野に利害関係があります"),
        ({"conflicts": ("net", "body:993433")}, "この団体に利害関係があります"),
        ({"remaining": timedelta(0)}, "契約時間の残りがありません"),
        ({"remaining": -HOUR}, "契約時間の残りがありません"),
    ],
)
def test_some_facts_exclude_absolutely(change: dict[str, object], words: str) -> None:
    best = replace(MORIWAKI, helped_before=True, **change)  # type: ignore[arg-type]
    routing = rank(ASK, [best, SETOGUCHI], DESK, NOW)
    assert routing.chosen.user_id == "T08"
    assert "T10" not in {choice.user_id for choice in routing.ranked}
    assert [(choice.user_id, choice.against) for choice in routing.excluded] == [("T10", (words,))]
    assert routing.excluded[0].reasons == ()


def test_a_conflict_elsewhere_excludes_nobody() -> None:
    other = replace(MORIWAKI, conflicts=("procure", "body:992011", "body:None"))
    assert chosen(other) == "T10"
    assert chosen(other, ask=replace(ASK, municipality_code=None)) == "T10"


def test_a_person_in_conflict_is_not_let_in_by_the_desk_door() -> None:
    conflicted = replace(MORIWAKI, user_id="C2", conflicts=("device",))
    assert chosen(conflicted) == "C3"


def test_somebody_who_also_sits_at_the_desk_is_listed_once() -> None:
    routing = rank(ASK, [replace(AIZAWA, user_id="C2")], DESK, NOW)
    assert [choice.user_id for choice in routing.ranked] == ["C2", "C3", "C1"]
    assert codes(routing) == [ReasonCode.COORDINATOR]


def test_nobody_at_all_is_an_error_the_operator_can_mend() -> None:
    with pytest.raises(NobodyToAsk) as raised:
        rank(ASK, [replace(MORIWAKI, absent=True)], [], NOW)
    assert "県の担当" in raised.value.sentence


def test_without_a_desk_even_somebody_off_duty_is_better_than_nobody() -> None:
    assert chosen(ARIMA, AIZAWA, desk=[]) == "T07"


def test_one_who_next_works_after_the_target_gives_way() -> None:
    away = replace(MORIWAKI, next_working=NOW + 48 * HOUR)
    assert chosen(away, SETOGUCHI) == "T08"
    assert chosen(away, KAJITANI) == "T03"


def test_when_only_the_desk_can_meet_the_target_it_goes_there_and_names_who_comes_later() -> None:
    away = replace(MORIWAKI, next_working=NOW + 48 * HOUR)
    farther = replace(SETOGUCHI, next_working=NOW + 72 * HOUR)
    routing = rank(ASK, [farther, away, AIZAWA], DESK, NOW)
    assert routing.chosen.user_id == "C2"
    assert routing.to_desk
    assert routing.later is not None
    assert (routing.later.user_id, routing.later.next_working) == ("T10", NOW + 48 * HOUR)
    assert "次の対応日が返信の目安より後です" in routing.later.against


def test_without_a_desk_the_one_who_comes_later_is_asked() -> None:
    routing = rank(ASK, [replace(MORIWAKI, next_working=NOW + 48 * HOUR)], [], NOW)
    assert routing.chosen.user_id == "T10"
    assert not routing.to_desk


@pytest.mark.parametrize("ahead", [timedelta(0), HOUR, 4 * HOUR])
def test_working_by_the_target_is_in_time(ahead: timedelta) -> None:
    assert chosen(replace(MORIWAKI, next_working=NOW + ahead)) == "T10"


def test_after_a_missed_target_whoever_works_now_can_still_help() -> None:
    late_ask = replace(ASK, target=NOW - HOUR)
    assert chosen(replace(MORIWAKI, next_working=NOW), ask=late_ask) == "T10"


def test_between_equals_who_helped_this_body_before_then_the_lighter_load_then_the_id_decides() -> None:
    twin = replace(MORIWAKI, user_id="T11", name="双子")
    assert chosen(MORIWAKI, twin) == "T10"
    assert chosen(replace(MORIWAKI, open_questions=1), twin) == "T11"
    assert chosen(replace(MORIWAKI, open_questions=1, helped_before=True), twin) == "T10"


def test_a_lighter_load_counts_however_many_there_are_and_at_last_it_goes_by_turns() -> None:
    """A flood of questions on one field: who knows it best is asked first, and nobody is left with all of it."""
    loads = {"T10": 0, "T08": 0, "T11": 0}
    for number in range(600):
        people = [
            replace(MORIWAKI, open_questions=min(loads["T10"], MANY), helped_before=True),
            replace(SETOGUCHI, open_questions=min(loads["T08"], MANY)),
            replace(MORIWAKI, user_id="T11", open_questions=min(loads["T11"], MANY)),
        ]
        ask = replace(ASK, target=ASK.target + timedelta(seconds=number))
        loads[chosen(*people, ask=ask)] += 1
        assert number > 15 or loads["T08"] == 0
    assert all(150 < load < 250 for load in loads.values()), loads


def test_whoever_has_many_is_asked_after_everybody_who_has_fewer() -> None:
    buried = replace(MORIWAKI, open_questions=MANY, helped_before=True)
    assert chosen(buried, replace(SETOGUCHI, open_questions=MANY - 1)) == "T08"
    assert chosen(buried) == "T10", "and before those who do not fit"


def test_a_question_of_no_known_field_is_for_everybody_on_duty_and_first_for_those_who_lead() -> None:
    ask = Ask("other", (TalentRole.PRODUCER,), "993433", NOW + 4 * HOUR)
    routing = rank(ask, [SETOGUCHI, KAJITANI, AIZAWA, ARIMA], DESK, NOW)
    assert [choice.user_id for choice in routing.ranked][:4] == ["T01", "T03", "T08", "C2"]
    assert codes(routing) == [ReasonCode.ON_DUTY], "no profession is near to what nobody knows"
    assert routing.ranked[1].reasons == (Reason(ReasonCode.PM_ON_DUTY),)


def test_a_lighter_load_is_a_reason_and_a_heavy_one_is_told_to_coordinators_only() -> None:
    routing = rank(ASK, [MORIWAKI, replace(SETOGUCHI, open_questions=4)], DESK, NOW)
    assert ReasonCode.LIGHT_LOAD in codes(routing)
    assert routing.ranked[1].against == ("対応中が4件あります",)


def test_nearly_used_up_hours_lower_a_person() -> None:
    twin = replace(MORIWAKI, user_id="T11", name="双子")
    routing = rank(ASK, [replace(MORIWAKI, remaining=HOUR / 2), replace(twin, remaining=HOUR)], DESK, NOW)
    assert [choice.user_id for choice in routing.ranked[:2]] == ["T11", "T10"]
    assert routing.ranked[1].against == ("契約時間の残りが1時間未満です",)


@pytest.mark.parametrize(
    ("codes_given", "words"),
    [
        ([ReasonCode.FIELD, ReasonCode.ON_DUTY], "端末の担当・今日の当番"),
        ([ReasonCode.FIELD, ReasonCode.ROLE, ReasonCode.ON_DUTY], "端末の担当・今日の当番"),
        (
            [ReasonCode.ROLE, ReasonCode.ON_DUTY, ReasonCode.LIGHT_LOAD],
            "専門が近い・今日の当番・いま余裕あり",
        ),
        ([ReasonCode.FIELD, ReasonCode.DEPUTY, ReasonCode.HELPED_BEFORE], "端末の担当・副当番・以前も対応"),
        ([ReasonCode.PM_ON_DUTY], "今日のとりまとめ役"),
        ([ReasonCode.COORDINATOR], "県の担当"),
        ([], ""),
    ],
)
def test_reasons_are_said_in_a_few_kind_words(codes_given: list[ReasonCode], words: str) -> None:
    assert reason_words([Reason(code) for code in codes_given], "端末") == words


def test_every_reason_has_words_and_no_more_than_three_are_said() -> None:
    for code in ReasonCode:
        assert reason_words([Reason(code)], "端末")
    assert reason_words([Reason(code) for code in ReasonCode], "端末").count("・") == 2


def test_nobody_is_asked_outside_their_contract_and_coordinators_read_why() -> None:
    ended = replace(MORIWAKI, under_contract=False)
    routing = rank(ASK, [ended, KAJITANI], DESK, NOW)
    assert "T10" not in {choice.user_id for choice in routing.ranked}
    assert [(choice.user_id, choice.against) for choice in routing.excluded] == [
        ("T10", ("契約期間の外です",))
    ]


def test_a_deputy_who_is_there_within_an_hour_comes_before_the_pm_on_duty_and_a_later_one_after() -> None:
    deputy = replace(ARIMA, deputy=True, next_working=NOW + HOUR)
    assert chosen(deputy, KAJITANI) == "T07"
    assert chosen(replace(deputy, next_working=NOW + 2 * HOUR), KAJITANI) == "T03"
    assert chosen(replace(deputy, next_working=NOW + 2 * HOUR)) == "T07", "before the desk, for it is in time"


def test_at_night_a_deputy_who_begins_when_the_pm_does_comes_first() -> None:
    ask, morning = replace(ASK, target=NOW + 18 * HOUR), NOW + 14 * HOUR
    deputy, pm = replace(ARIMA, deputy=True, next_working=morning), replace(KAJITANI, next_working=morning)
    assert chosen(deputy, pm, ask=ask) == "T07"
