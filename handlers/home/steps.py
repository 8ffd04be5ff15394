"""The set-up, step by step: what is known, what a coordinator enters, and opening at the end.

What was done is in the rows it is about; `setup_step` says only how far somebody got, so that anybody may go on there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.domain import opening_hours, targets
from bot.domain.words import Years
from bot.errors import Malformed, NotPossibleNow
from handlers.common import forms
from handlers.digests.looking import plan_next
from handlers.home import calendar_views
from handlers.home.calendar_views import named
from handlers.home.setup_views import (
    COORDINATORS,
    DESK,
    INTAKE,
    INTAKES,
    LONGEST_PHONE,
    NOT_HERE_YET,
    PLACES,
    PRACTICE,
    PREFECTURE,
    TELEPHONE,
    Known,
)
from handlers.home.target_views import URGENCIES, block
from handlers.members.actions import PLACES as LOOK
from handlers.members.admins import make_coordinators
from handlers.members.conflicts import tell_of_barred
from handlers.members.offices import keep_office
from handlers.members.opening import LAST_STEP, WHYS
from storage import channels, failures, members, messages, questions, reference, talents, workspace
from storage.database import Transaction

FINISHED = "県内への公開は終わっています。`/banso 設定` を開き直すと、いまの設定を変えられます。何も変わっていません。"
BEFORE = "この項目の前に、まだ済んでいない項目があります。`/banso 設定` を開き直してください。何も変わっていません。"


def known(tx: Transaction) -> Known:
    """Everything the set-up shows."""
    space = workspace.workspace(tx)
    working = talents.active(tx).values()
    return Known(
        done=space.setup_step,
        is_open=space.is_open,
        prefecture=space.prefecture or members.own_prefecture(tx),
        prefectures=reference.prefectures(tx),
        closures=space.closures,
        openings=space.openings,
        years=space.years,
        hours=opening_hours.shown(space.hours),
        coordinators=tuple(each.user_id for each in members.with_permission(tx, "coordinator", "admin")),
        phone=space.emergency_phone or "",
        places=tuple(channels.with_purpose(tx, "consultation")),
        desk=next(iter(channels.with_purpose(tx, "desk")), None),
        practice=next(iter(channels.with_purpose(tx, "practice")), None),
        intake=space.intake,
        targets=targets.chosen(targets.written_of(space.targets)),
        people=members.how_many(tx),
        talents=len(working),
        without_hours=tuple(each.name for each in working if not each.working_hours),
        without_contract=tuple(each.name for each in working if each.contract_until is None),
        practised=questions.how_many(tx, practice=True),
        early=messages.how_many_set_aside(tx, WHYS),
    )


def present_step(found: Known) -> int:
    """The step somebody goes on with; once it is open, the first."""
    return 1 if found.is_open else min(found.done + 1, LAST_STEP)


def reachable(found: Known, step: int) -> bool:
    """Whether a step may be entered: those that were done, and the next."""
    return 1 <= step <= (LAST_STEP if found.is_open else min(found.done + 1, LAST_STEP))


def need_step(found: Known, text: str) -> int:
    """The step a menu or a dialog names.

    Raises:
        Malformed, NotPossibleNow: there is no such step, or it is not its turn yet.
    """
    if not (text.isascii() and text.isdecimal() and len(text) == 1):
        raise Malformed()
    if not 1 <= int(text) <= LAST_STEP:
        raise Malformed()
    if not reachable(found, int(text)):
        raise NotPossibleNow(BEFORE)
    return int(text)


def seen(found: Known, step: int) -> str:
    """A short mark of what a step shows: it changes when somebody else changes that."""
    shown: dict[int, list[Any]] = {
        1: [found.prefecture, found.hours, found.closures, found.openings, found.years],
        2: [found.coordinators, found.phone],
        3: [found.places, found.desk],
        4: [found.intake, targets.written(found.targets)],
        7: [found.practice],
    }
    text = json.dumps([step, found.is_open, shown.get(step, [])], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a submission: `problems` by block, or the step it was; `stale`: somebody else was faster."""

    step: int
    problems: Mapping[str, str]
    stale: bool = False


def save(tx: Transaction, actor: str, view: Mapping[str, Any]) -> Saved:
    """Keep what a coordinator entered in a step.

    Raises:
        Malformed, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    found = known(tx)
    step, mark, was_open = _about(view)
    if found.is_open and not was_open:
        raise NotPossibleNow(FINISHED)
    step = need_step(found, str(step))
    if mark != seen(found, step):
        return Saved(step, {}, stale=True)
    problems = _SAVE[step](tx, actor, view, found, mark) if step in _SAVE else {}
    if problems:
        return Saved(step, {named(block, mark): words for block, words in problems.items()})
    if not found.is_open and step > found.done:
        workspace.set_workspace(tx, setup_step=min(step, LAST_STEP - 1))
    failures.note(tx, "set-up step", actor=actor, step=step)
    return Saved(step, {})


def _about(view: Mapping[str, Any]) -> tuple[int, str, bool]:
    """Which step a dialog is, what it showed, whether it was open then."""
    try:
        said = json.loads(str(view.get("private_metadata")))
        step, mark, was_open = said["step"], said["seen"], said["open"]
    except (ValueError, KeyError, TypeError):
        raise Malformed() from None
    if type(step) is not int or not isinstance(mark, str) or not isinstance(was_open, bool):
        raise Malformed()
    return step, mark, was_open


Problems = dict[str, str]


def _calendar(tx: Transaction, actor: str, view: Mapping[str, Any], found: Known, mark: str) -> Problems:
    prefecture = forms.choice(view, named(PREFECTURE, mark))
    years = forms.choice(view, named(calendar_views.YEARS, mark)) or found.years
    if prefecture not in found.prefectures:
        return {PREFECTURE: "一覧から選んでください。"}
    if years not in list(Years):
        return {calendar_views.YEARS: "一覧から選んでください。"}
    entered = calendar_views.read(view, mark)
    if not entered.problems:
        own = entered.office
        keep_office(tx, actor, None, replace(own, hours=own.hours or opening_hours.USUAL))
        workspace.set_workspace(tx, prefecture=prefecture, years=years)
        plan_next(tx)  # what comes by the week may come on another day
    return dict(entered.problems)


def _people(tx: Transaction, actor: str, view: Mapping[str, Any], _: Known, mark: str) -> Problems:
    people = forms.people(view, named(COORDINATORS, mark))
    phone = " ".join(forms.text(view, named(TELEPHONE, mark)).split())[:LONGEST_PHONE]
    if not people:
        return {COORDINATORS: "県の担当を選んでください。2人以上をおすすめします。"}
    if sum(each.isdecimal() for each in phone) < 3:
        return {TELEPHONE: "電話番号を書いてください。例:000-000-0000(夜間 000-000-0001)"}
    if problem := make_coordinators(tx, actor, people):
        return {COORDINATORS: problem}
    workspace.set_workspace(tx, emergency_phone=phone)
    return {}


def _channels(tx: Transaction, _: str, view: Mapping[str, Any], found: Known, mark: str) -> Problems:
    places, desks = forms.places(view, named(PLACES, mark)), forms.places(view, named(DESK, mark))
    if not places or not desks:
        return {PLACES if not places else DESK: "チャンネルを選んでください。"}
    problems = {PLACES: NOT_HERE_YET} if not all(_is_here(tx, each) for each in places) else {}
    if not _is_here(tx, desks[0]):
        problems[DESK] = NOT_HERE_YET
    elif desks[0] in places:
        problems[DESK] = "相談チャンネルとは別の、非公開のチャンネルを選んでください。"
    if not problems:
        _let_be(tx, "consultation", places)
        _let_be(tx, "desk", desks[:1])
        tell_of_barred(tx)
        tx.wakes.add(LOOK)  # whether the desk is private, Slack says
    return problems


def _is_here(tx: Transaction, channel: str) -> bool:
    place = channels.channel(tx, channel)
    return place is not None and place.bot_is_member and not place.archived


def _let_be(tx: Transaction, purpose: str, chosen: tuple[str, ...]) -> None:
    """Let these channels, and no others, be for a purpose."""
    for channel in set(channels.with_purpose(tx, purpose)) - set(chosen):
        channels.save_channel(tx, channel, purpose="other")
    for channel in chosen:
        channels.save_channel(tx, channel, purpose=purpose)


def _intake(tx: Transaction, _: str, view: Mapping[str, Any], found: Known, mark: str) -> Problems:
    intake = forms.choice(view, named(INTAKE, mark))
    if intake not in INTAKES:
        return {INTAKE: "どちらかを選んでください。"}
    spans = {name: forms.choice(view, named(block(name), mark)) for name in URGENCIES}
    present = asdict(found.targets)
    for name, span in spans.items():
        if span not in {*targets.CHOICES[name], present[name]}:
            return {block(name): "一覧から選んでください。"}
    kept = targets.Chosen(**{name: span or present[name] for name, span in spans.items()})
    workspace.set_workspace(tx, intake=intake, targets=targets.written(kept))
    return {}


def _practice(tx: Transaction, _: str, view: Mapping[str, Any], found: Known, mark: str) -> Problems:
    chosen = forms.places(view, named(PRACTICE, mark))
    if chosen and not _is_here(tx, chosen[0]):
        return {PRACTICE: NOT_HERE_YET}
    if set(chosen) & {*found.places, found.desk}:
        return {PRACTICE: "相談チャンネルや対応場所とは別のチャンネルを選んでください。"}
    _let_be(tx, "practice", chosen[:1])
    return {}


_SAVE: Mapping[int, Callable[[Transaction, str, Mapping[str, Any], Known, str], Problems]] = {
    1: _calendar,
    2: _people,
    3: _channels,
    4: _intake,
    7: _practice,
}
