"""The model of service by hand, and a small year: what the simulation of routing says must be what happened."""

from __future__ import annotations

from benchmarks.routing import WAYS, simulate
from benchmarks.year import Helper, Question, the_year


def test_one_after_another_in_the_minutes_they_work_and_not_later_than_within() -> None:
    helper = Helper("T", [0, 1, 2, 10, 11, 12, 13, 300])
    assert helper.take(Question(0, body=0, field=0, minutes=2), 0, 240) == 2
    assert helper.take(Question(1, body=0, field=0, minutes=3), 1, 240) == 12, (
        "one minute today, two tomorrow"
    )
    assert helper.open_at(2) == 1
    assert helper.take(Question(3, body=0, field=0, minutes=3), 3, 240) is None
    assert helper.take(Question(3, body=0, field=0, minutes=2), 3, 240) == 14
    assert (helper.served, helper.most_open) == (7, 2)


def test_every_way_answers_each_question_and_only_the_rule_knows_fields() -> None:
    year = the_year(300)
    found = {name: simulate(year, choose(year)) for name, choose in WAYS.items()}
    assert all(each["answered"] == 300 for each in found.values())
    assert found["rank"]["own_field"] > 1.5 * found["round robin"]["own_field"]
