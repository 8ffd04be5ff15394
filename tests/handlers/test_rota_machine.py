"""Anybody may change rotas in any order: nobody is on duty twice at once, whom a change concerns hears of it, and nobody
else does; a gap that nobody was told of is going to be looked at."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from bot.domain.rota_swaps import SwapState, SwapVerb
from bot.errors import UserError
from bot.feature import Outgoing
from handlers.common.doors import Visitor
from handlers.common.lists import Sheet
from handlers.rota import asking, away, filling, gaps, joining, lists, planning, swapping
from handlers.rota.filling import Wanted
from handlers.rota.office import calendar
from storage import absences, due, duties, rotas, swaps, workspace
from storage.database import Transaction
from storage.engines import writer_engine
from storage.tables import due_work, outbox
from storage.tables import swaps as swaps_table
from tests.handlers.prefecture import KEN, Prefecture
from tests.handlers.rotas import HOURS, RENDERERS, WORK, Seen, all_letters, begin, next_due, planned, seen

people = st.sampled_from(list(HOURS))
number = st.integers(0, 7)
_examples = itertools.count()


class Planning(RuleBasedStateMachine):
    """What can happen to two rotas of three people, of whom two work part of the week."""

    engine: ClassVar[Engine]

    def __init__(self) -> None:
        super().__init__()
        self.ken = Prefecture(self.engine, f"T{next(_examples)}")
        self.ken.set_up()
        self.ken.write(begin)
        self.presses = itertools.count()
        self.before_unheard: dict[str, set[Seen]] = {}
        for rota in (0, 1):
            self.fills(rota, 0, 30, "keep")

    # --- what people do -----------------------------------------------------------------------------------------

    @rule(
        rota=st.sampled_from([0, 1]),
        ahead=st.integers(0, 10),
        days=st.integers(0, 40),
        how=st.sampled_from(["keep", "anew"]),
    )
    def fills(self, rota: int, ahead: int, days: int, how: str) -> None:
        def fill(tx: Transaction) -> None:
            first = workspace.today(tx) + timedelta(days=ahead)
            minute = tx.now.replace(second=0, microsecond=0)
            wanted = Wanted(rotas.living(tx)[rota].id, first, first + timedelta(days=days), how, minute)
            found = filling.compute(tx, wanted)
            filling.keep(tx, Visitor(KEN, ""), found, found.mark, f"view:{next(self.presses)}")

        self.does(KEN, fill)

    @rule(
        user=people,
        by=st.sampled_from([None, KEN]),
        ahead=st.integers(0, 12),
        clock=st.integers(0, 20),
        hours=st.sampled_from([3, 8, 24, 72, 240, None]),
    )
    def is_going_to_be_away(
        self, user: str, by: str | None, ahead: int, clock: int, hours: int | None
    ) -> None:
        def enter(tx: Transaction) -> None:
            day = planning.begins(tx, workspace.today(tx) + timedelta(days=ahead)).astimezone(UTC)
            starts = day + timedelta(hours=clock)
            ends = starts + timedelta(hours=hours) if hours else absences.OPEN
            if ends > tx.now:
                away.add(tx, user, starts, ends, said=None, actor=by or user)

        self.does(by or user, enter)

    @rule(place=number)
    def is_back(self, place: int) -> None:
        def withdraw(tx: Transaction) -> None:
            if found := [each for each in absences.known(tx) if each.ends > tx.now]:
                chosen = found[place % len(found)]
                away.withdraw(tx, chosen, chosen.user_id)

        self.does(None, withdraw)

    @rule(user=people, taker=people, place=number)
    def asks(self, user: str, taker: str, place: int) -> None:
        def ask(tx: Transaction) -> None:
            mine = [each for each in planned(tx) if each.user_id == user]
            if mine and taker != user:
                swapping.ask(tx, mine[place % len(mine)], user, taker, None)

        self.does(user, ask)

    @rule(
        place=st.integers(0, 2),
        verb=st.sampled_from([each for each in SwapVerb if each is not SwapVerb.LAPSE]),
        who=st.sampled_from([*HOURS, KEN]),
    )
    def presses_a_button(self, place: int, verb: SwapVerb, who: str) -> None:
        newest = select(swaps_table.c.id).where(swaps_table.c.workspace == self.ken.workspace)
        query = newest.order_by(swaps_table.c.id.desc()).limit(3)
        ids = self.ken.read(lambda tx: list(tx.connection.execute(query).scalars()))
        if ids:
            self.does(who, asking.pressed, ids[place % len(ids)], verb, Visitor(who, ""))

    @rule(place=number, taker=people)
    def gives_to_another(self, place: int, taker: str) -> None:
        def override(tx: Transaction) -> None:
            found = planned(tx)
            if found and found[place % len(found)].user_id != taker:
                swapping.override(tx, found[place % len(found)], taker, KEN)
                gaps.look_soon(tx)

        self.does(KEN, override)

    @rule(place=number, which=st.integers(0, 2))
    def covers_a_gap(self, place: int, which: int) -> None:
        def cover(tx: Transaction) -> None:
            found = gaps.find(tx)
            could = gaps.offers(tx, found[place % len(found)]) if found else ()
            if could:
                rota_id, starts, ends = (int(each) for each in found[place % len(found)].key.split(":"))
                gaps.cover(tx, rota_id, starts, ends, could[which % len(could)].user_id, KEN)

        self.does(KEN, cover)

    @rule(
        rota=st.sampled_from([0, 1]),
        place=number,
        out=st.booleans(),
        since=st.none() | st.integers(-5, 10),
        days=st.none() | st.integers(0, 20),
    )
    def is_in_it_on_other_days(
        self, rota: int, place: int, out: bool, since: int | None, days: int | None
    ) -> None:
        def change(tx: Transaction) -> None:
            rota_id, today = rotas.living(tx)[rota].id, workspace.today(tx)
            inside = rotas.members_of(tx, rota_id)
            if not inside:
                return
            before = inside[place % len(inside)]
            joins = None if since is None else today + timedelta(days=since)
            leaves = None if days is None else (joins or today) + timedelta(days=days)
            if out:
                rotas.remove_member(tx, rota_id, before.id)
            else:
                rotas.change_member(tx, rota_id, before.id, joins, leaves)
            joining._changed(tx, Visitor(KEN, ""), rota_id, before)

        self.does(KEN, change)

    @rule(rota=st.sampled_from([0, 1]), user=people)
    def comes_again(self, rota: int, user: str) -> None:
        def join(tx: Transaction) -> None:
            rota_id = rotas.living(tx)[rota].id
            if user not in {each.user_id for each in rotas.members_of(tx, rota_id)}:
                rotas.add_member(tx, rota_id, user)
                joining._changed(tx, Visitor(KEN, ""), rota_id)

        self.does(KEN, join)

    @rule(every=st.integers(2, 7), many=st.integers(10, 40), other=people, place=number)
    def a_list_is_taken_in(self, every: int, many: int, other: str, place: int) -> None:
        """What was written, with lines left out and one that is somebody else's."""

        def take_in(tx: Transaction) -> None:
            table = lists.list_of_duty(tx)
            rows = [list(row) for n, row in enumerate(table.rows) if n % every][:many]
            if rows:
                rows[place % len(rows)][1:3] = [other, ""]
                lines = tuple((n, tuple(row)) for n, row in enumerate(rows, 2))
                lists.take_in(tx, lists.look_over(tx, Sheet(tuple(table.headers), lines)))

        self.does(None, take_in)

    @rule(minutes=st.sampled_from([1, 9, 11, 60, 300, 1440, 3 * 1440, 8 * 1440]))
    def time_goes_on(self, minutes: int) -> None:
        until = self.ken.now + timedelta(minutes=minutes)
        while (at := self.ken.read(next_due)) is not None and at <= until:
            self.ken.now = max(self.ken.now, at)
            while self.ken.write(due.run_next, WORK) is not None:
                pass
            self.ken.now = min(until, self.ken.now + timedelta(seconds=1))
            if self.ken.now == until:
                break
        self.ken.now = until
        self._heard()

    # --- who hears of it ----------------------------------------------------------------------------------------

    def does(self, actor: str | None, action: Callable[..., Any], *args: Any) -> None:
        """Do it, or be refused in a sentence, and then nothing has changed; look who hears of it."""
        self.ken.now += timedelta(seconds=1)
        before, old = self.ken.read(seen), set(self._letters())
        try:
            self.ken.write(action, *args)
        except UserError as refused:
            error: UserError | None = refused
        else:
            error = None
        if error is not None:
            assert error.sentence
            assert self.ken.read(seen) == before
            return
        after, found = self.ken.read(seen), self._letters()
        for user in HOURS:
            new = [name for key, (name, who) in found.items() if key not in old and who == user]
            waits = any(key[0] for key, (_, who) in found.items() if who == user)
            if before[user] == after[user]:
                assert swapping.MOVED not in new, f"{user} hears of what is as before"
            elif user != actor and not new and not waits:
                assert self.before_unheard.get(user) == after[user], f"{user} hears nothing"
            elif waits:
                self.before_unheard.setdefault(user, before[user])
        self._heard()

    def _letters(self) -> Mapping[tuple[bool, int], tuple[str, str]]:
        """What was sent (False, id) and what waits (True, id), as far as it says something: by which renderer, to whom."""
        rows = self.ken.read(all_letters)
        return {
            key: (name, user)
            for key, name, record, values, user in rows
            if self.ken.read(RENDERERS[name], Outgoing("", name, record, values, True)) is not None
        }

    def _heard(self) -> None:
        waits = {user for (held, _), (_, user) in self._letters().items() if held}
        self.before_unheard = {user: had for user, had in self.before_unheard.items() if user in waits}

    # --- what is always true ------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_on_duty_twice_at_once(self) -> None:
        shifts, office = self.ken.read(planned), self.ken.read(calendar)
        assert all(each.starts < each.ends for each in shifts)
        for one, two in itertools.combinations(shifts, 2):
            if one.user_id == two.user_id:
                begins = max(one.starts, two.starts, self.ken.now)
                assert not office.elapsed(begins, min(one.ends, two.ends)), (one, two)

    @invariant()
    def who_is_asked_to_swap_is_asked_by_who_has_it(self) -> None:
        for user in HOURS:
            for shift_id, found in self.ken.read(swaps.waiting_of, user).items():
                shift = self.ken.read(duties.need, shift_id)
                assert (found.state, shift.user_id) == (SwapState.ASKED, user)
                assert shift.cancelled_at is None
                assert shift.ends > self.ken.now

    @invariant()
    def a_gap_is_told_or_looked_at_soon(self) -> None:
        """What came into sight with the day is looked at in the morning."""
        o, d = outbox.c, due_work.c
        cards = select(o.record_id).where(o.workspace == self.ken.workspace, o.renderer == gaps.CARD)
        looks = select(d.id).where(d.workspace == self.ken.workspace, d.kind == gaps.LOOK)
        if self.ken.read(lambda tx: tx.connection.execute(looks).first()) is not None:
            return
        told = set(self.ken.read(lambda tx: list(tx.connection.execute(cards).scalars())))
        last = self.ken.now + gaps.AHEAD
        for each in self.ken.read(gaps.find):
            week = self.ken.read(gaps._week, each.gap.starts)
            assert week in told or week == self.ken.read(gaps._week, last)


def test_rotas_keep_their_promises_whatever_is_done_to_them(database_url: str) -> None:
    class OnThisEngine(Planning):
        engine = writer_engine(database_url)

    lives = 8 if database_url.startswith("sqlite") else 3
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
