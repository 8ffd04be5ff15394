"""「週のお知らせ」: when each digest comes, where, and how it would look. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import words
from bot.domain.digests import WEEKDAYS, Digest, Plan, Plans, clock_of
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, button, modal, option, plain, section, small

OPEN, CALLBACK, TRY = "digests_open", "digests_plan", "digests_try"
TRIES = re.compile(rf"\A{TRY}:(?P<digest>[a-z]+)\Z")
CHANNEL, CHART = "digests_channel", "digests_chart"
NAMES = {Digest.WEEK: "今週の予定", Digest.PUBLIC: "今週の相談まとめ", Digest.OFFICE: "県の担当へのまとめ"}
_WHERE = {
    Digest.WEEK: "対応場所へ",
    Digest.PUBLIC: "下のチャンネルへ(呼びかけなし・団体別の件数なし)",
    Digest.OFFICE: "県の担当へ、直接メッセージで",
}
NOT_HERE = (
    "Banso がまだいません。そのチャンネルで /invite @Banso と送ってから、もう一度このボタンを押してください。"
)
SAVED = "✅ 保存しました。"
AFTER_OPENING = "opens"
_CLOCKS = {
    AFTER_OPENING: "開庁の30分後",
    **{f"{n // 2:02}:{n % 2 * 30:02}": f"{n // 2}:{n % 2 * 30:02}" for n in range(16, 38)},
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the dialog shows: the choices, when each digest comes next (aware UTC; None: not), where the public one stands
    ("": nowhere)."""

    plans: Plans
    following: Mapping[Digest, datetime | None]
    channel: str
    zone: str


def dialog(known: Known, *, saved: bool = False) -> Block:
    """The dialog, with the choices as they are."""
    blocks: Blocks = [section(SAVED)] if saved else []
    for digest, plan in known.plans.of.items():
        blocks += _of(digest, plan, known.following.get(digest), known.zone)
        blocks += _public(known) if digest is Digest.PUBLIC else []
    blocks.append(small("閉庁日にあたるときは、予定は次の開庁日に、まとめは前の開庁日に送ります。"))
    return modal("週のお知らせ", blocks, callback_id=CALLBACK, submit=plain("保存する"))


def _of(digest: Digest, plan: Plan, following: datetime | None, zone: str) -> Blocks:
    comes = f"次は {words.day_time(following, zone)}" if following is not None else "送りません"
    head = section(f"*{NAMES[digest]}*|{comes}\n{_WHERE[digest]}")
    days = [option(f"{name}曜日", str(n)) for n, name in enumerate(WEEKDAYS)]
    clocks = [option(said, value) for value, said in _clocks(plan).items()]
    chosen = f"{plan.clock:%H:%M}" if plan.clock is not None else AFTER_OPENING
    clock = next(each for each in clocks if each["value"] == chosen)
    name = NAMES[digest]
    return [
        {**head, "accessory": button("見本を見る", f"{TRY}:{digest.value}", "-")},
        forms.field(f"{digest}_on", f"{name}を送るか", _box("送る", plan.on)),
        forms.field(f"{digest}_day", f"{name}の曜日", _menu(days, days[plan.day]), optional=False),
        forms.field(f"{digest}_at", f"{name}の時刻", _menu(clocks, clock), optional=False),
    ]


def _clocks(plan: Plan) -> Mapping[str, str]:
    """The hours to choose from, with the present one, whoever chose it."""
    own = plan.clock
    return _CLOCKS if own is None else {**_CLOCKS, f"{own:%H:%M}": f"{own.hour}:{own.minute:02}"}


def _public(known: Known) -> Blocks:
    menu: Block = {
        "type": "conversations_select",
        "placeholder": plain("チャンネルを選ぶ"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": known.channel} if known.channel else {}),
    }
    return [
        forms.field(CHANNEL, "今週の相談まとめのチャンネル", menu),
        forms.field(CHART, "今週の相談まとめのグラフ", _box("つける", known.plans.chart)),
    ]


def _box(words: str, ticked: bool) -> Block:
    choice = option(words, "yes")
    return {"type": "checkboxes", "options": [choice], **({"initial_options": [choice]} if ticked else {})}


def _menu(options: list[Block], chosen: Block) -> Block:
    return {"type": "static_select", "options": options, "initial_option": chosen}


def read(view: Mapping[str, Any], before: Plans, now: datetime) -> tuple[Plans, dict[str, str]]:
    """What was entered, and sentences by block where something was not. A plan that is another holds from now on."""
    plans, changed, problems = dict(before.of), dict(before.changed), {}
    for digest, old in before.of.items():
        day, at = forms.choice(view, f"{digest}_day"), forms.choice(view, f"{digest}_at")
        if day is None or day not in map(str, range(len(WEEKDAYS))):
            problems[f"{digest}_day"] = "曜日を選んでください。"
            continue
        if at is None or at not in _clocks(old):
            problems[f"{digest}_at"] = "時刻を選んでください。"
            continue
        clock = clock_of("" if at == AFTER_OPENING else at, None)
        plans[digest] = Plan(forms.ticked(view, f"{digest}_on"), int(day), clock)
        if plans[digest] != old:
            changed[digest] = now
    channel = next(iter(forms.places(view, CHANNEL)), before.channel)
    return Plans(plans, channel, forms.ticked(view, CHART), changed), problems
