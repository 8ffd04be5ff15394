"""Solved questions as what is found: for whom, and for how long."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.finding import Document, Hit
from bot.domain.question import Verb
from handlers.faq import past
from handlers.faq.result_views import PastShown
from handlers.faq.wanted import Wanted
from handlers.questions.base import alike
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from storage import messages, questions
from tests.handlers.faq import ANSWERED, answered, newest, private, resolve, source
from tests.handlers.prefecture import ARIMA, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture


def taken_in(ken: Prefecture, since: int = 0) -> dict[int, Document]:
    """What the search takes in, the latest of each."""
    return {each.id: each for each in ken.read(past.changes, since).documents}


def read_by(
    ken: Prefecture, question_id: int, user: str = ITSUKI, year: int | None = None
) -> list[PastShown]:
    return ken.read(past.shown, Wanted("画面", year=year), [Hit(question_id, 1.0, strong=True)], user)


def test_a_solved_question_is_found_with_its_answer_and_without_names(ken: Prefecture) -> None:
    question_id = answered(ken)
    assert taken_in(ken)[question_id].kind == alike.OPEN
    assert taken_in(ken)[question_id].answer == "", "what is not solved yet is no answer"
    assert read_by(ken, question_id) == []
    since = ken.read(past.changes, 0).newest
    resolve(ken, question_id)
    document = taken_in(ken, since)[question_id]
    assert (document.kind, document.answer, document.live) == ("past", ANSWERED, True)
    (shown,) = read_by(ken, question_id)
    assert "電源を長押し" in shown.answer
    assert "浜野" not in f"{shown.question}{shown.answer}"
    assert "札幌" not in shown.question
    assert shown.link is not None
    assert read_by(ken, question_id, year=ken.now.year) != []
    assert read_by(ken, question_id, year=ken.now.year - 1) == []
    ken.write(undo, question_id, NAGI, source=source())
    assert taken_in(ken)[question_id].kind == alike.OPEN
    assert read_by(ken, question_id) == []


def test_what_was_asked_privately_or_is_withdrawn_goes_with_its_words(ken: Prefecture) -> None:
    hidden = private(ken)
    resolve(ken, hidden)
    document = taken_in(ken)[hidden]
    assert (document.question, document.answer, document.live) == ("", "", False)
    assert read_by(ken, hidden, KEN) == []
    narrowed = answered(ken)
    question = ken.read(questions.need, narrowed)
    ken.write(lambda tx: questions.change(tx, question, verb="narrow", actor=NAGI, audience="private"))
    assert not taken_in(ken)[narrowed].live
    gone = answered(ken)
    resolve(ken, gone)
    asked = next(row for row in ken.read(messages.of_question, gone) if row.asks)
    ken.write(capture.deleted, asked.channel, asked.ts, None)
    assert not taken_in(ken)[gone].live
    assert read_by(ken, gone) == []


def test_edited_and_later_words_follow(ken: Prefecture) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    since = ken.read(past.changes, 0).newest
    ken.now += timedelta(minutes=1)
    answer = next(row for row in ken.read(messages.of_question, question_id) if row.author == MORI)
    ken.write(lambda tx: messages.change(tx, [answer.id], body="再起動してください"))
    assert taken_in(ken, since)[question_id].answer == "再起動してください"
    since = ken.read(past.changes, 0).newest
    question = ken.read(questions.need, question_id)
    ken.write(capture.capture, ken.message(TOKANO, "予備の機械もあります", thread=question.thread_ts))
    assert "予備の機械" in taken_in(ken, since)[question_id].answer


def test_who_may_bid_does_not_find_it(ken: Prefecture) -> None:
    question_id = answered(ken)
    ken.write(act, question_id, Verb.RESOLVE, NAGI, source=source())
    ken.write(lambda tx: questions.touch(tx, question_id, field_id="procure"))
    assert read_by(ken, question_id, MORI) == []
    assert len(read_by(ken, question_id, ARIMA)) == 1


def test_what_may_fit_is_shown_where_nothing_that_fits_can_be_read(ken: Prefecture) -> None:
    fits, near, far = [answered(ken) for _ in range(3)]
    for each in (fits, near, far):
        resolve(ken, each)
    hits = [Hit(fits, 9.0, strong=True), Hit(near, 1.0), Hit(far, 0.4)]
    numbers = {each: ken.read(questions.need, each).number for each in (fits, near, far)}

    def found() -> list[tuple[int, bool]]:
        return [(each.number, each.fits) for each in ken.read(past.shown, Wanted("画面"), hits, ITSUKI)]

    assert found() == [(numbers[fits], True)]
    ken.write(lambda tx: questions.touch(tx, fits, received_at=ken.now - timedelta(days=800)))
    year = ken.read(past.shown, Wanted("画面", year=ken.now.year), hits, ITSUKI)
    assert [(each.number, each.fits) for each in year] == [(numbers[near], False)]
    ken.write(act, fits, Verb.REOPEN, NAGI, source=source())
    assert found() == [(numbers[near], False)], "half as good as the best of those they may read"


def test_others_want_to_know_the_same_only_from_open_ones_of_other_bodies(ken: Prefecture) -> None:
    asked = answered(ken)
    hidden = private(ken)
    both = [asked, hidden, 999]
    body = ken.read(questions.need, asked).municipality_code
    assert ken.read(alike.others, both, ITSUKI, "012025") == [asked]
    assert ken.read(alike.others, both, ITSUKI, body) == [], "their own body"
    assert ken.read(alike.others, both, NAGI, "012025") == [], "their own question"
    resolve(ken, asked)
    assert ken.read(alike.others, both, ITSUKI, "012025") == []
    assert newest(ken) == hidden
