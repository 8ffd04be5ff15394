"""Direct messages about duty and absence, rendered from what is true when they go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import words
from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import actions, button, section
from handlers.rota import away
from handlers.rota.asking import turn
from handlers.rota.gaps import OPEN
from handlers.rota.mine import span
from handlers.rota.office import called, zone
from handlers.rota.swapping import was_like
from handlers.rota.views import MINE
from storage import absences, duties
from storage.absences import Absence
from storage.database import Transaction
from storage.duties import Shift

SHOWN = 6
"""So many shifts are named in one message; of the rest their number."""


def _absence(tx: Transaction, outgoing: Outgoing) -> Absence | None:
    return next((each for each in absences.known(tx) if each.id == outgoing.record_id), None)


def absence_at_desk(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To a coordinator: somebody will be away while they are on duty; nothing when nothing is to be done any more."""
    found = _absence(tx, outgoing)
    turns = [] if found is None else away.affected(tx, found)
    if found is None or not turns:
        return None
    shown = "、".join(words.spell(each.starts, each.ends, zone(tx)) for each in turns[:5])
    more = f" ほか{len(turns) - 5}回" if len(turns) > 5 else ""
    text = (
        f"{called(tx, found.user_id)}が {span(tx, found)} お休みの予定です。当番に当たっています:{shown}{more}。"
        "代わりの方を決めてください。"
    )
    said = [section(f"> {escape(found.said)}")] if found.said else []
    return Message(text, [section(text), *said, actions(button("案を見る", OPEN, "-"))])


def absence_held(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To a coordinator: somebody is away for days who has questions in hand; nothing when none is left, or they are back."""
    found = _absence(tx, outgoing)
    if found is None or found.ends <= tx.now or not (mine := away.in_hand(tx, found)):
        return None
    shown = "、".join(f"No.{each.number}" for each in mine[:SHOWN])
    more = f" ほか{len(mine) - SHOWN}件" if len(mine) > SHOWN else ""
    text = (
        f"{called(tx, found.user_id)}は {span(tx, found)} お休みです。対応中の相談があります:{shown}{more}。"
        "急ぐものは、受付票の「その他」→「担当を替える」で、ほかの方へ渡せます。そのままでも、相談はなくなりません。"
    )
    return Message(text, [section(text)])


def absence_for_you(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To somebody whose absence a coordinator entered."""
    found = _absence(tx, outgoing)
    if found is None or found.ends <= tx.now:
        return None
    text = f"県の担当が、あなたのお休みを登録しました。{span(tx, found)}。ちがうときは「お休み・交代」から取り消せます。"
    return Message(text, [section(text), actions(button("お休み・交代", MINE, "-"))])


def _has(shift: Shift, user: str) -> bool | None:
    """Whether a shift is somebody's, or is theirs no longer; None: it was another's, and is nobody's any more."""
    if shift.cancelled_at is None:
        return shift.user_id == user
    return False if shift.user_id == user else None


def moved(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To somebody whose shifts changed, and not by themselves; what has changed again since is not said."""
    values, user, parts = outgoing.values, str(outgoing.values["user"]), []
    for key, said, live in (
        ("gained", "あなたの当番になりました", True),
        ("lost", "あなたの当番ではなくなりました", False),
    ):
        found = [duties.need(tx, number) for number in values.get(key, ())]
        true = [each for each in found if _has(each, user) is live and not _is_as_before(each, values)]
        if not live:
            true += [rest for each in found if (rest := _rest(each, values)) is not None]
        if true:
            more = max(0, len(true) - SHOWN) + int(values.get(f"more_{key}", 0))
            lines = [
                f"*{said}*",
                *(f"・{escape(turn(tx, each))}" for each in true[:SHOWN]),
                *([f"ほか{more}回"] if more else []),
            ]
            parts.append("\n".join(lines))
    if not parts:
        return None
    text = "当番の予定が変わりました。\n" + "\n".join(parts)
    return Message(text.replace("*", ""), [section(text), actions(button("お休み・交代", MINE, "-"))])


def _is_as_before(shift: Shift, values: Mapping[str, Any]) -> bool:
    """Whether a shift that is somebody's was theirs before, and the same."""
    return shift.cancelled_at is None and values.get("was", {}).get(str(shift.id)) == was_like(shift)


def _rest(shift: Shift, values: Mapping[str, Any]) -> Shift | None:
    """What somebody no longer has of a shift that runs and ends early, when its beginning stays theirs without a word."""
    ends = values.get("was", {}).get(str(shift.id), [None])[0]
    if ends is None or shift.cancelled_at is not None or shift.id in values.get("gained", ()):
        return None
    before = datetime.fromisoformat(ends)
    return replace(shift, starts=shift.ends, ends=before) if shift.ends < before else None
