"""What people write to the bot alone: shown to nobody until they have said before whom they ask."""

from __future__ import annotations

from bot.domain.asking import WRITTEN, Audience, Details, Way
from bot.domain.question import State, Verb
from bot.errors import NotPossibleNow, NotYours
from handlers.questions.base.incoming import Incoming, is_direct
from handlers.questions.base.routing import given
from handlers.questions.base.sides import desk_for
from handlers.questions.lifecycle.moves import move, new_target
from handlers.questions.lifecycle.opening import announce, choose_person, field_again
from handlers.questions.lifecycle.replies import keep, reply
from storage import channels, failures, messages, questions, talents
from storage.database import Transaction
from storage.questions import Question

_DIRECT = Details(way=Way.DIRECT, audience=Audience.UNDECIDED)
_WIDER = "「県と担当だけに」で進んでいます。みんなにも聞きたいときは、受付の「その他」から選べます。"
TOO_LATE = "この相談は、もう次へ進んでいます。画面の新しい表示を確かめてください。"


def details_for(channel: str) -> Details:
    """How something that was written there is asked."""
    return _DIRECT if is_direct(channel) else WRITTEN


def goes_on(tx: Transaction, message: Incoming) -> bool | None:
    """Take in further words that were not written below a question, but belong to one all the same: part of what is asked
    while its asker has not said before whom (nobody is asked that twice at once; True), or a word to who waits for it
    (False). None: they belong to no other."""
    mine = questions.living_of(tx, message.author, message.channel)
    undecided = next((each for each in mine if each.audience == Audience.UNDECIDED), None)
    if undecided is not None:
        keep(tx, message, question_id=undecided.id, asks=True, group_ts=undecided.ts)
        field_again(tx, undecided)
        return True
    waiting = next((each for each in mine if each.state == State.WAITING), None)
    if waiting is None:
        return None
    reply(tx, waiting, message)
    return False


def place_for(tx: Transaction, asker: str) -> str | None:
    """The 相談チャンネル in which somebody asks before everybody: where they asked last, else one they are in, else the
    first; None when there is none."""
    places = channels.with_purpose(tx, "consultation")
    last = messages.last_place_of(tx, asker, places)
    inside = [place for place in places if channels.is_in_channel(tx, place, asker)]
    return last or next(iter([*inside, *places]), None)


def choose(tx: Transaction, question_id: int, audience: Audience, actor: str, *, source: str) -> Question:
    """The asker says before whom they ask.

    Raises:
        NotFound, NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = questions.need(tx, question_id)
    if not failures.first_time(tx, source):
        return question
    if actor != question.asker:
        raise NotYours()
    if question.audience == audience:
        return question
    if question.audience != Audience.UNDECIDED or question.state == State.CLOSED:
        raise NotPossibleNow(_WIDER if question.audience == Audience.PRIVATE else TOO_LATE)
    if audience is not Audience.PRIVATE and place_for(tx, question.asker) is None:
        raise NotPossibleNow(
            "いま、みんなに見える相談チャンネルがありません。「県と担当だけに」をお選びください。"
        )
    return settle(tx, question, audience, actor)


def settle(tx: Transaction, question: Question, audience: Audience, actor: str | None) -> Question:
    """It is said, or half an hour has passed (`actor` None): now somebody gets the question."""
    desk = desk_for(tx, audience, place_for(tx, question.asker))
    decided = move(
        tx,
        question,
        Verb.CHOOSE,
        actor,
        why=audience.value,
        clicked=actor is not None,
        audience=audience.value,
        desk_channel=desk,
        target_at=new_target(tx, question),
    )
    standing = talents.standing(tx, desk, question.municipality_code)
    routing = choose_person(tx, decided, standing)
    if routing is not None:
        decided = move(
            tx,
            decided,
            Verb.ASSIGN,
            actor,
            why=routing.chosen.user_id,
            clicked=actor is not None,
            **given(routing, decided.field_id),
        )
    announce(tx, decided, standing.present)
    return decided
