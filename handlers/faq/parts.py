"""What somebody is to an entry, and what they may do with it."""

from __future__ import annotations

from bot.domain.faq import Consent, Content, Part, State, Verb, may, possible
from bot.domain.permissions import Deed, allowed, role_of
from bot.errors import NotPossibleNow, NotYours
from handlers.faq.drafting import consent_of
from storage import faq, members, questions
from storage.database import Transaction
from storage.faq import Entry

NOT_YOURS = "このFAQを変えられるのは、内容の担当の方と県の担当です。記録は変わっていません。"
CHANGED = "このFAQは、ほかの操作で状態が変わりました。画面を開き直して、確かめてください。"
NO_YES = "相談者さんの同意がまだありません。同意があると、次に進めます。"

WAITS = "直した文面が、県の担当の確認を待っています。決まってから、もう一度お願いします。"


def may_do(tx: Transaction, deed: Deed, user: str) -> bool:
    """Whether somebody we know may do a deed."""
    known = members.member(tx, user)
    return known is not None and allowed(
        deed, role_of(known.permission, deactivated=known.deactivated, elsewhere=False)
    )


def parts(tx: Transaction, entry: Entry, user: str) -> frozenset[Part]:
    """What somebody is to an entry. Owners who answer no longer own no more."""
    found: set[Part] = set()
    if may_do(tx, Deed.EDIT_FAQ, user):
        found.add(Part.EDITOR)
    if user == entry.content.owner and may_do(tx, Deed.WRITE_FAQ, user):
        found.add(Part.OWNER)
    question = questions.get(tx, entry.question_id) if entry.question_id is not None else None
    asked = question is not None and question.asker == user
    if asked and consent_of(tx, entry) is not Consent.NOT_NEEDED:
        found.add(Part.ASKER)
    return frozenset(found)


def may_read(tx: Transaction, entry: Entry, user: str) -> bool:
    """Whether somebody may read an entry that is not published, or all that belongs to it."""
    return bool(parts(tx, entry, user) & {Part.OWNER, Part.EDITOR})


def check(tx: Transaction, entry: Entry, verb: Verb, user: str) -> None:
    """Refuse what somebody may not do, or what is not possible now.

    Raises:
        NotYours, NotPossibleNow: with the sentence that says why.
    """
    if not may(verb, parts(tx, entry, user)):
        raise NotYours(NOT_YOURS)
    state, consent = State(entry.state), Consent(entry.consent)
    proposed = entry.proposed is not None
    if not possible(verb, state, consent, proposed=proposed):
        if proposed and possible(verb, state, consent):
            raise NotPossibleNow(WAITS)
        raise NotPossibleNow(NO_YES if possible(verb, state, Consent.NOT_NEEDED) else CHANGED)


def begun(tx: Transaction, entry: Entry) -> Content:
    """What was last written for an entry: its content, unless other words were proposed, or given back, since."""
    return faq.history(tx, entry.id)[-1].content
