"""What was entered in the dialog of an entry. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.faq import Content, Kind
from bot.domain.fields import Field
from bot.domain.text import escape
from handlers.common import forms
from handlers.common.blocks import WHOLE, overflows
from handlers.common.payloads import storable
from handlers.faq.form import (
    AGREED,
    ANSWER,
    BODY,
    CONTACT,
    COST,
    DECISION,
    DECISIONS,
    EFFORT,
    FIELD,
    KIND,
    KINDS,
    LONGEST_LINE,
    MOST_SOURCES,
    MOST_TAGS,
    NOTE,
    ON,
    OWNER,
    QUESTION,
    ROOM,
    SEND_BACK,
    SHORTEST,
    SIZE,
    SIZES,
    SOURCES,
    TAGS,
)


@dataclass(frozen=True, slots=True)
class Entered:
    """A filled-in form; `problems` are sentences by block. `decision` is a reviewer's."""

    content: Content
    decision: str | None
    note: str | None
    problems: Mapping[str, str]


def read(
    view: Mapping[str, Any],
    *,
    today: date,
    fields: Sequence[Field],
    bodies: Mapping[str, Any],
    by: str,
    before: Content | None = None,
    review: bool = False,
) -> Entered:
    """What was entered. `today` is the date in the workspace's zone, `bodies` those there are, by code; `by` is who entered
    it, over what was there `before`."""
    kind, code, on = forms.choice(view, KIND), forms.choice(view, BODY), forms.day(view, ON)
    field_id, size, decision = (
        forms.choice(view, FIELD),
        forms.choice(view, SIZE),
        forms.choice(view, DECISION),
    )
    note = _text(view, NOTE) or None
    content = Content(
        kind=kind if kind in KINDS else Kind.FAQ.value,
        question=_text(view, QUESTION),
        answer=_text(view, ANSWER),
        field_id=field_id if field_id in {field.id for field in fields} else None,
        tags=_parts(_text(view, TAGS).replace(",", "、").replace("\uff0c", "、").split("、"), MOST_TAGS),
        sources=_parts(_text(view, SOURCES).splitlines(), MOST_SOURCES),
        owner=_id(forms.person(view, OWNER)),
        review_on=on,
        municipality_code=code,
        size_band=size if size in SIZES else None,
        cost=_text(view, COST) or None,
        effort=_text(view, EFFORT) or None,
        contact=_text(view, CONTACT) or None,
    )
    same = before is not None and before.municipality_code == code
    if code is not None and forms.ticked(view, AGREED):
        content = replace(content, agreed_by=by, agreed_on=today)
    elif before is not None and same:
        content = replace(content, agreed_by=before.agreed_by, agreed_on=before.agreed_on)
    problems = _problems(content, today, bodies, agreed=same or content.agreed_by is not None)
    if review and decision not in DECISIONS:
        problems[DECISION] = "どちらかを選んでください。"
    if review and decision == SEND_BACK and note is None:
        problems[NOTE] = "どこを直せばよいか、ひとことお書きください。"
    return Entered(content, decision if decision in DECISIONS else None, note, problems)


def _text(view: Mapping[str, Any], block: str) -> str:
    return storable(forms.text(view, block))


def _id(user: str | None) -> str:
    return user if user is not None and user.isalnum() else ""


def _problems(content: Content, today: date, bodies: Mapping[str, Any], *, agreed: bool) -> dict[str, str]:
    problems = {}
    if len(content.question) < SHORTEST:
        problems[QUESTION] = "質問をお書きください。"
    if len(content.answer) < SHORTEST:
        problems[ANSWER] = "回答をお書きください。"
    if content.field_id is None:
        problems[FIELD] = "分野を選んでください。"
    if not content.owner:
        problems[OWNER] = "内容の担当を選んでください。"
    if content.review_on is None or content.review_on <= today:
        problems[ON] = "見直す日は、あす以降の日にしてください。"
    if content.municipality_code is not None and content.municipality_code not in bodies:
        problems[BODY] = "一覧から選び直してください。"
    elif content.municipality_code is not None and content.kind != Kind.CASE:
        problems[BODY] = "団体名を出せるのは、好事例だけです。FAQでは空にしてください。"
    elif content.municipality_code is not None and not agreed:
        problems[AGREED] = "その団体に確かめてから、団体名を出してください。"
    return {**{_BLOCKS[name]: why for name, why in too_long(content).items()}, **problems}


_BLOCKS = {"question": QUESTION, "answer": ANSWER, "sources": SOURCES, "tags": TAGS, "cost": COST}


def too_long(content: Content) -> dict[str, str]:
    """What of an entry cannot be shown whole, by its name, with a sentence: whoever is asked whether these words may be
    published reads all of them, or is not asked."""
    lists = {"sources": _listed(content.sources), "tags": _listed(content.tags)}
    found = [name for name in ("question", "answer") if overflows(getattr(content, name), ROOM[name])]
    found += [name for name, text in lists.items() if len(text) > ROOM[name]]
    others = (content.cost, content.effort, content.contact)
    texts = [
        content.question,
        content.answer,
        *content.sources,
        *content.tags,
        *(each or "" for each in others),
    ]
    if len(escape("".join(each or "" for each in others))) > ROOM["cost"]:
        found.append("cost")
    if not found and overflows("\n".join(texts), WHOLE):
        found = ["answer"]
    return dict.fromkeys(
        found, "改行や「&」「<」などの記号が多く、全部をお見せできません。短くしてください。"
    )


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"・{escape(each)}" for each in texts)


def _parts(texts: Sequence[str], most: int) -> tuple[str, ...]:
    found = dict.fromkeys(" ".join(text.split())[:LONGEST_LINE] for text in texts)
    return tuple(each for each in found if each)[:most]
