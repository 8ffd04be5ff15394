"""Home for whoever opens it: each number is the length of its list, nobody reads what is not theirs, and it never grows
past what Slack takes. On either engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.asking import Audience
from bot.domain.permissions import Deed, Role, allowed
from bot.domain.question import OPEN, State, Turn, turn
from bot.errors import Malformed, NotAllowed
from handlers.common.doors import Visitor, role
from handlers.common.services import Look
from handlers.digests import bodies
from handlers.home import entries, rota
from handlers.home.list_views import MEMBER, PAGE, Draft, Line, Word, listed
from handlers.home.lists import LISTS, dialog, page, wanted, year_began
from handlers.home.page import page_for
from handlers.home.searches import SEARCHES
from handlers.home.views import Adviser, Page, home
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.base.parts import given_to, is_helper, parts_of
from handlers.questions.intake import capture
from sandbox.views_check import check_view
from storage import absences, duties, ledger, overview, questions, talents, timelines, workspace
from storage.database import Transaction
from storage.engines import writer_engine
from storage.outbox import backlog
from storage.questions import Question
from storage.tables import questions as questions_table
from tests.handlers.crowded import ADMIN, EVERYBODY, LOWERED, STAFF, crowd
from tests.handlers.prefecture import (
    ARIMA,
    BODY,
    ITSUKI,
    KEN,
    MORI,
    NAGI,
    OTHER_BODY,
    TOKANO,
    Prefecture,
)
from tests.kept import keep, put_back

pytestmark = pytest.mark.screens

EVER = timedelta(days=4000)
MANY, EACH = 130, 105


@pytest.fixture
def full(database_url: str) -> Iterator[Prefecture]:
    """A crowded prefecture."""
    known = put_back(database_url, "the crowded prefecture")
    engine = writer_engine(database_url)
    found = Prefecture(engine, "T0ASAGI")
    if not known:
        found.set_up()
        crowd(found, asked=MANY, each=EACH)
        engine.dispose()
        keep(database_url, "the crowded prefecture")
    yield found
    engine.dispose()


def theirs(tx: Transaction, user: str) -> list[str]:
    """The lists somebody may open."""
    return [name for name, each in LISTS.items() if allowed(each.deed, role(tx, Visitor(user, "")))]


def rows(tx: Transaction, name: str, user: str) -> list[Any]:
    """A whole list, turned page by page; every page is one that Slack takes."""
    found: list[Any] = []
    while True:
        here = page(tx, name, user, len(found))
        assert check_view(listed(here)) == []
        assert (here.start, len(here.rows) <= PAGE) == (len(found), True)
        found += here.rows
        if len(found) >= here.count or not here.rows:
            return found


def every(tx: Transaction) -> list[Question]:
    q = questions_table.c
    ids = tx.connection.execute(select(q.id).where(q.workspace == tx.workspace)).scalars()
    return [questions.need(tx, each) for each in list(ids)]


def numbers(found: Page) -> dict[str, int]:
    """What Home says, by list."""
    assert found.own is not None
    said, groups = {"of_body": found.own.of_body}, [found.own.mine, found.own.others]
    if found.adviser is not None:
        groups += [found.adviser.mine, found.adviser.others]
        said |= {"drafts": found.adviser.drafts, "duties": found.adviser.duties}
    if found.office is not None:
        names = ("received", "waiting", "answered", "closed", "nobodys", "late", "emergencies", "quiet")
        said |= {name: getattr(found.office, name) for name in names} | {"gaps": len(found.office.gaps)}
        if found.office.reviews is not None:
            said |= {"reviews": found.office.reviews, "old": found.office.old}
            said |= {"all_drafts": found.office.drafts}
        if (looked := found.office.searches) is not None:
            counts = (looked.all, looked.solved, looked.vain, looked.unread, looked.to_write, looked.never)
            said |= dict(zip(SEARCHES, counts, strict=True))
    said |= {"people": found.people.all, "nowhere": found.people.nowhere} if found.people is not None else {}
    said |= {"undelivered": found.bot.undelivered} if found.bot is not None else {}
    return said | {group.name: group.count for group in groups}


# --- numbers and lists ----------------------------------------------------------------------------------------------


_KINDS = (NAGI, MORI, STAFF, KEN, ADMIN, LOWERED)
_EMPTY = {"of_body", "drafts", "duties", "gaps", "look_at", *SEARCHES}
_NOT_HERE = {"early", "own_reviews", "own_old", "look_at"}
"""What no number of Home opens now: the first is there before it opens, the others are in 「FAQの一覧」."""


def test_every_number_is_the_length_of_its_list_and_nobody_reads_what_is_not_theirs(full: Prefecture) -> None:
    """With a hundred and more of each, for every kind of person; and Home and all pages are such as Slack takes."""
    look = Look(full.now, 2, ("うまくいっていません。" * 100,) * 30)

    def compare(tx: Transaction, user: str) -> tuple[dict[str, int], int]:
        found = page_for(tx, Visitor(user, ""), look)
        view = home(found)
        assert check_view(view) == []
        assert len(view["blocks"]) < 70
        said, hidden = numbers(found), 0
        assert set(said) == set(theirs(tx, user)) - _NOT_HERE
        said |= {each.name: each.count for each in entries.waiting(tx, Visitor(user, ""))}
        by_number = {(each.practice, each.number): each for each in every(tx)}
        for name, number in said.items():
            whole = rows(tx, name, user)
            asked = {each.number: each for each in whole if isinstance(each, Line)}
            assert (len(whole), len(asked) or number) == (number, number), name
            for line in asked.values():
                practice, which = line.number.startswith("練習"), int(line.number.split("No.")[1])
                hidden += _is_hidden(tx, user, name, line, by_number[practice, which])
        return said, hidden

    said = {user: full.read(compare, user) for user in _KINDS}
    assert [name for name, number in said[ADMIN][0].items() if not number and name not in _EMPTY] == []
    assert said[MORI][0]["given_mine"] > said[LOWERED][0].get("given_mine", 0) == 0
    assert said[STAFF][1] > said[KEN][1] > said[MORI][1] == 0


def _is_hidden(tx: Transaction, user: str, name: str, row: Line, question: Question) -> bool:
    """Whether somebody does not read a question, as it should be."""
    part = user == question.asker or is_helper(parts_of(tx, question, user))
    public = question.audience in {Audience.OPEN, Audience.BODY}
    assert (row.words is not None) is (part or (name == "of_body" and public)), (user, name)
    if question.audience == Audience.BODY:
        assert "総務課" not in row.body
    if row.words is None:
        assert (row.body, row.responsible, row.link, row.target) == ("", "", None, "")
    return row.words is None


def test_what_waits_for_whom_is_what_the_rules_say(full: Prefecture) -> None:
    def compare(tx: Transaction) -> int:
        living, seen = [each for each in every(tx) if each.state != State.CLOSED], 0
        for user, mine in itertools.product(EVERYBODY, (True, False)):
            asked = overview.page(tx, overview.asked(user, theirs=mine), most=MANY)
            given = overview.page(tx, given_to(tx, user, theirs=mine), most=MANY)
            assert {each.id for each in asked} == {
                each.id for each in living if each.asker == user and _asks(each) is mine
            }
            assert {each.id for each in given} == {
                each.id
                for each in living
                if each.responsible == user
                and (turn(State(each.state)) is Turn.TALENT) is mine
                and is_helper(parts_of(tx, each, user))
            }
            seen += len(asked) + len(given)
        return seen

    assert full.read(compare) > 30


def _asks(question: Question) -> bool:
    return question.audience == Audience.UNDECIDED or turn(State(question.state)) is Turn.ASKER


def test_the_years_numbers_are_the_ledgers(full: Prefecture) -> None:
    books, ever = full.read(ledger.ledger), full.read(overview.year, full.now - EVER)
    assert (ever.waiting, ever.answered) == (books.waiting, books.answered)
    assert (ever.closed, ever.received) == (sum(books.closed.values()), books.received)
    began = full.read(year_began)
    assert began.isoformat() == "2026-03-31T15:00:00+00:00"
    assert 0 < full.read(overview.year, began).received < ever.received


def test_what_is_late_and_what_is_nobodys(full: Prefecture) -> None:
    def compare(tx: Transaction) -> None:
        waiting = [
            each
            for each in every(tx)
            if State(each.state) in OPEN and not each.practice and each.audience != Audience.UNDECIDED
        ]
        silent = [each for each in waiting if each.state != State.CLAIMED or each.first_reply_at is None]
        late = [
            each
            for each in silent
            if each.state != State.WAITING and (each.target_at < tx.now or _passed_on(tx, each))
        ]
        nobodys = [each for each in waiting if each.responsible is None]
        for which, expected in ((overview.late(tx.now), late), (overview.nobodys(), nobodys)):
            shown = overview.page(tx, which, most=MANY)
            assert expected
            assert {each.id for each in shown} == {each.id for each in expected}

    full.read(compare)


def _passed_on(tx: Transaction, question: Question) -> bool:
    done = [event.verb for event in timelines.timeline(tx, question.id)]
    return "escalate" in done[len(done) - done[::-1].index("reopen") if "reopen" in done else 0 :]


def test_undelivered_is_what_health_counts(full: Prefecture) -> None:
    waits, shown = full.read(backlog), full.read(rows, "undelivered", ADMIN)
    assert len(shown) == waits.waiting + waits.dead
    assert "アーカイブ" in shown[0].note
    assert {each.title for each in shown} == {"「相談」へのお知らせ", "浜野 凪さんへの直接メッセージ"}


# --- who reads what -------------------------------------------------------------------------------------------------


def test_of_their_body_people_see_what_everybody_may(full: Prefecture) -> None:
    seen = {each.number for each in full.read(rows, "of_body", ITSUKI)}
    assert seen == {
        f"No.{each.number}"
        for each in full.read(every)
        if each.municipality_code == OTHER_BODY
        and not each.practice
        and each.audience in {Audience.OPEN, Audience.BODY}
        and each.close_reason not in {"withdrawn", "not_a_question"}
    }
    assert full.read(rows, "of_body", KEN) == []


def test_each_list_is_for_those_of_its_part(full: Prefecture) -> None:
    asking = {"asked_mine", "asked_others", "of_body"}
    answering = asking | {"given_mine", "given_others", "drafts", "own_reviews", "own_old", "duties"}
    staff = answering | {
        "received",
        "waiting",
        "answered",
        "closed",
        "nobodys",
        "late",
        "gaps",
        "quiet",
        "emergencies",
    }
    desk = staff | {"reviews", "all_drafts", "old", "look_at", "nowhere", "people", "early", *SEARCHES}
    expected = {NAGI: asking, MORI: answering, STAFF: staff, KEN: desk, ADMIN: desk | {"undelivered"}}
    assert {user: set(full.read(theirs, user)) for user in expected} == expected
    for name in set(LISTS) - asking:
        with pytest.raises(NotAllowed):
            full.read(dialog, name, Visitor(NAGI, ""), 0)
    seeing = {found for found in Role if any(allowed(each.deed, found) for each in LISTS.values())}
    assert Role.EXTERNAL not in seeing
    assert all(allowed(Deed.ASK, found) for found in seeing)  # the door before all of them


@pytest.mark.parametrize(
    "odd", ["home_list:received:x", "home_list:nothing:0", "home_list", "home_list:late:0\n"]
)
def test_a_button_that_is_none_of_ours_is_refused(odd: str) -> None:
    with pytest.raises(Malformed):
        wanted(odd)
    assert wanted("home_list:late:40") == ("late", 40)


def test_a_page_past_the_end_is_the_last_one(full: Prefecture) -> None:
    last = full.read(page, "received", KEN, 999_999)
    assert (last.start + len(last.rows), last.start % PAGE) == (last.count, 0)
    assert last.count == full.read(page, "received", KEN, 0).count > PAGE
    assert "いまはありません" in str(listed(full.read(page, "duties", NAGI, 40)))


def test_an_editor_reviews_and_an_owner_reads(full: Prefecture) -> None:
    drafts, reviews = full.read(rows, "drafts", MORI), full.read(rows, "reviews", KEN)
    assert all(isinstance(each, Draft) and not each.reviews for each in drafts)
    assert {each.values.owner for each in drafts} == {"MORI"}
    assert all(each.reviews for each in reviews)


@pytest.mark.parametrize(
    ("user", "counts"),
    [
        (KEN, {"reviews": 35, "all_drafts": 35, "look_at": 8, "old": 32}),
        (MORI, {"drafts": 18, "own_reviews": 17, "own_old": 8}),
    ],
)
def test_the_faqs_list_counts_what_there_is_and_not_what_it_shows(
    full: Prefecture, user: str, counts: dict[str, int]
) -> None:
    found = full.read(entries.waiting, Visitor(user, ""))
    assert {each.name: each.count for each in found} == counts
    assert all(len(each.rows) == min(each.count, entries.SHOWN) for each in found)
    view = full.read(entries.dialog, Visitor(user, ""))
    assert check_view(view) == []
    for name, count in counts.items():
        assert f"{LISTS[name].title} {count}件" in str(view)
        assert (f"home_list:{name}:0" in str(view)) is (count > entries.SHOWN)
        assert len(full.read(rows, name, user)) == count


def test_the_roster_says_who_belongs_where(full: Prefecture) -> None:
    shown = {each.user_id: each for each in full.read(rows, "people", KEN)}
    assert (shown[NAGI].name, shown[NAGI].note) == ("浜野 凪", "札幌市 総務課|相談者")
    assert shown[STAFF].note == "所属はまだ分かりません|県の職員"
    assert f"'{MEMBER}'" in str(listed(full.read(page, "people", KEN, 0)))


# --- duty and bodies ------------------------------------------------------------------------------------------------

HELP = [MORI, ARIMA, TOKANO]


def _change(ken: Prefecture, user: str, **values: Any) -> None:
    """Change what is registered of a talent."""
    known = {"user_id": user, "name": user, "role": "engineer", "fields": [], "conflicts": []}
    ken.write(lambda tx: talents.save_talent(tx, overwrite=values, **known, **values))


def test_days_without_duty_are_gaps(ken: Prefecture) -> None:
    assert ken.read(rota.gaps) == []
    friday = ken.now + timedelta(days=3)
    ken.write(duties.remove_hours, friday - timedelta(hours=12), friday + timedelta(hours=12), users=HELP)
    assert ken.read(rota.gaps) == [date(2026, 11, 27)]
    for user in HELP:
        ken.write(absences.add, user, ken.now, absences.OPEN, said=None, made_by=user)
    days = ken.read(rota.gaps)
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 24), date(2026, 12, 7), 10)
    ken.now += timedelta(hours=9)
    assert ken.read(rota.gaps)[0] == date(2026, 11, 25)  # today's is over


def test_an_advisers_day(ken: Prefecture) -> None:
    def adviser() -> Adviser:
        found = ken.read(page_for, Visitor(MORI, "")).adviser
        assert found is not None
        return found

    before = adviser()
    assert (before.today, before.contract, before.next_duty) == ("9:00〜17:00", "", "11/24(火)9:00〜17:00")
    _change(ken, MORI, working_hours="火 9:00-12:00", contract_hours=40)
    ken.now += timedelta(days=1)
    assert (adviser().today, adviser().contract) == ("なし", "40時間")
    _change(ken, MORI, working_hours="ときどき")
    assert adviser().today == ""
    ken.write(absences.add, MORI, ken.now, absences.OPEN, said=None, made_by=MORI)
    assert adviser().today == "お休み中"


def test_bodies_that_ask_or_find_are_not_quiet(full: Prefecture) -> None:
    quiet = full.read(bodies.quiet, KEN)
    codes = {each.code for each in quiet.bodies}
    assert len(codes) > 150  # all of Hokkaido that has not asked
    assert not {BODY, OTHER_BODY} & codes
    assert "010006" not in codes
    full.now += timedelta(days=62)
    long = full.read(bodies.quiet, KEN)
    assert {BODY, OTHER_BODY} <= {each.code for each in long.bodies}
    assert (quiet.long, long.long) == (False, True)
    said = full.read(bodies.notes, KEN, long.bodies)
    notes = dict(zip([each.code for each in long.bodies], said, strict=True))
    assert "最後の相談 2026年11月24日(火)" in notes[BODY]
    assert notes["012033"] == "メンバーはまだいません|相談はまだありません"


@pytest.mark.parametrize(
    ("audience", "desk", "staff"), [("private", 0, 1), ("open", 0, 0), ("undecided", 1, 1)]
)
def test_that_a_body_asked_privately_is_known_to_the_desk_alone(
    ken: Prefecture, audience: str, desk: int, staff: int
) -> None:
    ken.write(load, parse({"members": [{"id": STAFF, "name": "職員 一子", "permission": "staff"}]}))
    ken.write(capture.capture, ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか"))
    ken.write(lambda tx: tx.connection.execute(questions_table.update().values(audience=audience)))
    for user, expected in ((KEN, desk), (STAFF, staff)):
        found = [each for each in ken.read(bodies.quiet, user).bodies if each.code == BODY]
        assert len(found) == expected
        assert ("最後の相談" in "".join(ken.read(bodies.notes, user, found))) is False


# --- before and beside ----------------------------------------------------------------------------------------------


def test_before_it_opens_only_the_set_up_is_there(ken: Prefecture) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, opened_at=None, emergency_phone="000-000-0000"))
    found = ken.read(page_for, Visitor(KEN, ""))
    assert (found.office, found.phone, found.asks, found.searches) == (None, None, False, False)
    assert found.setup is not None
    assert found.people is not None


def test_what_waits_for_the_opening_is_counted_and_listed_and_what_is_private_not_read(
    ken: Prefecture,
) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, opened_at=None))
    for n in range(25):
        ken.write(capture.capture, ken.message(NAGI, f"パソコンの画面が真っ暗です。どうすればいいですか {n}"))
        ken.now += timedelta(minutes=3)
    ken.write(capture.capture, ken.message(ITSUKI, "懲戒した職員のパソコンです", channel="D0ITSUKI"))
    found = ken.read(page_for, Visitor(KEN, ""))
    assert found.setup is not None
    waits = ken.read(rows, "early", KEN)
    assert (found.setup.early, len(waits)) == (26, 26)
    assert "home_list:early:0" in str(home(found))
    assert [each.words[-1] for each in waits[:3] if isinstance(each, Word)] == ["0", "1", "2"]
    assert not [word for word in ("懲戒", "峰岸", ITSUKI) if word in str(waits)]
    with pytest.raises(NotAllowed):
        ken.read(dialog, "early", Visitor(MORI, ""), 0)


def test_the_emergency_telephone_is_there_if_there_is_one(ken: Prefecture) -> None:
    assert "先に電話" not in str(home(ken.read(page_for, Visitor(NAGI, ""))))
    ken.write(lambda tx: workspace.set_workspace(tx, emergency_phone="000-000-0000 <内線>"))
    assert "先に電話:*000-000-0000 &lt;内線&gt;*" in str(home(ken.read(page_for, Visitor(NAGI, ""))))
