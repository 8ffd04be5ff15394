"""「その他」: a dialog made for the person who pressed it, and reading back what they chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import words
from bot.domain.asking import Audience
from bot.domain.fields import Field
from bot.domain.permissions import Deed, allowed
from bot.domain.question import State, Verb, may, possible
from bot.domain.reasons import Reason, ReasonCode, reason_words
from bot.domain.routing import Choice, NobodyToAsk
from bot.domain.text import escape
from bot.errors import Malformed, NotForVisitors, NotPossibleNow, NotYours
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.common.doors import Visitor, role
from handlers.common.payloads import number
from handlers.members.visitors import is_visitor
from handlers.questions.base.naming import family_name
from handlers.questions.base.parts import is_helper, may_read, parts_of
from handlers.questions.base.routing import field_named, route
from handlers.questions.base.sides import is_public, may_be_topic, whole
from handlers.questions.lifecycle.actions import last_deed
from handlers.questions.lifecycle.calling import LONGEST, may_call
from handlers.questions.lifecycle.narrowing import can_narrow
from handlers.questions.screens.deeds import DONE, LABELS, PASSED_ON, UNTOLD
from handlers.questions.screens.views import TOPIC
from handlers.questions.surface import weighing
from handlers.questions.surface.forms import dialog
from storage import channels, questions, timelines, workspace
from storage.database import Transaction
from storage.questions import Question
from storage.timelines import Event

CALLBACK = "question_more"
WHAT, WHO, FIELD = "what", "who", "field"
UNDO, WIDEN, NARROW, CALL = "undo", "widen", "narrow", "call"
NUMBER = "number"

_NARROWER = (
    "みんなに見えた相談を、あとから「県と担当だけに」には変えられません。もとの書き込みを消すと、取り下げになります。"
    "続きは「県と担当だけに」で、新しくご相談ください。"
)
_NARROWS = (
    "「県と担当だけに」変えると、Banso がチャンネルに出した内容とファイルを下げます。"
    "すでに読んだ方の記憶や通知、ほかの方がご自分で書いた言葉は残ります。元には戻せません。"
)
SHOWN = 8
MOST_RADIO = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in the dialog; `problem` is (block, sentence) when something is missing."""

    question_id: int
    verb: Verb | None = None
    undo: bool = False
    widen: bool = False
    narrow: bool = False
    person: str | None = None
    field_id: str | None = None
    phone: str | None = None
    problem: tuple[str, str] | None = None


def open_for(tx: Transaction, question_id: int, user_id: str, team: str = "") -> Block:
    """The dialog for one person of a Slack team, with what they may do now.

    Raises:
        NotFound: there is no such question here.
        NotForVisitors: somebody of another organisation; how a question went is not theirs, unless it is their own.
        NotYours: it is private, and they have no part in it.
    """
    question = questions.need(tx, question_id)
    parts = parts_of(tx, question, user_id)
    if not parts and is_visitor(tx, user_id, team):
        raise NotForVisitors()
    if not may_read(tx, question, user_id):
        raise NotYours()
    verbs = [verb for verb in LABELS if may(verb, parts) and possible(verb, State(question.state))]
    options = _options(tx, question, user_id, verbs)
    people = _people(tx, question) if Verb.HAND_OVER in verbs else []
    fields = workspace.all_fields(tx) if Verb.SET_FIELD in verbs else []
    blocks = _head(tx, question, user_id, helps=is_helper(parts))
    if may_be_topic(tx, question) and allowed(Deed.SEE_STUDY, role(tx, Visitor(user_id, team))):
        blocks.append(actions(button("勉強会で取り上げる", TOPIC, str(question.id))))
    if not options:
        blocks.append(
            small("この相談でいまできることはありません。スレッドに書き込むことはいつでもできます。")
        )
        return modal("相談のその他", blocks)
    blocks += _inputs(options, people, fields, question.field_id)
    blocks += [_number(question.phone)] if may_call(question, user_id) else []
    return modal(
        "相談のその他",
        blocks,
        callback_id=CALLBACK,
        submit=plain("実行する"),
        private_metadata=str(question.id),
    )


def _options(tx: Transaction, question: Question, user_id: str, verbs: Sequence[Verb]) -> list[Block]:
    """What somebody may choose: to take back what they did, the `verbs` they may do, and what only an asker may."""
    found = [option(LABELS[verb], verb.value) for verb in verbs]
    if user_id == question.asker and _can_widen(tx, question):
        found.append(option("県内のみんなにも聞く(新しい相談として)", WIDEN))
    if user_id == question.asker and can_narrow(question):
        found.append(option("「県と担当だけに」変える", NARROW))
    if may_call(question, user_id):
        found.append(option("電話がほしい", CALL))
    deed = last_deed(tx, question, user_id)
    return found if deed is None else [option(f"元に戻す({DONE[deed.verb]})", UNDO), *found]


def _head(tx: Transaction, question: Question, user_id: str, *, helps: bool) -> list[Block]:
    blocks = [section(f"*No.{question.number} の経過*\n{_timeline(tx, question, helps=helps)}")]
    if helps:
        blocks.append(small(_why(tx, question)))
    if weighing.may_see(tx, question, user_id):
        blocks.append(actions(button(weighing.LABEL, weighing.OPEN, str(question.id))))
    if question.phone and user_id == question.responsible:
        blocks.append(section(f"電話での返事を希望されています:{escape(question.phone)}"))
    if user_id == question.asker and is_public(question) and question.state != State.CLOSED:
        blocks.append(small(_NARROWS if can_narrow(question) else _NARROWER))
    return blocks


def _can_widen(tx: Transaction, question: Question) -> bool:
    return question.audience == Audience.PRIVATE and bool(channels.with_purpose(tx, "consultation"))


def widened(tx: Transaction, question_id: int, user_id: str) -> Block:
    """The dialog in which an asker asks everybody too what they asked the prefecture alone, in words they read again: what
    was said privately stays so.

    Raises:
        NotFound, NotYours, NotPossibleNow: it cannot be, and the sentence says why.
    """
    question = questions.need(tx, question_id)
    if user_id != question.asker:
        raise NotYours()
    if not _can_widen(tx, question):
        raise NotPossibleNow()
    return dialog(tx, whole(tx, question), "")


def _inputs(
    options: list[Block], people: Sequence[Choice], fields: Sequence[Field], field_id: str | None
) -> list[Block]:
    kind = "radio_buttons" if len(options) <= MOST_RADIO else "static_select"
    found = [forms.field(WHAT, "何をしますか", {"type": kind, "options": options}, optional=False)]
    if people:
        choices = [option(_person(choice), choice.user_id) for choice in people[:100]]
        found.append(
            forms.field(WHO, "だれに(担当を替えるとき)", {"type": "static_select", "options": choices})
        )
    if fields:
        choices = [option(field.label, field.id) for field in fields[:100]]
        select: Block = {"type": "static_select", "options": choices}
        present = next((choice for choice in choices if choice["value"] == field_id), None)
        if present is not None:
            select["initial_option"] = present
        found.append(forms.field(FIELD, "分野(分野を直すとき)", select))
    return found


def _number(known: str | None) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "max_length": LONGEST,
        "placeholder": plain("0000-00-0000 内線 00"),
    }
    if known:
        element["initial_value"] = known[:LONGEST]
    return forms.field(NUMBER, "職場の番号(電話がほしいとき)", element, hint="担当の人だけに見えます。")


def _person(choice: Choice) -> str:
    words_ = reason_words(choice.reasons, "分野")
    return f"{choice.name}({words_})" if words_ else choice.name


def _people(tx: Transaction, question: Question) -> list[Choice]:
    """Everybody who may get the question, best first; coordinators hand over to talents."""
    try:
        routing = route(
            tx,
            workspace.workspace(tx),
            field_named(tx, question.field_id),
            question.municipality_code,
            question.target_at,
            asker=question.asker,
            told=[question.responsible or "", *timelines.doers(tx, question.id, Verb.STEP_ASIDE.value)],
        )
    except NobodyToAsk:
        return []
    return [choice for choice in routing.ranked if not choice.at_desk]


def _timeline(tx: Transaction, question: Question, *, helps: bool) -> str:
    zone, events = workspace.workspace(tx).zone, timelines.timeline(tx, question.id)
    if not helps:
        events = [event for event in events if event.verb not in UNTOLD]
    return "\n".join(
        f"・{words.short(event.at, zone)} "
        f"{DONE['hand_over'] if event.verb in PASSED_ON and not helps else _line(tx, question, event)}"
        for event in events[-SHOWN:]
    )


def _line(tx: Transaction, question: Question, event: Event) -> str:
    if event.actor is None or event.verb in {"receive", "assign"}:
        who = ""
    elif event.actor == question.asker:
        who = "相談者さんが"
    else:
        who = f"{escape(family_name(tx, event.actor))}さんが"
    return f"{who}{DONE[event.verb]}"


def _why(tx: Transaction, question: Question) -> str:
    """Positive reasons only; what speaks against a person is never shown here."""
    field = field_named(tx, question.field_id)
    reasons = [Reason(ReasonCode(code)) for code in question.reasons]
    shown = reason_words(reasons, field.short if field else "その他")
    return f"この担当になった理由:{shown}" if shown else "担当は人が選びました。"


def read(view: dict[str, Any]) -> Chosen:
    """What was chosen in a submitted dialog.

    Raises:
        Malformed: it is none of ours.
    """
    question_id = number(view, "private_metadata")
    what = forms.choice(view, WHAT)
    if what == UNDO:
        return Chosen(question_id, undo=True)
    if what == WIDEN:
        return Chosen(question_id, widen=True)
    if what == NARROW:
        return Chosen(question_id, narrow=True)
    if what == CALL:
        said = " ".join(forms.text(view, NUMBER).split())[:LONGEST]
        problem = None if any(each.isdecimal() for each in said) else (NUMBER, "職場の番号を書いてください。")
        return Chosen(question_id, phone=said, problem=problem)
    if what is not None and what not in list(Verb):
        raise Malformed()
    verb = Verb(what) if what else None
    person, field_id = forms.choice(view, WHO), forms.choice(view, FIELD)
    if verb is Verb.HAND_OVER and person is None:
        return Chosen(question_id, problem=(WHO, "替わりの方を選んでください。"))
    if verb is Verb.SET_FIELD and field_id is None:
        return Chosen(question_id, problem=(FIELD, "分野を選んでください。"))
    return Chosen(question_id, verb, person=person, field_id=field_id)
