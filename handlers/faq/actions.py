"""What people do to an entry: one verb, one transaction. `source` is the action's natural key: the same press again changes
nothing."""

from __future__ import annotations

from datetime import date

from bot.domain import faq as rules
from bot.domain.faq import Consent, Content, State, Verb, may, needs_new_yes, possible
from bot.domain.learning import names_somebody
from bot.errors import NotPossibleNow, NotYours
from handlers.faq import notices
from handlers.faq.changing import change
from handlers.faq.drafting import consent_of, needs_consent, phrasing_of
from handlers.faq.parts import CHANGED, begun, check, parts
from handlers.questions.base.parts import is_helper, parts_of
from storage import failures, faq, faq_use, questions, workspace
from storage.database import Transaction
from storage.faq import Entry
from storage.questions import Question

OLD_WORDS = "この文面は、そのあとで直されました。新しいお知らせの文面をごらんください。"


def may_keep(tx: Transaction, question: Question, user: str) -> None:
    """Refuse whoever does not answer this question, and what is kept already.

    Raises:
        NotYours, NotPossibleNow: with the sentence that says why.
    """
    if not is_helper(parts_of(tx, question, user)):
        raise NotYours("FAQに残せるのは、この相談に答えた方と県の担当です。記録は変わっていません。")
    known = faq.from_question(tx, question.id)
    if known is not None and known.consent == Consent.REFUSED:
        raise NotPossibleNow("この相談は、相談者さんが望まれなかったので、FAQに載せません。")
    if known is not None and known.state != State.ARCHIVED:
        raise NotPossibleNow("この相談は、もうFAQに残されています。ありがとうございます。")


def keep(tx: Transaction, question_id: int, content: Content, user: str, *, source: str) -> Entry:
    """Keep an answer as an entry: to be reviewed, or first to be agreed to.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = questions.need(tx, question_id)
    known = faq.from_question(tx, question_id)
    if not failures.first_time(tx, source) and known is not None:
        return known
    may_keep(tx, question, user)
    consent = Consent.ASKED if needs_consent(tx, question) else Consent.NOT_NEEDED
    entry = faq.add(tx, content, actor=user, consent=consent, question_id=question_id)
    return _go_on(tx, entry, user)


def write(tx: Transaction, content: Content, user: str, *, source: str) -> None:
    """Write an entry that comes from no question."""
    if failures.first_time(tx, source):
        _go_on(tx, faq.add(tx, content, actor=user, consent=Consent.NOT_NEEDED), user)


def _go_on(tx: Transaction, entry: Entry, user: str | None) -> Entry:
    """A draft goes to who reviews it, or first to the asker who must say yes to these words."""
    if entry.consent == Consent.NOT_NEEDED != consent_of(tx, entry):
        entry = change(tx, entry, Verb.EDIT, user, consent=Consent.ASKED)
    if entry.consent in {Consent.NOT_NEEDED, Consent.GIVEN}:
        after = change(tx, entry, Verb.SUBMIT, user, state=rules.TO[Verb.SUBMIT])
        notices.tell_reviewers(tx, after, but=user)
        return after
    notices.ask_for_yes(tx, entry)
    return entry


def edit(tx: Transaction, entry_id: int, content: Content, user: str, *, seen: int, source: str) -> Entry:
    """Put an entry right; `seen` is the revision that was shown. What its asker has said yes to and reads otherwise now is
    asked for once more, and is not to be seen until then; what only its owner has read stays as it is published until an
    editor has read the other words as well.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    if not failures.first_time(tx, source):
        return entry
    check(tx, entry, Verb.EDIT, user)
    _unchanged_since(entry, seen)
    last = begun(tx, entry)
    if content == last and (last == entry.content or entry.proposed is not None):
        return _go_on(tx, entry, user) if entry.state == State.DRAFT else entry
    own, state = parts(tx, entry, user), State(entry.state)
    if rules.needs_reading(entry.content, content, state, consent_of(tx, entry), own):
        return _propose(tx, entry, content, user)
    after = _edited(tx, entry, content, user)
    return _go_on(tx, after, user) if after.state == State.DRAFT else after


def _propose(tx: Transaction, entry: Entry, content: Content, user: str) -> Entry:
    """Other words for what is published wait for who reviews; they are told once, however often these are put right."""
    after = change(tx, entry, Verb.PROPOSE, user, said=content)
    if entry.proposed is None:
        notices.tell_reviewers(tx, after, but=user)
    return after


def _edited(tx: Transaction, entry: Entry, content: Content, user: str) -> Entry:
    anew = needs_new_yes(entry.content, content, consent_of(tx, entry))
    state, consent = (State.DRAFT, Consent.ASKED) if anew else (None, None)
    return change(tx, entry, Verb.EDIT, user, content=content, state=state, consent=consent)


def _unchanged_since(entry: Entry, seen: int) -> None:
    """Two people at once: the second reads first what the other has written."""
    if entry.revision != seen:
        raise NotPossibleNow(
            "ほかの方が先にこのFAQを直しました。何も変わっていません。開き直して、もう一度お願いします。"
        )


def decide(
    tx: Transaction,
    entry_id: int,
    content: Content,
    user: str,
    *,
    publish: bool,
    note: str | None,
    seen: int,
    source: str,
) -> Entry:
    """A reviewer publishes an entry, with what they put right, or gives it back with a word.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    if not failures.first_time(tx, source):
        return entry
    verb = Verb.PUBLISH if publish else Verb.RETURN
    check(tx, entry, verb, user)
    _unchanged_since(entry, seen)
    if publish and entry.consent == Consent.NOT_NEEDED != consent_of(tx, entry):
        return _go_on(tx, _back(tx, entry, content, user), user)
    if entry.proposed is not None:
        return _decide_on_proposal(tx, entry, verb, content, user, note)
    if rules.changed(entry.content, content):
        entry = _edited(tx, entry, content, user)
    if publish and entry.state == State.DRAFT:  # other words than the asker said yes to
        return _go_on(tx, entry, user)
    if publish:
        return _publish(tx, entry, user, note)
    if entry.state != State.DRAFT:
        entry = change(tx, entry, verb, user, state=rules.TO[verb], note=note)
    notices.tell_owner(tx, entry, notices.RETURNED, but=user, note=note)
    return entry


def _back(tx: Transaction, entry: Entry, content: Content, user: str) -> Entry:
    """A draft again: its question was narrowed since it was given in, and these words need the asker's yes now."""
    state, consent = State.DRAFT, Consent.ASKED
    return change(tx, entry, Verb.EDIT, user, content=content, state=state, consent=consent)


def _decide_on_proposal(
    tx: Transaction, entry: Entry, verb: Verb, content: Content, user: str, note: str | None
) -> Entry:
    """Other words for what is published take its place, or are given back; either way it stays published."""
    if verb is Verb.PUBLISH:
        after, told = change(tx, entry, verb, user, content=content, note=note), notices.PUBLISHED
    else:
        after, told = change(tx, entry, verb, user, said=content, note=note), notices.RETURNED
    notices.tell_owner(tx, after, told, but=user, note=note)
    return after


def _publish(tx: Transaction, entry: Entry, user: str, note: str | None) -> Entry:
    after = change(tx, entry, Verb.PUBLISH, user, state=rules.TO[Verb.PUBLISH], note=note)
    question = questions.get(tx, entry.question_id) if entry.question_id is not None else None
    words = phrasing_of(tx, question) if question is not None else None
    if question is not None and words is not None and not names_somebody(words):
        source, author = f"question:{question.id}", question.asker
        faq_use.learn(tx, entry.id, words, source=source, author=author, question_id=question.id)
    notices.tell_owner(tx, after, notices.PUBLISHED, but=user)
    return after


def confirm(tx: Transaction, entry_id: int, user: str, *, source: str) -> Entry:
    """What an entry says still holds: it is looked at again in a year.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    if not failures.first_time(tx, source):
        return entry
    check(tx, entry, Verb.CONFIRM, user)
    content = rules.later(entry.content, today(tx) + rules.REVIEW_AFTER)
    return change(tx, entry, Verb.CONFIRM, user, content=content)


def put_away(tx: Transaction, entry_id: int, user: str, *, source: str, back: bool = False) -> Entry:
    """Archive an entry, or take it out again (`back`), as a draft.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    if not failures.first_time(tx, source):
        return entry
    verb = Verb.RESTORE if back else Verb.ARCHIVE
    check(tx, entry, verb, user)
    return change(tx, entry, verb, user, state=rules.TO[verb])


def answer_yes(tx: Transaction, entry_id: int, user: str, *, yes: bool, seen: str, source: str) -> Entry:
    """The asker of a private question says whether others may read these words (`seen` is their name). They may say no
    later as well: then the entry is put away; and yes after all.

    Raises:
        NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    verb, consent = (Verb.AGREE, Consent.GIVEN) if yes else (Verb.REFUSE, Consent.REFUSED)
    if not failures.first_time(tx, source) or entry.consent == consent:
        return entry
    if not may(verb, parts(tx, entry, user)):
        raise NotYours("お答えいただけるのは、相談者さんだけです。記録は変わっていません。")
    if yes and rules.words_key(entry.content) != seen:
        raise NotPossibleNow(OLD_WORDS)
    if not possible(verb, State(entry.state), Consent(entry.consent)):
        raise NotPossibleNow(CHANGED)
    after = change(tx, entry, verb, user, state=rules.TO[verb], consent=consent)
    if yes:
        notices.tell_reviewers(tx, after, but=user)
    else:
        notices.tell_owner(tx, after, notices.REFUSED, but=user)
        _refuse_the_others(tx, after, user)
    return after


def _refuse_the_others(tx: Transaction, entry: Entry, user: str) -> None:
    """A no is about the question: what was made of it before and put away does not come back either."""
    for other in faq.all_from_question(tx, entry.question_id or 0):
        if (
            possible(Verb.REFUSE, State(other.state), Consent(other.consent))
            and other.consent != Consent.REFUSED
        ):
            change(tx, other, Verb.REFUSE, user, state=rules.TO[Verb.REFUSE], consent=Consent.REFUSED)


def unlearn(tx: Transaction, phrasing_id: int, user: str) -> None:
    """An editor takes back a way to ask."""
    faq_use.unlearn(tx, phrasing_id, user)


def today(tx: Transaction) -> date:
    """The date in the workspace's zone."""
    return workspace.today(tx)
