"""The dialog in which an entry is written, put right and reviewed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.bodies import Body
from bot.domain.faq import Content, Kind
from bot.domain.fields import Field
from bot.domain.text import escape
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small
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
ROOM = {"question": 4_000, "answer": 7_000, "sources": 2_900, "tags": 2_900, "cost": 2_600}
"""Characters of Slack's text, in which a "&" takes five, that a message has for each part of an entry."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody must know before they write: a sentence, and the lines it speaks of."""

    text: str
    lines: Sequence[tuple[str, str]] = ()


WAITS_FOR_READING = Note(
    "公開中のFAQです。文面を直すと、県の担当が確かめてから入れ替わります。それまでは、いまの文面のまま公開しています。"
)


def proposed(lines: Sequence[tuple[str, str]]) -> Note:
    """To who reviews other words for what is published."""
    text = "*公開中のFAQを直した文面です。* 決まるまで、前の文面のまま公開しています。前とのちがい:"
    return Note(text, lines)


def overtaken(who: str, lines: Sequence[tuple[str, str]]) -> Note:
    """To who wrote while somebody else did."""
    text = f"*{escape(who)}が先に直しました。* まだ保存していません。あなたが書いた内容は、下に残っています。"
    return Note(f"{text}見くらべて、よければもう一度押してください。", lines)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the dialog begins with: the content, whether the asker's yes to it is needed (`private`) and was `agreed`, what
    was `taken` out of the thread, whether there is more in it (`cut`). `body` is the one that is named; `notes` stand
    above all; `vouched` says who asked that body and when; `decision` and `note` are what a reviewer entered before."""

    content: Content
    fields: Sequence[Field]
    body: Body | None
    private: bool
    taken: Sequence[str] = ()
    cut: bool = False
    agreed: bool = False
    notes: Sequence[Note] = ()
    vouched: str = ""
    decision: str | None = None
    note: str | None = None


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
        *(_review(shown) if review else []),
    ]
    return modal(title, blocks, callback_id=callback, submit=plain(submit), private_metadata=about)


def _head(shown: Shown) -> list[Block]:
    said = "住民や職員の氏名・団体名が残っていないか、一度お読みください。回答は助言です。"
    found = [block for note in shown.notes for block in (section(note.text), *_compared(note.lines))]
    found.append(section(said))
    if shown.taken:
        names = "、".join(map(escape, shown.taken[:20]))
        found.append(small(f"見つかった名前と団体名は外してあります:{names}"))
    if shown.cut:
        found.append(small("長いやりとりなので、途中までを入れました。続きはスレッドをごらんください。"))
    if shown.private and shown.agreed:
        words = "相談者さんは、この文面に同意しています。*直すと、もう一度お尋ねします。*"
        found.append(section(f"🔒 「県と担当だけに」の相談です。{words}"))
    elif shown.private:
        words = "「県と担当だけに」の相談です。保存すると、相談者さんにこの文面のままお見せし、"
        found.append(section(f"🔒 {words}*同意があるまで、ほかの人には見えません。*"))
    return found


def _compared(lines: Sequence[tuple[str, str]]) -> list[Block]:
    return [different(lines)] if lines else []


def different(lines: Sequence[tuple[str, str]]) -> Block:
    """Lines that are gone and new ones."""
    shown = "\n".join(f"{'➕' if sign == '+' else '➖'} {escape(line)}" for sign, line in lines)
    return section(shown[:2900])


def _case(shown: Shown) -> list[Block]:
    content = shown.content
    body, _ = member_views.place_inputs(shown.body, None)
    label = "団体名を出してよいと、その団体に確かめた"
    boxes: Block = {"type": "checkboxes", "options": [option(label, "yes")]}
    hint = shown.vouched or "団体名を出すときは、先にその団体に確かめて、印を付けてください。"
    return [
        section("*好事例のとき*"),
        {**body, "label": plain("団体(名前を出すとき)")},
        forms.field(AGREED, "確認", boxes, hint=hint),
        forms.field(SIZE, "人口の規模", _select(SIZES, content.size_band)),
        forms.field(COST, "かかった費用", _line(content.cost)),
        forms.field(EFFORT, "かかった手間", _line(content.effort)),
        forms.field(
            CONTACT, "問い合わせ先", _line(content.contact), hint="課の名前など。個人名は書きません。"
        ),
    ]


def _review(shown: Shown) -> list[Block]:
    return [
        forms.field(DECISION, "どうしますか", _radio(DECISIONS, shown.decision), optional=False),
        forms.field(
            NOTE, "内容の担当へのひとこと", _line(shown.note), hint="戻すときは、理由を書いてください。"
        ),
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
