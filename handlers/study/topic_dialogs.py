"""The page and the dialogs of topics, made for who opens them; and what was entered in them, done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import words
from bot.domain.series import Session
from bot.domain.text import excerpt
from bot.domain.topics import most_wanted, problems
from bot.errors import NotPossibleNow, NotYours, UserError
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor, role
from handlers.common.payloads import need, number, storable
from handlers.faq.drafting import phrasing_of
from handlers.questions.base.parts import may_read
from handlers.questions.base.sides import may_be_topic
from handlers.study import gathering, proposing, topic_forms, topic_views
from handlers.study.coming import following, session_on
from handlers.study.dialogs import Answer
from handlers.study.gathering import WITH_QUESTION, may_arrange, open_to
from handlers.study.looking import known_to
from handlers.study.topic_forms import Choice
from handlers.study.topic_views import PageValues
from handlers.study.views import named, session_of
from storage import agendas, failures, questions, study, workspace
from storage.database import Transaction
from storage.study import Series

Act = Callable[[Transaction, str, Visitor], None]
QUESTION = "q"
"""What the dialog says that it is about, before the number of a question."""
NOTHING_PLANNED = "いま、予定されている勉強会がありません。県の担当かアドバイザーに声をかけてください。"
PROPOSED, COUNTED = (
    "話題に出しました。ありがとうございます。",
    "もう話題に出ていました。あなたの「聞きたい」を数えました。",
)


def one_of(value: str) -> tuple[str, int]:
    """Where a topic is shown, and its number.

    Raises:
        Malformed: it is neither.
    """
    place, _, topic = value.rpartition(":")
    session_of(place)
    return place, number({"v": topic}, "v")


def _session(tx: Transaction, value: str, visitor: Visitor) -> tuple[Series, Session]:
    series_id, on = session_of(value)
    found = open_to(tx, series_id, visitor)
    session = session_on(tx, found, on)
    if session is None:
        raise NotPossibleNow(proposing.OVER)
    return found, session


def pressed(tx: Transaction, act: Act, value: str, visitor: Visitor) -> Block:
    """Do what was pressed on the page, and show it anew; what cannot be done is said there, for Slack gives no address to
    answer a press in a dialog at. Each act looks before it writes anything.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow, Malformed: there is no page any more.
    """
    place, notice = one_of(value)[0], ""
    try:
        act(tx, value, visitor)
    except UserError as error:
        notice = error.sentence
    return page(tx, place, visitor, notice)


def page(tx: Transaction, value: str, visitor: Visitor, notice: str = "") -> Block:
    """「話題」 of one session.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow, Malformed: with the sentence that says why.
    """
    found, session = _session(tx, value, visitor)
    user, begun = visitor.user, session.starts <= tx.now or session.cancelled
    agenda = gathering.values(tx, found, gathering.on_agenda(tx, found, session.on), user)
    waits = {each.id: each for each in gathering.values(tx, found, gathering.waiting(tx, found), user)}
    order = most_wanted([(each.id, each.votes) for each in waits.values()])
    when = words.span(session.starts, session.ends, workspace.workspace(tx).zone)
    return topic_views.page(
        PageValues(
            named(gathering.held(found, session)),
            f"{when} *中止*" if session.cancelled else when,
            value,
            agenda,
            [waits[each] for each in order],
            begun=begun,
            arranges=may_arrange(tx, found, user),
            shown=agendas.of(tx, found.id, session.on) is not None,
            notice=notice,
        )
    )


def arranged(tx: Transaction, value: str, visitor: Visitor) -> tuple[Series, Session]:
    """A session whose topics somebody may take up.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow, Malformed: with the sentence that says why.
    """
    found, session = _session(tx, value, visitor)
    if not may_arrange(tx, found, visitor.user):
        raise NotYours("話題を選べるのは、アドバイザーと県の担当です。何も変わっていません。")
    if session.starts <= tx.now or session.cancelled:
        raise NotPossibleNow(proposing.OVER)
    return found, session


# --- proposing ------------------------------------------------------------------------------------------------------


def new(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「話題を出す」."""
    _session(tx, value, visitor)
    return topic_forms.propose(value)


def from_question(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「勉強会で取り上げる」.

    Raises:
        NotFound, NotYours, NotPossibleNow: with the sentence that says why.
    """
    question = questions.need(tx, number({"v": value}, "v"))
    if not may_read(tx, question, visitor.user):
        raise NotYours()
    if not may_be_topic(tx, question):
        raise NotPossibleNow(WITH_QUESTION)
    choices = _choices(tx, visitor)
    if not choices:
        raise NotPossibleNow(NOTHING_PLANNED)
    asked = phrasing_of(tx, question) or ""
    about = f"{QUESTION}:{question.id}"
    return topic_forms.propose(about, choices=choices, title=excerpt(asked or "写真の相談", 80), asked=asked)


def _choices(tx: Transaction, visitor: Visitor) -> list[Choice]:
    """The series somebody may know of that go on, the one with the next session first."""
    as_what, found = role(tx, visitor), []
    for series in study.living(tx):
        coming = following(tx, series) if known_to(tx, series, visitor.user, as_what) else []
        if coming:
            name = f"{series.about.title[:45]}(次は {words.short(coming[0].starts, workspace.workspace(tx).zone)})"
            found.append((coming[0].starts, Choice(series.id, name)))
    return [choice for _, choice in sorted(found, key=lambda each: (each[0], each[1].series_id))]


def proposed(tx: Transaction, visitor: Visitor, view: Mapping[str, Any], *, source: str) -> Answer:
    """Propose what was entered.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    about = need(view, "private_metadata")
    title = " ".join(storable(forms.text(view, topic_forms.TOPIC)).split())
    said = storable(forms.text(view, topic_forms.SAID))
    blocks = {"title": topic_forms.TOPIC, "said": topic_forms.SAID}
    if wrong := {blocks[what]: sentence for what, sentence in problems(title, said).items()}:
        return None, wrong
    kind, _, rest = about.partition(":")
    question_id = number({"v": rest}, "v") if kind == QUESTION else None
    chosen = forms.choice(view, topic_forms.SERIES) or "" if question_id is not None else kind
    if not chosen:
        return None, {topic_forms.SERIES: "どの勉強会かを選んでください。"}
    found = open_to(tx, number({"v": chosen}, "v"), visitor)
    if not failures.first_time(tx, source):
        return topic_views.done(PROPOSED, all_of_it=True), {}
    first = proposing.propose(tx, found, title, said, visitor.user, question_id=question_id)
    return topic_views.done(PROPOSED if first else COUNTED, all_of_it=question_id is not None), {}
