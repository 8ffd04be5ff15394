"""Letters that wait: until their reader works, or for the morning; what has nothing to say any more is not sent. On either
engine."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.bolt import FEATURES
from bot.domain.question import Verb
from bot.feature import Outgoing
from handlers.common import quiet
from handlers.common.telling import LETTERS, reached, tell, told
from handlers.home.morning import MORNING, _renderers, letters_due, morning
from handlers.questions import FEATURE
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.lifecycle.repairing import anything_to_repair, repair
from handlers.questions.lifecycle.ringing import of
from handlers.rota import away
from storage import due, held, members
from storage.database import Transaction
from storage.tables import outbox as table
from tests.handlers.desk import asks, read
from tests.handlers.faq import newest
from tests.handlers.prefecture import ARIMA, KEN, MORI, NAGI, TOKANO, Prefecture

NETWORK = "VPNがつながりません。どうすればいいですか"
NIGHT, MORNING_NINE = timedelta(hours=10), timedelta(days=1) - timedelta(hours=1)


def tells(ken: Prefecture) -> int:
    """Run the letters that are due; returns how many people were looked at."""
    count = 0
    while ken.write(due.run_next, {LETTERS: letters_due}) is not None:
        count += 1
    return count


def sent(ken: Prefecture, user: str) -> list[str]:
    o = table.c
    query = select(o.renderer).where(o.workspace == ken.workspace, o.user_id == user, o.kind == "direct")
    return ken.read(lambda tx: list(tx.connection.execute(query.order_by(o.id)).scalars()))


def asked(ken: Prefecture, count: int = 1) -> list[int]:
    """Questions about the network: their adviser does not sit in the channel, and is written to."""
    found = []
    for number in range(count):
        ken.now += timedelta(minutes=3)
        ken.write(capture.capture, ken.message(NAGI, f"{number}。{NETWORK}"))
        found.append(newest(ken))
    return found


def test_every_name_in_the_table_renders_something() -> None:
    known = {name for feature in FEATURES for name in feature.renderers}
    assert known >= quiet.AT_ANY_HOUR | quiet.IN_THE_MORNING
    assert not quiet.AT_ANY_HOUR & quiet.IN_THE_MORNING


def test_whatever_can_be_told_can_wait_and_still_be_told() -> None:
    """The morning's letter renders what it is made of: it must know all that any feature renders."""
    known = {name for feature in FEATURES if feature.name != "home" for name in feature.renderers}
    assert set(_renderers()) == known


def test_a_new_question_at_night_comes_when_its_adviser_begins_and_once(ken: Prefecture) -> None:
    began = ken.now
    ken.now = began + NIGHT
    (question_id,) = asked(ken)
    assert read(ken, question_id).responsible == ARIMA
    key = f"{question_id}:asked"
    assert ken.read(told, "question.asked", key)
    assert not ken.read(reached, "question.asked", key)
    for _ in range(2):
        ken.write(tell, ARIMA, "question.asked", question_id, key=key)
    assert (tells(ken), sent(ken, ARIMA)) == (0, [])
    ken.now = began + MORNING_NINE - timedelta(minutes=1)
    assert tells(ken) == 0
    ken.now = began + MORNING_NINE
    assert (tells(ken), sent(ken, ARIMA)) == (1, ["question.asked"])
    ken.write(tell, ARIMA, "question.asked", question_id, key=key)
    assert (tells(ken), sent(ken, ARIMA)) == (0, ["question.asked"])
    assert ken.read(held.waiting) == 0


def test_more_than_three_at_night_are_one_letter(ken: Prefecture) -> None:
    began = ken.now
    ken.now = began + NIGHT
    ids = asked(ken, 5)
    ken.write(act, ids[0], Verb.WITHDRAW, NAGI, source="action:gone")
    ken.now = began + MORNING_NINE
    tells(ken)
    assert sent(ken, ARIMA) == [MORNING]
    values = ken.read(
        lambda tx: tx.connection.execute(
            select(table.c["values"]).where(table.c.renderer == MORNING)
        ).scalar_one()
    )
    shown = ken.read(morning, Outgoing("", MORNING, 0, values, True))
    assert shown is not None
    assert "朝のまとめ(4件)" in shown.text
    assert "No.1 " not in shown.text, "it was withdrawn"
    for each in ids[1:4]:
        ken.write(act, each, Verb.CLAIM, KEN, source=f"action:{each}")
    alone = ken.read(morning, Outgoing("", MORNING, 0, values, True))
    assert alone is not None
    assert alone.text.startswith("相談 No.5"), "as if it had come alone"
    ken.write(act, ids[4], Verb.CLAIM, KEN, source="action:last")
    assert ken.read(morning, Outgoing("", MORNING, 0, values, True)) is None, "nobody is rung for nothing"


def test_what_was_taken_back_before_anybody_read_it_says_nothing_at_all(ken: Prefecture) -> None:
    began = ken.now
    question_id = asks(
        ken, NAGI, "画面が真っ暗です。どうすればいいですか", field_id="device", audience="open"
    )
    assert read(ken, question_id).responsible == MORI
    ken.now = began + NIGHT
    ken.write(act, question_id, Verb.HAND_OVER, KEN, source="action:1", person=TOKANO)
    handed = ken.now
    ken.now += timedelta(minutes=1)
    ken.write(undo, question_id, KEN, source="action:2")
    ken.now = began + MORNING_NINE
    tells(ken)
    assert sent(ken, TOKANO) == []
    assert not ken.read(reached, "question.handed_over", f"{question_id}:{of(handed)}")


def test_what_was_handed_over_again_before_the_morning_is_told_once(ken: Prefecture) -> None:
    began = ken.now
    question_id = asks(
        ken, NAGI, "画面が真っ暗です。どうすればいいですか", field_id="device", audience="open"
    )
    ken.now = began + NIGHT
    for number in range(2):
        ken.write(act, question_id, Verb.HAND_OVER, KEN, source=f"action:{number}", person=TOKANO)
        ken.now += timedelta(minutes=1)
        if number == 0:
            ken.write(undo, question_id, KEN, source="action:undone")
            ken.now += timedelta(minutes=1)
    ken.now = began + MORNING_NINE
    tells(ken)
    assert sent(ken, TOKANO) == ["question.handed_over"]


def test_what_was_read_in_the_morning_letter_was_read(ken: Prefecture) -> None:
    """What asks whether somebody has a letter finds it in the one with the others too."""
    began = ken.now
    ken.now = began + NIGHT
    ids = asked(ken, 5)
    ken.now = began + MORNING_NINE
    tells(ken)
    key = f"{ids[0]}:asked"
    assert not ken.read(reached, "question.asked", key), "it is on its way"
    ken.write(
        lambda tx: void(tx.connection.execute(table.update().values(posted_ts="1.0", posted_channel="D1")))
    )
    assert ken.read(reached, "question.asked", key)
    tells(ken)
    assert sent(ken, ARIMA) == [MORNING]


def void(_: object) -> None:
    return None


def test_who_chose_to_hear_at_once_waits_for_their_hours_only(ken: Prefecture) -> None:
    question_id = asks(ken, NAGI, NETWORK, field_id="net", audience="open")
    ken.write(act, question_id, Verb.CLAIM, MORI, source="action:1")
    ken.write(tell, MORI, "question.remind", question_id, key="one")
    assert sent(ken, MORI) == []
    ken.write(members.set_letters, MORI, quiet.AT_ONCE)
    ken.write(tell, MORI, "question.remind", question_id, key="two")
    assert sent(ken, MORI) == ["question.remind"]
    ken.now += NIGHT
    ken.write(tell, MORI, "question.remind", question_id, key="three")
    assert sent(ken, MORI) == ["question.remind"]


def test_hours_that_nobody_can_read_mean_the_offices(ken: Prefecture) -> None:
    def when(tx: Transaction, user: str) -> bool:
        return quiet.told_at(tx, user, "question.asked") == tx.now

    assert ken.read(when, "U0NOBODY")
    ken.now += timedelta(hours=2, minutes=30)  # 12:30, lunch
    assert not ken.read(when, "U0NOBODY")
    assert ken.read(when, MORI), "an adviser from nine to five"


def test_forty_late_questions_are_one_letter_that_says_so(ken: Prefecture) -> None:
    """Three weeks asleep: each question goes one step on, and whoever gets them hears of all at once."""
    ids, people = asked(ken, 40), (ARIMA, MORI, TOKANO, KEN)
    ken.now += timedelta(days=21)
    before = {user: sent(ken, user) for user in people}
    ken.write(due.run_next, FEATURE.due_work)
    ken.now += quiet.GATHER
    ken.write(due.run_next, {LETTERS: letters_due})
    assert {user: sent(ken, user) for user in people} == before, "thirty-nine are still to come"
    ken.run_due()
    mine = [user for user in people if any("escalated" in key for key in ken.rings(user))]
    assert {read(ken, each).responsible for each in ids} <= set(mine)
    assert {user: sent(ken, user) for user in people} == before, "all of it is gathered first"
    ken.now += quiet.GATHER
    tells(ken)
    assert {user: sent(ken, user) for user in mine} == {user: [*before[user], MORNING] for user in mine}
    query = select(table.c["values"]).where(table.c.renderer == MORNING).limit(1)
    values = ken.read(lambda tx: tx.connection.execute(query).scalar_one())
    shown = ken.read(morning, Outgoing("", MORNING, 0, values, True))
    assert shown is not None
    assert shown.text.startswith(f"お待たせしています({len(values['letters'])}件)")
    assert "Banso が止まっていたため" in str(shown.blocks)
    assert len(shown.blocks or []) < 50
    assert len(shown.text) <= 600
    ken.run_due()
    assert tells(ken) == 0


def test_what_is_late_and_done_slowly_is_still_one_letter(ken: Prefecture) -> None:
    """The seconds of the first are over, those of the second are not."""
    asked(ken, 2)
    ken.now += timedelta(days=21)
    people = (ARIMA, MORI, TOKANO, KEN)
    before = {user: sent(ken, user) for user in people}
    for _ in range(2):
        ken.write(due.run_next, FEATURE.due_work)
        ken.now += quiet.GATHER - timedelta(seconds=2)
    tells(ken)
    new = [sent(ken, user)[len(before[user]) :] for user in people]
    assert [each for each in new if each] == [[MORNING]]


def test_letters_that_nothing_would_tell_get_their_due_row_again(ken: Prefecture) -> None:
    began = ken.now
    ken.now = began + NIGHT
    asked(ken, 1)
    ken.write(due.cancel, f"{LETTERS}:{ARIMA}")
    assert ken.read(anything_to_repair)
    ken.write(repair)
    assert not ken.read(anything_to_repair)
    ken.now = began + MORNING_NINE
    assert (tells(ken), sent(ken, ARIMA)) == (1, ["question.asked"])


def test_an_absence_entered_for_somebody_at_night_is_told_in_the_morning(ken: Prefecture) -> None:
    began = ken.now
    ken.now = began + NIGHT
    first = began + timedelta(days=30)
    ken.write(lambda tx: away.add(tx, MORI, first, first + NIGHT, said=None, actor=KEN))
    assert sent(ken, MORI) == []
    ken.now = began + timedelta(days=9)
    tells(ken)
    assert sent(ken, MORI) == [away.FOR_YOU]


def test_what_no_one_can_render_is_not_dropped(ken: Prefecture) -> None:
    """Delivery complains of it, by name; an operator hears."""
    began = ken.now
    ken.now = began + NIGHT
    ken.write(tell, MORI, "gone.since", 1, key="one")
    ken.now = began + MORNING_NINE
    tells(ken)
    assert sent(ken, MORI) == ["gone.since"]
