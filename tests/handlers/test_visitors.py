"""Who is a visitor: of another organisation, and known from nowhere else. On either engine."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.members import actions
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.members.visitors import is_visitor, meet
from storage import members
from storage.members import VISITOR
from tests.handlers.prefecture import HERE, KEN, Prefecture

THEIRS, WHO = "T0NEIGHBOR", "U0VISITOR"


def user(**more: Any) -> dict[str, Any]:
    return {"id": WHO, "team_id": THEIRS, "name": "hanako", "real_name": "隣県 花子", **more}


@pytest.mark.parametrize(("team", "visits"), [(THEIRS, True), ("T0ASAGI", False), ("", False)])
def test_an_unknown_person_is_judged_by_the_team_slack_names(
    ken: Prefecture, team: str, visits: bool
) -> None:
    assert ken.read(is_visitor, WHO, team) is visits
    ken.write(meet, WHO, team)
    assert (ken.read(members.member, WHO) is not None) is visits


def test_who_was_met_stays_a_visitor_when_slack_says_nothing(ken: Prefecture) -> None:
    ken.write(actions.joined, HERE, WHO, is_bot=False, team=THEIRS)
    assert ken.read(is_visitor, WHO, "")


def test_whom_the_prefecture_registers_is_no_visitor_any_more(ken: Prefecture) -> None:
    ken.write(meet, WHO, THEIRS)
    ken.write(load, parse({"members": [{"id": WHO, "name": "隣県 花子", "permission": "staff"}]}))
    ken.write(meet, WHO, THEIRS)
    assert not ken.read(is_visitor, WHO, THEIRS)
    assert [each.user_id for each in ken.read(members.with_permission, "staff")] == [WHO]


@pytest.mark.parametrize(
    ("described", "visits"),
    [
        (user(), True),
        (user(team_id="T0ASAGI"), False),
        (user(enterprise_user={"id": "U1", "enterprise_id": "E1", "teams": ["T0ASAGI", THEIRS]}), False),
        (user(enterprise_user={"id": "U1", "enterprise_id": "E1", "teams": [THEIRS]}), True),
        ({"id": WHO, "name": "hanako"}, False),
    ],
)
def test_people_as_slack_describes_them(ken: Prefecture, described: dict[str, Any], visits: bool) -> None:
    """Page user-object: team_id, enterprise_user.teams."""
    ken.write(actions.save_users, [described])
    assert ken.read(is_visitor, WHO, THEIRS) is visits


def test_a_changed_profile_makes_nobody_a_visitor(ken: Prefecture) -> None:
    ken.write(actions.save_users, [{**user(), "id": KEN}])
    assert not ken.read(is_visitor, KEN, THEIRS)


def test_visitors_are_not_counted_among_those_who_answer(ken: Prefecture) -> None:
    ken.write(meet, WHO, THEIRS)
    assert ken.read(members.with_permission, VISITOR) == []
