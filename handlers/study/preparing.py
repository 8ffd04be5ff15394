"""What a series would be with what was entered, before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from bot.domain.series import Every, Plan, Session, compare, fitting, left_out, sessions
from bot.domain.study import Audience
from handlers.study import draft
from handlers.study.coming import MOST, calendar, changes_of, to_come
from handlers.study.draft import Entered
from handlers.study.views import Outlook
from storage import channels
from storage.database import Transaction
from storage.study import Series


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a series would be: `present` is what it is now, if it is there already; `problems` are sentences by block;
    `after`: its next sessions."""

    present: Series | None
    plan: Plan
    outlook: Outlook
    problems: dict[str, str]
    after: Sequence[Session]


def next_planned(tx: Transaction, found: Series) -> date | None:
    """The date the next session of a series is planned for."""
    following = next(to_come(tx, found), None)
    return following.on if following is not None else None


def left_of(found: Series) -> int | None:
    """How many sessions a series has from now on, if that was said."""
    plan, mark = found.plan, found.mark
    if plan.times is None:
        return None
    return max(plan.first_number + plan.times - 1 - (mark.number if mark else plan.first_number - 1), 1)


def prepare(tx: Transaction, entered: Entered, present: Series | None, user: str) -> Prepared:
    """What a series would be with what was entered. `present` has been settled."""
    plan, office = _plan(tx, entered, present), calendar(tx)
    mark = present.mark if present else None
    changed = changes_of(tx, present) if present else []
    kept = fitting(plan, office, changed, mark)
    after = list(islice(sessions(plan, office, kept, mark), MOST))
    before = list(islice(to_come(tx, present, changed), MOST)) if present else []
    lost = sorted({change.on for change in changed} - {change.on for change in kept})
    since = max(office.day_of(tx.now), entered.on)
    closed = left_out(plan, after, since)
    outlook = Outlook(plan, compare(before, after)[:MOST], present is None, closed, lost)
    problems = {**_occurs(tx, entered, after), **_channel(tx, entered, present, user)}
    return Prepared(present, plan, outlook, problems, after)


def _plan(tx: Transaction, entered: Entered, present: Series | None) -> Plan:
    """The plan. A series whose next date and rhythm are left as they were keeps its first date: in a short month the 28th
    may stand for the 31st. Otherwise it begins anew, with the number after the last one given."""
    plan = Plan(
        entered.on,
        entered.clock,
        entered.minutes,
        entered.every,
        entered.until,
        entered.times,
        entered.on_closed,
    )
    if present is None:
        return plan
    following = present.mark.number + 1 if present.mark else present.plan.first_number
    if entered.every is not present.plan.every or entered.on != next_planned(tx, present):
        return replace(plan, first_number=following)
    first_number = present.plan.first_number
    times = None if entered.times is None else entered.times + following - first_number
    return replace(plan, first=present.plan.first, first_number=first_number, times=times)


def _occurs(tx: Transaction, entered: Entered, found: Sequence[Session]) -> dict[str, str]:
    if not found and entered.every is Every.ONCE:
        return {draft.ON: "その日は閉庁日です。ほかの日にするか、「閉庁日に当たったら」を変えてください。"}
    if not found:
        return {
            draft.ON: "この決め方では、開かれる日がありません。日付か「閉庁日に当たったら」を変えてください。"
        }
    if found[0].starts <= tx.now:
        return {draft.ON: "過ぎた日時です。これからの日時にしてください。"}
    return {}


def _channel(tx: Transaction, entered: Entered, present: Series | None, user: str) -> dict[str, str]:
    """What is wrong with the channel. One that was chosen before stays, also for a coordinator who is not in it."""
    about = entered.about
    unchanged = present is not None and present.about.channel == about.channel
    same = unchanged and present is not None and present.about.audience is about.audience
    if about.channel is None or same:
        return {}
    place = channels.channel(tx, about.channel)
    if place is None or not place.bot_is_member or place.archived or place.purpose == "direct":
        return {draft.CHANNEL: "Banso がいるチャンネルを選んでください。先に、チャンネルに招待してください。"}
    if not channels.is_in_channel(tx, about.channel, user):
        return {draft.CHANNEL: "ご自分が入っているチャンネルを選んでください。"}
    if about.audience is Audience.TALENTS and channels.is_everybodys(tx, about.channel):
        return {draft.CHANNEL: "アドバイザーと県の担当だけの会です。非公開のチャンネルを選んでください。"}
    return {}
