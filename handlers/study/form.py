"""The dialog in which a series is registered and changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.series import Every, OnClosed
from bot.domain.study import LONGEST_LINK, LONGEST_PLACE, LONGEST_TITLE, MOST_TIMES, Audience
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain
from handlers.common.payloads import storable
from handlers.study.draft import (
    AUDIENCE,
    CHANNEL,
    CLOSED,
    EVERY,
    FROM,
    LINK,
    ON,
    PLACE,
    TIMES,
    TITLE,
    TO,
    UNTIL,
    Draft,
)

FORM, END = "study_form", "study_end"

EVERIES = {
    Every.ONCE: "1回だけ(合同研修など)",
    Every.WEEK: "毎週",
    Every.FORTNIGHT: "隔週",
    Every.MONTH_DAY: "毎月・同じ日にち(15日など)",
    Every.MONTH_WEEKDAY: "毎月・同じ週の曜日(第2金曜など。第5週は最終の曜日)",
}
ON_CLOSED = {
    OnClosed.SKIP: "その回は行わない",
    OnClosed.BEFORE: "前の開庁日に行う",
    OnClosed.AFTER: "次の開庁日に行う",
    OnClosed.HOLD: "閉庁日でも行う",
}
AUDIENCES = {
    Audience.EVERYBODY: "みんな(市町村の方も)",
    Audience.CHANNEL: "選んだチャンネルの方",
    Audience.TALENTS: "アドバイザーと県の担当",
}


def form(draft: Draft, title: str, about: str, *, ends: bool) -> Block:
    """The dialog, filled in with a draft; `about` is what its submission is about. `ends`: it is of a series that can be
    ended."""
    picker: Block = {"type": "timepicker"}
    blocks = [
        forms.field(TITLE, "勉強会の名前", _line(draft.title, LONGEST_TITLE), optional=False),
        forms.field(EVERY, "くり返し", _radio(EVERIES, draft.every), optional=False),
        forms.field(ON, "最初の日", _day(draft.on), optional=False),
        forms.field(FROM, "始まり", picker | _initial("time", draft.starts), optional=False),
        forms.field(TO, "終わり", picker | _initial("time", draft.ends), optional=False),
        forms.field(UNTIL, "いつまで(くり返すとき)", _day(draft.until)),
        forms.field(TIMES, "全部で何回(くり返すとき)", _times(draft.times), hint="上の日からの回数です。"),
        forms.field(CLOSED, "閉庁日に当たったら", _radio(ON_CLOSED, draft.on_closed), optional=False),
        forms.field(AUDIENCE, "だれが見られますか", _radio(AUDIENCES, draft.audience), optional=False),
        forms.field(
            CHANNEL,
            "チャンネル",
            _channel(draft.channel),
            hint="ここに、1週間前にお知らせを出します。選ばないと、答える方への直接メッセージだけになります。",
        ),
        forms.field(PLACE, "場所", _line(draft.place, LONGEST_PLACE)),
        forms.field(LINK, "オンライン会議のアドレス", _line(draft.link, LONGEST_LINK)),
    ]
    if ends:
        blocks.append(_ending(about))
    return modal(title, blocks, callback_id=FORM, submit=plain("日程を確かめる"), private_metadata=about)


def _ending(about: str) -> Block:
    press = button("この勉強会を終わりにする", END, about)
    sure = {
        "title": plain("終わりにしますか"),
        "text": plain("これからの回は、なくなります。これまでの回の記録は残ります。"),
        "confirm": plain("終わりにする"),
        "deny": plain("やめる"),
    }
    return actions({**press, "style": "danger", "confirm": sure})


def _line(text: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    return {**element, "initial_value": text[:most]} if text else element


def _initial(kind: str, value: str | None) -> Block:
    return {f"initial_{kind}": value} if value else {}


def _day(on: str | None) -> Block:
    return {"type": "datepicker"} | _initial("date", on)


def _times(times: int | None) -> Block:
    element: Block = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
    element["max_value"] = str(MOST_TIMES)
    return {**element, "initial_value": str(times)} if times is not None else element


def _radio(labels: Mapping[Any, str], chosen: str | None) -> Block:
    options = {str(key): option(text, str(key)) for key, text in labels.items()}
    element: Block = {"type": "radio_buttons", "options": list(options.values())}
    return {**element, "initial_option": options[chosen]} if chosen in options else element


def _channel(chosen: str | None) -> Block:
    element: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | _initial("conversation", chosen)


def read(view: Mapping[str, Any]) -> Draft:
    """What stands in the dialog."""
    on, until = forms.day(view, ON), forms.day(view, UNTIL)
    starts, ends = forms.clock(view, FROM), forms.clock(view, TO)
    channels = forms.places(view, CHANNEL)
    typed = forms.text(view, TIMES)
    return Draft(
        title=_one_line(forms.text(view, TITLE)),
        every=forms.choice(view, EVERY),
        on=on.isoformat() if on else None,
        starts=f"{starts:%H:%M}" if starts else None,
        ends=f"{ends:%H:%M}" if ends else None,
        until=until.isoformat() if until else None,
        times=(forms.number(view, TIMES) or 0) if typed else None,
        on_closed=forms.choice(view, CLOSED),
        audience=forms.choice(view, AUDIENCE),
        channel=storable(channels[0]) if channels else None,
        place=_one_line(forms.text(view, PLACE)),
        link=storable(forms.text(view, LINK)),
    )


def _one_line(text: str) -> str:
    return " ".join(storable(text).split())
