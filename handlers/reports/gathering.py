"""What the report is made of, read in one transaction; what takes long (counting, writing sheets) is done after it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.report import Period
from handlers.questions.base.routing import calendar_of
from handlers.reports.figures import Facts, Sat
from storage import emergencies, meetings, members, reference, replies, reports, workspace
from storage.database import Transaction


def gather(tx: Transaction, period: Period, at: datetime) -> Facts:
    """Read a period as it stood at a moment (aware UTC), which is its end or lies before it."""
    space, directory = workspace.workspace(tx), reference.directory(tx)
    since, _ = period.bounds(space.zone)
    asked = reports.asked(tx, since, at)
    shown = {each.id for each in asked if each.listed and not each.withdrawn}
    prefecture = members.own_prefecture(tx)
    return Facts(
        period=period,
        at=at,
        zone=space.zone,
        url=space.url,
        calendar=calendar_of(space),
        asked=asked,
        words={key: words for key, words in reports.words(tx, since, at).items() if key in shown},
        own=[body for body in directory.bodies if body.prefecture == prefecture],
        bodies=directory.by_code,
        fields=workspace.all_fields(tx),
        emergencies=emergencies.opened_between(tx, since, at),
        sat=_sat(tx, since, at),
    )


def _sat(tx: Transaction, since: datetime, at: datetime) -> list[Sat]:
    """The study sessions that took place, and who was there."""
    held = meetings.held_between(tx, since, at)
    counted = replies.attendance(tx, [meeting.id for meeting, _ in held])
    found = []
    for meeting, name in held:
        mine = [each for each in counted if each.meeting_id == meeting.id]
        there = {each.municipality_code: each.there for each in mine}
        video = {each.municipality_code: each.video for each in mine}
        found.append(Sat(name, meeting.starts, there, video, bool(meeting.minutes)))
    return found
