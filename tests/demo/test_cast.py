"""あさぎ県: what the play promises to hold, and that it can be loaded as an operator would load it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.demo.cast import Cast, asagi, workspace_file
from bot.demo.crowd import invented_askers
from bot.demo.day import beats
from bot.domain.judging import judge
from bot.domain.municipality import check_digit
from bot.domain.my_number import mask
from handlers.members.form import parse


@pytest.fixture(scope="module")
def cast() -> Cast:
    return asagi()


def test_it_loads_as_a_workspace_file(cast: Cast) -> None:
    file = parse(
        workspace_file(
            cast, {room.name: (f"C{n}", room.purpose) for n, room in enumerate(cast.rooms)}, cast.askers
        )
    )
    assert (len(file.municipalities), len(file.talents), file.intake) == (12, 10, "direct")
    assert {talent.name: talent.conflicts for talent in file.talents if talent.conflicts} == {
        "宮薗 佐和": ["plan"],
        "梶谷 拓": ["procure"],
    }


def test_every_code_is_fictional_and_well_formed(cast: Cast) -> None:
    for body in cast.municipalities:
        assert body.code.startswith("99"), "prefecture 99 does not exist"
        assert check_digit(body.code[:5]) == body.code[5]


def test_everybody_and_every_place_that_is_named_exists(cast: Cast) -> None:
    people = [each.id for each in (*cast.helpers, *cast.askers)]
    rooms = {room.name for room in (*cast.rooms, *cast.side_rooms)}
    assert len(people) == len(set(people))
    for asked in cast.questions:
        assert asked.by in people
        assert asked.room in rooms
        for move in asked.moves:
            assert move.who in {"asker", "talent", *people}
            assert move.to is None or move.to in people
            assert sum(each is not None for each in (move.say, move.press, move.choose, move.finds)) == 1
    assert {*(each.room for each in cast.study), *(each.room for each in cast.told if each.room)} <= rooms
    asked_ids = {each.id for each in cast.questions}
    for each in cast.study:
        assert {each.by, *([each.to] if each.to else []), *each.answers} <= set(people)
        assert {*([each.of] if each.of else []), *each.outcomes} <= asked_ids
    assert cast.digests_room in rooms
    assert {asker.municipality for asker in cast.askers} == {body.code for body in cast.municipalities}


def test_a_third_of_the_questions_mention_the_bot_and_some_come_in_parts(cast: Cast) -> None:
    assert sum(asked.mention for asked in cast.questions) == 8
    assert [len(asked.texts) for asked in cast.questions].count(1) == 34
    assert [judge("\n".join(q.texts), has_files=False).is_question for q in cast.questions].count(False) == 1


def test_every_way_in_is_played(cast: Cast) -> None:
    assert {asked.way for asked in cast.questions} == {"message", "direct", "form", "phone", "shortcut"}
    stopped = [asked for asked in cast.questions if asked.stopped]
    assert [mask("\n".join(asked.texts))[1] for asked in stopped] == [1]


def test_what_is_looked_for_was_published_before(cast: Cast) -> None:
    """Only coordinators publish, and only what was asked privately needs its asker's yes."""
    asked = {each.id: each for each in cast.questions}
    kept = {each.of: each for each in cast.kept}
    for each in cast.kept:
        steps = [cast.moment(at) for at in (each.at, each.agreed, each.published) if at is not None]
        assert steps == sorted(set(steps))
        assert each.by in {person.id for person in cast.coordinators}
        assert (each.agreed is not None) == (asked[each.of].form.get("audience") == "県と担当だけに")
    finds = [(move.at, move.finds) for each in cast.questions for move in each.moves if move.finds]
    finds += [(search.at, search.finds) for search in cast.searches]
    assert len(finds) == len(cast.kept) == 4
    assert all(cast.moment(kept[which].published) < cast.moment(at) for at, which in finds)


def test_words_after_the_end_are_thanks_and_reopen_nothing_by_accident(cast: Cast) -> None:
    """An asker who ends a question by hand does not reopen it with a friendly word just after."""
    for asked in cast.questions:
        ended = None
        for move in asked.moves:
            at = cast.moment(move.at)
            if move.say and move.who == "asker" and ended is not None and at - ended < timedelta(days=1):
                assert not judge(move.say, has_files=False).is_question, move.say
            if move.press == "解決した" or move.choose == "電話で回答した":
                ended = at


def test_things_happen_in_order_and_a_second_apart_at_least(cast: Cast) -> None:
    """The clocks are set from beat to beat; message stamps never go back."""
    for asked in cast.questions:
        moments = [cast.moment(asked.at), *(cast.moment(move.at) for move in asked.moves)]
        assert moments == sorted(set(moments)), asked.id
    moments = [beat.at for beat in beats(cast)]
    assert moments == sorted(moments)


def test_advisers_answer_on_days_of_duty_and_in_opening_hours(cast: Cast) -> None:
    for asked in cast.questions:
        for move in asked.moves:
            at = cast.moment(move.at)
            if move.who == "talent":
                assert cast.on_duty(at.date()), f"{asked.id}: nobody works on {at:%m/%d}"
                assert 8.5 <= at.hour + at.minute / 60 <= 17.25


@pytest.mark.parametrize("written", ["9", "25:00 ", "9:5", "11/26", "11/26 9"])
def test_a_moment_written_otherwise_is_refused(cast: Cast, written: str) -> None:
    with pytest.raises(ValueError, match="a moment is written"):
        cast.moment(written)


def test_moments_are_read_in_japan(cast: Cast) -> None:
    assert cast.moment("8:36").isoformat() == "2026-11-25T08:36:00+09:00"
    assert cast.moment("12/7 10:30:05").isoformat() == "2026-12-07T10:30:05+09:00"


def test_invented_people_are_one_for_each_question_from_everywhere(cast: Cast) -> None:
    askers = invented_askers(cast, 361)
    assert len({asker.id for asker in askers}) == 361
    assert all(re.fullmatch(r"U[A-Z0-9]+", asker.id) for asker in askers)
    assert {asker.municipality for asker in askers} == {body.code for body in cast.municipalities}
    first_channel = askers[::12]
    assert len({asker.municipality for asker in first_channel}) > 6, "a channel is not one town's"
