"""The first administrator is named by the operator, the last one stays; guests are who Slack says they are."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.members import actions
from handlers.members.admins import LastAdmin, appoint_first
from handlers.members.checking import problems
from handlers.members.form import parse
from handlers.members.loading import load
from storage import members, talents
from tests.handlers.prefecture import KEN, MORI, NAGI, Prefecture

pytestmark = pytest.mark.screens

FIRST, NEXT = "U0FIRST", "U0NEXT"


def permission(ken: Prefecture, user: str) -> str | None:
    found = ken.read(members.member, user)
    return None if found is None else found.permission


def file(**permissions: str) -> dict[str, Any]:
    return {"members": [{"id": user, "name": user, "permission": each} for user, each in permissions.items()]}


def slack_says(user: str, **more: Any) -> dict[str, Any]:
    return {"id": user, "team_id": "T0ASAGI", "name": user.lower(), "real_name": f"{user} さん", **more}


def test_the_first_administrator_is_appointed_once(ken: Prefecture) -> None:
    assert ken.write(appoint_first, KEN)
    found = ken.read(members.member, KEN)
    assert found is not None
    assert (found.permission, found.name) == ("admin", "県 太郎")
    assert not ken.write(appoint_first, FIRST), "there is one"
    assert permission(ken, FIRST) is None


def test_who_slack_has_not_described_yet_keeps_it_when_it_does(ken: Prefecture) -> None:
    assert ken.write(appoint_first, FIRST)
    ken.write(actions.save_users, [slack_says(FIRST)])
    found = ken.read(members.member, FIRST)
    assert found is not None
    assert (found.permission, found.name) == ("admin", f"{FIRST} さん")


def test_when_the_last_one_has_left_another_can_be_named_but_not_the_one_who_left(ken: Prefecture) -> None:
    ken.write(appoint_first, FIRST)
    ken.write(actions.save_users, [slack_says(FIRST, deleted=True)])
    assert ken.read(members.admins) == (0, 1)
    assert not ken.write(appoint_first, FIRST)
    assert ken.write(appoint_first, NEXT)
    assert ken.read(members.admins) == (1, 1)


def test_the_last_administrator_stays_whatever_a_file_says(ken: Prefecture) -> None:
    ken.write(load, parse(file(**{FIRST: "admin"})))
    taken = parse(file(**{FIRST: "asker", NEXT: "coordinator"}))
    assert list(map(str, ken.read(problems, taken))) == ["members: 管理者(admin)が一人もいなくなります。"]
    with pytest.raises(LastAdmin):
        ken.write(load, taken)
    assert (permission(ken, FIRST), permission(ken, NEXT)) == ("admin", None)
    handed_on = parse(file(**{FIRST: "asker", NEXT: "admin"}))
    assert ken.read(problems, handed_on) == []
    ken.write(load, handed_on)
    assert (permission(ken, FIRST), permission(ken, NEXT)) == ("asker", "admin")


def test_who_has_left_does_not_take_the_place_of_the_last_one(ken: Prefecture) -> None:
    ken.write(load, parse(file(**{FIRST: "admin"})))
    ken.write(actions.save_users, [slack_says(NEXT, deleted=True)])
    taken = parse(file(**{FIRST: "asker", NEXT: "admin"}))
    assert list(map(str, ken.read(problems, taken))) == ["members: 管理者(admin)が一人もいなくなります。"]
    with pytest.raises(LastAdmin):
        ken.write(load, taken)
    assert permission(ken, FIRST) == "admin"


def test_one_of_two_administrators_may_go(ken: Prefecture) -> None:
    ken.write(load, parse(file(**{FIRST: "admin", NEXT: "admin"})))
    assert ken.read(problems, parse(file(**{FIRST: "asker"}))) == []
    ken.write(actions.save_users, [slack_says(NEXT, deleted=True)])
    assert ken.read(problems, parse(file(**{FIRST: "asker"}))) != [], "a deactivated one counts for nothing"


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted"])
def test_guests_and_members_follow_slack(ken: Prefecture, kind: str) -> None:
    ken.write(actions.save_users, [slack_says(NEXT, **{kind: True}), slack_says(NAGI)])
    assert (permission(ken, NEXT), permission(ken, NAGI)) == ("guest", "asker")
    ken.write(load, parse(file(**{NEXT: "asker"})))
    assert permission(ken, NEXT) == "guest", "that is Slack's to say"
    ken.write(actions.save_users, [slack_says(NEXT), slack_says(NAGI, **{kind: True})])
    assert (permission(ken, NEXT), permission(ken, NAGI)) == ("asker", "guest")


def test_a_permission_the_prefecture_gave_a_guest_stays(ken: Prefecture) -> None:
    ken.write(actions.save_users, [slack_says(user, is_restricted=True) for user in (KEN, MORI, NEXT)])
    assert (permission(ken, KEN), permission(ken, MORI)) == ("coordinator", "talent")
    ken.write(load, parse(file(**{NEXT: "staff"})))
    ken.write(actions.save_users, [slack_says(NEXT, is_restricted=True)])
    assert permission(ken, NEXT) == "staff"


def test_a_guest_is_nobody_who_answers(ken: Prefecture) -> None:
    ken.write(actions.save_users, [slack_says(NAGI, is_restricted=True)])
    assert NAGI not in ken.read(talents.standing, "C0SOUDAN", None).present
