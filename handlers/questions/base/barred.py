"""Who is barred from a private question and sits in its desk channel reads it all the same: nobody can be hidden from a
channel they are in. The coordinators are told, once for each question."""

from __future__ import annotations

from bot.domain.asking import Audience
from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.members.conflicts import tell_the_desk
from handlers.questions.base.naming import family_name
from handlers.questions.base.parts import is_barred, is_helper, parts_of
from handlers.questions.base.sides import helpers_thread
from storage import channels, questions, talents
from storage.database import Transaction
from storage.questions import Question

BARRED_READER = "question.barred_reader"


def tell_of_barred(tx: Transaction, question: Question) -> None:
    """Say who can read the question's card though they should not; nothing while it does not stand there."""
    if question.audience != Audience.PRIVATE or helpers_thread(question) is None:
        return
    people = _readers(tx, question)
    if people:
        key, place = f"{question.id}:{','.join(people)}", question.desk_channel or ""
        tell_the_desk(tx, BARRED_READER, question.id, key=key, about=people, channel=place)


def _readers(tx: Transaction, question: Question) -> list[str]:
    inside = channels.members_of(tx, question.desk_channel or "") & talents.active(tx).keys()
    barred = [user for user in sorted(inside) if is_barred(tx, question, user)]
    return [user for user in barred if not is_helper(parts_of(tx, question, user))]


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To a coordinator; nothing when nobody barred is there any more."""
    question = questions.get(tx, outgoing.record_id)
    people = [] if question is None else _readers(tx, question)
    place = channels.channel(tx, str(outgoing.values["channel"]))
    if question is None or place is None or not people:
        return None
    who = "、".join(f"{escape(family_name(tx, user))}さん" for user in people)
    words = (
        f"相談 No.{question.number} は、利害関係のある{who}も読めます。"
        f"対応場所「{escape(place.name)}」に入っているためです。担当は、ほかの方です。読ませたくないときは、{who}をこのチャンネルから外してください。"
    )
    return Message(text=words, blocks=[section(words)])
