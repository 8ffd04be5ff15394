"""The dialog in which an entry is written, put right and reviewed, and what was entered in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.bodies import Body
from bot.domain.faq import Content, Kind
from bot.domain.fields import Field
from bot.domain.text import escape
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small
from handlers.common.payloads import storable
from handlers.members import views as member_views

KEEP, EDIT, REVIEW = "faq_keep_form", "faq_edit_form", "faq_review_form"
KIND, QUESTION, ANSWER, FIELD, TAGS, SOURCES, OWNER, ON = (
    "faq_kind",
    "faq_question",
    "faq_answer",
    "faq_field",
    "faq_tags",
    "faq_sources",
    "faq_owner",
    "faq_on",
)
BODY, AGREED, SIZE, COST, EFFORT, CONTACT = (
    member_views.BODY,
    "faq_agreed",
    "faq_size",
    "faq_cost",
    "faq_effort",
    "faq_contact",
)
DECISION, NOTE = "faq_decision", "faq_note"
PUBLISH, SEND_BACK = "publish", "return"

KINDS = {Kind.FAQ.value: "FAQ(みんなに役立つ回答)", Kind.CASE.value: "好事例(うまくいった取り組み)"}
SIZES = {"s": "1万人未満", "m": "1万〜5万人", "l": "5万〜10万人", "xl": "10万人以上"}
DECISIONS = {PUBLISH: "公開する", SEND_BACK: "内容の担当に戻す"}
SHORTEST = 2
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_LINE = 1000, 3000, 200
"""Characters; a text input holds 3,000 (docs.slack.dev, "Plain-text input element")."""
MOST_TAGS, MOST_SOURCES = 10, 10
LONGEST_TAGS = 2100
"""All ten of them."""
_TAGS = "「、」で区切ります。"
MOST_OPTIONS = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """What the dialog begins with: the content, whether the asker's yes to it is needed (`private`) and was `agreed`, what
    was `taken` out of the thread, whether there is more in it (`cut`). `body` is the one that is named."""

    content: Content
    fields: Sequence[Field]
    body: Body | None
    private: bool
    taken: Sequence[str] = ()
    cut: bool = False
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A filled-in form; `problems` are sentences by block. `decision` is a reviewer's."""

    content: Content
    decision: str | None
    note: str | None
    problems: Mapping[str, str]


def form(shown: Shown, title: str, *, callback: str, submit: str, about: str, review: bool = False) -> Block:
    """The dialog; `about` is what its submission is about."""
    content = shown.content
    blocks = [
        *_head(shown),
        forms.field(KIND, "種類", _radio(KINDS, content.kind), optional=False),
        forms.field(QUESTION, "質問", _area(content.question, LONGEST_QUESTION), optional=False),
        forms.field(ANSWER, "回答", _area(content.answer, LONGEST_ANSWER), optional=False),
        _field(shown.fields, content.field_id),
        forms.field(TAGS, "検索のことば", _area("、".join(content.tags), LONGEST_TAGS), hint=_TAGS),
        forms.field(
            SOURCES,
            "もとになる資料",
            _area("\n".join(content.sources), LONGEST_ANSWER),
            hint="1行に1つ。資料の名前やアドレス。",
        ),
        forms.field(
            OWNER,
            "内容の担当",
            {"type": "users_select", **({"initial_user": content.owner} if content.owner else {})},
            optional=False,
            hint="見直しの時期に、お知らせが届きます。",
        ),
        forms.field(ON, "見直す日", _day(content.review_on), optional=False),
        *_case(shown),
        *(_review() if review else []),
    ]
    return modal(title, blocks, callback_id=callback, submit=plain(submit), private_metadata=about)


def _head(shown: Shown) -> list[Block]:
    said = "住民や職員の氏名・団体名が残っていないか、一度お読みください。回答は助言です。"
    found = [section(said)]
    if shown.taken:
        names = "、".join(map(escape, shown.taken[:20]))
        found.append(small(f"見つかった名前と団体名は外してあります:{names}"))
    if shown.cut:
        found.append(small("長いやりとりなので、途中までを入れました。続きはスレッドをごらんください。"))
    if shown.private and shown.agreed:
        words = "相談した方は、この文面に同意しています。*直すと、もう一度お尋ねします。*"
        found.append(section(f"🔒 「県と担当だけに」の相談です。{words}"))
    elif shown.private:
        words = "「県と担当だけに」の相談です。保存すると、相談した方にこの文面のままお見せし、"
        found.append(section(f"🔒 {words}*同意があるまで、ほかの人には見えません。*"))
    return found


def _case(shown: Shown) -> list[Block]:
    content = shown.content
    body, _ = member_views.place_inputs(shown.body, None)
    label = "団体名を出してよいと、その団体に確かめた"
    boxes: Block = {"type": "checkboxes", "options": [option(label, "yes")]}
    if content.municipality_code is not None:
        boxes["initial_options"] = boxes["options"]
    return [
        section("*好事例のとき*"),
        {**body, "label": plain("団体(名前を出すとき)")},
        forms.field(AGREED, "確認", boxes),
        forms.field(SIZE, "人口の規模", _select(SIZES, content.size_band)),
        forms.field(COST, "かかった費用", _line(content.cost)),
        forms.field(EFFORT, "かかった手間", _line(content.effort)),
        forms.field(
            CONTACT, "問い合わせ先", _line(content.contact), hint="課の名前など。個人名は書きません。"
        ),
    ]


def _review() -> list[Block]:
    return [
        forms.field(DECISION, "どうしますか", _radio(DECISIONS), optional=False),
        forms.field(NOTE, "内容の担当へのひとこと", _line(None), hint="戻すときは、理由を書いてください。"),
    ]


def _radio(labels: Mapping[str, str], chosen: str | None = None) -> Block:
    element: Block = {"type": "radio_buttons", "options": [option(text, key) for key, text in labels.items()]}
    return (
        {**element, "initial_option": option(labels[chosen], chosen)}
        if chosen is not None and chosen in labels
        else element
    )


def _select(labels: Mapping[str, str], chosen: str | None) -> Block:
    element: Block = {"type": "static_select", "options": [option(text, key) for key, text in labels.items()]}
    return (
        {**element, "initial_option": option(labels[chosen], chosen)}
        if chosen is not None and chosen in labels
        else element
    )


def _area(text: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": True, "max_length": most}
    return {**element, "initial_value": text[:most]} if text else element


def _line(text: str | None) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": LONGEST_LINE}
    return {**element, "initial_value": text[:LONGEST_LINE]} if text else element


def _day(on: date | None) -> Block:
    return {"type": "datepicker", **({"initial_date": on.isoformat()} if on else {})}


def _field(fields: Sequence[Field], chosen: str | None) -> Block:
    labels = {field.id: field.label for field in fields[:MOST_OPTIONS]}
    return forms.field(FIELD, "分野", _select(labels, chosen), optional=False)


def read(
    view: Mapping[str, Any],
    *,
    today: date,
    fields: Sequence[Field],
    bodies: Mapping[str, Any],
    review: bool = False,
) -> Entered:
    """What was entered. `today` is the date in the workspace's zone, `bodies` those there are, by code."""
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
    problems = _problems(content, today, bodies, agreed=forms.ticked(view, AGREED))
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
    return problems


def _parts(texts: Sequence[str], most: int) -> tuple[str, ...]:
    found = dict.fromkeys(" ".join(text.split())[:LONGEST_LINE] for text in texts)
    return tuple(each for each in found if each)[:most]
