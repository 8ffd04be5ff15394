"""What people see of study sessions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.series import Difference, Every, Plan, Session, week_of_month
from bot.domain.study import About, Audience, is_link
from bot.domain.text import escape
from bot.errors import Malformed
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.common.payloads import number
from handlers.study.card import Answering, in_list
from handlers.study.form import AUDIENCES

OPEN, NEW, EDIT, ONE = "study_open", "study_new", "study_edit", "study_one"
TOPICS = "study_topics"
"""The page of a session's topics."""
MATERIALS = "study_materials_of"
CONFIRM, CHANGE = "study_confirm", "study_change"
WHAT, DAY, CLOCK = "study_what", "study_day", "study_clock"
MOVE, CANCEL, RESTORE = "move", "cancel", "restore"
WHATS = {MOVE: "日時を移す", CANCEL: "中止する", RESTORE: "もとの予定に戻す"}
TITLE = "勉強会"
_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Held:
    """A session and what its series says of it. `once`: the series has this one only; `now`: it is going on; `changes`: who
    reads may change it; `answering`: it is announced, and whoever reads may say whether they come."""

    series_id: int
    about: About
    session: Session
    once: bool = False
    now: bool = False
    changes: bool = False
    answering: Answering | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A series in the list of those who arrange. `channel` is the name of its channel, `over`: it has no session to come."""

    series_id: int
    about: About
    plan: Plan
    over: bool


def listed(held: Sequence[Held], kept: Sequence[Kept] | None, zone: str, notice: str = "") -> Block:
    """The sessions to come; `kept` for those who arrange: the series, to be changed; `notice`: what came of a press."""
    blocks: Blocks = [section(f"ℹ️ {notice}")] if notice else []
    blocks.append(section("*これからの勉強会*"))
    for each in held:
        blocks += _held(each, zone)
    if not held:
        blocks.append(section("いま、予定されている勉強会はありません。"))
    if kept is None:
        return modal(TITLE, blocks)
    if kept:
        blocks.append(section("*登録されている勉強会*"))
    blocks += [_kept(each) for each in kept]
    return modal(TITLE, [*blocks, actions(button("勉強会を登録", NEW, "-", primary=True))])


def _held(held: Held, zone: str) -> Blocks:
    session = held.session
    when = words.span(session.starts, session.ends, zone)
    name = f"*{named(held)}*"
    lines = [f"~{name}~ *中止*" if session.cancelled else name, f"~{when}~" if session.cancelled else when]
    if session.moved and not session.cancelled:
        lines[1] += f"(日時が変わりました。もとは {words.day(session.on)})"
    if held.now and not session.cancelled:
        lines[1] += " *いま開いています*"
    lines += [] if session.cancelled else [where(held.about)]
    found, value = section("\n".join(lines)), f"{held.series_id}:{session.on}"
    topics = [] if session.cancelled else [button("話題", TOPICS, value)]
    asks = in_list(held.answering) if held.answering is not None else []
    if held.changes:
        return [found, *asks, actions(button("この回だけ変える", ONE, value), *topics)]
    return [{**found, "accessory": topics[0]} if topics else found, *asks]


def named(held: Held) -> str:
    """What a session is called: 「第12回 アドバイザー勉強会」; without a number where it is the only one."""
    number = "" if held.once else f"第{held.session.number}回 "
    return number + escape(held.about.title)


def where(about: About) -> str:
    """Where people meet, on the spot and on the net."""
    place = f"場所:{escape(about.place)}" if about.place else ""
    link = f"<{escape(about.link)}|オンラインで参加>" if about.link and is_link(about.link) else ""
    return "|".join(part for part in (place, link) if part) or "場所は、まだ決まっていません"


def _kept(kept: Kept) -> Block:
    clock = f"{kept.plan.clock.hour}:{kept.plan.clock:%M}から{kept.plan.minutes}分"
    place, inside = kept.about.channel, kept.about.audience is Audience.CHANNEL
    who = f"<#{place}> の方" if inside else AUDIENCES[kept.about.audience]
    who += f"|お知らせは <#{place}>" if place and not inside else ""
    over = "|これからの回はありません" if kept.over else ""
    found = section(f"*{escape(kept.about.title)}*\n{rhythm(kept.plan)} {clock}|{who}{over}")
    return {**found, "accessory": button("直す", EDIT, str(kept.series_id))}


def rhythm(plan: Plan) -> str:
    """How a series goes on: 「毎週金曜」「毎月第2金曜」."""
    first, weekday = plan.first, f"{_WEEKDAYS[plan.first.weekday()]}曜"
    week = week_of_month(first)
    return {
        Every.ONCE: words.day(first),
        Every.WEEK: f"毎週{weekday}",
        Every.FORTNIGHT: f"隔週{weekday}",
        Every.MONTH_DAY: f"毎月{first.day}日{'(ない月は月末)' if first.day > 28 else ''}",
        Every.MONTH_WEEKDAY: f"毎月{'最終' if week < 0 else f'第{week}'}{weekday}",
    }[plan.every]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a series will be: its ten sessions to come before and after a change (`before` is empty for a new one), dates
    without a session because they are closed, single changes that are lost, how many people will be told by letter."""

    plan: Plan
    differences: Sequence[Difference]
    new: bool
    closed: Sequence[date] = ()
    lost: Sequence[date] = ()
    hear: int = 0


def confirm(outlook: Outlook, carried: str, zone: str) -> Block:
    """The last look before a series is kept; `carried` is what was entered."""
    once = outlook.plan.every is Every.ONCE
    head = "登録" if outlook.new else "変更"
    lines = [_difference(each, zone, new=outlook.new, once=once) for each in outlook.differences]
    blocks = [section(f"*この日程で{head}します*|{rhythm(outlook.plan)}"), section("\n".join(lines))]
    if outlook.closed:
        blocks.append(small(f"閉庁日のため、行いません:{_days(outlook.closed)}"))
    if outlook.lost:
        blocks.append(small(f"「この回だけ変える」で変えた次の回は、もとに戻ります:{_days(outlook.lost)}"))
    if outlook.hear:
        blocks.append(
            small(f"すでに返事をした方など{outlook.hear}人に、変更を直接メッセージでお知らせします。")
        )
    if not once:
        blocks.append(small("これからの10回までを示しています。"))
    return modal(
        "日程の確認",
        blocks,
        callback_id=CONFIRM,
        submit=plain("登録する" if outlook.new else "変更する"),
        close=plain("戻る"),
        private_metadata=carried,
    )


def _days(dates: Sequence[date]) -> str:
    return "、".join(map(words.day, dates))


def _difference(difference: Difference, zone: str, *, new: bool, once: bool) -> str:
    before, after = difference.before, difference.after
    number = "" if once else f"第{difference.number}回 "
    if after is None:
        return f"・{number}~{_when(before, zone)}~(なくなります)"
    was, will, said = _when(before, zone), _when(after, zone), _shifted(after, zone)
    if not new:
        said.append("新しく入ります" if not was else "変わりません" if was == will else f"いまは {was}")
    return f"・{number}{will}" + (f"({'。'.join(said)})" if said else "")


def _shifted(session: Session, zone: str) -> list[str]:
    """Why a session is on another day than its rhythm says."""
    day = session.starts.astimezone(ZoneInfo(zone)).date()
    return [f"{words.day(session.on)}は閉庁日"] if day != session.on and not session.moved else []


def _when(session: Session | None, zone: str) -> str:
    if session is None:
        return ""
    when = words.span(session.starts, session.ends, zone)
    return f"{when} 中止" if session.cancelled else when


def done(text: str, more: Sequence[Block] = ()) -> Block:
    """What stands in the dialog when it is kept; what lies below it has grown old and is closed with it."""
    return modal(TITLE, [section(text), *more], clear_on_close=True)


def change(held: Held, about: str, starts: datetime, zone: str) -> Block:
    """The dialog in which one session is moved or cancelled; `starts` is when it begins as things are, on the wall."""
    session = held.session
    touched = session.cancelled or session.moved
    offered = [RESTORE] if session.cancelled else [MOVE, CANCEL, *([RESTORE] if touched else [])]
    when = words.span(session.starts, session.ends, zone)
    state = "(中止になっています)" if session.cancelled else ""
    radio: Block = {"type": "radio_buttons", "options": [option(WHATS[each], each) for each in offered]}
    blocks = [
        section(f"*{named(held)}*\n{when}{state}\nほかの回は変わりません。"),
        forms.field(WHAT, "どうしますか", radio, optional=False),
    ]
    if MOVE in offered:
        day: Block = {"type": "datepicker", "initial_date": starts.date().isoformat()}
        clock: Block = {"type": "timepicker", "initial_time": f"{starts:%H:%M}"}
        blocks.append(forms.field(DAY, "移す日(「日時を移す」のとき)", day))
        blocks.append(forms.field(CLOCK, "始まり(「日時を移す」のとき)", clock, hint="長さは変わりません。"))
    if not session.cancelled:
        blocks.append(actions(button("資料とアドレスを登録", MATERIALS, f"{held.series_id}:{session.on}")))
    return modal(
        "この回だけ変える", blocks, callback_id=CHANGE, submit=plain("保存する"), private_metadata=about
    )


def session_of(value: str) -> tuple[int, date]:
    """A series' number and the date one of its sessions is planned for, as buttons name it.

    Raises:
        Malformed: it is neither.
    """
    first, _, second = value.partition(":")
    try:
        return number({"v": first}, "v"), date.fromisoformat(second)
    except ValueError:
        raise Malformed() from None


def home_line(held: Held, zone: str) -> Blocks:
    """The line of Home: the next session, with a button that opens the list."""
    line = section(f"*■ 次の勉強会* {words.short(held.session.starts, zone)} {named(held)}")
    return [{**line, "accessory": button("見る", OPEN, "-")}]


def home_none() -> Blocks:
    """The same while nothing is planned, for who may register a series."""
    return [{**section("*■ 次の勉強会* まだありません"), "accessory": button("一覧・登録", OPEN, "-")}]
