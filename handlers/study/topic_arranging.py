"""The dialogs of topics for who arranges, made for who opens them; and what was entered in them, done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.topics import Request
from bot.errors import NotPossibleNow
from handlers.common import forms
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.payloads import need
from handlers.questions.base.naming import address
from handlers.study import agendas as cards
from handlers.study import gathering, presenting, proposing, suggesting, topic_forms, topic_views
from handlers.study.topic_dialogs import arranged, one_of
from handlers.study.topic_views import TopicValues
from handlers.study.views import session_of
from storage import agendas, workspace
from storage.database import Transaction


def handle(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「あつかう」.

    Raises:
        UserError: with the sentence that says why.
    """
    place, topic_id = one_of(value)
    arranged(tx, place, visitor)
    topic, found = gathering.need(tx, topic_id, visitor)
    shown = gathering.values(tx, found, [topic], visitor.user)[0]
    here = topic.planned_on == session_of(place)[1]
    return topic_forms.handle(shown, value, _offered(shown, here=here), _stands(shown))


def _offered(topic: TopicValues, *, here: bool) -> list[str]:
    if not here:
        return [topic_forms.TAKE_UP, topic_forms.DROP]
    asked = [topic_forms.UNASK] if topic.presenter else []
    rest = [topic_forms.HIGHER, topic_forms.LOWER, topic_forms.LEAVE, topic_forms.DROP]
    return [topic_forms.ASK, *asked, *rest]


def _stands(topic: TopicValues) -> str:
    if topic.presenting is Request.ACCEPTED:
        return f"発表:{topic.presenter}(引き受けてくださいました)"
    return f"発表:{topic.presenter}にお願い中" if topic.presenter else "発表:まだお願いしていません"


def handled(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> dict[str, str]:
    """Do to a topic what was chosen; returns sentences by block when it cannot be.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    place, topic_id = one_of(need(view, "private_metadata"))
    found, session = arranged(tx, place, visitor)
    topic, _ = gathering.need(tx, topic_id, visitor)
    what = forms.choice(view, topic_forms.WHAT)
    if what not in topic_forms.WHATS:
        return {topic_forms.WHAT: "どうするかを選んでください。"}
    if what == topic_forms.TAKE_UP:
        proposing.take_up(tx, topic.id, session.on, visitor)
    elif what == topic_forms.DROP:
        proposing.take_back(tx, topic.id, visitor)
    elif topic.planned_on != session.on:
        raise NotPossibleNow("この話題は、この回から外されました。何も変わっていません。")
    elif what == topic_forms.ASK:
        who = forms.person(view, topic_forms.WHO)
        problem = (
            presenting.ask(tx, found, topic, session, who, visitor.user)
            if who
            else "お名前を選んでください。"
        )
        return {topic_forms.WHO: problem} if problem else {}
    elif what == topic_forms.UNASK:
        presenting.release(tx, topic, visitor.user)
        cards.changed(tx, found.id, session.on)
    elif what == topic_forms.LEAVE:
        proposing.leave(tx, topic.id, visitor)
    else:
        proposing.shift(tx, topic.id, visitor, up=what == topic_forms.HIGHER)
    return {}


def suggestions(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「Bansoからの案」."""
    found, _ = arranged(tx, value, visitor)
    return topic_views.suggestions(suggesting.found(tx, found, visitor), value)


def suggested(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「話題にする」: what is left is shown again.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    place, _, key = value.partition("|")
    found, _ = arranged(tx, place, visitor)
    try:
        suggesting.take(tx, found, key, visitor)
    except NotPossibleNow as error:
        return topic_views.suggestions(suggesting.found(tx, found, visitor), place, error.sentence)
    return suggestions(tx, place, visitor)


def agenda(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「次第を出す」; where it stands already, how it reads."""
    found, session = arranged(tx, value, visitor)
    shown = gathering.values(tx, found, gathering.on_agenda(tx, found, session.on))
    there = agendas.of(tx, found.id, session.on)
    if there is not None:
        url = workspace.workspace(tx).url
        return topic_forms.shown(
            shown, address(url, there.channel, there.posted_ts) if there.posted_ts else ""
        )
    initial = agendas.last_channel(tx, found.id)
    _, problem = cards.place_for(tx, found, initial, visitor.user)
    return topic_forms.show(
        shown, value, found.about.audience, found.about.channel, None if problem else initial
    )


def agenda_shown(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> dict[str, str]:
    """Let the agenda stand in a channel; returns sentences by block when it cannot.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    found, session = arranged(tx, need(view, "private_metadata"), visitor)
    chosen = next(iter(forms.places(view, topic_forms.PLACE)), None)
    channel, problem = cards.place_for(tx, found, chosen, visitor.user)
    if problem and found.about.channel is not None:
        raise NotPossibleNow(f"{problem}何も変わっていません。")
    if problem:
        return {topic_forms.PLACE: problem}
    cards.show(tx, found, session.on, channel, visitor.user)
    return {}
