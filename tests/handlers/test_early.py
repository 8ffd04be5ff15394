"""What is written before it opens to the municipalities: nothing is lost, and nobody there hears anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.asking import Audience, Details, Way
from bot.errors import NotOpenYet
from handlers.home.lists import LISTS
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.members.opening import open_if_in_use, open_up
from handlers.questions.intake import capture, registering
from handlers.questions.intake.capture import Became
from handlers.questions.intake.followup import AT_ONCE
from handlers.questions.lifecycle.asking import ask
from handlers.questions.lifecycle.recording import record
from storage import channels, ledger, messages, outbox, questions, workspace
from storage.database import Transaction
from storage.questions import Question
from storage.tables import outbox as outbox_table
from storage.tables import questions as table
from tests.handlers.desk import DESK, with_desk
from tests.handlers.prefecture import FILE, HERE, ITSUKI, KEN, MORI, NAGI, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
PRACTICE, ELSEWHERE = "C0RENSHU", "C0ZATSU"


def close(tx: Transaction) -> None:
    """As the set-up leaves it before its last step."""
    workspace.set_workspace(tx, opened_at=None, setup_step=3)
    channels.save_channel(tx, PRACTICE, name="練習", purpose="practice", bot_is_member=True)
    channels.save_channel(tx, ELSEWHERE, name="雑談", purpose="other", bot_is_member=True)


@pytest.fixture
def closed(ken: Prefecture) -> Prefecture:
    ken.write(close)
    return ken


def all_of(place: Prefecture) -> list[Question]:
    query = select(table.c.id).where(table.c.workspace == place.workspace).order_by(table.c.id)
    return place.read(lambda tx: [questions.need(tx, row) for row in tx.connection.execute(query).scalars()])


def sent(place: Prefecture) -> list[tuple[str, str | None]]:
    """Renderer and addressee of everything that goes to Slack."""
    o = outbox_table.c
    query = select(o.renderer, o.user_id).where(o.workspace == place.workspace).order_by(o.id)
    return place.read(lambda tx: [(row[0], row[1]) for row in tx.connection.execute(query)])


def open_and_run(place: Prefecture) -> None:
    place.write(open_up, KEN)
    place.run_due()


def test_it_is_kept_shown_to_the_coordinators_once_and_taken_in_when_it_opens(closed: Prefecture) -> None:
    first = closed.message(NAGI, BROKEN)
    assert closed.write(capture.capture, first) is Became.WAITING
    assert closed.write(capture.capture, first) is Became.SEEN_BEFORE
    more = closed.message(NAGI, "電源のランプもつきません。なぜでしょうか")
    reply = closed.message(ITSUKI, "うちも同じでした", thread=first.ts)
    for message in (more, reply):
        assert closed.write(capture.capture, message) is Became.WAITING
    assert sent(closed) == [("question.early_written", KEN)]
    assert all_of(closed) == []
    open_and_run(closed)
    (found,) = all_of(closed)
    assert (found.asker, found.ts, found.number, found.practice) == (NAGI, first.ts, 1, False)
    rows = closed.read(messages.of_question, found.id)
    assert [(row.ts, row.asks) for row in rows] == [(first.ts, True), (more.ts, True), (reply.ts, False)]
    counted = closed.read(ledger.ledger)
    assert (counted.received, counted.set_aside) == (1, 0)


def test_edits_and_deletions_before_it_opens_count(closed: Prefecture) -> None:
    kept, gone = closed.message(NAGI, "すみません"), closed.message(ITSUKI, BROKEN)
    for message in (kept, gone):
        closed.write(capture.capture, message)
    edited = replace(kept, text=BROKEN, edited_ts="1795482999.000000")
    assert closed.write(capture.edited, edited) is Became.WAITING
    closed.write(capture.deleted, HERE, gone.ts, None)
    open_and_run(closed)
    (found,) = all_of(closed)
    assert (found.asker, found.field_id) == (NAGI, "device")


def test_a_call_elsewhere_waits_and_other_words_there_are_nobodys_business(closed: Prefecture) -> None:
    called = closed.message(NAGI, BROKEN, channel=ELSEWHERE, mention=True)
    assert closed.write(capture.capture, called) is Became.WAITING
    talk = closed.message(ITSUKI, BROKEN, channel=ELSEWHERE)
    assert closed.write(capture.capture, talk) is Became.IGNORED
    open_and_run(closed)
    assert [each.asker for each in all_of(closed)] == [NAGI]


def test_a_channel_that_is_for_something_else_when_it_opens_loses_nothing(closed: Prefecture) -> None:
    closed.write(capture.capture, closed.message(NAGI, BROKEN))
    closed.write(lambda tx: channels.save_channel(tx, HERE, name="相談", purpose="other"))
    open_and_run(closed)
    assert [each.asker for each in all_of(closed)] == [NAGI]


def test_who_announces_something_is_set_aside_and_who_calls_the_bot_asks(closed: Prefecture) -> None:
    closed.write(capture.capture, closed.message(MORI, "来週から相談を始めます。なにか質問はありますか"))
    closed.write(capture.capture, closed.message(KEN, BROKEN, mention=True))
    open_and_run(closed)
    assert [each.asker for each in all_of(closed)] == [KEN]
    assert closed.read(ledger.ledger).set_aside == 1


def test_a_direct_message_waits_and_no_coordinator_hears_of_it(closed: Prefecture) -> None:
    direct = closed.message(NAGI, BROKEN, channel="D0NAGI")
    assert closed.write(capture.capture, direct) is Became.WAITING
    assert sent(closed) == []
    open_and_run(closed)
    (found,) = all_of(closed)
    assert (found.asker, found.audience) == (NAGI, "undecided")


def test_more_than_a_few_are_taken_in_one_after_another_and_in_order(closed: Prefecture) -> None:
    for number in range(AT_ONCE * 2 + 1):
        asker = (NAGI, ITSUKI)[number % 2]
        closed.later(minutes=3)
        closed.write(capture.capture, closed.message(asker, f"{number} {BROKEN}"))
    open_and_run(closed)
    found = all_of(closed)
    assert len(found) == AT_ONCE * 2 + 1
    assert [each.number for each in sorted(found, key=lambda each: each.ts)] == list(range(1, len(found) + 1))
    assert not closed.write(open_up, KEN), "it opens once"


def test_everything_else_is_refused_and_only_practice_is_possible(closed: Prefecture) -> None:
    details = Details(way=Way.FORM, audience=Audience.PRIVATE)
    with pytest.raises(NotOpenYet):
        closed.write(ask, NAGI, BROKEN, details, source="view:V1", channel=HERE)
    with pytest.raises(NotOpenYet):
        closed.write(record, NAGI, BROKEN, "電源を長押し", details, source="view:V2")
    early = closed.message(NAGI, BROKEN)
    closed.write(capture.capture, early)
    with pytest.raises(NotOpenYet):
        closed.write(registering.register, HERE, early.ts, KEN)
    assert closed.read(outbox.backlog).waiting == 1  # the coordinator's notice
    tried = closed.message(NAGI, BROKEN, channel=PRACTICE)
    assert closed.write(capture.capture, tried) is Became.QUESTION
    closed.write(
        capture.capture, closed.message(MORI, "長押ししてください", thread=tried.ts, channel=PRACTICE)
    )
    (found,) = all_of(closed)
    assert (found.practice, found.state) == (True, "claimed")
    assert ("members.introduction", NAGI) not in sent(closed)
    assert closed.read(ledger.ledger).received == 0


def test_a_workspace_file_with_a_consultation_channel_opens(closed: Prefecture) -> None:
    closed.write(load, parse({**FILE, "channels": []}))
    assert not closed.read(workspace.workspace).is_open
    closed.write(load, parse(FILE))
    assert closed.read(workspace.workspace).is_open


def test_an_installation_from_before_the_set_up_goes_on(closed: Prefecture) -> None:
    closed.write(open_if_in_use)
    assert not closed.read(workspace.workspace).is_open, "its set-up has begun"
    closed.write(lambda tx: workspace.set_workspace(tx, setup_step=0))
    closed.write(open_if_in_use)
    assert closed.read(workspace.workspace).is_open


def test_so_does_one_in_which_people_only_called_the_bot(closed: Prefecture) -> None:
    closed.write(lambda tx: channels.save_channel(tx, HERE, name="相談", purpose="other"))
    closed.write(lambda tx: workspace.set_workspace(tx, setup_step=0))
    closed.write(open_if_in_use)
    assert not closed.read(workspace.workspace).is_open, "nothing was ever asked"
    closed.write(open_up)
    closed.write(capture.capture, closed.message(NAGI, BROKEN, mention=True))
    closed.write(lambda tx: workspace.set_workspace(tx, opened_at=None, setup_step=0))
    closed.write(open_if_in_use)
    assert closed.read(workspace.workspace).is_open


def test_what_is_said_at_the_desk_is_not_promised_to_become_a_question(closed: Prefecture) -> None:
    with_desk(closed)
    message = closed.message(MORI, "ここに相談が届くのですか", channel=DESK, mention=True)
    assert closed.write(capture.capture, message) == Became.KEPT
    assert sent(closed) == [("question.at_desk", MORI)]
    mended = replace(message, text="ここに届きますか", edited_ts=f"{message.ts.split('.')[0]}.000009")
    assert closed.write(capture.edited, mended) == Became.KEPT
    assert closed.read(LISTS["early"].count, KEN) == 0
    open_and_run(closed)
    assert all_of(closed) == []
