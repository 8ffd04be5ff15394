"""Reading entries for the views: plain values, names in place of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.faq import Consent, Content, Kind, State, Verb, changed, compared, named
from bot.domain.learning import MOST
from handlers.faq import views
from handlers.faq.columns import KINDS
from handlers.faq.form import SIZES
from handlers.faq.views import EntryValues, Found, Past
from handlers.questions.base.naming import family_name
from handlers.questions.base.routing import field_named
from storage import faq, faq_use, reference, workspace
from storage.database import Transaction
from storage.faq import Entry, Revision

DONE = {
    Verb.KEEP: "下書きにしました",
    Verb.SUBMIT: "確認に出しました",
    Verb.EDIT: "直しました",
    Verb.PROPOSE: "直した文面を確認に出しました",
    Verb.RETURN: "内容の担当に戻しました",
    Verb.PUBLISH: "公開しました",
    Verb.CONFIRM: "いまも正しいと確かめました",
    Verb.ARCHIVE: "しまいました",
    Verb.RESTORE: "下書きに戻しました",
    Verb.UNPUBLISH: "公開を取り消しました",
    Verb.AGREE: "載せることに同意しました",
    Verb.REFUSE: "載せないことにしました",
    Verb.IMPORT: "一覧から取り込みました",
}
_BY_ASKER = {Verb.AGREE, Verb.REFUSE}
OPERATOR = "運用の担当"
"""Who takes in a list; nobody on Slack."""
_LABELS = {
    "kind": "種類",
    "field_id": "分野",
    "tags": "検索のことば",
    "sources": "資料",
    "owner": "内容の担当",
    "review_on": "見直す日",
    "municipality_code": "団体",
    "agreed_by": "団体に確かめた方",
    "agreed_on": "団体に確かめた日",
    "size_band": "人口の規模",
    "cost": "費用",
    "effort": "手間",
    "contact": "問い合わせ先",
}
SHOWN = 40
"""Revisions in one dialog: each has two blocks of its hundred at most."""


def values_of(tx: Transaction, entry: Entry) -> EntryValues:
    """An entry as people read it."""
    content = entry.content
    field, body = (
        field_named(tx, content.field_id),
        reference.directory(tx).by_code.get(content.municipality_code or ""),
    )
    return EntryValues(
        id=entry.id,
        number=entry.number,
        kind=Kind(content.kind),
        state=State(entry.state),
        waits=entry.state == State.REVIEW or entry.proposed is not None,
        question=content.question,
        answer=content.answer,
        field=field.label if field else "その他",
        tags=content.tags,
        sources=content.sources,
        owner=family_name(tx, content.owner),
        updated=_day(tx, entry.changed_at),
        review=_full(content.review_on),
        body=body.name if body and named(content) else None,
        unnamed=body.name if body and not named(content) else None,
        size=content.size_band,
        cost=content.cost,
        effort=content.effort,
        contact=content.contact,
        asked=entry.state == State.DRAFT and entry.consent == Consent.ASKED,
    )


def vouched(tx: Transaction, content: Content) -> str:
    """Who asked the body of a 好事例 whether it may be named, and when; "" of no body."""
    body = reference.directory(tx).by_code.get(content.municipality_code or "")
    if body is None:
        return ""
    if not named(content):
        return f"{body.name}に確かめた記録がまだないので、団体名は出していません。確かめたら、印を付けてください。"
    who = f"{family_name(tx, content.agreed_by or '')}さん"
    asked = f"{body.name}には、{who}が{_full(content.agreed_on)}に確かめました。"
    return f"{asked}ほかの団体に替えるときは、また確かめてください。"


def _day(tx: Transaction, at: datetime) -> str:
    return _full(at.astimezone(ZoneInfo(workspace.workspace(tx).zone)).date())


def _full(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else "なし"


def found_values(tx: Transaction, ids: Sequence[int]) -> list[Found]:
    """Published entries as results, in this order."""
    found = faq.these(tx, ids)
    helped = faq_use.how_often(tx, [entry.id for entry in found])
    return [
        Found(
            entry.id,
            Kind(entry.content.kind),
            entry.content.question,
            entry.content.answer,
            helped.get(entry.id, 0),
            entry.number,
        )
        for entry in found
    ]


def past_of(tx: Transaction, entry: Entry) -> list[Past]:
    """The history, newest first; each compared with the one before."""
    revisions = faq.history(tx, entry.id)
    pairs = zip([None, *revisions], revisions, strict=False)
    found = [_past(tx, before, after) for before, after in pairs]
    return found[-SHOWN:][::-1]


def _past(tx: Transaction, before: Revision | None, after: Revision) -> Past:
    verb, zone = Verb(after.verb), workspace.workspace(tx).zone
    who = _who(tx, verb, after.actor)
    lines = [] if before is None else differences(tx, before.content, after.content)
    return Past(words.short(after.at, zone), who, DONE[verb], after.note, lines)


def _who(tx: Transaction, verb: Verb, actor: str | None) -> str:
    if verb is Verb.IMPORT:
        return OPERATOR
    return "相談者さん" if verb in _BY_ASKER else f"{family_name(tx, actor or '')}さん"


def written_by(tx: Transaction, entry: Entry) -> str:
    """Who changed an entry last."""
    last = faq.history(tx, entry.id)[-1]
    return _who(tx, Verb(last.verb), last.actor)


def differences(tx: Transaction, before: Content, after: Content) -> list[tuple[str, str]]:
    """The lines that are different, each with its sign, in the words of the dialog."""
    return [
        line
        for name in changed(before, after)
        for line in _compared(tx, name, getattr(before, name), getattr(after, name))
    ]


def _compared(tx: Transaction, name: str, old: Any, new: Any) -> list[tuple[str, str]]:
    if name in {"question", "answer"}:
        return [(sign, line) for sign, line in compared(old, new) if sign != " "]
    label = _LABELS[name]
    return [(sign, f"{label}:{_said(tx, name, value)}") for sign, value in (("-", old), ("+", new)) if value]


def _said(tx: Transaction, name: str, value: Any) -> str:
    """A value as people know it: codes and ids are ours."""
    if name == "field_id":
        field = field_named(tx, value)
        return field.label if field else "その他"
    if name == "municipality_code":
        body = reference.directory(tx).by_code.get(value)
        return body.name if body else "一覧にない団体"
    if name in {"owner", "agreed_by"}:
        return f"{family_name(tx, value)}さん"
    if name in {"review_on", "agreed_on"}:
        return _full(value)
    known: Mapping[str, Mapping[str, str]] = {"kind": KINDS, "size_band": SIZES}
    if name in known:
        return known[name].get(value, str(value))
    return "、".join(value) if isinstance(value, tuple) else str(value)


def asked_of(tx: Transaction, entry: Entry, *, named: bool) -> list[views.Asked]:
    """How people asked for an entry: all that it is found by, newest first, then what was taken back; `named`: also who,
    which the prefecture alone knows."""
    zone, asked = workspace.workspace(tx).zone, faq_use.phrasings_of(tx, entry.id)
    asked.sort(key=lambda each: each.undone_at is not None)
    return [
        views.Asked(
            each.id,
            each.words,
            f"{family_name(tx, each.author)}さん" if each.author and named else "相談・検索した方",
            words.short(each.added_at, zone),
            each.undone_at is not None,
            gone=each.undone_by is not None and each.undone_by == each.author,
        )
        for each in asked[:MOST]
    ]
