"""Who has no thread to write in reads everything by letter and answers below it. On either engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.question import Verb
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture
from handlers.questions.intake.capture import Became
from handlers.questions.lifecycle.actions import act
from storage import channels, messages
from storage.questions import Question
from tests.handlers.desk import DESK, MINE, SECRET, asks, letters, posted, read, shown, with_desk
from tests.handlers.prefecture import ARIMA, HERE, KEN, MORI, NAGI, TOKANO, Prefecture


def says(ken: Prefecture, who: str, text: str, channel: str, thread: str | None) -> Incoming:
    ken.now += timedelta(minutes=3)
    message = ken.message(who, text, channel=channel, thread=thread)
    ken.write(capture.capture, message)
    return message


def talked(ken: Prefecture, found: int) -> Question:
    """The asker and whoever answers at the desk have written to one another."""
    question = read(ken, found)
    says(ken, NAGI, "昨年の9月のことです。急ぎます", MINE, question.thread_ts)
    if question.desk_channel is not None:
        says(ken, KEN, "まず規則の写しを確かめます", DESK, question.desk_ts)
    return read(ken, found)


def handed_to(ken: Prefecture, found: int, user: str) -> None:
    ken.now += timedelta(minutes=3)
    ken.write(act, found, Verb.HAND_OVER, KEN, source=f"view:{ken.now}", person=user)


@pytest.mark.parametrize("desk", [True, False])
def test_who_gets_it_later_reads_the_whole_conversation(ken: Prefecture, desk: bool) -> None:
    if desk:
        with_desk(ken)
    found = asks(ken)
    talked(ken, found)
    handed_to(ken, found, ARIMA)
    letter = "".join(letters(ken, ARIMA))
    assert SECRET in letter
    assert letter.count("昨年の9月のことです") == 1
    assert letter.count("まず規則の写しを確かめます") == (1 if desk else 0)
    assert "浜野さん" in letter


def test_a_deleted_word_is_not_handed_over(ken: Prefecture) -> None:
    found = asks(ken)
    word = says(ken, NAGI, "山田という職員です。困りました", MINE, read(ken, found).thread_ts)
    ken.write(capture.deleted, word.channel, word.ts, None)
    handed_to(ken, found, ARIMA)
    assert "山田" not in "".join(letters(ken, ARIMA))


def test_a_long_conversation_goes_on_below_the_letter(ken: Prefecture) -> None:
    found = asks(ken)
    for letter in "あいうえお":
        says(ken, NAGI, letter * 3900 + "。教えてください", MINE, read(ken, found).thread_ts)
    handed_to(ken, found, ARIMA)
    first = letters(ken, ARIMA)[-1]
    assert "続きは、このメッセージのスレッドに" in first
    channel, ts = posted(ken, ARIMA, "question.handed_over")
    rest = shown(ken, channel, ts)
    for letter in "あいうえお":
        assert sum(each.count(letter) for each in [first.split("\n", 1)[1], *rest]) >= 3900


def test_an_answer_below_the_letter_reaches_the_asker_and_the_desk(ken: Prefecture) -> None:
    with_desk(ken)
    found = asks(ken)
    question = talked(ken, found)
    handed_to(ken, found, ARIMA)
    assert "このメッセージに返信して" in letters(ken, ARIMA)[-1], "where to answer"
    channel, ts = posted(ken, ARIMA, "question.handed_over")
    word = says(ken, ARIMA, "規則の第3条をご覧ください", channel, ts)
    after = read(ken, found)
    assert (after.state, after.responsible) == ("claimed", ARIMA)
    for place, thread in ((MINE, question.thread_ts), (DESK, question.desk_ts)):
        assert sum("第3条" in each for each in shown(ken, place, thread)) == 1
    ken.write(capture.edited, replace(word, text="規則の第5条です", edited_ts=word.ts))
    for place, thread in ((MINE, question.thread_ts), (DESK, question.desk_ts)):
        assert sum("第5条" in each for each in shown(ken, place, thread)) == 1
    ken.write(act, found, Verb.ANSWER, ARIMA, source="action:9")
    assert not any("回答が届いています" in each for each in letters(ken, NAGI)), "they have the words"


def test_who_has_it_by_letter_reads_what_colleagues_write_at_the_desk(ken: Prefecture) -> None:
    with_desk(ken)
    found = asks(ken)
    question = talked(ken, found)
    handed_to(ken, found, ARIMA)
    ken.write(act, found, Verb.CLAIM, ARIMA, source="action:1")
    before = letters(ken, ARIMA)
    says(ken, MORI, "様式は昨年のものが使えます", DESK, question.desk_ts)
    (letter,) = letters(ken, ARIMA)[len(before) :]
    assert "ほかの担当の方の書き込み" in letter
    assert "様式は昨年のものが使えます" in letter
    assert read(ken, found).responsible == ARIMA
    assert not any("様式" in each for each in letters(ken, KEN) + letters(ken, MORI)), (
        "they follow the thread"
    )


def test_without_a_desk_it_reaches_the_asker(ken: Prefecture) -> None:
    found = asks(ken)
    question = read(ken, found)
    assert question.desk_channel is None
    channel, ts = posted(ken, str(question.responsible), "question.asked")
    says(ken, str(question.responsible), "型番を教えてください", channel, ts)
    assert sum("型番を" in each for each in shown(ken, MINE, question.thread_ts)) == 1
    assert read(ken, found).state == "claimed"
    back = says(ken, NAGI, "AB-12です。直りますか", MINE, question.thread_ts)
    assert any("AB-12" in each for each in letters(ken, str(question.responsible)))
    assert "返事は、ここに届きます" in shown(ken, "")[0] + shown(ken, MINE)[0]
    assert ken.read(messages.find, back.channel, back.ts)


def test_where_nobody_can_write_any_more_the_answer_goes_by_letter(ken: Prefecture) -> None:
    root = ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか")
    ken.write(capture.capture, root)
    ken.write(lambda tx: channels.save_channel(tx, HERE, archived=True))
    handed_to(ken, 1, ARIMA)
    channel, ts = posted(ken, ARIMA, "question.handed_over")
    says(ken, ARIMA, "電源を長押ししてください", channel, ts)
    assert read(ken, 1).state == "claimed"
    assert any("電源を長押し" in each for each in letters(ken, NAGI))


def test_who_has_no_part_in_it_any_more_only_keeps_a_word(ken: Prefecture) -> None:
    found = asks(ken)
    question = read(ken, found)
    who = str(question.responsible)
    channel, ts = posted(ken, who, "question.asked")
    ken.write(act, found, Verb.STEP_ASIDE, who, source="action:1")
    message = ken.message(who, "規則の第3条をご覧ください。どうですか", channel=channel, thread=ts)
    assert ken.write(capture.capture, message) is Became.KEPT
    assert not any("第3条" in each for each in shown(ken, MINE))


def test_an_asker_answers_below_a_letter_as_well(ken: Prefecture) -> None:
    root = ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか")
    ken.write(capture.capture, root)
    ken.write(act, 1, Verb.CLAIM, MORI, source="action:1")
    ken.write(act, 1, Verb.ASK_BACK, MORI, source="action:2")
    channel, ts = posted(ken, NAGI, "question.ask_back")
    says(ken, NAGI, "型番はAB-12です", channel, ts)
    assert read(ken, 1).state == "claimed"
    assert any("AB-12" in each for each in letters(ken, MORI)), "nobody else is shown it"
    assert not any("AB-12" in each for each in shown(ken, HERE))


def test_what_is_open_is_answered_in_its_thread(ken: Prefecture) -> None:
    """A direct message never becomes public by itself."""
    ken.write(channels.set_channel_members, HERE, [NAGI, TOKANO, KEN])
    ken.write(capture.capture, ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか"))
    channel, ts = posted(ken, MORI, "question.asked")
    message = ken.message(MORI, "電源を長押ししてください。どうですか", channel=channel, thread=ts)
    assert ken.write(capture.capture, message) is Became.KEPT
