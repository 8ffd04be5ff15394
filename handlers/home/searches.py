"""How people look for things, for coordinators: the lists behind the numbers. Of whom is kept nowhere, and of when only the
day is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain import words as said
from bot.domain.permissions import Deed
from bot.domain.vain import MOST, Subject, Vain, subjects
from handlers.faq.gaps import MOST as AT_ONCE
from handlers.faq.showing import values_of
from handlers.home.list_views import Draft, Gap, Plain, Row
from handlers.home.listing import List
from handlers.questions.base.routing import calendar_of
from storage import faq_gaps, workspace
from storage.database import Transaction
from storage.faq_gaps import Which
from storage.faq_searches import Search

_EDIT = Deed.EDIT_FAQ


def _day(tx: Transaction, search: Search) -> date:
    return calendar_of(workspace.workspace(tx)).day_of(search.at)


def _became(search: Search) -> str:
    if search.solved:
        return "これで解決"
    if search.found:
        return f"{search.found}件見つかりました" + ("" if search.opened else "(開かれていません)")
    return "近いかもしれないものだけでした" if search.near else "見つかりませんでした"


def _row(tx: Transaction, search: Search) -> Row:
    note = f"{said.day(_day(tx, search))}|{_became(search)}"
    return (
        Plain(search.words, note) if search.found or search.solved else Gap([search.id], search.words, note)
    )


def _searches(title: str, which: Which, unit: str = "件", hint: str = "") -> List:
    def rows(tx: Transaction, _: str, most: int, start: int) -> list[Row]:
        return [_row(tx, each) for each in faq_gaps.page(tx, which, most=most, start=start)]

    return List(title, _EDIT, lambda tx, _: faq_gaps.count(tx, which), rows, unit, hint)


def to_write(tx: Transaction) -> Sequence[Subject]:
    """What to write next: what was looked for in vain in the last days, most often first."""
    found = faq_gaps.page(tx, faq_gaps.VAIN, most=MOST)
    return subjects(Vain(each.id, each.words, _day(tx, each)) for each in found)


def _subjects(tx: Transaction, _: str, most: int, start: int) -> list[Row]:
    return [
        Gap(each.ids[:AT_ONCE], each.words, f"{each.count}回さがされました")
        for each in to_write(tx)[start : start + most]
    ]


def _never(tx: Transaction, _: str, most: int, start: int) -> list[Row]:
    return [Draft(values_of(tx, each)) for each in faq_gaps.never_found(tx, most=most, start=start)]


SEARCHES: Mapping[str, List] = {
    "searches": _searches("検索(30日)", faq_gaps.ALL, "回", "どなたの検索かは、残していません。"),
    "searches_solved": _searches("「これで解決」になった検索", faq_gaps.SOLVED, "回"),
    "searches_vain": _searches(
        "見つからなかった検索", faq_gaps.VAIN, hint="近いFAQがあれば「FAQと結ぶ」で、次から見つかります。"
    ),
    "searches_unread": _searches(
        "開かれなかった検索", faq_gaps.UNREAD, hint="見つかったのに、どれも開かれませんでした。"
    ),
    "to_write": List(
        "次に書くとよいこと",
        _EDIT,
        lambda tx, _: len(to_write(tx)),
        _subjects,
        hint="見つからなかった検索を、似たものどうしでまとめました。多い順です。",
    ),
    "never_found": List(
        "見つかったことがないFAQ",
        _EDIT,
        lambda tx, _: faq_gaps.how_many_never_found(tx),
        _never,
        hint="公開から30日たっても、検索で見つかったことがありません。「聞き方の例」を足せます。",
    ),
}
