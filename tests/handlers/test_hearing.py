"""When what depends on people's words may run: only while everything they wrote is known, with an end to the patience."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.common.hearing import GAP, PATIENCE, Hearing

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(**after: float) -> datetime:
    return START + timedelta(**after)


def hearing() -> Hearing:
    """Connected at the start and caught up."""
    found = Hearing()
    found.connected(START)
    found.answered(START, at_all=True)
    found.read(START)
    return found


def test_a_start_waits_for_the_catch_up() -> None:
    found = Hearing()
    assert found.behind(START)
    found.connected(at(seconds=2))
    assert found.behind(at(seconds=2))
    found.read(at(seconds=3))
    assert not found.behind(at(seconds=4))


def test_a_catch_up_that_began_before_the_connection_does_not_count_for_long() -> None:
    found = Hearing()
    found.read(at(seconds=1))
    found.connected(at(seconds=2))
    assert found.behind(at(seconds=2))


def test_connected_all_the_time_is_never_behind() -> None:
    found = hearing()
    for minutes in range(0, 600, 2):
        found.connected(at(minutes=minutes))
        assert not found.behind(at(minutes=minutes))


def test_a_short_interruption_is_left_to_slacks_retries() -> None:
    found = hearing()
    found.cut_off(START + GAP)
    assert not found.behind(START + GAP)
    found.connected(START + GAP)
    assert not found.behind(START + GAP)


def test_a_longer_one_waits_until_it_is_read() -> None:
    found = hearing()
    found.connected(at(hours=1))  # the machine slept: it never noticed
    assert found.behind(at(hours=1))
    found.read(at(hours=1, seconds=1))
    assert not found.behind(at(hours=1, seconds=2))


def test_without_a_connection_a_catch_up_counts_as_long_as_a_short_interruption() -> None:
    found = hearing()
    for minutes in range(1, 20):
        found.cut_off(at(minutes=minutes))
    assert found.behind(at(minutes=20))
    found.read(at(minutes=20))
    assert not found.behind(at(minutes=20) + GAP)
    assert found.behind(at(minutes=20) + GAP + SECOND)


def test_a_refused_event_is_looked_for() -> None:
    found = hearing()
    found.refused(at(minutes=1))
    found.connected(at(minutes=1))
    assert found.missed_refused
    assert found.behind(at(minutes=1))
    found.read(at(minutes=1, seconds=1))
    assert not found.behind(at(minutes=2))


def test_patience_ends_when_slack_answers_and_does_not_let_it_succeed() -> None:
    found = Hearing()
    found.connected(START)
    found.answered(START, at_all=True)
    assert found.behind(START)
    assert found.behind(START + PATIENCE)
    assert not found.behind(START + PATIENCE + SECOND)
    assert found.waits_for(START + PATIENCE) == PATIENCE


def test_words_that_are_kept_are_waited_for_a_quarter_of_an_hour_in_all() -> None:
    """Always another word: what is due is done at last, and health knows since when it waits."""
    found = Hearing()
    found.connected(START)
    found.read(at(seconds=1))
    assert not found.behind(at(minutes=1))
    assert found.behind(at(minutes=2), kept=True)
    assert found.behind(at(minutes=2) + PATIENCE, kept=True)
    assert found.waits_for(at(minutes=2) + PATIENCE) == PATIENCE
    assert not found.behind(at(minutes=2) + PATIENCE + SECOND, kept=True)
    assert not found.behind(at(hours=1))
    assert found.behind(at(hours=2), kept=True), "it begins anew"


def test_patience_has_no_end_while_slack_is_away_and_begins_when_it_answers() -> None:
    found = Hearing()
    found.connected(START)
    found.answered(START, at_all=False)
    assert found.behind(at(days=2))
    found.answered(at(days=2), at_all=True)
    found.answered(at(days=2, minutes=1), at_all=True)
    assert found.behind(at(days=2) + PATIENCE)
    assert not found.behind(at(days=2) + PATIENCE + SECOND)
    found.answered(at(days=3), at_all=False)
    assert found.behind(at(days=3))
