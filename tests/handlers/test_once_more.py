"""Whose a question is when a first reply is owed once more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.question import Verb
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from storage import absences, duties, members, questions, talents, workspace
from storage.database import Transaction
from storage.questions import Question
from storage.tables import questions as table
from tests.handlers.prefecture import ARIMA, KEN, MORI, NAGI, TOKANO, Prefecture

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
STAFF = "U0STAFF"


def the_question(tx: Transaction) -> Question:
    return questions.need(tx, tx.connection.execute(table.select()).one().id)


def asked(ken: Prefecture) -> Incoming:
    message = ken.message(NAGI, BROKEN)
    ken.write(capture.capture, message)
    return message


def press(ken: Prefecture, verb: Verb, who: str) -> None:
    ken.write(act, ken.read(the_question).id, verb, who, source=f"{verb}:{who}:{ken.now}")


def say(ken: Prefecture, root: Incoming, who: str, text: str) -> None:
    ken.write(capture.capture, ken.message(who, text, thread=root.ts))


def change_mori(ken: Prefecture, **values: Any) -> None:
    known: dict[str, Any] = {"user_id": MORI, "name": "MORI 氏", "role": "engineer", "fields": ["device"]}
    ken.write(lambda tx: talents.save_talent(tx, **{**known, "conflicts": ["procure"], **values}))
    if "working_hours" in values:  # their turns of duty follow them
        later = ken.now + timedelta(days=60)
        ken.write(lambda tx: duties.remove_hours(tx, ken.now - timedelta(days=1), later, users=[MORI]))


def answered_by(ken: Prefecture, who: str) -> Incoming:
    root = asked(ken)
    say(ken, root, who, "電源を入れ直してください")
    press(ken, Verb.ANSWER, who)
    return root


def test_staff_whom_routing_would_never_ask_keep_what_they_took(ken: Prefecture) -> None:
    row = {"user_id": STAFF, "name": "県 花子", "permission": "staff"}
    ken.write(lambda tx: members.save_members(tx, [row]))
    root = answered_by(ken, STAFF)
    say(ken, root, NAGI, "まだ映りません")
    found = ken.read(the_question)
    assert (found.state, found.responsible, list(found.reasons)) == ("reopened", STAFF, [])


def test_who_is_absent_now_does_not_get_it_back(ken: Prefecture) -> None:
    root = answered_by(ken, MORI)
    ken.write(absences.add, MORI, ken.now, absences.OPEN, said=None, made_by=MORI)
    say(ken, root, NAGI, "まだ映りません")
    assert ken.read(the_question).responsible == ARIMA
    assert [key for key in ken.rings(ARIMA) if "handed_over" in key]


def test_where_the_prefecture_takes_in_first_it_goes_back_to_the_desk(ken: Prefecture) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, intake="desk"))
    root = answered_by(ken, MORI)
    change_mori(ken, working_hours="月 9:00-17:00")
    say(ken, root, NAGI, "まだ映りません")
    found = ken.read(the_question)
    assert (found.responsible, list(found.reasons)) == (KEN, ["coordinator"])


def test_an_answer_to_what_nobody_had_claimed_finds_somebody_in_time(ken: Prefecture) -> None:
    root = asked(ken)
    press(ken, Verb.ASK_BACK, KEN)
    change_mori(ken, working_hours="月 9:00-17:00")
    ken.now = datetime.fromisoformat("2026-11-25T01:00:00+00:00")
    say(ken, root, NAGI, "富士通のA577です")
    found = ken.read(the_question)
    assert (found.state, found.responsible) == ("assigned", ARIMA)
    (key,) = ken.rings(ARIMA)
    assert "handed_over" in key


def test_with_nobody_left_it_stays_where_it_was(ken: Prefecture) -> None:
    root = answered_by(ken, MORI)
    rows = [{"user_id": user, "name": user, "deactivated": True} for user in (MORI, ARIMA, TOKANO, KEN)]
    ken.write(lambda tx: members.save_members(tx, rows, overwrite=["deactivated"]))
    say(ken, root, NAGI, "まだ映りません")
    found = ken.read(the_question)
    assert (found.state, found.responsible) == ("reopened", MORI)
    assert found.next_at is not None
