"""The report's dialog, and what is said with its file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.report import Period, Span, named
from bot.domain.text import escape
from bot.domain.words import Years
from bot.feature import Made, Message
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small
from handlers.reports.files import Form

OPEN, CALLBACK = "report_open", "report_make"
PERIOD, FIRST, LAST, FORM = "period", "first", "last", "form"
CHOSEN = "chosen"
_SPANS = {
    Span.THIS_MONTH: "今月",
    Span.LAST_MONTH: "先月",
    Span.THIS_YEAR: "今年度",
    Span.LAST_YEAR: "昨年度",
}
_FORMS = {Form.EXCEL: "Excel(.xlsx)", Form.CSV: "CSV(表ごとのファイルを1つの .zip に)"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was entered; `problems` are sentences by block, and without any there is a period."""

    period: Period | None
    form: Form
    problems: Mapping[str, str]


def dialog(today: date, years: Years) -> Block:
    """The dialog: which period, which form."""
    periods = [option(f"{name}:{named(span, today, years).name}", span) for span, name in _SPANS.items()]
    periods.append(option("期間を選ぶ(下の2つの日)", CHOSEN))
    kinds = [option(name, form) for form, name in _FORMS.items()]
    day: Block = {"type": "datepicker"}
    return modal(
        "集計",
        [
            forms.field(PERIOD, "期間", _radio(periods, periods[1]), optional=False),
            forms.field(FIRST, "はじめの日(「期間を選ぶ」のとき)", day),
            forms.field(LAST, "おわりの日(「期間を選ぶ」のとき)", day),
            forms.field(FORM, "ファイルの形", _radio(kinds, kinds[0]), optional=False),
            small(
                "内容が載るのは「県内みんな」の相談だけです。「団体名だけ」「県と担当だけ」の相談は、終わった年度の集計で"
                "件数だけを数え、少ない件数は ※ にします。練習は数えません。"
            ),
        ],
        callback_id=CALLBACK,
        submit=plain("つくる"),
    )


def _radio(options: list[Block], initial: Block) -> Block:
    return {"type": "radio_buttons", "options": options, "initial_option": initial}


def read(view: Mapping[str, Any], today: date, years: Years) -> Wanted:
    """What was entered in the dialog, today."""
    which, form = forms.choice(view, PERIOD), forms.choice(view, FORM)
    wanted = Form(form) if form in list(Form) else Form.EXCEL
    if which in list(Span):
        return Wanted(named(Span(which), today, years), wanted, {})
    if which != CHOSEN:
        return Wanted(None, wanted, {PERIOD: "期間を選んでください。"})
    first, last = forms.day(view, FIRST), forms.day(view, LAST)
    problems = {
        block: "日を選んでください。" for block, chosen in ((FIRST, first), (LAST, last)) if chosen is None
    }
    if first is None or last is None:
        return Wanted(None, wanted, problems)
    if first > today:
        return Wanted(None, wanted, {FIRST: "今日までの日を選んでください。"})
    if last < first:
        return Wanted(None, wanted, {LAST: "はじめの日と同じか、それよりあとの日を選んでください。"})
    return Wanted(Period(first, last, years), wanted, {})


def on_its_way(name: str) -> Block:
    """What the dialog shows when it is asked for."""
    words = f"*「{escape(name)}」をつくっています。*\nできたら、Banso からの直接メッセージで届きます。"
    return modal("つくっています", [section(words), small("この画面は閉じてかまいません。")])


def delivered(made: Made, as_of: str) -> Message:
    """The file, and what is said with it."""
    words = (
        f"お待たせしました。「{escape(made.name)}」です({as_of})。"
        "県の外や議会へ出すときは、はじめの「概要」にある数え方も合わせてお確かめください。"
    )
    return Message(text=words, made=made)


def not_delivered() -> Message:
    """To whom asked for a file that could not be shared."""
    words = (
        "集計のファイルを届けられませんでした。記録は失われていません。"
        "運用の担当が直したら届きます。お急ぎのときは、運用の担当に `banso report` でつくってもらえます。"
    )
    return Message(text=words, blocks=[section(words)])
