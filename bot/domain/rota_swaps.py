"""Swaps as data: one asks another to take a turn, perhaps for one of theirs; what may follow, and what it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.domain.question import UNDO_WITHIN
from bot.domain.rota import Turn, in_order
from bot.errors import UserError


class SwapOver(UserError):
    """この交代のお願いは、もう終わっています。当番は変わっていません。"""


class SwapNotYours(UserError):
    """この操作は、交代を頼んだ方・頼まれた方と県の担当ができます。当番は変わっていません。"""


class SwapTooLate(UserError):
    """交代を取り消せる時間(10分)を過ぎました。当番はそのままです。もう一度交代するときは、相手の方に新しくお願いしてください。"""


class SwapBegun(UserError):
    """当番がもう始まっているため、交代できません。当番は変わっていません。お急ぎのときは県の担当へお知らせください。"""


class SwapState(StrEnum):
    """Where a request to swap stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


class SwapVerb(StrEnum):
    """What can be done to it. `LAPSE`: the turn begins and nobody answered; only the clock does that."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    LAPSE = "lapse"


class SwapPart(StrEnum):
    """What somebody is to a swap."""

    ASKER = "asker"
    ASKED = "asked"
    COORDINATOR = "coordinator"
    SYSTEM = "system"


FROM: MappingProxyType[SwapVerb, SwapState] = MappingProxyType(
    {
        SwapVerb.ACCEPT: SwapState.ASKED,
        SwapVerb.DECLINE: SwapState.ASKED,
        SwapVerb.WITHDRAW: SwapState.ASKED,
        SwapVerb.TAKE_BACK: SwapState.ACCEPTED,
        SwapVerb.LAPSE: SwapState.ASKED,
    }
)
TO: MappingProxyType[SwapVerb, SwapState] = MappingProxyType(
    {
        SwapVerb.ACCEPT: SwapState.ACCEPTED,
        SwapVerb.DECLINE: SwapState.DECLINED,
        SwapVerb.WITHDRAW: SwapState.WITHDRAWN,
        SwapVerb.TAKE_BACK: SwapState.TAKEN_BACK,
        SwapVerb.LAPSE: SwapState.LAPSED,
    }
)
MAY: MappingProxyType[SwapVerb, frozenset[SwapPart]] = MappingProxyType(
    {
        SwapVerb.ACCEPT: frozenset({SwapPart.ASKED}),
        SwapVerb.DECLINE: frozenset({SwapPart.ASKED}),
        SwapVerb.WITHDRAW: frozenset({SwapPart.ASKER, SwapPart.COORDINATOR}),
        SwapVerb.TAKE_BACK: frozenset({SwapPart.ASKER, SwapPart.ASKED, SwapPart.COORDINATOR}),
        SwapVerb.LAPSE: frozenset({SwapPart.SYSTEM}),
    }
)
"""A coordinator moves a turn by hand and needs no swap; nobody accepts in somebody else's name."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A request: `asker` gives `given` to `asked`, for `returned` or for nothing. `at`: when its state began.

    Raises ValueError where the turns are not theirs to give.
    """

    asker: str
    asked: str
    given: Turn
    at: datetime
    returned: Turn | None = None
    state: SwapState = SwapState.ASKED

    def __post_init__(self) -> None:
        theirs = self.returned is None or self.returned.user_id == self.asked
        if self.asker == self.asked or self.given.user_id != self.asker or not theirs:
            raise ValueError(f"no swap: {self}")

    @property
    def begins(self) -> datetime:
        """When the first of its turns begins: until then it can be agreed on."""
        return min(turn.starts for turn in (self.given, self.returned) if turn is not None)


def swap_step(swap: Swap, verb: SwapVerb, part: SwapPart, now: datetime) -> Swap:
    """The swap after somebody did something to it.

    Raises:
        SwapOver: it is not in the state for this.
        SwapNotYours: somebody else may.
        SwapBegun: a turn has begun meanwhile.
        SwapTooLate: it was accepted longer ago than can be taken back.
    """
    if swap.state is not FROM[verb]:
        raise SwapOver
    if part not in MAY[verb]:
        raise SwapNotYours
    if verb is SwapVerb.TAKE_BACK and now > swap.at + UNDO_WITHIN:
        raise SwapTooLate
    if verb in {SwapVerb.ACCEPT, SwapVerb.TAKE_BACK} and now >= swap.begins:
        raise SwapBegun
    return replace(swap, state=TO[verb], at=now)


def swapped(turns: Iterable[Turn], swap: Swap) -> list[Turn]:
    """The plan with an agreed swap, in order.

    Raises:
        SwapOver: one of its turns is no longer in the plan.
    """
    return _exchanged(turns, _wanted(swap))


def swapped_back(turns: Iterable[Turn], swap: Swap) -> list[Turn]:
    """The plan as it was before an agreed swap, in order.

    Raises:
        SwapOver: one of its turns is no longer in the plan.
    """
    return _exchanged(turns, {after: before for before, after in _wanted(swap).items()})


def _wanted(swap: Swap) -> dict[Turn, Turn]:
    found = {swap.given: replace(swap.given, user_id=swap.asked)}
    if swap.returned is not None:
        found[swap.returned] = replace(swap.returned, user_id=swap.asker)
    return found


def _exchanged(turns: Iterable[Turn], wanted: dict[Turn, Turn]) -> list[Turn]:
    kept = list(turns)
    if any(turn not in kept for turn in wanted):
        raise SwapOver
    return sorted((wanted.get(turn, turn) for turn in kept), key=in_order)
