"""What the week proposes as topics: asked for by whoever arranges, shown to them alone, told to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain import words
from bot.domain.faq import State
from bot.domain.permissions import Deed, allowed
from bot.domain.terms import characters, fold
from bot.domain.text import escape, excerpt
from bot.domain.topics import LONGEST_TOPIC, Asking, alike
from bot.errors import Malformed, NotPossibleNow
from handlers.common.doors import Visitor, role
from handlers.common.payloads import number
from handlers.faq.drafting import nameless, phrasing_of
from handlers.questions.base.naming import helpers_link
from handlers.questions.base.sides import may_be_topic, whole
from handlers.study import proposing
from handlers.study.coming import calendar
from handlers.study.gathering import entry_source
from handlers.study.topic_views import Suggestion
from storage import faq, faq_lists, faq_searches, faq_similar, overview, questions, topics, workspace
from storage.database import Transaction
from storage.overview import Which
from storage.questions import Question
from storage.study import Series

WEEK, LONG = timedelta(days=7), timedelta(days=2)
EACH = 3
"""So many of each kind are proposed."""
LOOKED_AT = 200
"""So many of the week's questions are compared."""
_AGAIN, _WAITS, _SEARCH, _ENTRY = "a", "w", "s", "e"


def found(tx: Transaction, series: Series, visitor: Visitor) -> list[Suggestion]:
    """What the week proposes, without what was proposed already. What people looked for in vain is shown to the prefecture
    alone, as it is elsewhere."""
    known = topics.waiting(tx, series.id)
    asked = {each.question_id for each in known}
    groups = [group for group in _alike(tx) if not asked & {each.id for each in group}][:EACH]
    grouped = {each.id for group in groups for each in group}
    alone = [each for each in _waits(tx) if each.id not in asked | grouped][:EACH]
    searches = _searches(tx) if allowed(Deed.OVERSEE, role(tx, visitor)) else []
    entries = _entries(tx, {each.entry_id for each in known if each.entry_id is not None})
    titles = {each.title for each in known}
    return [
        *(_again(tx, group) for group in groups),
        *(_waiting(tx, each) for each in alone),
        *(each for each in searches if _title(each) not in titles),
        *entries,
    ]


def _alike(tx: Transaction) -> list[list[Question]]:
    """Questions of the week that ask the same."""
    week = overview.received(tx.now - WEEK)
    rows = overview.page(tx, Which((*week.where, overview.everybodys()), week.order), most=LOOKED_AT)
    rows = [each for each in rows if may_be_topic(tx, each)]
    askings = [
        Asking(
            each.id,
            frozenset(characters(whole(tx, each))),
            frozenset(faq_similar.noted(tx, each.id)[:1]),
        )
        for each in rows
    ]
    by_id = {each.id: each for each in rows}
    return [[by_id[each] for each in group] for group in alike(askings)]


def _waits(tx: Transaction) -> list[Question]:
    """Questions that nobody has answered for longest."""
    rows = overview.page(tx, overview.waiting_since(tx.now - LONG), most=EACH * 5)
    return [each for each in rows if may_be_topic(tx, each)]


def _link(tx: Transaction, question: Question) -> str:
    link = helpers_link(workspace.workspace(tx), question)
    return f"<{link}|No.{question.number}>" if link else f"No.{question.number}"


def _says(tx: Transaction, question: Question) -> str:
    return excerpt(phrasing_of(tx, question) or "(写真だけの相談)", 80)


def _again(tx: Transaction, group: Sequence[Question]) -> Suggestion:
    links = "・".join(_link(tx, each) for each in group[:5])
    text = f"🔁 *似た相談が{len(group)}件*|{links}\n{escape(_says(tx, group[0]))}"
    return Suggestion(f"{_AGAIN}:{group[0].id}", text)


def _waiting(tx: Transaction, question: Question) -> Suggestion:
    since = words.short(question.received_at, workspace.workspace(tx).zone)
    text = f"⏳ *答えを待っている相談*|{_link(tx, question)}({since}から)\n{escape(_says(tx, question))}"
    return Suggestion(f"{_WAITS}:{question.id}", text)


def _searches(tx: Transaction) -> list[Suggestion]:
    """What was looked for in vain, as often as it was."""
    counted: dict[str, list[faq_searches.Search]] = {}
    for each in faq_searches.found_nothing(tx, tx.now - WEEK):
        counted.setdefault(fold(each.words), []).append(each)
    most = sorted(counted.values(), key=lambda each: (-len(each), each[0].id))[:EACH]
    return [
        Suggestion(
            f"{_SEARCH}:{each[0].id}",
            f"🔍 *FAQで見つからなかったことば*({len(each)}回)\n{escape(_looked_for(tx, each[0]))}",
        )
        for each in most
    ]


def _looked_for(tx: Transaction, search: faq_searches.Search) -> str:
    return excerpt(nameless(tx, search.words) or "(ことばなし)", 80)


def _title(suggestion: Suggestion) -> str:
    return suggestion.text.rsplit("\n", 1)[-1]


def _entries(tx: Transaction, known: set[int]) -> list[Suggestion]:
    """Entries whose day to be looked at again has passed."""
    late = [
        each for each in faq_lists.due_for_review(tx, calendar(tx).day_of(tx.now)) if each.id not in known
    ]
    said = []
    for each in late[:EACH]:
        entry = faq.get(tx, each.id)
        if entry is not None:
            question = escape(excerpt(entry.content.question, 80))
            head = f"📅 *見直しの日を過ぎたFAQ*|{words.day(each.review_on)}|{entry_source(tx, entry)}"
            text = f"{head}\n{question}"
            said.append(Suggestion(f"{_ENTRY}:{entry.id}", text))
    return said


def take(tx: Transaction, series: Series, key: str, visitor: Visitor) -> None:
    """Propose what the week proposes.

    Raises:
        Malformed, NotPossibleNow, NotFound: nothing was changed.
    """
    kind, _, said = key.partition(":")
    record_id = number({"v": said}, "v")
    if kind in {_AGAIN, _WAITS}:
        title = _says(tx, questions.need(tx, record_id))
        proposing.propose(tx, series, title, "", visitor.user, question_id=record_id)
    elif kind == _ENTRY:
        entry = faq.get(tx, record_id)
        if entry is None or entry.state != State.PUBLISHED:
            raise NotPossibleNow("このFAQは、いまは公開されていません。何も変わっていません。")
        title = excerpt(entry.content.question, LONGEST_TOPIC)
        proposing.propose(tx, series, title, "", visitor.user, entry_id=entry.id)
    elif kind == _SEARCH and allowed(Deed.OVERSEE, role(tx, visitor)):
        search = faq_searches.search(tx, record_id)
        if search is None:
            raise NotPossibleNow("この記録が見つかりませんでした。何も変わっていません。")
        proposing.propose(tx, series, _looked_for(tx, search), "", visitor.user)
    else:
        raise Malformed()
