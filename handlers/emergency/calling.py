"""Who is rung, and where each of them reads: all at once, each once, at any hour."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.emergency import ROLES, UNSEEN_WITHIN, Role, State, on_call
from bot.feature import DueWork
from handlers.common.telling import tell
from handlers.emergency.values import desk_of, is_barred
from handlers.questions.base.naming import called
from storage import (
    absences,
    channels,
    due,
    duties,
    emergencies,
    emergency_log,
    members,
    outbox,
    talents,
    workspace,
)
from storage.database import Transaction
from storage.emergencies import Emergency, Place, Told
from storage.talents import Talent

CARD, AGAIN, ADDED = "emergency.card", "emergency.again", "emergency.added"
FLARED = "emergency.flared"
UNSEEN = "emergency.unseen"
"""Due when nobody may be on it though they were rung."""
COORDINATOR, ADMIN = "coordinator", "admin"


def whom(tx: Transaction, record: Emergency) -> dict[str, Role]:
    """Who is rung at once: the engineer on duty, the next one, all coordinators (without one, the administrators)."""
    desk = members.with_permission(tx, COORDINATOR) or members.with_permission(tx, ADMIN)
    engineers = [user for user in _in_turn(tx, "engineer") if _may_be_rung(tx, record, user)]
    found = dict(zip(engineers, (Role.DUTY, Role.DEPUTY), strict=False))
    found |= {
        each.user_id: Role.COORDINATOR
        for each in desk
        if each.user_id not in found and _may_be_rung(tx, record, each.user_id)
    }
    return found or _others(tx, record)


def _others(tx: Transaction, record: Emergency) -> dict[str, Role]:
    """Never nobody: where all of these are barred or the asker, every administrator."""
    admins = members.with_permission(tx, ADMIN)
    return {each.user_id: Role.NEXT for each in admins if _may_be_rung(tx, record, each.user_id)}


def _may_be_rung(tx: Transaction, record: Emergency, user: str) -> bool:
    return user != record.asker and not is_barred(tx, record, user)


def begin(tx: Transaction, record: Emergency) -> list[str]:
    """Ring them, and give the asker a thread of their own; returns who is rung."""
    people = whom(tx, record)
    desk = _desk(tx, record)
    emergencies.tell(tx, record.id, record.asker, Role.ASKER, direct=True)
    emergencies.add_place(tx, record.id, record.asker)
    if desk is not None:
        emergencies.add_place(tx, record.id, "", desk)
    for user, why in people.items():
        _told(tx, record, user, why, desk)
    names = "、".join(f"{called(tx, user)}({ROLES[why]})" for user, why in people.items())
    body = f"呼び出し:{names}" if people else "呼び出せる方がいません"
    emergency_log.write(tx, record.id, "rung", body=body, source=f"emergency:{record.id}:rung")
    show(tx, record)
    _must_be_seen(tx, record)
    return list(people)


def _must_be_seen(tx: Transaction, record: Emergency) -> None:
    due.schedule(tx, f"{UNSEEN}:{record.id}", UNSEEN, record.id, tx.now + UNSEEN_WITHIN)


def flare(tx: Transaction, record: Emergency, actor: str, *, source: str) -> Emergency:
    """It is not over after all, as the log's last line says: everybody who was rung, and who would be now, is rung anew, but
    for whoever says so; the ten minutes begin anew."""
    emergencies.unsee(tx, record.id)
    record = emergencies.change(tx, record.id, seen_at=None)
    told = emergencies.told(tx, record.id)
    before = [each.user_id for each in told if each.user_id != actor and _again(tx, record, each)]
    key = round_of(tx, record)
    for user in before:
        tell(tx, user, FLARED, record.id, key=f"{key}:flared:{user}")
    new = _also(tx, record, {*before, actor})
    for user in new:
        _ring(tx, record, user, FLARED, key=f"{key}:flared:{user}")
    names = "、".join(called(tx, user) for user in [*before, *new]) or "なし"
    body = f"まだ続いているため、もう一度呼び出し:{names}"
    emergency_log.write(tx, record.id, "rung", body=body, source=f"{source}:rung")
    _must_be_seen(tx, record)
    return record


def _also(tx: Transaction, record: Emergency, known: set[str]) -> list[str]:
    """Who would be rung if it began now, and was not told of it before; never nobody."""
    place = desk_of(tx, record)
    desk = None if place is None or is_shut(tx, place) else place.channel
    people = {user: why for user, why in whom(tx, record).items() if user not in known}
    if not people and len(known) == 1:
        people = {user: why for user, why in _others(tx, record).items() if user not in known}
    return [user for user, why in people.items() if _told(tx, record, user, why, desk)]


def _again(tx: Transaction, record: Emergency, told: Told) -> bool:
    """Whether somebody who was told of it is rung when it flares up: not who left, is away, or may not know any more."""
    user, member = told.user_id, members.member(tx, told.user_id)
    if told.role == Role.ASKER or member is None or member.deactivated:
        return False
    if talents.talent(tx, user) is not None and user not in {each.user_id for each in _there(tx)}:
        return False
    return told.added_by is not None or _may_be_rung(tx, record, user)


def round_of(tx: Transaction, record: Emergency) -> str:
    """The record and how often it flared up, as part of a key: what is said once is said once each time."""
    times = len(emergency_log.flares(tx, record.id))
    return f"{record.id}:{times}" if times else str(record.id)


def _desk(tx: Transaction, record: Emergency) -> str | None:
    """The desk channel, if one can be written to in which nobody sits whose firm may have an interest in it."""
    for channel in channels.with_purpose(tx, "desk"):
        inside = channels.members_of(tx, channel)
        if not channels.is_shut(tx, channel) and not any(is_barred(tx, record, user) for user in inside):
            return channel
    return None


def _told(
    tx: Transaction, record: Emergency, user: str, why: Role, desk: str | None, by: str | None = None
) -> bool:
    """Somebody is told; at the desk, if they are there. False when they were before."""
    direct = desk is None or not channels.is_in_channel(tx, desk, user)
    if not emergencies.tell(tx, record.id, user, why, direct=direct, by=by):
        return False
    if direct:
        emergencies.add_place(tx, record.id, user)
    return True


def show(tx: Transaction, record: Emergency, *, clicked: bool = False) -> None:
    """Let all its cards say how it stands; the first post of each rings whom it is for."""
    found = [each for each in emergencies.places(tx, record.id) if not is_shut(tx, each)]
    outbox.want(tx, *[card(record, each, clicked=clicked) for each in found])


def is_shut(tx: Transaction, place: Place) -> bool:
    """Whether the desk can no longer be written to."""
    return place.user_id == "" and channels.is_shut(tx, place.channel)


def card(record: Emergency, place: Place, *, clicked: bool = False) -> outbox.Row:
    """The card of a place."""
    channel, user = (place.channel, None) if place.user_id == "" else ("", place.user_id)
    about = f"emergency:{record.opened_at.isoformat()}:{record.asker}:{place.user_id}"
    return outbox.card(CARD, place.id, channel, None, user_id=user, clicked=clicked, about=about)


def add_by_hand(
    tx: Transaction, record: Emergency, people: tuple[str, ...], actor: str, *, source: str
) -> list[str]:
    """A coordinator adds people, whoever they work for; returns who was not told before. That is logged."""
    found = emergencies.places(tx, record.id)
    desk = next((each.channel for each in found if each.user_id == ""), None)
    new = [user for user in people if user != record.asker and members.member(tx, user) is not None]
    new = [user for user in new if _told(tx, record, user, Role.ADDED, desk, actor)]
    for user in new:
        note = "(利害関係の登録あり)" if is_barred(tx, record, user) else ""
        body = f"{called(tx, actor)}が {called(tx, user)}{note} を加えました"
        emergency_log.write(tx, record.id, "added", actor=actor, body=body, source=f"{source}:added:{user}")
        _ring(tx, record, user, ADDED, key=f"{record.id}:added:{user}")
    return new


def _ring(tx: Transaction, record: Emergency, user: str, renderer: str, *, key: str) -> None:
    """By direct message, but for somebody whose card's first post there rings them."""
    told = next(each for each in emergencies.told(tx, record.id) if each.user_id == user)
    if renderer == AGAIN or not told.direct:
        tell(tx, user, renderer, record.id, key=key)


def unseen(tx: Transaction, work: DueWork) -> None:
    """Ten minutes, at whatever hour, and nobody is on it: all are rung once more, and the next one is rung as well."""
    record = emergencies.get(tx, work.record_id)
    if record is None or record.seen_at is not None or record.state == State.CLOSED:
        return
    before = [each.user_id for each in emergencies.told(tx, record.id) if each.role != Role.ASKER]
    for user in before:
        _ring(tx, record, user, AGAIN, key=f"{round_of(tx, record)}:again:{user}")
    new = _next_one(tx, record, before)
    if new is not None:
        _told(tx, record, new, Role.NEXT, None)
    names = "、".join(called(tx, user) for user in [*before, *([new] if new else [])])
    body = f"10分たってもだれも対応を始めていないため、もう一度呼び出し:{names or 'なし'}"
    emergency_log.write(tx, record.id, "again", body=body, source=f"emergency:{round_of(tx, record)}:again")
    show(tx, record)


def _next_one(tx: Transaction, record: Emergency, before: list[str]) -> str | None:
    """Somebody at the prefecture who was not rung yet: a coordinator, an administrator, the project manager on duty."""
    people = [each.user_id for each in members.with_permission(tx, COORDINATOR)]
    people += [each.user_id for each in members.with_permission(tx, ADMIN)]
    people += _in_turn(tx, "pm")
    return next((user for user in people if user not in before and _may_be_rung(tx, record, user)), None)


def _there(tx: Transaction) -> list[Talent]:
    """The talents who are under contract and not away."""
    today, away = workspace.today(tx), absences.away(tx, tx.now)
    known = talents.active(tx).values()
    return [each for each in known if each.user_id not in away and each.under_contract(today)]


def _in_turn(tx: Transaction, profession: str) -> list[str]:
    """The talents of a profession who are there, the one on duty first."""
    zone, today = ZoneInfo(workspace.workspace(tx).zone), workspace.today(tx)
    there = [each.user_id for each in _there(tx) if each.role == profession]
    turns = [
        replace(each.turn, starts=each.starts.astimezone(zone), ends=each.ends.astimezone(zone))
        for each in duties.shifts(tx)
    ]
    return on_call(turns, there, tx.now, today)
