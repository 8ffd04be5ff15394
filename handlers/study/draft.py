"""What was entered for a series: carried along from dialog to dialog, and what is wrong with it. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.series import Every, OnClosed, Plan
from bot.domain.study import FARTHEST, LONGEST_PLACE, LONGEST_TITLE, MOST_TIMES, About, Audience, is_link
from bot.errors import Malformed
from handlers.common.payloads import storable

TITLE, EVERY, ON, FROM, TO, UNTIL, TIMES, CLOSED = (
    "study_title",
    "study_every",
    "study_on",
    "study_from",
    "study_to",
    "study_until",
    "study_times",
    "study_closed",
)
AUDIENCE, CHANNEL, PLACE, LINK = "study_audience", "study_channel", "study_place", "study_link"


LONG_AGO = timedelta(days=366)
"""A session that was moved may still be to come, long after the date it was planned for."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was entered, as plain JSON: dates and times of day as ISO 8601 writes them; None where nothing was."""

    title: str = ""
    every: str | None = None
    on: str | None = None
    starts: str | None = None
    ends: str | None = None
    until: str | None = None
    times: int | None = None
    on_closed: str | None = None
    audience: str | None = None
    channel: str | None = None
    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A draft without mistakes. `on` is the date of the first session, `times` how many there are from it on."""

    about: About
    every: Every
    on: date
    clock: time
    minutes: int
    until: date | None
    times: int | None
    on_closed: OnClosed


def carried(draft: Draft, about: str) -> str:
    """A draft as a dialog carries it along (at most 3,000 characters: a draft without mistakes has half as many)."""
    return json.dumps({"about": about, **asdict(draft)}, ensure_ascii=False)


def brought(text: str) -> tuple[Draft, str]:
    """A draft and what it is about, as a dialog carried them along.

    Raises:
        Malformed: somebody made it up.
    """
    try:
        said = json.loads(text)
        about = said.pop("about")
        draft = Draft(**said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Malformed() from None
    kinds = {"times": int | None, "title": str, "place": str, "link": str}
    values = {each.name: getattr(draft, each.name) for each in fields(Draft)}
    right = all(isinstance(value, kinds.get(name, str | None)) for name, value in values.items())
    texts = [value for value in (about, *values.values()) if isinstance(value, str)]
    if not right or not isinstance(about, str) or any(storable(text) != text for text in texts):
        raise Malformed()
    return draft, about


def check(draft: Draft, today: date) -> tuple[Entered | None, dict[str, str]]:
    """What was entered, or sentences by block that say what is wrong with it. Whether there are sessions is not looked at.
    `today` is the date in the workspace's zone."""
    on, until, every = _date(draft.on), _date(draft.until), _one_of(Every, draft.every)
    starts, ends = _time(draft.starts), _time(draft.ends)
    on_closed, audience = _one_of(OnClosed, draft.on_closed), _one_of(Audience, draft.audience)
    once = every is Every.ONCE
    problems = {**_words(draft), **_span(starts, ends)}
    if every is None:
        problems[EVERY] = "くり返しを選んでください。"
    if on is None or not today - LONG_AGO <= on <= today + FARTHEST:
        problems[ON] = "これから3年先までの日付を選んでください。"
    elif until is not None and until < on and not once:
        problems[UNTIL] = "終わる日が、最初の日より前です。"
    if draft.times is not None and not once and not 1 <= draft.times <= MOST_TIMES:
        problems[TIMES] = f"1から{MOST_TIMES}までの回数にしてください。"
    elif draft.times is not None and until is not None and not once:
        problems[TIMES] = "終わる日か回数の、どちらか一つにしてください。"
    if on_closed is None:
        problems[CLOSED] = "閉庁日のときにどうするかを選んでください。"
    if audience is None:
        problems[AUDIENCE] = "だれが見られるかを選んでください。"
    elif audience is Audience.CHANNEL and not draft.channel:
        problems[CHANNEL] = "チャンネルを選んでください。"
    if problems or not (every and on and starts and ends and on_closed and audience):
        return None, problems
    about = About(draft.title, audience, draft.channel or None, draft.place or None, draft.link or None)
    minutes = _minutes(ends) - _minutes(starts)
    limits = (None, None) if once else (until, draft.times)
    return Entered(about, every, on, starts, minutes, *limits, on_closed), {}


def _words(draft: Draft) -> dict[str, str]:
    problems = {}
    if not draft.title:
        problems[TITLE] = "勉強会の名前をお書きください。"
    for block, text, most in ((TITLE, draft.title, LONGEST_TITLE), (PLACE, draft.place, LONGEST_PLACE)):
        if len(text) > most:
            problems[block] = f"{most}文字までにしてください。"
    if draft.link and not is_link(draft.link):
        problems[LINK] = "https:// から始まる会議のアドレスを、そのまま貼ってください。"
    return problems


def _span(starts: time | None, ends: time | None) -> dict[str, str]:
    if starts is None or ends is None:
        missing = {FROM: starts, TO: ends}
        return {block: "時刻を選んでください。" for block, value in missing.items() if value is None}
    return {TO: "終わりは、始まりより後にしてください。"} if ends <= starts else {}


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
    except ValueError:
        return None


def _one_of(kind: Any, value: str | None) -> Any:
    return kind(value) if value in set(kind) else None


def draft_of(about: About, plan: Plan, on: date | None, times: int | None) -> Draft:
    """A series as the dialog begins with it; `on` is the date its next session is planned for, `times` how many there will
    be from it on."""
    ends = datetime.combine(plan.first, plan.clock) + timedelta(minutes=plan.minutes)
    return Draft(
        title=about.title,
        every=plan.every.value,
        on=on.isoformat() if on is not None else None,
        starts=f"{plan.clock:%H:%M}",
        ends=f"{ends:%H:%M}",
        until=plan.until.isoformat() if plan.until is not None else None,
        times=times,
        on_closed=plan.on_closed.value,
        audience=about.audience.value,
        channel=about.channel,
        place=about.place or "",
        link=about.link or "",
    )


NEW = Draft(
    every=Every.WEEK.value,
    starts="15:00",
    ends="16:30",
    on_closed=OnClosed.SKIP.value,
    audience=Audience.EVERYBODY.value,
)
"""What the dialog begins with for a new series."""
