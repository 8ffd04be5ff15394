"""「相談として登録」 says the number of a question to those it is for. On either engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.asking import Audience
from bot.errors import NotPossibleNow, NotYours
from handlers.members import actions
from handlers.questions.intake import capture, registering
from storage import messages, questions
from tests.handlers.desk import DESK, MINE, asks, read, with_desk
from tests.handlers.prefecture import ARIMA, HERE, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def test_the_number_of_a_private_question_is_told_to_nobody_else(ken: Prefecture) -> None:
    with_desk(ken, [KEN, MORI])
    question = read(ken, asks(ken))
    word = ken.message(NAGI, "昨年の9月のことです", channel=MINE, thread=question.thread_ts)
    ken.write(capture.capture, word)
    answer = ken.message(MORI, "まず経緯を教えてください", channel=DESK, thread=question.desk_ts)
    ken.write(capture.capture, answer)
    assert ken.write(registering.register, MINE, word.ts, NAGI) == question.id
    for stranger in (ITSUKI, MORI, KEN):
        with pytest.raises(NotYours):
            ken.write(registering.register, MINE, word.ts, stranger)
    for helper in (MORI, KEN):
        assert ken.write(registering.register, DESK, answer.ts, helper) == question.id
    for stranger in (ITSUKI, ARIMA, TOKANO):
        with pytest.raises(NotYours):
            ken.write(registering.register, DESK, answer.ts, stranger)


def test_what_is_a_question_already_is_said_to_its_author_and_to_who_answers(ken: Prefecture) -> None:
    message = ken.message(NAGI, BROKEN)
    ken.write(capture.capture, message)
    for somebody in (NAGI, MORI, ARIMA, KEN):
        assert ken.write(registering.register, HERE, message.ts, somebody) == 1
    with pytest.raises(NotYours):
        ken.write(registering.register, HERE, message.ts, ITSUKI)


def test_own_words_in_anothers_thread_become_a_question_of_their_own(ken: Prefecture) -> None:
    first = ken.message(NAGI, BROKEN)
    ken.write(capture.capture, first)
    word = ken.message(ITSUKI, "うちはプリンターが動きません。どうすればいいですか", thread=first.ts)
    assert ken.write(capture.capture, word) == capture.Became.REPLY
    (theirs,) = ken.read(questions.all_in_thread, HERE, first.ts)
    own = read(ken, ken.write(registering.register, HERE, word.ts, ITSUKI))
    assert (own.number, own.asker, own.thread_ts) == (theirs.number + 1, ITSUKI, first.ts)
    assert ken.write(registering.register, HERE, word.ts, KEN) == own.id, "once"
    for author, question in ((NAGI, theirs), (ITSUKI, own)):
        more = ken.message(author, "電源は入っています", thread=first.ts)
        ken.write(capture.capture, more)
        row = ken.read(messages.find, HERE, more.ts)
        assert row is not None
        assert row.question_id == question.id


def test_words_that_have_crossed_to_the_other_side_are_not_said_to_be_registered(ken: Prefecture) -> None:
    question = read(ken, asks(ken, audience=Audience.BODY))
    word = ken.message(ITSUKI, "うちはプリンターが動きません。どうすればいいですか", thread=question.desk_ts)
    ken.write(capture.capture, word)
    with pytest.raises(NotPossibleNow, match="「相談する」から"):
        ken.write(registering.register, HERE, word.ts, ITSUKI)


def test_who_is_not_in_a_private_channel_registers_nothing_of_it(ken: Prefecture) -> None:
    room = {"id": "G0JINJI", "name": "人事の内輪", "is_private": True}
    ken.write(actions.save_place, room, [NAGI, MORI], ken.read(actions.known, "G0JINJI"))
    thanks = ken.message(NAGI, "ありがとうございます", channel="G0JINJI", mention=True)
    assert ken.write(capture.capture, thanks) == capture.Became.SET_ASIDE
    for stranger in (ARIMA, KEN):
        with pytest.raises(NotYours):
            ken.write(registering.register, "G0JINJI", thanks.ts, stranger)
    assert ken.write(registering.register, "G0JINJI", thanks.ts, MORI)


def test_a_mended_mention_in_the_desk_is_still_no_question(ken: Prefecture) -> None:
    with_desk(ken, [KEN, MORI])
    message = ken.message(KEN, BROKEN, channel=DESK, mention=True)
    ken.write(capture.capture, message)
    mended = replace(message, text=f"{BROKEN}。", edited_ts=f"{message.ts.split('.')[0]}.000009")
    assert ken.write(capture.edited, mended) == capture.Became.KEPT
    assert ken.read(questions.all_in_thread, DESK, message.ts) == []
    row = ken.read(messages.find, DESK, message.ts)
    assert row is not None
    assert (row.question_id, row.body) == (None, mended.text)
