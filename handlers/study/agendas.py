"""The agenda of a session in its channel: one card, written anew whenever what it shows has changed, and pinned.

It is compared by what it shows, and looked at again every few seconds: a question that is taken back, a presenter who
leaves or a session that is moved change it as well, and none of these knows of agendas.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

from bot.domain import words
from bot.domain.series import Session
from bot.domain.study import Audience
from bot.domain.text import escape
from bot.errors import NotPossibleNow
from bot.feature import FirstPost, Message, Outgoing
from handlers.study.coming import session_on
from handlers.study.gathering import held, on_agenda, values
from handlers.study.topic_views import AgendaValues, agenda, elsewhere
from handlers.study.views import named, where
from storage import agendas, channels, failures, meetings, outbox, study, workspace
from storage.agendas import Agenda
from storage.database import Transaction
from storage.study import Series

CARD = "study.agenda"
NOWHERE = "Banso がいて、ご自分も入っているチャンネルを選んでください。先に、チャンネルに招待してください。"
NOT_CLOSED = "アドバイザーと県の担当だけの勉強会です。非公開のチャンネルを選んでください。"
MOVED_ON = "この回は、もう始まったか、中止になりました。何も変わっていません。"


def place_for(tx: Transaction, found: Series, chosen: str | None, user: str) -> tuple[str, str]:
    """The channel an agenda may be shown in, and what is wrong with the one that was chosen ("": nothing)."""
    own = found.about.channel
    channel = own or chosen or ""
    place = channels.channel(tx, channel)
    known = place is not None and place.bot_is_member and not place.archived and place.purpose != "direct"
    if place is None or not known or (own is None and not channels.is_in_channel(tx, channel, user)):
        return "", NOWHERE
    if found.about.audience is Audience.TALENTS and place.is_private is not True:
        return "", NOT_CLOSED
    return channel, ""


def show(tx: Transaction, found: Series, on: date, channel: str, user: str) -> None:
    """Let a session's agenda stand in a channel.

    Raises:
        NotPossibleNow: nothing was changed.
    """
    session = session_on(tx, found, on)
    if session is None or session.cancelled or session.starts <= tx.now:
        raise NotPossibleNow(MOVED_ON)
    _follow(tx, agendas.put(tx, found.id, on, channel, user))
    failures.note(tx, "study agenda shown", actor=user, series=found.id, on=str(on))


def changed(tx: Transaction, series_id: int, on: date | None) -> None:
    """Topics of a session have changed: its agenda, if it stands anywhere, follows."""
    found = agendas.of(tx, series_id, on) if on is not None else None
    if found is not None:
        _follow(tx, found)


def _follow(tx: Transaction, found: Agenda) -> None:
    digest = digest_of(tx, found)
    if digest != found.digest:
        agendas.note(tx, found.id, digest=digest)
        outbox.want(tx, outbox.card(CARD, found.id, found.channel, None))


def digest_of(tx: Transaction, found: Agenda) -> str:
    """A short name of what the card shows now."""
    message = _message(tx, found)
    said = json.dumps([message.text, message.blocks], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The agenda as it is now."""
    found = agendas.by_id(tx, outgoing.record_id)
    return None if found is None else _message(tx, found)


def posted(tx: Transaction, first: FirstPost) -> None:
    """It stands there: by this it will be pinned."""
    if first.renderer == CARD:
        agendas.note(tx, first.record_id, posted_ts=first.ts)


def _message(tx: Transaction, found: Agenda) -> Message:
    series = study.need(tx, found.series_id)
    if _elsewhere(tx, series, found):
        return elsewhere()
    session, value = session_on(tx, series, found.planned_on), f"{series.id}:{found.planned_on}"
    if session is None:
        title, day = escape(series.about.title), words.day(found.planned_on)
        return agenda(AgendaValues(title, day, "", value, [], cancelled=True))
    topics = values(tx, series, on_agenda(tx, series, found.planned_on))
    when = words.span(session.starts, session.ends, workspace.workspace(tx).zone)
    meeting = meetings.find(tx, series.id, found.planned_on)
    own = meeting.link if meeting is not None else None
    name, at = named(held(series, session)), where(replace(series.about, link=own or series.about.link))
    return agenda(AgendaValues(name, when, at, value, topics, session.cancelled))


def _elsewhere(tx: Transaction, series: Series, found: Agenda) -> bool:
    """Whether a series has another channel since, or is for fewer people than read this one."""
    own, place = series.about.channel, channels.channel(tx, found.channel)
    if own is not None and own != found.channel:
        return True
    closed = place is not None and place.is_private is True
    return series.about.audience is Audience.TALENTS and not closed


# --- what happens by itself -----------------------------------------------------------------------------------------


def is_over(tx: Transaction, found: Agenda) -> bool:
    """Whether the session of an agenda is over, or is none any more."""
    session: Session | None = session_on(tx, study.need(tx, found.series_id), found.planned_on)
    return session is None or session.ends <= tx.now


def stale(tx: Transaction) -> list[Agenda]:
    """Agendas that show what is so no more."""
    return [each for each in agendas.living(tx) if digest_of(tx, each) != each.digest]


def follow(tx: Transaction) -> None:
    """Let each agenda show what is so now."""
    for each in agendas.living(tx):
        _follow(tx, each)
