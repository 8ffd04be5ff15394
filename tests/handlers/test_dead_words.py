"""A word that cannot be shown where it should: each person hears of it once, and who wrote it too. On either engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.question import Verb
from bot.feature import DeadLetter
from handlers.members import actions as members_actions
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.lifecycle.undelivered import on_dead_letter
from storage import dead_letters
from storage.database import Transaction
from storage.questions import Question
from storage.tables import outbox
from tests.handlers.desk import DESK, MINE, asks, letters, read, with_desk
from tests.handlers.prefecture import ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture


def dies(ken: Prefecture, channel: str, error: str = "is_archived", *, user: str | None = None) -> None:
    """Everything that should go to a place, or to a person, is given up."""
    o = outbox.c
    place = o.user_id == user if user else o.channel == channel
    mine = (o.workspace == ken.workspace, place, o.wanted > o.sent, o.dead_at.is_(None), o.kind != "mark")

    def give_up(tx: Transaction) -> None:
        names = ("uid", "kind", "renderer", "record_id", "channel", "user_id", "sent")
        query = select(*[o[name] for name in names]).where(*mine).order_by(o.id)
        for row in list(tx.connection.execute(query)):
            values = {"dead_at": tx.now, "error": error}
            tx.connection.execute(update(outbox).where(o.uid == row.uid).values(**values))
            uid, kind, renderer, record, *to, sent = row
            on_dead_letter(tx, DeadLetter(uid, kind, renderer, record, to[0], to[1], sent, error))

    ken.write(give_up)


def says(ken: Prefecture, who: str, text: str, channel: str, thread: str | None, **more: Any) -> Incoming:
    ken.now += timedelta(minutes=3)
    message = ken.message(who, text, channel=channel, thread=thread)
    ken.write(capture.capture, message)
    return message


def at_the_desk(ken: Prefecture, *people: str) -> Question:
    with_desk(ken, people or (KEN, MORI))
    found = read(ken, asks(ken, field_id="device"))
    assert found.responsible == MORI
    ken.write(act, found.id, Verb.CLAIM, MORI, source="action:claim")
    return read(ken, found.id)


def archive(ken: Prefecture) -> None:
    ken.write(members_actions.lost, DESK, "archived")
    ken.run_due()


@pytest.mark.parametrize("answered", [True, False])
def test_one_letter_for_each_word_when_the_desk_is_archived(ken: Prefecture, answered: bool) -> None:
    question = at_the_desk(ken)
    if answered:
        ken.write(act, question.id, Verb.ANSWER, MORI, source="action:1")
    archive(ken)
    before = letters(ken, MORI)
    for word in ("まだ映りません。どうすればよいですか", "明日までに知りたいです"):
        says(ken, NAGI, word, MINE, question.thread_ts)
        dies(ken, DESK)
        ken.run_due()
        assert sum(word in each for each in letters(ken, MORI)[len(before) :]) == 1
    assert len(letters(ken, MORI)) == len(before) + 2


def test_who_gets_it_anew_reads_the_word_in_the_letter_that_gives_it_to_them(ken: Prefecture) -> None:
    question = at_the_desk(ken, KEN, MORI, TOKANO)
    ken.write(act, question.id, Verb.ANSWER, MORI, source="action:1")
    archive(ken)
    ken.write(members_actions.save_users, [{"id": MORI, "name": "M", "deleted": True}])
    says(ken, NAGI, "まだ映りません。どうすればよいですか", MINE, question.thread_ts)
    dies(ken, DESK)
    ken.run_due()
    now = str(read(ken, question.id).responsible)
    assert now != MORI
    assert sum("まだ映りません" in each for each in letters(ken, now)) == 1


def test_who_wrote_a_word_that_did_not_reach_the_asker_hears_of_it(ken: Prefecture) -> None:
    question = at_the_desk(ken)
    word = says(ken, MORI, "規則の第3条をご覧ください", DESK, question.desk_ts)
    dies(ken, MINE, "user_disabled")
    (letter,) = [each for each in letters(ken, MORI) if "届きませんでした" in each]
    assert "規則の第3条をご覧ください" in letter
    assert "保存してあります" in letter
    assert "ほかの方法でお伝えください" in letter
    assert "このメッセージに返信して" not in letter
    assert not [each for each in letters(ken, NAGI) if "届きませんでした" in each]
    says(ken, KEN, "様式もお送りします", DESK, question.desk_ts)
    dies(ken, MINE, "user_disabled")
    assert sum("届きませんでした" in each for each in letters(ken, KEN)) == 1, "each their own words"
    assert sum("届きませんでした" in each for each in letters(ken, MORI)) == 1
    ken.write(capture.deleted, word.channel, word.ts, None)
    assert not [each for each in letters(ken, MORI) if "届きませんでした" in each], "they took it back"


def test_who_has_the_question_hears_once_of_a_colleague_s_words_too(ken: Prefecture) -> None:
    question = at_the_desk(ken)
    for word in ("様式もお送りします", "期限は金曜です"):
        says(ken, KEN, word, DESK, question.desk_ts)
        dies(ken, MINE, "user_disabled")
    lost = {user: [each for each in letters(ken, user) if "届きませんでした" in each] for user in (KEN, MORI)}
    assert len(lost[KEN]) == 2
    (letter,) = lost[MORI]
    assert "様式もお送りします" in letter
    ken.write(dead_letters.retry_dead)
    assert not [each for each in letters(ken, MORI) if "届きませんでした" in each]


def test_once_it_arrives_after_all_nothing_is_said(ken: Prefecture) -> None:
    question = at_the_desk(ken)
    says(ken, MORI, "規則の第3条をご覧ください", DESK, question.desk_ts)
    dies(ken, MINE, "user_disabled")
    ken.write(dead_letters.retry_dead)
    assert not [each for each in letters(ken, MORI) if "届きませんでした" in each]


def test_a_letter_to_the_asker_that_cannot_be_delivered_is_told_to_who_has_the_question(
    ken: Prefecture,
) -> None:
    ken.write(capture.capture, ken.message(ITSUKI, "パソコンの画面が真っ暗です。どうすればいいですか"))
    ken.write(act, 1, Verb.CLAIM, MORI, source="action:1")
    ken.write(act, 1, Verb.ANSWER, MORI, source="action:2")
    dies(ken, "", "user_disabled", user=ITSUKI)
    assert sum("届きませんでした" in each for each in letters(ken, MORI)) == 1
