"""The demo's tour is about people and channels that are there, and says what the screens say."""

from __future__ import annotations

from bot.demo import shelf, tour
from bot.demo.cast import asagi
from sandbox.tours import objection
from tests.docs.test_guide import shown

PAGES_OWN = {"閉じる"}
"""What the page writes itself."""


def test_it_leads_somewhere() -> None:
    cast = asagi()
    people = {each.id for each in (*cast.helpers, *cast.askers)}
    assert objection(tour.steps(), people, {room.name for room in cast.rooms}) is None


def test_it_shows_all_three_roles() -> None:
    cast = asagi()
    played = {each["as"] for each in tour.steps()["steps"]}
    for role in (cast.askers, cast.talents, cast.coordinators):
        assert played & {each.id for each in role}


def test_it_speaks_in_one_or_two_short_sentences() -> None:
    for each in tour.steps()["steps"]:
        assert each["do"].count("。") == 1
        assert each["why"].count("。") <= 2
        assert len(each["do"]) <= 40
        assert len(each["why"]) <= 60


def test_what_it_tells_to_press_and_waits_for_is_what_the_bot_shows() -> None:
    steps = tour.steps()["steps"]
    words = [
        str(each["point"].get("button") or each["point"].get("choice") or "")
        for each in steps
        if "point" in each
    ]
    words += [str(each["done"].get("shows") or each["done"].get("view") or "") for each in steps]
    missing = [each for each in words if each not in PAGES_OWN and not any(each in text for text in shown())]
    assert missing == []


def test_the_shelf_is_a_list_with_a_heading() -> None:
    assert shelf.sheet().splitlines()[0] == "質問,回答,分野,検索のことば,内容の担当,状態"
    owners = {each.id for each in asagi().talents}
    assert all(line.split(",")[-2] in owners for line in shelf.sheet().splitlines()[1:])
