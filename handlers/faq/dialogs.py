"""The dialogs of the FAQ, made for who opens them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import faq as rules
from bot.domain.faq import Consent, Content, Kind, Part, State, Verb, may, possible
from bot.domain.permissions import Deed, allowed
from bot.errors import Malformed, NotAllowed, NotYours
from handlers.common.blocks import Block
from handlers.common.doors import Visitor, role
from handlers.faq import actions, form, gap_views, views
from handlers.faq.drafting import consent_of, draft, needs_consent
from handlers.faq.entered import Entered
from handlers.faq.parts import NOT_YOURS, begun, check, may_read
from handlers.faq.parts import parts as parts_of
from handlers.faq.showing import asked_of, differences, past_of, values_of, vouched, written_by
from handlers.faq.unpublishing import may_unpublish
from storage import faq, faq_similar, faq_use, questions, reference, workspace
from storage.database import Transaction
from storage.faq import Entry


def keep(tx: Transaction, question_id: int, user: str) -> Block:
    """「FAQに残す」: what the thread says, without names.

    Raises:
        NotFound, NotYours, NotPossibleNow: with the sentence that says why.
    """
    question = questions.need(tx, question_id)
    actions.may_keep(tx, question, user)
    found = draft(tx, question)
    content = Content(
        Kind.FAQ,
        found.question,
        found.answer,
        field_id=question.field_id,
        owner=user,
        review_on=actions.today(tx) + rules.REVIEW_AFTER,
    )
    shown = _shown(tx, content, private=needs_consent(tx, question))
    shown = replace(shown, taken=found.taken, cut=found.cut)
    about = f"question:{question_id}"
    return form.form(shown, "FAQに残す", callback=form.KEEP, submit="残す", about=about)


def write(tx: Transaction, user: str, question: str = "") -> Block:
    """An entry that comes from no question; with the one it shall answer, if there is one already."""
    content = Content(Kind.FAQ, question, "", owner=user, review_on=actions.today(tx) + rules.REVIEW_AFTER)
    shown = _shown(tx, content, private=False)
    return form.form(shown, "FAQを書く", callback=form.KEEP, submit="残す", about="new")


def edit(tx: Transaction, entry_id: int, user: str, *, review: bool = False) -> Block:
    """An entry to be put right, or to be reviewed: what was last written for it.

    Raises:
        NoSuchEntry, NotYours, NotPossibleNow: with the sentence that says why.
    """
    entry = faq.need(tx, entry_id)
    editor = Part.EDITOR in parts_of(tx, entry, user)
    review = review or (editor and entry.proposed is not None)
    check(tx, entry, Verb.PUBLISH if review else Verb.EDIT, user)
    content, notes = begun(tx, entry), list[form.Note]()
    if review and entry.proposed is not None:
        notes.append(form.proposed(differences(tx, entry.content, content)))
    elif not editor and entry.state == State.PUBLISHED and consent_of(tx, entry) == Consent.NOT_NEEDED:
        notes.append(form.WAITS_FOR_READING)
    return _dialog(entry, replace(_of(tx, entry, content), notes=notes), review=review)


def again(tx: Transaction, entry: Entry, entered: Entered, *, seen: int, review: bool) -> Block:
    """The same dialog with what somebody entered, after somebody else had changed what they saw (revision `seen`): what
    they left alone is as it is now."""
    past = {each.number: each.content for each in faq.history(tx, entry.id)}
    content, theirs = entered.content, past[entry.revision]
    who, base = written_by(tx, entry), past.get(seen)
    lines = [] if base is None else differences(tx, base, theirs)
    content = content if base is None else rules.merged(base, content, theirs)
    shown = replace(_of(tx, entry, content), notes=[form.overtaken(who, lines)])
    shown = replace(shown, decision=entered.decision, note=entered.note)
    return _dialog(entry, shown, review=review)


def _of(tx: Transaction, entry: Entry, content: Content) -> form.Shown:
    shown = _shown(tx, content, private=consent_of(tx, entry) != Consent.NOT_NEEDED)
    return replace(shown, agreed=entry.consent == Consent.GIVEN)


def _dialog(entry: Entry, shown: form.Shown, *, review: bool) -> Block:
    about = f"{entry.id}:{entry.revision}"
    if review:
        return form.form(shown, "FAQの確認", callback=form.REVIEW, submit="決める", about=about, review=True)
    return form.form(shown, "FAQを直す", callback=form.EDIT, submit="保存する", about=about)


def _shown(tx: Transaction, content: Content, *, private: bool) -> form.Shown:
    body = reference.directory(tx).by_code.get(content.municipality_code or "")
    return form.Shown(content, workspace.all_fields(tx), body, private, vouched=vouched(tx, content))


def may_open(tx: Transaction, entry_id: int, visitor: Visitor) -> None:
    """Who does not look into the FAQ otherwise (a guest) reads what came of their own question, or was found for it.

    Raises:
        NoSuchEntry, NotAllowed: it is none of theirs.
    """
    found, user = faq.need(tx, entry_id), visitor.user
    if allowed(Deed.SEARCH, role(tx, visitor)):
        return
    source = questions.get(tx, found.question_id) if found.question_id is not None else None
    if (source is None or source.asker != user) and not faq_similar.for_asker(tx, entry_id, user):
        raise NotAllowed()


def entry(tx: Transaction, entry_id: int, user: str) -> Block:
    """「全文」. What is not published only those read who care for it.

    Raises:
        NoSuchEntry, NotYours: with the sentence that says why.
    """
    found = faq.need(tx, entry_id)
    cares = may_read(tx, found, user)
    if found.state != State.PUBLISHED and not cares:
        raise NotYours("このFAQは、いま公開されていません。")
    parts, state = parts_of(tx, found, user), State(found.state)
    proposed = found.proposed is not None
    can = {
        verb: may(verb, parts) and possible(verb, state, Consent(found.consent), proposed=proposed)
        for verb in (Verb.ARCHIVE, Verb.RESTORE, Verb.CONFIRM, Verb.REFUSE)
    }
    on = found.content.review_on
    return views.entry(
        values_of(tx, found),
        edits=cares,
        restores=can[Verb.RESTORE],
        archives=can[Verb.ARCHIVE],
        unpublishes=may_unpublish(tx, found, user),
        confirms=can[Verb.CONFIRM] and on is not None and on <= actions.today(tx),
        revokes=f"{found.id}:{rules.words_key(found.content)}" if can[Verb.REFUSE] else None,
    )


def history(tx: Transaction, entry_id: int, user: str) -> Block:
    """The history of an entry, for those who care for it.

    Raises:
        NoSuchEntry, NotYours: with the sentence that says why.
    """
    found = _cared_for(tx, entry_id, user)
    return views.history(found.content.question, past_of(tx, found))


def phrasings(tx: Transaction, entry_id: int, user: str) -> Block:
    """How people ask for an entry, for those who care for it.

    Raises:
        NoSuchEntry, NotYours: with the sentence that says why.
    """
    found = _cared_for(tx, entry_id, user)
    return views.phrasings(
        found.content.question, asked_of(tx, found, named=Part.EDITOR in parts_of(tx, found, user)), found.id
    )


def _cared_for(tx: Transaction, entry_id: int, user: str) -> Entry:
    found = faq.need(tx, entry_id)
    if not may_read(tx, found, user):
        raise NotYours(NOT_YOURS)
    return found


def unlearn(tx: Transaction, entry_id: int, phrasing_id: int, user: str) -> Block:
    """Take a way to ask back, and show the rest.

    Raises:
        NoSuchEntry, NotYours: with the sentence that says why.
    """
    found = _cared_for(tx, entry_id, user)
    if all(each.id != phrasing_id for each in asked_of(tx, found, named=False)):
        raise Malformed()
    actions.unlearn(tx, phrasing_id, user)
    return phrasings(tx, entry_id, user)


SHORTEST_WORDS = 2


def teach(tx: Transaction, entry_id: int, user: str) -> Block:
    """To add a way to ask, for those who care for the entry.

    Raises:
        NoSuchEntry, NotYours: with the sentence that says why.
    """
    return gap_views.teach(entry_id, _cared_for(tx, entry_id, user).content.question)


def taught(tx: Transaction, entry_id: int, words: str, user: str, *, source: str) -> Block:
    """Add a way to ask, in somebody's own name, once for each dialog (`source`), and show all there are; also one that was
    taken back: it may have been by mistake.

    Raises:
        NoSuchEntry, NotYours: with the sentence that says why.
    """
    found = _cared_for(tx, entry_id, user)
    faq_use.learn(tx, found.id, words, source=source, author=user, by_hand=True)
    return phrasings(tx, entry_id, user)
