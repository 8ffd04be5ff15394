"""Coordinators make, change and end rotas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain import words
from bot.domain.rota import Scope, ScopeKind
from bot.errors import NotPossibleNow
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import need, storable
from handlers.common.pressing import two
from handlers.members.columns import ROLES
from handlers.members.hours import begin_days
from handlers.rota import arrange_views, gaps, swapping
from handlers.rota.arrange_views import Draft, Row
from handlers.rota.office import calendar
from storage import duties, failures, rotas, workspace
from storage.database import Transaction
from storage.rotas import BY_HOURS, Plan, Rota

Answer = tuple[Block | None, dict[str, str]]
MOST = 20
STALE = "この当番は、ほかの方が先に直しました。画面を開き直してください。何も変わっていません。"
REFUSED = {
    "permission_denied": "ユーザーグループを変える許可がありません",
    "plan_upgrade_required": "ユーザーグループは、いまの Slack のプランでは使えません",
    "missing_scope": "アプリに権限 usergroups:write がありません",
    "no_such_subteam": "ユーザーグループの ID が見つかりません",
}
_NEW = "0:0"


def overview(tx: Transaction, visitor: Visitor, said: str = "") -> Block:
    """「当番を組む」: the rotas there are."""
    return arrange_views.overview([_row(tx, rota) for rota in rotas.living(tx)], said)


def _row(tx: Transaction, rota: Rota) -> Row:
    today, office = workspace.today(tx), calendar(tx)
    people = {
        each.user_id for each in rotas.members_of(tx, rota.id) if each.leaves is None or each.leaves >= today
    }
    last = max((each.ends for each in duties.shifts(tx) if each.rota_id == rota.id), default=None)
    planned = last is not None and last > tx.now and not rota.by_hours
    refused = "" if rota.refused is None else REFUSED.get(rota.refused, "ユーザーグループを変えられません")
    return Row(
        rota.id,
        rota.name,
        f"{scope_words(tx, rota.scope)}|{arrange_views.HANDOFFS[rota.handoff]}",
        len(people),
        words.day(office.day_of(last)) if last is not None and planned else "",
        rota.by_hours,
        refused,
    )


def scope_words(tx: Transaction, scope: Scope) -> str:
    """What a rota is for, in words."""
    if scope.kind is ScopeKind.GENERAL:
        return "全体"
    if scope.kind is ScopeKind.ROLE:
        return ROLES.get(scope.value, scope.value)
    return next((each.short for each in workspace.all_fields(tx) if each.id == scope.value), scope.value)


def _scopes(tx: Transaction) -> dict[str, list[tuple[str, str]]]:
    fields = [(f"field:{each.id}", each.short) for each in workspace.all_fields(tx)]
    found = {
        "全体": [("general:", "すべての相談")],
        "分野": fields[:90],
        "専門": [(f"role:{key}", label) for key, label in ROLES.items()],
    }
    return {label: each for label, each in found.items() if each}


def new(tx: Transaction, visitor: Visitor) -> Block:
    """「新しい当番」."""
    return arrange_views.form(Draft(), _NEW, _scopes(tx), hours=not _any_hours(tx), ends=False)


def _any_hours(tx: Transaction) -> bool:
    return any(rota.by_hours for rota in rotas.living(tx))


def edit(tx: Transaction, visitor: Visitor, rota_id: int) -> Block:
    """「直す」.

    Raises:
        NoSuchRota: with the sentence that says why.
    """
    rota = rotas.need(tx, rota_id)
    draft = Draft(
        rota.name,
        f"{rota.scope.kind.value}:{rota.scope.value}",
        rota.handoff,
        rota.handoff_weekday,
        rota.seats,
        rota.deputies > 0,
        rota.user_group or "",
    )
    about = f"{rota.id}:{rota.revision}"
    return arrange_views.form(draft, about, _scopes(tx), hours=rota.by_hours, ends=True)


def entered(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """Keep what was entered of a rota.

    Raises:
        NoSuchRota, NotPossibleNow: nothing was changed.
    """
    rota_id, seen = two(need(view, "private_metadata"))
    present = rotas.need(tx, rota_id) if rota_id else None
    plan, problems = _read(tx, view, present)
    if plan is None:
        return None, problems
    if present is None:
        if len(rotas.living(tx)) >= MOST:
            return None, {arrange_views.NAME: f"当番の組は{MOST}までです。"}
        made = rotas.add(tx, plan)
        failures.note(tx, "rota made", actor=visitor.user, rota=made)
        begin_days(tx)
        said = f"「{plan.name}」を作りました。「メンバー」を選んでから、「予定を組む」を押してください。"
        return overview(tx, visitor, said), {}
    _fresh(present, seen)
    rotas.change(tx, present.id, plan)
    if present.by_hours and plan.handoff != BY_HOURS:
        _clear(tx, present)
    failures.note(tx, "rota changed", actor=visitor.user, rota=present.id)
    gaps.look_soon(tx)
    return overview(tx, visitor, f"「{plan.name}」を直しました。"), {}


def _fresh(present: Rota, seen: int) -> None:
    if present.revision != seen:
        raise NotPossibleNow(STALE)


def _clear(tx: Transaction, rota: Rota) -> list[duties.Shift]:
    """Nothing of a rota that has not begun is planned any more; returns what was."""
    gone = [each for each in duties.shifts(tx) if each.rota_id == rota.id and each.starts > tx.now]
    duties.cancel(tx, [each.id for each in gone])
    return gone


def _stop(tx: Transaction, rota: Rota) -> list[duties.Shift]:
    """What runs of a rota ends now; returns it as it was. Of what began in this very minute nothing stays."""
    minute = tx.now.replace(second=0, microsecond=0)
    runs = [
        each for each in duties.touching(tx, tx.now, tx.now + timedelta(seconds=1)) if each.rota_id == rota.id
    ]
    for each in runs:
        if each.starts < minute:
            duties.cut(tx, each.id, minute)
    duties.cancel(tx, [each.id for each in runs if each.starts >= minute])
    return runs


def _read(
    tx: Transaction, view: Mapping[str, Any], present: Rota | None
) -> tuple[Plan | None, dict[str, str]]:
    v = arrange_views
    name = " ".join(storable(forms.text(view, v.NAME)).split())
    kind, _, value = (forms.choice(view, v.SCOPE) or "").partition(":")
    handoff, group = forms.choice(view, v.HANDOFF) or "", forms.text(view, v.GROUP).strip()
    weekday, seats = forms.choice(view, v.WEEKDAY) or "0", forms.number(view, v.SEATS)
    known = {each for group_ in _scopes(tx).values() for each, _ in group_}
    others = [each for each in rotas.living(tx) if present is None or each.id != present.id]
    problems = {}
    if not name or len(name) > v.MOST_NAME:
        problems[v.NAME] = f"名前を{v.MOST_NAME}字までで書いてください。"
    elif any(each.name == name for each in others):
        problems[v.NAME] = "同じ名前の当番があります。"
    if f"{kind}:{value}" not in known:
        problems[v.SCOPE] = "一覧から選んでください。"
    if handoff not in v.HANDOFFS:
        problems[v.HANDOFF] = "交代のしかたを選んでください。"
    elif handoff == BY_HOURS and any(each.by_hours for each in others):
        problems[v.HANDOFF] = "「対応日どおり」の当番は、一つだけです。"
    if seats is None or not 1 <= seats <= v.MOST_SEATS:
        problems[v.SEATS] = f"1から{v.MOST_SEATS}までの数にしてください。"
    if group and re.fullmatch(r"S[A-Z0-9]{2,20}", group) is None:
        problems[v.GROUP] = "S で始まる、英字の大文字と数字の ID を書いてください。"
    if weekday not in {"0", "1", "2", "3", "4"}:
        problems[v.WEEKDAY] = "曜日を選んでください。"
    if problems or seats is None:
        return None, problems
    deputies = 1 if forms.ticked(view, v.DEPUTY) else 0
    scope = Scope(ScopeKind(kind), value)
    return Plan(name, scope, handoff, int(weekday), seats, deputies, group or None), {}


def end(tx: Transaction, visitor: Visitor, about: str) -> Block:
    """「この当番を終わりにする」.

    Raises:
        NoSuchRota, NotPossibleNow: nothing was changed.
    """
    rota_id, seen = two(about)
    present = rotas.need(tx, rota_id)
    _fresh(present, seen)
    gone = [*_stop(tx, present), *_clear(tx, present)]
    rotas.archive(tx, present.id)
    if not present.by_hours:
        swapping.tell_moved(tx, gone, [], visitor.user)
    failures.note(tx, "rota ended", actor=visitor.user, rota=present.id)
    return overview(tx, visitor, f"「{present.name}」を終わりにしました。")
