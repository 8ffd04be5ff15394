"""When offices are open and whom they call in an emergency: the inputs for it, and the dialog of a body's own. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import closures, opening_hours, telephone
from bot.domain.bodies import Body
from bot.domain.text import escape
from bot.domain.words import Years
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.members.views import body_option
from storage.offices import Office

OFFICES, BODY, SAVE = "office_open", "office_body", "office_save"
"""The button that opens the dialog, its menu of bodies, the dialog itself."""
HOURS, CLOSURES, OPENINGS, YEARS = "hours", "closures", "openings", "years"
CALLED, CALLED_AT_NIGHT = "phone", "night"
NAME = "市町村・団体の開庁日・電話"
YEARS_SAID = {
    Years.BOTH: "和暦と西暦:令和8年度(2026年度)",
    Years.ERA: "和暦だけ:令和8年度",
    Years.WEST: "西暦だけ:2026年度",
}
_SAVED = "✅ 保存しました。"
_STALE = "⚠️ ほかの方が先に変えました。いまの内容を確かめて、保存し直してください。"
USUAL = "土日・祝日・12月29日〜1月3日は、書かなくても閉庁日です。"


@dataclass(frozen=True, slots=True)
class Offices:
    """What the dialog shows: the body that was chosen, what is known of its offices, the prefecture's `hours`, the names of
    those of which something was entered."""

    body: Body | None
    office: Office
    hours: opening_hours.OpeningHours
    others: Sequence[str]


def named(block: str, mark: str) -> str:
    """The name of an input. With other values shown it is another one: Slack keeps what was typed into one it knows."""
    return f"{block}-{mark}"


def inputs(hours: str, closed: Sequence[str], opened: Sequence[str], mark: str, *, own: bool) -> Blocks:
    """The inputs for when an office is open; `own`: a body's, which has the prefecture's hours unless it says others."""
    clock: Block = {"type": "plain_text_input", "max_length": 60}
    if hours:
        clock["initial_value"] = hours
    hint = "昼休みの前とあとに分けて書きます。"
    hint += "空欄なら、県と同じ時間です。" if own else "返信の目安は、この時間で数えます。"
    return [
        forms.field(named(HOURS, mark), "開庁時間", clock, hint=hint),
        forms.field(
            named(CLOSURES, mark),
            "閉庁日(1行に1日)",
            _area(closed, "11月14日 開庁記念日\n2026年12月28日 臨時休庁"),
            hint="年を書かない日は毎年、書いた日はその日だけです。続く日は 8月13日〜15日 と書けます。",
        ),
        forms.field(
            named(OPENINGS, mark),
            "臨時に開く日(1行に1日)",
            _area(opened, "2027年3月28日 異動期の窓口"),
            hint="土日や祝日に開く日を、年から書きます。",
        ),
        small(USUAL),
    ]


def _area(lines: Sequence[str], example: str) -> Block:
    area: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": closures.LONGEST,
        "placeholder": plain(f"例:{example}"),
    }
    return {**area, "initial_value": closures.shown(lines)} if lines else area


def _telephones(office: Office, mark: str) -> Blocks:
    """Whom the people of a body call before they call the prefecture."""

    def line(said: str) -> Block:
        found: Block = {"type": "plain_text_input", "max_length": telephone.LONGEST}
        return {**found, "initial_value": said} if said else found

    return [
        forms.field(
            named(CALLED, mark),
            "緊急のときの電話(責任者・CSIRT)",
            line(office.phone),
            hint=f"この団体の方の「緊急」の画面と印刷用に、県より先に出ます。例:{telephone.EXAMPLE}",
        ),
        forms.field(named(CALLED_AT_NIGHT, mark), "緊急のときの電話(夜間・休日)", line(office.night)),
    ]


def years_input(years: Years, mark: str) -> Block:
    """How a fiscal year is written."""
    options = {key: option(words, key) for key, words in YEARS_SAID.items()}
    menu = {"type": "static_select", "options": list(options.values()), "initial_option": options[years]}
    return forms.field(named(YEARS, mark), "年度の書き方", menu, optional=False)


def way_to_others() -> Block:
    """The button to the bodies' own calendars."""
    return actions(button(NAME, OFFICES, "-"))


def dialog(found: Offices, mark: str, *, saved: bool = False, stale: bool = False) -> Block:
    """The dialog: which body, and when it is open."""
    menu: Block = {
        "type": "external_select",
        "action_id": BODY,
        "min_query_length": 0,
        "placeholder": plain("市町村・団体を選ぶ"),
    }
    if found.body is not None:
        menu["initial_option"] = body_option(found.body)
    news = _STALE if stale else _SAVED if saved else ""
    pick = {**section("*どの市町村・団体ですか*"), "accessory": menu}
    blocks: Blocks = [*([section(news)] if news else []), pick]
    if found.body is None:
        return modal(NAME, [*blocks, *_about(found)])
    office = found.office
    hours = opening_hours.shown(office.hours) if office.hours else ""
    blocks += inputs(hours, office.closures, office.openings, mark, own=True)
    blocks += [small(f"県の開庁時間:{opening_hours.shown(found.hours)}"), *_telephones(office, mark)]
    return modal(
        NAME,
        blocks,
        callback_id=SAVE,
        submit=plain("保存する"),
        private_metadata=json.dumps({"code": found.body.code, "seen": mark}),
    )


def _about(found: Offices) -> Blocks:
    said = (
        "開庁記念日や臨時の休みなど、県とちがうところだけを登録します。"
        "「その後いかがですか」のお尋ねなど、相談者さんを待つ時間を、その団体の開庁日で数えます。"
        "何も登録していない団体は、県の開庁時間と、土日・祝日・年末年始で数えます。\n"
        "その団体の緊急のときの電話も、ここで登録します。"
    )
    shown = "、".join(escape(each) for each in found.others[:30])
    more = f" ほか{len(found.others) - 30}団体" if len(found.others) > 30 else ""
    listed = f"登録のある団体:{shown}{more}" if shown else "登録のある団体は、まだありません。"
    return [section(said), small(listed), small("まとめて入れるときは、運用の担当が一覧を取り込みます。")]


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered, or sentences by block."""

    office: Office
    problems: Mapping[str, str]


def read(view: Mapping[str, Any], mark: str) -> Entered:
    """Read the inputs back; empty hours are None."""
    problems: dict[str, str] = {}
    written, hours = forms.text(view, named(HOURS, mark)), None
    closed: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    try:
        hours = opening_hours.read(written) if written else None
    except opening_hours.UnreadableHours as error:
        problems[HOURS] = str(error)
    try:
        closed = closures.read(forms.text(view, named(CLOSURES, mark)))
    except closures.UnreadableClosures as error:
        problems[CLOSURES] = str(error)
    try:
        opened = closures.read_openings(forms.text(view, named(OPENINGS, mark)))
    except closures.UnreadableClosures as error:
        problems[OPENINGS] = str(error)
    if not problems and (wrong := closures.problem(closed, opened)):
        problems[CLOSURES] = wrong
    called = {each: _number(view, each, mark, problems) for each in (CALLED, CALLED_AT_NIGHT)}
    return Entered(Office(hours, closed, opened, called[CALLED], called[CALLED_AT_NIGHT]), problems)


def _number(view: Mapping[str, Any], block: str, mark: str, problems: dict[str, str]) -> str:
    try:
        return telephone.read(forms.text(view, named(block, mark)))
    except telephone.UnreadableNumber as error:
        problems[block] = str(error)
        return ""
