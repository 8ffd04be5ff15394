"""Anybody may do anything in any order: the books balance, everything alive has a person and a next step, and what is
taken back is as it was."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select

from bot.domain.question import MAY, OPEN, State, Verb
from bot.errors import UserError
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture, registering
from handlers.questions.lifecycle.actions import act, undo
from storage import ledger, questions, timelines
from storage.database import Transaction
from storage.engines import writer_engine
from storage.questions import Question
from storage.tables import due_work
from storage.tables import messages as messages_table
from storage.tables import questions as questions_table
from tests.handlers.prefecture import ARIMA, ASKERS, HELPERS, KEN, MORI, OTHER_BODY, Prefecture

WORDS = (
    "パソコンの画面が真っ暗です。どうすればいいですか",
    "VPNがつながりません",
    "仕様書の書き方を教えてください",
    "まだ直りません",
    "ありがとうございました",
    "お世話になっております",
    "電源を入れ直してください",
)
FIELDS = ("device", "net", "procure", "other")
PLANNED = {"next_step", "next_at"}
people = st.sampled_from([*ASKERS, *HELPERS, "U0FREMD"])
words = st.sampled_from(WORDS)
number = st.integers(0, 5)
_examples = itertools.count()


def everything(tx: Transaction) -> list[Question]:
    q = questions_table.c
    ids = tx.connection.execute(select(q.id).where(q.workspace == tx.workspace).order_by(q.id)).scalars()
    return [questions.need(tx, each) for each in list(ids)]


class Life(RuleBasedStateMachine):
    """What can happen to questions."""

    engine: ClassVar[Engine]

    def __init__(self) -> None:
        super().__init__()
        self.ken = Prefecture(self.engine, f"T{next(_examples)}")
        self.ken.set_up()
        self.wrote: list[Incoming] = []
        self.presses = itertools.count()

    def all(self) -> list[Question]:
        return self.ken.read(everything)

    def one(self, place: int) -> Question:
        found = self.all()
        return found[place % len(found)]

    # --- what people do -----------------------------------------------------------------------------------------

    @rule(author=people, text=words, mention=st.booleans())
    def writes(self, author: str, text: str, mention: bool) -> None:
        message = self.ken.message(author, text, mention=mention)
        self.ken.write(capture.capture, message)
        self.wrote.append(message)

    @precondition(lambda self: self.wrote)
    @rule(author=people, text=words, place=number, mention=st.booleans())
    def replies(self, author: str, text: str, place: int, mention: bool) -> None:
        parent = self.wrote[place % len(self.wrote)]
        message = self.ken.message(author, text, thread=parent.thread_ts or parent.ts, mention=mention)
        self.ken.write(capture.capture, message)
        self.wrote.append(message)

    @precondition(lambda self: self.wrote)
    @rule(place=number)
    def the_same_event_comes_again(self, place: int) -> None:
        message = self.wrote[place % len(self.wrote)]
        assert self.ken.write(capture.capture, message) is capture.Became.SEEN_BEFORE

    @precondition(lambda self: self.wrote)
    @rule(place=number, text=words)
    def edits(self, place: int, text: str) -> None:
        old = self.wrote[place % len(self.wrote)]
        edited = f"{self.ken.now.timestamp():.6f}"
        new = Incoming(old.channel, old.ts, old.thread_ts, old.author, text, (), old.mention, edited)
        self.ken.write(capture.edited, new)

    @precondition(lambda self: self.wrote)
    @rule(place=number)
    def deletes(self, place: int) -> None:
        message = self.wrote[place % len(self.wrote)]
        self.ken.write(capture.deleted, message.channel, message.ts, message)

    @precondition(lambda self: self.wrote)
    @rule(place=number, who=people)
    def registers(self, place: int, who: str) -> None:
        message = self.wrote[place % len(self.wrote)]
        self.tries(registering.register, message.channel, message.ts, who)

    @precondition(lambda self: self.all())
    @rule(
        place=number,
        verb=st.sampled_from(sorted(MAY)),
        who=people,
        person=st.sampled_from([None, *HELPERS, *ASKERS]),
        field=st.sampled_from(FIELDS),
    )
    def presses_something(self, place: int, verb: Verb, who: str, person: str | None, field: str) -> None:
        question = self.one(place)
        source = f"{next(self.presses)}"
        if self.tries(act, question.id, verb, who, source=source, person=person, field_id=field):
            after = self.ken.read(questions.need, question.id)
            again = self.ken.write(act, question.id, verb, who, source=source, person=person, field_id=field)
            assert again == after, "the same press again changes nothing"

    @precondition(lambda self: self.all())
    @rule(place=number, who=people)
    def takes_back(self, place: int, who: str) -> None:
        before = self.one(place)
        if not self.tries(undo, before.id, who, source=f"{next(self.presses)}"):
            return
        after = self.ken.read(questions.need, before.id)
        timeline = self.ken.read(timelines.timeline, before.id)
        (deed,) = [event for event in timeline if event.id == timeline[-1].undoes]
        assert deed.actor == who
        assert self.ken.now - deed.at <= timedelta(minutes=10)
        restored = timelines.restored(deed)
        for name in Question.__dataclass_fields__:
            if name in PLANNED:
                continue
            expected = restored[name] if name in restored else getattr(before, name)
            assert getattr(after, name) == expected, name
        assert not self.tries(undo, before.id, who, source=f"{next(self.presses)}"), "not twice"

    @rule(minutes=st.sampled_from([1, 9, 11, 60, 300, 1440, 3 * 1440, 8 * 1440]))
    def time_goes_on(self, minutes: int) -> None:
        self.ken.later(minutes=minutes)

    def tries(self, action: Any, *args: Any, **kwargs: Any) -> bool:
        """Do it, or be refused in a sentence, and then nothing has changed."""
        before = self.all()
        refused: UserError | None = None
        try:
            self.ken.write(action, *args, **kwargs)
        except UserError as error:
            refused = error
        if refused is not None:
            assert refused.sentence.endswith("。")
            assert self.all() == before
        return refused is None

    # --- what is always true ------------------------------------------------------------------------------------

    @invariant()
    def the_books_balance(self) -> None:
        books = self.ken.read(ledger.ledger)
        assert books.balanced
        assert self.ken.read(ledger.source_twice) == 0
        found = self.all()
        assert [each.number for each in found] == list(range(1, len(found) + 1))
        assert books.waiting == len([each for each in found if each.state in OPEN])

    @invariant()
    def everything_alive_has_a_person_and_a_next_step(self) -> None:
        due_at = {each.record_id: each.due_at for each in self.ken.read(_due)}
        assert self.ken.read(ledger.without_next_step) == []
        for each in self.all():
            closed = each.state == State.CLOSED
            assert closed == (each.closed_at is not None) == (each.close_reason is not None)
            assert closed == (each.next_at is None) == (each.next_step is None)
            assert due_at.get(each.id) == each.next_at
            assert (each.answered_at is not None) >= (each.state == State.ANSWERED)
            assert (each.claimed_at is not None) >= (each.state == State.CLAIMED)

    @invariant()
    def it_never_lies_with_whom_it_must_not(self) -> None:
        for each in self.all():
            if each.state == State.CLOSED:
                continue
            aside = self.ken.read(timelines.doers, each.id, "step_aside")
            assert each.responsible not in aside - {KEN}, "who stepped aside"
            assert not (each.responsible == MORI and each.field_id == "procure"), "whose firm may bid"
            assert not (each.responsible == ARIMA and each.municipality_code == OTHER_BODY)

    @invariant()
    def every_word_is_kept_and_belongs_to_one_thing(self) -> None:
        m = messages_table.c
        rows: Sequence[Any] = self.ken.read(
            lambda tx: tx.connection.execute(
                select(m.ts, m.question_id, m.set_aside, m.asks).where(m.workspace == tx.workspace)
            ).all()
        )
        stored = {row.ts for row in rows}
        assert all(row.set_aside is None for row in rows if row.question_id is not None)
        assert all(row.question_id is not None for row in rows if row.asks)
        assert {message.ts for message in self.wrote} <= stored


def _due(tx: Transaction) -> list[Any]:
    d = due_work.c
    query = select(d.record_id, d.due_at).where(d.workspace == tx.workspace, d.kind == "question.next")
    return list(tx.connection.execute(query))


def test_a_questions_life_keeps_its_promises(database_url: str) -> None:
    class OnThisEngine(Life):
        engine = writer_engine(database_url)

    # The promises are the rules'; that both engines keep rows alike needs fewer lives, and PostgreSQL's cost twice as much.
    lives = 20 if database_url.startswith("sqlite") else 8

    run_state_machine_as_test(
        OnThisEngine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=30,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    OnThisEngine.engine.dispose()
