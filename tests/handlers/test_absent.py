"""What somebody has in hand when they begin to be away: it stays, its card says so, and the desk may give it to others."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.question import Verb
from bot.feature import Outgoing
from handlers.common.telling import tell
from handlers.questions.intake.capture import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.shown.render import card
from handlers.rota import away
from storage import absences, due, held, questions
from storage.absences import Absence
from storage.database import Transaction
from storage.tables import outbox
from tests.handlers.prefecture import HERE, KEN, MORI, NAGI, Prefecture
from tests.handlers.test_contracts import BROKEN
from tests.handlers.test_rota import runs, said, tokyo


def in_hand(ken: Prefecture, *, claimed: bool = True) -> int:
    """A question that MORI has, and took."""
    ken.now += timedelta(minutes=3)
    asked = ken.message(NAGI, BROKEN)
    ken.write(capture, asked)
    found = ken.read(questions.in_thread, HERE, asked.ts)
    assert found is not None
    assert found.responsible == MORI
    if claimed:
        ken.write(act, found.id, Verb.CLAIM, MORI, source=f"claim:{found.id}")
    return found.id


def is_away(ken: Prefecture, first: int, until: int) -> Absence:
    """MORI is away in November from the one day until the beginning of the other."""
    return ken.write(away.add, MORI, tokyo(11, first, 0), tokyo(11, until, 0), said="通院", actor=MORI)


def passes(ken: Prefecture, day: int, hour: int, minute: int = 0) -> None:
    ken.now = tokyo(11, day, hour, minute)
    runs(ken)
    ken.run_due()
    runs(ken)


def words(ken: Prefecture, question_id: int) -> str:
    message = ken.read(card, Outgoing("x", "question.card", question_id, {}, False))
    assert message is not None
    return str(message.blocks)


def shown(ken: Prefecture, question_id: int) -> int:
    """How often the card was to be shown."""

    def version(tx: Transaction) -> int:
        o = outbox.c
        row = (o.workspace == tx.workspace, o.renderer == "question.card", o.record_id == question_id)
        return int(tx.connection.execute(select(o.wanted).where(*row)).scalar_one())

    return ken.read(version)


def test_for_a_day_it_stays_and_its_card_says_so_until_they_are_back(ken: Prefecture) -> None:
    taken, given = in_hand(ken), in_hand(ken, claimed=False)
    is_away(ken, 25, 26)
    passes(ken, 24, 18)
    before, rung = shown(ken, taken), ken.rings(NAGI)
    assert "お休み" not in words(ken, taken)
    passes(ken, 25, 8, 31)
    assert ken.read(questions.need, taken).responsible == MORI
    assert ken.read(questions.need, given).responsible not in {MORI, None}
    assert "お休み中です。次の対応日 11/26(木)" in words(ken, taken)
    assert "通院" not in words(ken, taken)
    assert (shown(ken, taken), ken.rings(NAGI)) == (before + 1, rung)
    assert not [key for key in ken.rings(KEN) if away.HELD in key]
    passes(ken, 26, 0, 1)
    assert "お休み" not in words(ken, taken)
    assert shown(ken, taken) == before + 2


def test_a_card_that_changed_on_a_weekend_off_says_so_no_longer_than_that(ken: Prefecture) -> None:
    taken = in_hand(ken)
    is_away(ken, 28, 30)
    passes(ken, 28, 12)
    assert "お休み中です" in words(ken, taken)
    before = shown(ken, taken)
    passes(ken, 30, 0, 1)
    assert shown(ken, taken) == before + 1
    assert "お休み" not in words(ken, taken)


def test_for_days_the_desk_hears_once_which_it_may_give_to_others(ken: Prefecture) -> None:
    taken = in_hand(ken)
    found = is_away(ken, 25, 28)
    for hour in (9, 11):
        passes(ken, 25, hour)
    number = ken.read(questions.need, taken).number
    ((who, text),) = said(ken, away.HELD)
    assert who == KEN
    assert f"11月25日(水)〜11月27日(金) お休みです。対応中の相談があります:No.{number}。" in text
    ken.write(away.withdraw, found, MORI)
    passes(ken, 25, 12)
    assert said(ken, away.HELD) == []
    assert "お休み" not in words(ken, taken)


def test_a_bot_that_was_stopped_on_the_first_day_tells_the_desk_all_the_same(ken: Prefecture) -> None:
    in_hand(ken)
    is_away(ken, 25, 27)
    passes(ken, 26, 15)
    assert [who for who, _ in said(ken, away.HELD)] == [KEN]


def test_what_somebody_takes_while_they_are_away_they_work_at(ken: Prefecture) -> None:
    taken = in_hand(ken, claimed=False)
    now = ken.now
    ken.write(absences.add, MORI, now, now + timedelta(days=3), said=None, made_by=MORI)
    ken.now += timedelta(minutes=1)
    ken.write(act, taken, Verb.CLAIM, MORI, source="claim")
    assert "お休み" not in words(ken, taken)


def test_until_further_notice_is_an_absence_until_they_are_back(ken: Prefecture) -> None:
    taken, given = in_hand(ken), in_hand(ken, claimed=False)
    ken.write(tell, MORI, "question.remind", taken, key="before", day=tokyo(11, 25, 0))
    found = ken.write(away.add, MORI, tokyo(11, 24, 0), absences.OPEN, said=None, actor=MORI)
    for hour in (11, 12):
        passes(ken, 24, hour)
    assert ken.read(questions.need, given).responsible not in {MORI, None}
    assert "お休み中です。次の対応日 未定" in words(ken, taken)
    ((who, text),) = said(ken, away.HELD)
    assert who == KEN
    assert "11月24日(火)から(終わりは未定) お休みです。" in text
    ken.write(tell, MORI, "question.remind", taken, key="meanwhile")
    assert away_letters(ken) == {absences.OPEN}
    passes(ken, 30, 10)
    assert away_letters(ken) == {absences.OPEN}, "nobody is rung while they are away"
    assert not ken.read(due.is_scheduled, f"{away.BEGINS}:{found.id}")

    ken.write(away.withdraw, found, MORI)
    passes(ken, 30, 10, 1)
    assert "お休み" not in words(ken, taken)
    assert away_letters(ken) == {tokyo(12, 1, 9)}
    (over,) = ken.read(absences.known)
    assert (over.starts, over.ends) == (tokyo(11, 24, 0), tokyo(11, 30, 10))


def away_letters(ken: Prefecture) -> set[datetime]:
    """When MORI is told what waits."""
    return {each.due_at for each in ken.read(held.all_waiting, MORI)}


def test_what_waits_for_whom_the_upgrade_made_absent_waits_on(ken: Prefecture) -> None:
    taken = in_hand(ken)
    ken.write(tell, MORI, "question.remind", taken, key="x")
    found = ken.write(absences.add, MORI, ken.now, absences.OPEN, said=None, made_by=MORI)
    ken.write(due.schedule, f"{away.BEGINS}:{found.id}", away.BEGINS, found.id, ken.now)
    runs(ken)
    assert away_letters(ken) == {absences.OPEN}


def test_what_was_to_ring_on_a_day_off_waits_until_they_are_back(ken: Prefecture) -> None:
    taken = in_hand(ken)
    ken.write(tell, MORI, "question.remind", taken, key="x")
    assert away_letters(ken) == {tokyo(11, 25, 9)}
    found = is_away(ken, 25, 27)
    assert away_letters(ken) == {tokyo(11, 27, 9)}
    ken.write(away.withdraw, found, MORI)
    assert away_letters(ken) == {tokyo(11, 25, 9)}
