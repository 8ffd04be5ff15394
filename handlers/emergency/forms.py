"""The dialogs: a record begins, its state or its people change, the prefecture's steps and numbers. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.bodies import Body
from bot.domain.emergency import KINDS, LONGEST_LINE, LONGEST_STEPS, NEXT, STATES, STEPS, Kind, State
from bot.domain.text import escape
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small
from handlers.emergency.views import Numbers, call, title
from handlers.members.views import BODY, body_option

RECORD, CHANGE, GUIDE = "emergency_record", "emergency_change", "emergency_guide"
KIND, SINCE, CALLED, SAID = "emergency_kind", "emergency_since", "emergency_called", "emergency_said"
STATE, NOTE, PEOPLE = "emergency_state", "emergency_note", "emergency_people"
DAY, NIGHT, HOURS, STEPS_TEXT = "guide_day", "guide_night", "guide_hours", "guide_steps"
LONGEST, MOST_ADDED = 2000, 10
STAYS = "stays"
ANEW = "「対応中」に戻すと、関わる全員と、いまの当番を、もう一度呼び出します。"
_LATEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered of a new record; `problems` are sentences by block."""

    kind: Kind | None
    code: str | None
    noticed_at: datetime | None
    called: str | None
    said: str | None
    practice: bool
    problems: Mapping[str, str]


def _area(initial: str = "", *, most: int = LONGEST) -> Block:
    area: Block = {"type": "plain_text_input", "multiline": True, "max_length": most}
    return {**area, "initial_value": initial} if initial else area


def _line(initial: str = "", *, most: int = LONGEST_LINE) -> Block:
    line: Block = {"type": "plain_text_input", "max_length": most}
    return {**line, "initial_value": initial} if initial else line


def _radio(labels: Mapping[str, str]) -> Block:
    return {"type": "radio_buttons", "options": [option(text, key) for key, text in labels.items()]}


def record(body: Body | None, now: datetime, numbers: Numbers, *, draft: str, practice: bool) -> Block:
    """The short dialog with which a record begins; all is optional but what happened."""
    menu: Block = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain("名前やかなを入れて探す"),
    }
    if body is not None:
        menu["initial_option"] = body_option(body)
    since: Block = {"type": "datetimepicker", "initial_date_time": int(now.timestamp())}
    blocks: Blocks = [
        *([section("*【練習】*")] if practice else []),
        forms.field(KIND, "何が起きましたか", _radio({str(k): v for k, v in KINDS.items()}), optional=False),
        forms.field(SAID, "いまの様子(ひとことでも)", _area(draft)),
        forms.field(CALLED, "電話した相手", _line(most=200), hint="例:情報セキュリティの責任者、県"),
        forms.field(SINCE, "気づいた時刻", since),
        forms.field(BODY, "市町村・団体", menu),
        small(f"まだ電話していないときは、先に電話してください。{escape(numbers.both)}"),
    ]
    about = json.dumps({"draft": "", "practice": practice})
    words = {"callback_id": RECORD, "submit": plain("記録を始める"), "private_metadata": about}
    return modal("緊急の記録", blocks, **words)


def read_record(
    view: Mapping[str, Any], codes: Mapping[str, Body], now: datetime, *, practice: bool
) -> Entered:
    """What was entered in it."""
    kind, code, since = forms.choice(view, KIND), forms.choice(view, BODY), forms.moment(view, SINCE)
    problems = {}
    if kind not in list(Kind):
        problems[KIND] = "分からないときは「そのほか・分からない」を選んでください。"
    if code is not None and code not in codes:
        problems[BODY] = "一覧から選び直してください。"
    if since is not None and since > now + _LATEST:
        problems[SINCE] = "これからの時刻です。気づいた時刻を選ぶか、空にしてください。"
    return Entered(
        kind=Kind(kind) if kind in list(Kind) else None,
        code=code,
        noticed_at=since,
        called=" ".join(forms.text(view, CALLED).split())[:200] or None,
        said=forms.text(view, SAID)[:LONGEST] or None,
        practice=practice,
        problems=problems,
    )


def receipt(number: int, rung: Sequence[str], numbers: Numbers, *, practice: bool) -> Block:
    """What the dialog shows once it has begun: who is being rung, and what to do when nobody can be."""
    who = "、".join(escape(each) for each in rung)
    words = f"*{title(number, practice=practice)} の記録を始めました。*\n"
    words += f"{who} を呼び出しています。" if rung else "⚠️ 呼び出せる方がいません。すぐに電話してください。"
    words += (
        "\nやりとりは、Banso からの直接メッセージのスレッドに書いてください。全員に届き、時刻つきで残ります。"
    )
    blocks = [
        section(words),
        section(call(numbers)),
        small("この画面は閉じてかまいません。"),
    ]
    return modal("記録を始めました", blocks, clear_on_close=True)


# --- state and people -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to change: the state (None: it stays), a note, people who are to be told."""

    emergency_id: int
    state: State | None
    note: str | None
    people: tuple[str, ...]
    problems: Mapping[str, str]


def change(emergency_id: int, number: int, state: State, *, practice: bool, adds: bool) -> Block:
    """The dialog; only a coordinator `adds` people."""
    labels = {STAYS: f"このまま({STATES[state]})", **{str(each): STATES[each] for each in NEXT[state]}}
    choice = {**_radio(labels), "initial_option": option(labels[STAYS], STAYS)}
    blocks: Blocks = [
        forms.field(STATE, "いまの状況", choice, optional=False, hint=None if state is State.OPEN else ANEW),
        forms.field(
            NOTE, "記録に足すこと", _area(), hint="「終わり」にするときは、最後のまとめを書いてください。"
        ),
    ]
    if adds:
        menu: Block = {
            "type": "multi_users_select",
            "placeholder": plain("名前を入れて探す"),
            "max_selected_items": MOST_ADDED,
        }
        hint = "すぐに呼び出します。利害関係の登録がある方も、ここで選べば加わります(記録に残ります)。"
        blocks.append(forms.field(PEOPLE, "加える人", menu, hint=hint))
    about = {"callback_id": CHANGE, "submit": plain("保存する"), "private_metadata": str(emergency_id)}
    return modal("状況・人を変える", [section(f"*{title(number, practice=practice)}*"), *blocks], **about)


def read_change(view: Mapping[str, Any], emergency_id: int) -> Change:
    """What was entered in it."""
    chosen, note = forms.choice(view, STATE), forms.text(view, NOTE)[:LONGEST] or None
    known = chosen == STAYS or chosen in list(State)
    state = State(chosen) if chosen in list(State) else None
    problems = {} if known else {STATE: "どれかを選んでください。"}
    if state is State.CLOSED and note is None:
        problems = {NOTE: "最後のまとめを、ひとことでも書いてください。何をして、どうなったか。"}
    return Change(emergency_id, state, note, forms.people(view, PEOPLE)[:MOST_ADDED], problems)


def changed(state: State | None) -> Block:
    """What the dialog shows when it is kept; `state` is what was chosen (None: it stayed)."""
    words = "✅ 保存しました。関わる全員の受付票が変わります。"
    if state is State.OPEN:
        words += (
            "\nもう一度、呼び出しています。ご自身が対応するときも、「見ました・対応します」を押してください。"
        )
    return modal("保存しました", [section(words)])


# --- steps and numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GuideEntered:
    """What a coordinator entered; `steps` None: ours."""

    day: str
    night: str | None
    hours: str | None
    steps: str | None
    problems: Mapping[str, str]


def guide(numbers: Numbers, steps: str) -> Block:
    """The dialog in which coordinators change what everybody sees."""
    blocks = [
        forms.field(DAY, "昼の電話(開庁時間)", _line(numbers.day), optional=False),
        forms.field(NIGHT, "夜間・休日の電話", _line(numbers.night)),
        forms.field(HOURS, "つながる時間", _line(numbers.hours), hint="例:昼 8:30〜17:15"),
        forms.field(
            STEPS_TEXT,
            "手順",
            _area(steps, most=LONGEST_STEPS),
            hint="空にすると、はじめの文に戻ります。",
        ),
        small("市町村の方に見えます。直したら、印刷用も配り直してください。"),
    ]
    return modal("番号・手順を直す", blocks, callback_id=GUIDE, submit=plain("保存する"))


def read_guide(view: Mapping[str, Any]) -> GuideEntered:
    """What was entered in it."""

    def line(block: str) -> str:
        return " ".join(forms.text(view, block).split())[:LONGEST_LINE]

    day, night, steps = line(DAY), line(NIGHT), forms.text(view, STEPS_TEXT)[:LONGEST_STEPS]
    problems = {}
    for block, said in ((DAY, day), (NIGHT, night)):
        if (said or block == DAY) and sum(each.isdecimal() for each in said) < 3:
            problems[block] = "電話番号を書いてください。例:000-000-0000"
    own = steps if steps and steps != STEPS else None
    return GuideEntered(day, night or None, line(HOURS) or None, own, problems)


def guide_saved() -> Block:
    """What the dialog shows when it is kept."""
    words = (
        "✅ 保存しました。「印刷用」を出し直して、電話のそばに貼ってください(Slack が使えないときのため)。"
    )
    return modal("番号・手順を直す", [section(words)], clear_on_close=True)
