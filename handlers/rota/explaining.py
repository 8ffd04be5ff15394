"""Why a turn is whose it is: remembered when a plan is kept, and said to whoever has it or makes the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.rota import Because, Turn
from bot.domain.rota_words import because_words, other_words
from bot.domain.text import escape
from handlers.rota.office import is_coordinator, zone
from storage import duty_reasons, members
from storage.database import Transaction
from storage.duties import HAND, LIST, OVERRIDE, SWAP, Shift

_BY_PEOPLE = {
    SWAP: "交代で引き受けた当番です",
    LIST: "県の担当が、一覧で決めました",
    OVERRIDE: "県の担当が決めました",
    HAND: "県の担当が決めました",
}


def remember(
    tx: Transaction,
    given: Sequence[Shift],
    why: Mapping[Turn, Because],
    before: Sequence[Shift],
    known: Mapping[int, Because],
) -> None:
    """Keep why these shifts, new in a plan, are whose they are; what is left of one that was there `before` is theirs for
    the reason that was `known` of all of it, by id."""
    found = {each.id: why.get(each.turn) or known.get(_of_which(each, before)) for each in given}
    duty_reasons.keep(tx, {number: because for number, because in found.items() if because is not None})


def _of_which(part: Shift, before: Sequence[Shift]) -> int:
    mine = (each for each in before if (each.user_id, each.deputy) == (part.user_id, part.deputy))
    return next((each.id for each in mine if each.starts <= part.starts and part.ends <= each.ends), 0)


def sentences(tx: Transaction, shifts: Sequence[Shift]) -> dict[int, str]:
    """Why, by shift, in words that whoever has it may read; none of a turn that was planned before reasons were kept."""
    known = duty_reasons.of(tx, [each.id for each in shifts])
    said = {
        each.id: because_words(known[each.id], zone(tx))
        if each.id in known
        else _BY_PEOPLE.get(each.source, "")
        for each in shifts
    }
    return {number: f"決めたわけ:{why}" for number, why in said.items() if why}


def lines(tx: Transaction, shift: Shift, reader: str) -> list[str]:
    """The same of one shift; coordinators read as well what kept others from it."""
    found = list(sentences(tx, [shift]).values())
    because = duty_reasons.of(tx, [shift.id]).get(shift.id)
    if because is None or not because.others or not is_coordinator(tx, reader):
        return found
    names = {each.user_id: escape(members.name_of(tx, each.user_id)) for each in because.others}
    return [*found, "ほかの方(決めたとき)|" + "、".join(other_words(because, names))]
