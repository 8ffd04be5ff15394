"""What came of a session: its minutes, who was there, and what it said about questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.study import LONGEST_LINK, LONGEST_MINUTES, MOST_OUTCOMES, is_link
from bot.errors import Malformed, NotPossibleNow
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import need, number, storable
from handlers.study import outcomes, record_views, views
from handlers.study.announcing import show
from handlers.study.materials import NO_LINK
from handlers.study.meeting import theirs_to_arrange, values_of
from handlers.study.record_views import CAME, MINUTES, MISSED, QUESTIONS, RECORDING, Recorded
from handlers.study.reminding import TELL_RECAP
from storage import due, failures, meetings, members, replies
from storage.database import Transaction
from storage.meetings import Meeting
from storage.questions import Question

Answer = tuple[Block | None, dict[str, str]]


def _held(tx: Transaction, meeting_id: int, visitor: Visitor) -> Meeting:
    """A meeting of which there is something to say.

    Raises:
        NoSuchMeeting, NotYours, NotPossibleNow: with the sentence that says why.
    """
    meeting, _ = theirs_to_arrange(tx, meeting_id, visitor)
    if meeting.cancelled or meeting.starts > tx.now:
        raise NotPossibleNow("まとめは、始まったあとに書けます。何も変わっていません。")
    return meeting


def dialog(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「まとめを書く」.

    Raises:
        Malformed, NoSuchMeeting, NotYours, NotPossibleNow: with the sentence that says why.
    """
    meeting = _held(tx, number({"v": value}, "v"), visitor)
    said = [each.question_id for each in meetings.outcomes_of(tx, meeting.id)]
    planned = outcomes.planned(tx, meeting)
    offered = outcomes.offered(tx, {*said, *planned})
    known, corrected = {each.id for each in offered}, replies.corrected(tx, meeting.id)
    chosen = said if meeting.recorded_at is not None else planned  # nothing was left out yet
    found = Recorded(
        meeting.minutes or "",
        meeting.recording or "",
        [user for user, there in corrected.items() if there],
        [user for user, there in corrected.items() if not there],
        [each for each in chosen if each in known][:MOST_OUTCOMES],
    )
    return record_views.dialog(values_of(tx, meeting), found, outcomes.titles(tx, offered))


def entered(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Keep the minutes, and go on to the questions that were chosen.

    Raises:
        Malformed, NoSuchMeeting, NotYours, NotPossibleNow: nothing was changed.
    """
    meeting = _held(tx, number(view, "private_metadata"), visitor)
    minutes, recording = (storable(forms.text(view, name)) for name in (MINUTES, RECORDING))
    came, missed = forms.people(view, CAME), forms.people(view, MISSED)
    if problems := _problems(minutes, recording, set(came) & set(missed)):
        return None, problems
    chosen = _chosen(tx, meeting, forms.choices(view, QUESTIONS))
    values = {"minutes": minutes, "recording": recording or None}
    meetings.note(tx, meeting.id, **values, recorded_by=visitor.user, recorded_at=tx.now)
    _correct(tx, meeting, came, missed)
    show(tx, meetings.need(tx, meeting.id))
    due.schedule(tx, f"{TELL_RECAP}:{meeting.id}", TELL_RECAP, meeting.id, max(meeting.ends, tx.now))
    failures.note(tx, "study minutes kept", actor=visitor.user, meeting=meeting.id)
    if not chosen:
        return views.done("まとめを保存しました。来られなかった方には、次の朝にお届けします。"), {}
    said = {each.question_id: each.body for each in meetings.outcomes_of(tx, meeting.id)}
    return record_views.outcomes(meeting.id, outcomes.titles(tx, chosen), said), {}


def _problems(minutes: str, recording: str, both: set[str]) -> dict[str, str]:
    problems = {}
    if not minutes:
        problems[MINUTES] = "まとめを、ひとことでもお書きください。"
    elif len(minutes) > LONGEST_MINUTES:
        problems[MINUTES] = record_views.too_long(minutes)
    if recording and not is_link(recording):
        problems[RECORDING] = NO_LINK
    if len(recording) > LONGEST_LINK:
        problems[RECORDING] = f"{LONGEST_LINK}文字までのアドレスにしてください。"
    if both:
        problems[MISSED] = "「来られた方」にも入っている方がいます。どちらか一つにしてください。"
    return problems


def _chosen(tx: Transaction, meeting: Meeting, values: Sequence[str]) -> list[Question]:
    """The questions that were chosen, as far as they may still be spoken of there.

    Raises:
        Malformed: somebody made it up.
    """
    ids = [number({"v": value}, "v") for value in values]
    if len(ids) > MOST_OUTCOMES:
        raise Malformed()
    said = {each.question_id for each in meetings.outcomes_of(tx, meeting.id)}
    return [each for each in outcomes.offered(tx, {*said, *ids}) if each.id in ids]


def _correct(tx: Transaction, meeting: Meeting, came: Sequence[str], missed: Sequence[str]) -> None:
    """Keep who was there against what they had said; who was named before and is not now, was as they had said."""
    there: dict[str, bool | None] = dict.fromkeys(replies.corrected(tx, meeting.id))
    there |= dict.fromkeys(came, True) | dict.fromkeys(missed, False)
    known = {user: members.member(tx, user) for user in there}
    rows = {
        user: (said, member.municipality_code if (member := known[user]) is not None else None)
        for user, said in there.items()
    }
    replies.came(tx, meeting.id, rows)


def said(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Keep what was said about each question, and let its thread show it.

    Raises:
        Malformed, NoSuchMeeting, NotYours, NotPossibleNow: nothing was changed.
    """
    about, _, ids = need(view, "private_metadata").partition(":")
    meeting = _held(tx, number({"v": about}, "v"), visitor)
    chosen = _chosen(tx, meeting, [each for each in ids.split(",") if each])
    typed = {each.id: storable(forms.text(view, record_views.said_in(each.id))) for each in chosen}
    problems = {
        record_views.said_in(key): record_views.too_long(text)
        for key, text in typed.items()
        if len(text) > LONGEST_MINUTES
    }
    if problems:
        return None, problems
    written = {key: text for key, text in typed.items() if text}
    offered = [each.number for each in outcomes.keep(tx, meeting, written, visitor.user)]
    return record_views.done(
        len(written), {each.number: each.id for each in chosen if each.number in offered}
    ), {}
