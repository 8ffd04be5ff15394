"""Taking a publication back: whoever published an entry may do so for ten minutes, while nobody has done anything since."""

from __future__ import annotations

from bot.domain import faq as rules
from bot.domain.faq import State, Verb
from bot.domain.question import UNDO_WITHIN
from bot.errors import NotPossibleNow
from handlers.faq.changing import change
from handlers.faq.parts import check
from storage import failures, faq
from storage.database import Transaction
from storage.faq import Entry

TOO_LATE = (
    "公開を取り消せるのは、公開した方が、10分以内で、そのあと動きがないときです。「しまう」なら、いつでもできます。"
    "何も変わっていません。"
)


def may_unpublish(tx: Transaction, entry: Entry, user: str) -> bool:
    """Whether somebody has just made this visible; other words for what was published before are put right again by hand."""
    past = faq.history(tx, entry.id)[-2:]
    if entry.state != State.PUBLISHED or len(past) < 2:
        return False
    before, last = past
    fresh = last.verb == Verb.PUBLISH and last.actor == user and tx.now - last.at <= UNDO_WITHIN
    return fresh and before.state == State.REVIEW


def unpublish(tx: Transaction, entry_id: int, user: str, *, source: str) -> Entry:
    """Take a publication back: the entry waits for review again, and nobody finds it.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    if not failures.first_time(tx, source):
        return entry
    check(tx, entry, Verb.UNPUBLISH, user)
    if not may_unpublish(tx, entry, user):
        raise NotPossibleNow(TOO_LATE)
    return change(tx, entry, Verb.UNPUBLISH, user, state=rules.TO[Verb.UNPUBLISH])
