"""Somebody else takes a shift: a colleague who was asked and agreed, or whom a coordinator put there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.question import UNDO_WITHIN
from bot.domain.rota import Turn
from bot.domain.rota_checks import may_take
from bot.domain.rota_gaps import moved
from bot.domain.rota_swaps import Swap, SwapOver, SwapPart, SwapState, SwapVerb, swap_step
from bot.errors import NotYours, UserError
from bot.feature import DueWork
from handlers.common.quiet import told_at
from handlers.common.telling import Letter, tell, tell_all
from handlers.rota import planning
from handlers.rota.office import calendar, called, filled, is_coordinator
from storage import absences, due, duties, duty_reasons, failures, held, outbox, swaps, talents
from storage.database import Transaction
from storage.duties import OVERRIDE, SWAP, Shift
from storage.swaps import Asked

CARD, TOLD, MOVED = "rota.swap", "rota.swap_told", "rota.moved"
ASKS, LAPSES, SETTLED = "rota.swap_asks", "rota.swap_lapses", "rota.swap_settled"
"""Due when the one who is asked begins to work; when the shift begins and nobody answered; and when it can be taken back no
more."""
_NOT_BEFORE = (
    "{who}は、この当番が始まるまでに対応の時間がないため、お願いが届きません。ほかの方を選ぶか、"
    "「お休み」を登録してください。当番は変わっていません。"
)


class AskedAlready(UserError):
    """この当番は、もうほかの方にお願いしています。返事を待つか、取り下げてから、もう一度お願いしてください。"""


def ask(tx: Transaction, shift: Shift, actor: str, taker: str, said: str | None) -> str | None:
    """Ask a colleague, once they work; returns why they cannot, or cannot be asked.

    Raises:
        NotYours, AskedAlready, SwapOver: nothing was changed.
    """
    if shift.user_id != actor:
        raise NotYours()
    if shift.starts <= tx.now:
        raise SwapOver()
    if swaps.waiting(tx, shift.id) is not None:
        raise AskedAlready()
    if problem := cannot(tx, shift.turn, taker):
        return problem
    at = told_at(tx, taker, CARD)
    if at >= shift.starts:
        return _NOT_BEFORE.format(who=called(tx, taker))
    found = swaps.add(tx, shift.id, actor, taker, said)
    if at > tx.now:
        due.schedule(tx, f"{ASKS}:{found.id}", ASKS, found.id, at)
    else:
        outbox.want(tx, _card(found))
    due.schedule(tx, f"{LAPSES}:{found.id}", LAPSES, found.id, shift.starts)
    failures.note(tx, "swap asked", actor=actor, about=taker, shift=shift.id)
    return None


def cannot(tx: Transaction, turn: Turn, taker: str) -> str | None:
    """Why somebody cannot take a turn, as a sentence. Usual hours bind nobody who agrees, or is put there by hand."""
    talent = talents.talent(tx, taker)
    if talent is None or taker == turn.user_id:
        return "アドバイザーの方から、ほかの方を選んでください。"
    gone = [each.rule for each in absences.known(tx) if each.user_id == taker]
    planned = {rota.id for rota in filled(tx)}
    theirs = [
        each.turn
        for each in duties.touching(tx, turn.starts, turn.ends)
        if each.user_id == taker and each.rota_id in planned
    ]
    mine, member = replace(turn, user_id=taker), replace(planning.member_of(talent), hours={})
    return may_take(mine, member, gone, calendar(tx), others=theirs)


def _card(found: Asked) -> outbox.Row:
    return outbox.card(CARD, found.id, "", None, user_id=found.taker, clicked=True)


def part(tx: Transaction, found: Asked, user: str) -> SwapPart:
    """What somebody is to a request.

    Raises:
        NotYours: nothing.
    """
    if user == found.taker:
        return SwapPart.ASKED
    if user == found.giver:
        return SwapPart.ASKER
    if is_coordinator(tx, user):
        return SwapPart.COORDINATOR
    raise NotYours()


def do(tx: Transaction, swap_id: int, verb: SwapVerb, user: str) -> Asked:
    """Agree, decline, withdraw or take back; the same press again changes nothing.

    Raises:
        NotYours, SwapOver, SwapTooLate, SwapBegun: nothing was changed.
    """
    found = swaps.need(tx, swap_id)
    _step(tx, found, verb, part(tx, found, user))
    new = None
    if verb is SwapVerb.ACCEPT:
        shift = duties.need_live(tx, found.duty_id)
        if problem := cannot(tx, shift.turn, found.taker):
            raise SwapOver(problem)
        new = hand_over(tx, shift, found.taker, SWAP)
        due.schedule(
            tx, f"{SETTLED}:{found.id}", SETTLED, found.id, tx.now + UNDO_WITHIN + timedelta(seconds=1)
        )
    elif verb is SwapVerb.TAKE_BACK:
        given = duties.need_live(tx, found.new_duty_id or 0)
        why = duty_reasons.of(tx, [found.duty_id])
        duties.cancel(tx, [given.id])
        duties.restore(tx, found.duty_id)
        duty_reasons.keep(tx, why)
    return _decided(tx, found, _TO[verb], user, new)


_TO = {
    SwapVerb.ACCEPT: SwapState.ACCEPTED,
    SwapVerb.DECLINE: SwapState.DECLINED,
    SwapVerb.WITHDRAW: SwapState.WITHDRAWN,
    SwapVerb.TAKE_BACK: SwapState.TAKEN_BACK,
    SwapVerb.LAPSE: SwapState.LAPSED,
}


def _step(tx: Transaction, found: Asked, verb: SwapVerb, who: SwapPart) -> None:
    """Ask the rule whether that may be done."""
    given = replace(duties.need(tx, found.duty_id).turn, user_id=found.giver)
    swap_step(Swap(found.giver, found.taker, given, found.at, None, found.state), verb, who, tx.now)


def _decided(
    tx: Transaction, found: Asked, state: SwapState, actor: str | None, new: Shift | None = None
) -> Asked:
    """Write it down, edit the card, and tell the other one: nobody is rung for what they did."""
    swaps.decide(tx, found.id, state, None if new is None else new.id)
    _over(tx, found)
    for person in (found.giver, found.taker):
        silent = person == actor or (person == found.taker and state is not SwapState.TAKEN_BACK)
        if not silent and not (person == found.giver and state is SwapState.WITHDRAWN and actor is None):
            key = f"{found.id}:{state.value}:{person}"
            tell(tx, person, TOLD, found.id, key=key, values={"state": state.value})
    failures.note(tx, "swap decided", actor=actor, swap=found.id, state=state.value)
    return swaps.need(tx, found.id)


def _over(tx: Transaction, found: Asked) -> None:
    """Nobody is asked any more; a card that says so is no news to somebody who was not asked yet."""
    for kind in (ASKS, LAPSES):
        due.cancel(tx, f"{kind}:{found.id}")
    outbox.want(tx, _card(found))


def drop(tx: Transaction, gone: Sequence[int]) -> None:
    """Nobody is asked any more to take these shifts, which a new plan gave away or took off: a request that stayed would
    tell its giver one day that they are on duty after all."""
    for found in swaps.waiting_for(tx, gone):
        swaps.decide(tx, found.id, SwapState.LAPSED)
        _over(tx, found)


def asks(tx: Transaction, work: DueWork) -> None:
    """The one who is asked begins to work."""
    found = swaps.need(tx, work.record_id)
    if found.state is SwapState.ASKED:
        outbox.want(tx, _card(found))


def lapses(tx: Transaction, work: DueWork) -> None:
    """The shift begins and nobody answered: it stays with whoever had it."""
    found = swaps.need(tx, work.record_id)
    if found.state is SwapState.ASKED:
        _decided(tx, found, SwapState.LAPSED, None)


def settled(tx: Transaction, work: DueWork) -> None:
    """It cannot be taken back any more: the card shows no button for it."""
    outbox.want(tx, _card(swaps.need(tx, work.record_id)))


def hand_over(tx: Transaction, shift: Shift, to: str, source: str) -> Shift:
    """Let a shift, or what is left of it, be somebody else's."""
    minute = tx.now.replace(second=0, microsecond=0)
    begun = shift.starts < minute  # in its first minute all of it is given: nobody keeps a turn of no length
    starts = minute if begun else shift.starts
    new = duties.give_one(tx, shift.rota_id, replace(shift.turn, user_id=to, starts=starts), source)
    if begun:
        duties.cut(tx, shift.id, starts)
    else:
        duties.cancel(tx, [shift.id])
    return new


def tell_moved(tx: Transaction, before: Sequence[Shift], after: Sequence[Shift], actor: str) -> None:
    """Tell those whose shifts a new plan of any number of rotas changes, each once, unless they made it; requests to swap
    what is gone are over."""
    drop(tx, sorted({each.id for each in before} - {each.id for each in after}))
    changes: dict[str, tuple[list[Shift], list[Shift]]] = defaultdict(lambda: ([], []))
    for rota_id in dict.fromkeys(each.rota_id for each in (*before, *after)):
        was, is_now = (
            {each.turn: each for each in plan if each.rota_id == rota_id} for plan in (before, after)
        )
        gained, lost = _only_in(is_now, was), _only_in(was, is_now)
        for user in moved(was, is_now):
            changes[user][0].extend(gained.get(user, []))
            changes[user][1].extend(lost.get(user, []))
    for shifts in (each for pair in changes.values() for each in pair):
        shifts.sort(key=lambda each: each.starts)
    _tell_changes(tx, {user: each for user, each in changes.items() if user != actor and any(each)})


def _only_in(these: Mapping[Turn, Shift], those: Mapping[Turn, Shift]) -> dict[str, list[Shift]]:
    """The shifts that are in the one plan and not in the other, by person."""
    found = defaultdict[str, list[Shift]](list)
    for turn, shift in these.items():
        if turn not in those:
            found[turn.user_id].append(shift)
    return found


def tell_shifts(tx: Transaction, user: str, gained: Sequence[Shift], lost: Sequence[Shift]) -> None:
    """Tell somebody which shifts are theirs since now, and which are no longer (as they were). What waits to be told of
    other changes goes with it: of a shift that changes again, what it was before the first is what counts."""
    _tell_changes(tx, {user: (gained, lost)})


def _tell_changes(tx: Transaction, changes: Mapping[str, tuple[Sequence[Shift], Sequence[Shift]]]) -> None:
    """The same for many people, in a few statements however many they are."""
    waits = held.still_wait(tx, list(changes), MOVED)
    held.done(tx, [row.id for rows in waits.values() for row in rows], None)
    told = [_change(tx, user, *shifts, waits.get(user, [])) for user, shifts in changes.items()]
    tell_all(tx, MOVED, told)


def _change(
    tx: Transaction, user: str, gained: Sequence[Shift], lost: Sequence[Shift], waits: Sequence[held.Held]
) -> Letter:
    first = [*gained, *lost][0].id
    values: dict[str, Any] = {
        "gained": [each.id for each in gained],
        "lost": [each.id for each in lost],
        "was": {str(each.id): was_like(each) for each in lost if each.user_id == user},
    }
    for row in reversed(waits):
        values = _after(row.values, values)
    key = f"{first}:{user}:{tx.now.isoformat()}:{waits[-1].id if waits else 0}"
    begins = min(each.starts for each in (*gained, *lost))
    return Letter(user, first, key, values, before=begins)


def was_like(shift: Shift) -> list[Any]:
    """What is compared of a shift, to know whether anything changed for whoever has it."""
    return [shift.ends.isoformat(), shift.deputy]


def _after(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Two changes as one, of which nobody heard yet."""
    gained, lost = list(earlier.get("gained", ())), list(earlier.get("lost", ()))
    known = {*gained, *lost}
    new = {number: was for number, was in later["was"].items() if int(number) not in known}
    return {
        "gained": [*gained, *(each for each in later["gained"] if each not in gained)],
        "lost": [*lost, *(each for each in later["lost"] if each not in known)],
        "was": {**earlier.get("was", {}), **new},
    }


def override(tx: Transaction, shift: Shift, to: str, actor: str) -> str | None:
    """A coordinator gives a shift to somebody else; returns why they cannot take it. Both are told, unless they did it."""
    if problem := cannot(tx, shift.turn, to):
        return problem
    drop(tx, [shift.id])
    new = hand_over(tx, shift, to, OVERRIDE)
    # what they had of it stays theirs
    rest = new if duties.need(tx, shift.id).cancelled_at is None else shift
    if shift.user_id != actor:
        tell_shifts(tx, shift.user_id, [], [rest])
    if to != actor:
        tell_shifts(tx, to, [new], [])
    failures.note(tx, "shift given to another", actor=actor, about=to, shift=shift.id)
    return None
