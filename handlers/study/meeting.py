"""Meetings as rows → what is shown of them; who chairs, who presents, who may what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain import words
from bot.domain.permissions import Role
from bot.domain.series import Every, Session
from bot.domain.study import About
from bot.domain.topics import Request
from bot.errors import NotYours
from bot.feature import Message, Outgoing
from handlers.common.doors import Visitor, role
from handlers.study import gathering, views
from handlers.study.card import CardValues, card, moved_on
from handlers.study.coming import following, session_on
from handlers.study.looking import NOT_YOURS, known_to
from storage import meetings, members, replies, study, workspace
from storage.database import Transaction
from storage.meetings import Meeting
from storage.study import Series

CARD, LEFT = "study.card", "study.left"
"""The card of a session, and what stands where it stood once its series has another channel."""


def values_of(tx: Transaction, meeting: Meeting, found: Series | None = None) -> CardValues:
    """A meeting as people see it now; its time is the one they were told."""
    found = found or study.need(tx, meeting.series_id)
    session = as_session(meeting)
    once = found.plan.every is Every.ONCE and found.plan.first_number == 1
    zone = workspace.workspace(tx).zone
    return CardValues(
        id=meeting.id,
        name=views.named(views.Held(found.id, found.about, session, once)),
        starts=meeting.starts,
        ends=meeting.ends,
        zone=zone,
        where=where_of(found.about, meeting.link),
        was=meeting.on if _is_moved(tx, found, meeting) else None,
        cancelled=meeting.cancelled,
        begun=meeting.starts <= tx.now,
        over=meeting.ends <= tx.now,
        materials=meeting.materials or "",
        counts=replies.count(tx, meeting.id),
        minutes=meeting.minutes or "",
        recording=meeting.recording or "",
        after=_after(tx, found, meeting, zone) if meeting.cancelled else "",
    )


def where_of(about: About, link: str | None) -> str:
    """Where a session meets, as mrkdwn; `link`: its own, if it has one."""
    return views.where(replace(about, link=link or about.link))


def _after(tx: Transaction, found: Series, meeting: Meeting, zone: str) -> str:
    """When the session is that comes after a meeting."""
    later = (each for each in following(tx, found) if each.starts > meeting.starts)
    return next((words.span(each.starts, each.ends, zone) for each in later), "")


def as_session(meeting: Meeting) -> Session:
    """A meeting as the session that people were told of."""
    number = meeting.number or 0
    return Session(meeting.on, number, meeting.starts, meeting.ends, meeting.cancelled)


def _is_moved(tx: Transaction, found: Series, meeting: Meeting) -> bool:
    session = session_on(tx, found, meeting.on)
    return session is not None and session.moved


def shown(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card of a session, as it is now."""
    return card(values_of(tx, meetings.need(tx, outgoing.record_id)))


def left(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """That a session is announced elsewhere; nothing where it never was."""
    return None if outgoing.first else moved_on()


def presenters(tx: Transaction, found: Series, on: date) -> list[str]:
    """Who agreed to present in the session planned for a date."""
    ids = [each.id for each in gathering.on_agenda(tx, found, on)]
    asked = gathering.presenters(tx, found, ids).values()
    return sorted({each.user_id for each in asked if each.state is Request.ACCEPTED})


def concerned(tx: Transaction, found: Series) -> list[str]:
    """Who hears of a series by letter where it has no channel: those who answer, as far as they may know of it."""
    there = members.with_permission(tx, "talent", "coordinator", "staff", "admin")
    return [each.user_id for each in there if known_to(tx, found, each.user_id, Role(each.permission))]


def theirs_to_know(tx: Transaction, meeting_id: int, visitor: Visitor) -> tuple[Meeting, Series]:
    """A meeting of a series that somebody may know of.

    Raises:
        NoSuchMeeting: there is none, as far as they may know.
    """
    meeting = meetings.need(tx, meeting_id)
    found = study.need(tx, meeting.series_id)
    if not known_to(tx, found, visitor.user, role(tx, visitor)):
        raise meetings.NoSuchMeeting()
    return meeting, found


def theirs_to_arrange(
    tx: Transaction, meeting_id: int, visitor: Visitor, *, presents: bool = False
) -> tuple[Meeting, Series]:
    """A meeting that somebody may change; `presents`: who presents in it may as well.

    Raises:
        NoSuchMeeting, NotYours: nothing was changed.
    """
    meeting, found = theirs_to_know(tx, meeting_id, visitor)
    mine = presents and visitor.user in presenters(tx, found, meeting.on)
    if not mine and not gathering.may_arrange(tx, found, visitor.user):
        raise NotYours(NOT_YOURS)
    return meeting, found
