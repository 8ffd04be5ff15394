"""One person's permission, body and section, changed by who may: what was not touched stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import Malformed, NotAllowed
from handlers.members import views
from handlers.members.admins import appoint_first
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.members.person import PERMISSION, change_person, open_person
from sandbox.modals import checked
from storage import members, talents
from storage.database import Transaction
from storage.members import Member
from tests.handlers.prefecture import BODY, ITSUKI, KEN, MORI, NAGI, OTHER_BODY, Prefecture

pytestmark = pytest.mark.screens

ADMIN, SECOND = "U0ADMIN", "U0SECOND"


@pytest.fixture
def office(ken: Prefecture) -> Prefecture:
    """With an administrator and a second coordinator."""
    ken.write(appoint_first, ADMIN)
    ken.write(load, parse({"members": [{"id": SECOND, "name": "県 次郎", "permission": "coordinator"}]}))
    return ken


def opened(ken: Prefecture, actor: str, user: str) -> dict[str, Any]:
    """The dialog; it is one that Slack takes."""
    view = ken.read(open_person, actor, user)
    checked(json.loads(json.dumps(view)), "modal")
    return view


def entered(view: dict[str, Any], **changes: str | None) -> dict[str, Any]:
    """The dialog as it is sent: what it showed, with the changes."""
    names = {"permission": PERMISSION, "body": views.BODY, "section": views.SECTION}
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = element.get("initial_option", {}).get("value") or element.get(
                "initial_value"
            )
    values |= {names[name]: value for name, value in changes.items()}
    state = {
        block: {
            block: {"value": text}
            if block == views.SECTION
            else {"selected_option": {"value": text} if text else None}
        }
        for block, text in values.items()
    }
    return {**view, "state": {"values": state}}


def change(ken: Prefecture, actor: str, user: str, **changes: str | None) -> dict[str, str]:
    view = entered(opened(ken, actor, user), **changes)
    return ken.write(lambda tx: change_person(tx, actor, view, source=f"view:{actor}:{user}:{changes}"))


def now(ken: Prefecture, user: str) -> Member:
    found = ken.read(members.member, user)
    assert found is not None
    return found


def test_a_coordinator_changes_what_they_change_and_nothing_else(office: Prefecture) -> None:
    before = now(office, NAGI)
    assert change(office, KEN, NAGI) == {}
    assert now(office, NAGI) == before
    assert change(office, KEN, NAGI, permission="staff") == {}
    assert change(office, KEN, NAGI, body=OTHER_BODY) == {}
    assert change(office, KEN, NAGI, section="住民課") == {}
    after = now(office, NAGI)
    assert (after.permission, after.municipality, after.section) == ("staff", "函館市", "住民課")
    assert after.confirmed_at is None, "they did not say so themselves"
    assert change(office, KEN, NAGI, body=None, section="") == {}
    assert (now(office, NAGI).municipality_code, now(office, NAGI).section) == (None, None)


def test_what_changed_while_the_dialog_was_open_is_not_put_back(office: Prefecture) -> None:
    view = entered(opened(office, KEN, NAGI), section="住民課")
    change(office, SECOND, NAGI, body=OTHER_BODY, permission="staff")
    assert office.write(lambda tx: change_person(tx, KEN, view, source="view:1")) == {}
    after = now(office, NAGI)
    assert (after.permission, after.municipality_code, after.section) == ("staff", OTHER_BODY, "住民課")


@pytest.mark.parametrize("actor", [NAGI, MORI, "U0NOBODY"])
def test_who_does_not_manage_people_cannot(office: Prefecture, actor: str) -> None:
    with pytest.raises(NotAllowed):
        office.read(open_person, actor, ITSUKI)
    view = entered(opened(office, KEN, ITSUKI), permission="coordinator")
    with pytest.raises(NotAllowed):
        office.write(lambda tx: change_person(tx, actor, view, source="view:1"))
    assert now(office, ITSUKI).permission == "asker"


def test_only_an_administrator_makes_one_or_unmakes_one(office: Prefecture) -> None:
    labels = {
        each["value"]
        for block in opened(office, KEN, NAGI)["blocks"]
        if block.get("block_id") == PERMISSION
        for each in block["element"]["options"]
    }
    assert labels == {"asker", "talent", "staff", "coordinator"}
    assert "変えられるのは管理者" in str(opened(office, KEN, ADMIN))
    for user, permission in ((NAGI, "admin"), (ADMIN, "asker")):
        with pytest.raises(NotAllowed):
            change(office, KEN, user, permission=permission)
    assert change(office, KEN, ADMIN, section="DX課") == {}, "the rest of an administrator may be changed"
    assert (now(office, ADMIN).permission, now(office, ADMIN).section) == ("admin", "DX課")
    assert change(office, ADMIN, NAGI, permission="admin") == {}
    assert change(office, ADMIN, ADMIN, permission="coordinator") == {}
    assert (now(office, NAGI).permission, now(office, ADMIN).permission) == ("admin", "coordinator")


def test_the_last_administrator_and_the_last_at_the_desk_stay(office: Prefecture) -> None:
    assert "管理者が一人もいなくなる" in change(office, ADMIN, ADMIN, permission="coordinator")[PERMISSION]
    assert now(office, ADMIN).permission == "admin"


def test_the_last_at_the_desk_stays(ken: Prefecture) -> None:
    assert "県の担当が一人も" in change(ken, KEN, KEN, permission="asker")[PERMISSION]
    assert now(ken, KEN).permission == "coordinator"


def test_an_adviser_can_become_an_asker_and_a_guest_stays_one(office: Prefecture) -> None:
    assert change(office, KEN, MORI, permission="asker") == {}
    assert MORI not in office.read(talents.active), (
        "tests/handlers/test_lowered.py: what they were given goes on"
    )

    def invited(tx: Transaction) -> None:
        members.save_members(tx, [{"user_id": "U0GUEST", "name": "客 一", "permission": "guest"}])

    office.write(invited)
    assert change(office, KEN, "U0GUEST", section="総務課") == {}
    assert now(office, "U0GUEST").permission == "guest"
    assert change(office, KEN, "U0GUEST", permission="staff") == {}
    assert change(office, KEN, "U0GUEST", permission="asker") == {}


def test_somebody_we_never_met_can_be_given_a_place(office: Prefecture) -> None:
    assert change(office, KEN, "U0NEW", body=BODY, permission="staff") == {}
    assert (now(office, "U0NEW").municipality, now(office, "U0NEW").permission) == ("札幌市", "staff")


def test_a_body_that_is_none_is_said(office: Prefecture) -> None:
    assert list(change(office, KEN, NAGI, body="999999")) == [views.BODY]
    assert list(change(office, KEN, NAGI, permission="boss")) == [PERMISSION]


@pytest.mark.parametrize(
    "metadata",
    [
        *("", "x", "[]", "{}", '{"user": ""}'),
        '{"user": 3, "permission": null, "code": null, "section": null}',
        '{"user": "U1", "permission": ["admin"], "code": null, "section": null}',
    ],
)
def test_a_forged_dialog_is_refused(office: Prefecture, metadata: str) -> None:
    view = entered(opened(office, KEN, NAGI), permission="staff") | {"private_metadata": metadata}
    with pytest.raises(Malformed):
        office.write(lambda tx: change_person(tx, KEN, view, source="view:1"))
    assert now(office, NAGI).permission == "asker"
