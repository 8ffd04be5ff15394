"""Rows → the plain values that views show, and who may know of a record."""

from __future__ import annotations

from datetime import datetime

from bot.domain import words
from bot.domain.emergency import KINDS, ROLES, Kind, Role, State, is_vendors, steps_of
from handlers.emergency import views
from handlers.questions.base.naming import address, called
from handlers.questions.base.routing import DESK
from storage import channels, emergencies, emergency_guide, members, offices, talents, workspace
from storage.database import Transaction
from storage.emergencies import Emergency, Place

UNKNOWN_BODY = "ご所属は確認中"


def numbers(tx: Transaction, code: str | None = None) -> views.Numbers:
    """Whom to call: at a body (None: it is not known), and at the prefecture."""
    found, day = emergency_guide.guide(tx), workspace.workspace(tx).emergency_phone or ""
    own = offices.own_offices(tx).get(code or "", offices.Office())
    return views.Numbers(day, found.night or "", found.hours or "", own.phone, own.night)


def numbers_for(tx: Transaction, user: str) -> views.Numbers:
    """Whom somebody calls first, by the body they belong to."""
    member = members.member(tx, user)
    return numbers(tx, member.municipality_code if member is not None else None)


def own_steps(tx: Transaction) -> str:
    """What is done first."""
    return steps_of(emergency_guide.guide(tx).steps)


def is_practice(tx: Transaction, channel: str) -> bool:
    """Whether what begins in a channel is practice."""
    return bool(channel) and channels.purpose(tx, channel) == "practice"


def first_screen(
    tx: Transaction, user: str, *, draft: str = "", practice: bool = False, sent: bool = False
) -> views.Steps:
    """Steps and numbers, for somebody."""
    mine = [each.number for each in emergencies.living(tx, asker=user) if each.practice == practice]
    return views.Steps(
        steps=own_steps(tx),
        numbers=numbers_for(tx, user),
        draft=draft,
        practice=practice,
        running=mine,
        edits=is_desk(tx, user),
        may_start=practice or workspace.workspace(tx).is_open,
        sent=sent,
    )


def is_desk(tx: Transaction, user: str) -> bool:
    """Whether somebody is a coordinator or an administrator."""
    member = members.member(tx, user)
    return member is not None and member.permission in DESK and not member.deactivated


def body_of(record: Emergency) -> str:
    """Where it happened, as far as it is known."""
    return " ".join(part for part in (record.municipality, record.section) if part) or UNKNOWN_BODY


def at(tx: Transaction, moment: datetime | None) -> str:
    """A moment (aware UTC) as people read it; "" for none."""
    return "" if moment is None else words.short(moment, workspace.workspace(tx).zone)


def card_values(tx: Transaction, record: Emergency, place: Place, *, first: bool) -> views.CardValues:
    """The card at one of its places."""
    told = [each for each in emergencies.told(tx, record.id) if each.role != Role.ASKER]
    desk = place.user_id == ""
    return views.CardValues(
        id=record.id,
        number=record.number,
        practice=record.practice,
        state=State(record.state),
        kind=KINDS[Kind(record.kind)],
        body=body_of(record),
        asker=called(tx, record.asker),
        opened=at(tx, record.opened_at),
        noticed=at(tx, record.noticed_at),
        called=record.called or "",
        said=record.body or "",
        closing=record.closing or "",
        people=[
            views.Person(called(tx, each.user_id), ROLES[Role(each.role)], at(tx, each.seen_at))
            for each in told
        ],
        numbers=numbers(tx, record.municipality_code),
        own=place.user_id == record.asker,
        ring=[each.user_id for each in told if not each.direct] if first and desk else (),
    )


def is_barred(tx: Transaction, record: Emergency, user: str) -> bool:
    """Whether somebody's firm may have an interest in it."""
    talent = talents.talent(tx, user)
    return talent is not None and is_vendors(talent.conflicts, record.municipality_code)


def desk_of(tx: Transaction, record: Emergency) -> Place | None:
    """Its thread at the desk, if it has one."""
    return next((each for each in emergencies.places(tx, record.id) if each.user_id == ""), None)


def part_of(tx: Transaction, record: Emergency, user: str) -> Role | None:
    """What somebody is to it: told of it, a reader at the desk, a coordinator; None: it is not theirs to know."""
    told = next((each for each in emergencies.told(tx, record.id) if each.user_id == user), None)
    if told is not None:
        return Role(told.role)
    if is_barred(tx, record, user):
        return None
    if is_desk(tx, user):
        return Role.COORDINATOR
    desk = desk_of(tx, record)
    inside = desk is not None and channels.is_in_channel(tx, desk.channel, user)
    return Role.JOINED if inside else None


def link_for(tx: Transaction, record: Emergency, user: str) -> str | None:
    """Where somebody reads on: their direct message, else the desk's thread."""
    found = emergencies.places(tx, record.id)
    desk = next((each for each in found if each.user_id == ""), None)
    own = next((each for each in found if each.user_id == user), None)
    if own is None and desk is not None and channels.is_in_channel(tx, desk.channel, user):
        own = desk
    if own is None or own.ts is None:
        return None
    return address(workspace.workspace(tx).url, own.channel, own.ts)
