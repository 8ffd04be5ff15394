"""The dialogs of study sessions, made for who opens them; and what was entered in them, done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.series import Every, moment
from bot.domain.study import FARTHEST, Audience
from bot.domain.text import escape
from bot.errors import Malformed, NotPossibleNow
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import need, number
from handlers.study import actions, form, views
from handlers.study import draft as drafts
from handlers.study.actions import settle
from handlers.study.announcing import met_elsewhere
from handlers.study.changing import how_many_hear
from handlers.study.coming import calendar, zone_of
from handlers.study.draft import Draft, Entered
from handlers.study.looking import as_seen, theirs
from handlers.study.preparing import left_of, next_planned, prepare
from handlers.study.views import Held
from storage import channels, failures, study, workspace
from storage.database import Transaction
from storage.study import Series

NEW = "0:0"
"""What the dialog of a new series is about; of one that is there its number and revision."""
Answer = tuple[Block | None, dict[str, str]]
"""What a dialog shows then, or sentences by block when something is missing."""


def new(tx: Transaction, visitor: Visitor) -> Block:
    """「勉強会を登録」."""
    return form.form(drafts.NEW, "勉強会を登録", NEW, ends=False)


def edit(tx: Transaction, series_id: int, visitor: Visitor) -> Block:
    """「直す」: a series as it goes on from its next session.

    Raises:
        NoSuchSeries, NotYours: with the sentence that says why.
    """
    found = settle(tx, theirs(tx, series_id, visitor))
    shown = drafts.draft_of(found.about, found.plan, next_planned(tx, found), left_of(found))
    if shown.channel is not None and not channels.is_in_channel(tx, shown.channel, visitor.user):
        shown = replace(shown, channel=None)
    return form.form(shown, "勉強会を直す", f"{found.id}:{found.revision}", ends=True)


def entered(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """What was entered, looked at: the last look before it is kept.

    Raises:
        UserError: with the sentence that says why.
    """
    about = need(view, "private_metadata")
    present = _present(tx, about, visitor)
    draft = _with_channel(tx, form.read(view), present, visitor.user)
    found, problems = _checked(tx, draft)
    if found is None:
        return None, problems
    prepared = prepare(tx, found, present, visitor.user)
    if prepared.problems:
        return None, prepared.problems
    outlook = prepared.outlook
    if present is not None:
        hear = how_many_hear(tx, replace(present, about=found.about), prepared.after)
        outlook = replace(outlook, hear=hear)
    return views.confirm(outlook, drafts.carried(draft, about), workspace.workspace(tx).zone), {}


def confirmed(tx: Transaction, visitor: Visitor, view: Mapping[str, Any], *, source: str) -> Block:
    """Keep a series after the last look; what was carried along is looked at again.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    if not failures.first_time(tx, source):
        return views.done("保存しました。")
    draft, about = drafts.brought(need(view, "private_metadata"))
    found, problems = _checked(tx, draft)
    if found is None:
        raise Malformed()
    present = _present(tx, about, visitor)
    prepared = prepare(tx, found, present, visitor.user)
    if problems := prepared.problems:
        raise NotPossibleNow(f"{next(iter(problems.values()))}何も変わっていません。")
    act = actions.register if present is None else actions.revise
    act(tx, found, prepared, visitor.user)
    if present is not None:
        met_elsewhere(tx, study.need(tx, present.id), present.about)
    return views.done(f"「{escape(found.about.title)}」を{'登録' if present is None else '変更'}しました。")


def _with_channel(tx: Transaction, draft: Draft, present: Series | None, user: str) -> Draft:
    """What was entered, with the channel of before where it could not be chosen: a menu shows none that its reader is not
    in."""
    before = present.about.channel if present is not None else None
    if draft.channel is not None or before is None:
        return draft
    wanted = draft.audience == Audience.CHANNEL or not channels.is_in_channel(tx, before, user)
    return replace(draft, channel=before) if wanted else draft


def _checked(tx: Transaction, draft: Draft) -> tuple[Entered | None, dict[str, str]]:
    return drafts.check(draft, calendar(tx).day_of(tx.now))


def _present(tx: Transaction, about: str, visitor: Visitor) -> Series | None:
    if about == NEW:
        return None
    series_id, seen = _two(about)
    return settle(tx, as_seen(tx, series_id, visitor, seen))


def end(tx: Transaction, about: str, visitor: Visitor) -> Block:
    """「この勉強会を終わりにする」.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow: nothing was changed.
    """
    series_id, seen = _two(about)
    found = settle(tx, as_seen(tx, series_id, visitor, seen))
    actions.end(tx, found, visitor.user)
    return views.done(
        f"「{escape(found.about.title)}」を終わりにしました。これまでの回の記録は残っています。"
    )


def one(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「この回だけ変える」.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow: with the sentence that says why.
    """
    series_id, on = views.session_of(value)
    found = theirs(tx, series_id, visitor)
    session = actions.need_session(tx, found, on)
    held = Held(found.id, found.about, session, once=found.plan.every is Every.ONCE)
    zone = workspace.workspace(tx).zone
    return views.change(
        held, f"{found.id}:{found.revision}:{on}", session.starts.astimezone(zone_of(tx)), zone
    )


def changed(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Do to one session what was entered.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    about, _, planned = need(view, "private_metadata").rpartition(":")
    series_id, seen = _two(about)
    _, on = views.session_of(f"{series_id}:{planned}")
    what, day, clock = (
        forms.choice(view, views.WHAT),
        forms.day(view, views.DAY),
        forms.clock(view, views.CLOCK),
    )
    found = settle(tx, as_seen(tx, series_id, visitor, seen))
    if what not in views.WHATS:
        return None, {views.WHAT: "どうするかを選んでください。"}
    starts = None
    if what == views.MOVE:
        today = calendar(tx).day_of(tx.now)
        if day is None or not today <= day <= today + FARTHEST:
            return None, {views.DAY: "移す日を、これからの日付で選んでください。"}
        if clock is None:
            return None, {views.CLOCK: "始まりの時刻を選んでください。"}
        starts = moment(day, clock, workspace.workspace(tx).zone)
    problems = actions.change_session(tx, found, on, what, starts, visitor.user)
    if problems:
        return None, problems
    said = {views.MOVE: "日時を移しました。", views.CANCEL: "この回を中止にしました。"}
    return views.done(said.get(what, "もとの予定に戻しました。")), {}


def _two(text: str) -> tuple[int, int]:
    first, _, second = text.partition(":")
    return number({"v": first}, "v"), number({"v": second}, "v")
