"""Whose contract is over: what waits for an answer of theirs goes on to others, and the coordinators hear of it once.

What they have answered stays: it is its asker's turn, whose next word goes to somebody who is there.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.common.telling import tell
from handlers.rota.office import called, coordinators, zone
from storage import due, failures, ledger, talents, workspace
from storage.database import Transaction
from storage.talents import Talent

LEFT = "question.left"
"""Due for each question that waits for an answer of somebody whose contract is over."""
TO_DESK = "rota.left_at_desk"


def has_left(tx: Transaction, user: str | None) -> bool:
    """Whether somebody's contract does not hold today."""
    talent = talents.talent(tx, user) if user is not None else None
    return talent is not None and not talent.under_contract(workspace.today(tx))


def look(tx: Transaction) -> None:
    """In the first open minute of each office day. Without anybody to go to a question stays, and is tried again; what
    somebody took by themselves after their last day stays with them."""
    gone = {}
    for user, talent in talents.active(tx).items():
        if talent.under_contract(workspace.today(tx)):
            continue
        owed = ledger.owed_by(tx, user, taken_before=_end(tx, talent))
        for question_id in owed:
            due.schedule(tx, f"{LEFT}:{question_id}", LEFT, question_id, tx.now)
        if owed and failures.first_time(tx, f"{LEFT}:{user}:{talent.contract_from}:{talent.contract_until}"):
            gone[user] = len(owed)
    today = workspace.today(tx)
    day, morning = today.toordinal(), _midnight(today, zone(tx))
    for person in coordinators(tx) if gone else ():
        tell(tx, person, TO_DESK, day, key=f"{day}:{person}", values={"left": gone}, day=morning)


def _end(tx: Transaction, talent: Talent) -> datetime:
    """When the last day of a contract was over; now, when only another that has not begun is known."""
    last = talent.contract_until
    if last is None or last >= workspace.today(tx):
        return tx.now
    return _midnight(last + timedelta(days=1), zone(tx))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def at_desk(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To a coordinator: who, and how many questions."""
    lines = [f"・{called(tx, user)}:{count}件" for user, count in outgoing.values["left"].items()]
    text = (
        "契約期間が終わった方に、回答を待つ相談が残っていました。ほかの方へ回しています。\n"
        + "\n".join(lines)
        + "\n回答が済んだ相談は、そのままです。続きがあれば、ほかの方に届きます。"
        "新しい契約を登録すると、その日から、また新しい相談が届きます。"
    )
    return Message(text, [section(text)])
