"""The dialogs of the FAQ, made for who opens them; and what was entered in them, done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain import faq as rules
from bot.domain.faq import Consent, Content, Kind, Part, State, Verb, may, possible
from bot.domain.permissions import Deed
from bot.errors import Malformed, NotYours
from handlers.common.blocks import Block
from handlers.common.payloads import need, number
from handlers.faq import actions, form, views
from handlers.faq.drafting import draft, needs_consent
from handlers.faq.form import Entered
from handlers.faq.parts import NOT_YOURS, check, may_do, may_read
from handlers.faq.parts import parts as parts_of
from handlers.faq.pressing import two
from handlers.faq.showing import asked_of, past_of, values_of
from handlers.questions.parts import is_helper
from handlers.questions.parts import parts_of as question_parts
from storage import faq, questions, reference, workspace
from storage.database import Transaction
from storage.faq import Entry
from storage.questions import Question


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
    shown = _shown(tx, content, private=needs_consent(question))
    shown = replace(shown, taken=found.taken, cut=found.cut)
    about = f"question:{question_id}"
    return form.form(shown, "FAQに残す", callback=form.KEEP, submit="残す", about=about)


def write(tx: Transaction, user: str) -> Block:
    """An entry that comes from no question."""
    content = Content(Kind.FAQ, "", "", owner=user, review_on=actions.today(tx) + rules.REVIEW_AFTER)
    shown = _shown(tx, content, private=False)
    return form.form(shown, "FAQを書く", callback=form.KEEP, submit="残す", about="new")


def edit(tx: Transaction, entry_id: int, user: str, *, review: bool = False) -> Block:
    """An entry to be put right, or to be reviewed.

    Raises:
        NoSuchEntry, NotYours, NotPossibleNow: with the sentence that says why.
    """
    entry = faq.need(tx, entry_id)
    check(tx, entry, Verb.PUBLISH if review else Verb.EDIT, user)
    shown = _shown(tx, entry.content, private=entry.consent != Consent.NOT_NEEDED)
    shown = replace(shown, agreed=entry.consent == Consent.GIVEN)
    about = f"{entry.id}:{entry.revision}"
    if review:
        return form.form(shown, "FAQの確認", callback=form.REVIEW, submit="決める", about=about, review=True)
    return form.form(shown, "FAQを直す", callback=form.EDIT, submit="保存する", about=about)


def _shown(tx: Transaction, content: Content, *, private: bool) -> form.Shown:
    body = reference.directory(tx).by_code.get(content.municipality_code or "")
    return form.Shown(content, workspace.all_fields(tx), body, private)


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
    can = {
        verb: may(verb, parts) and possible(verb, state, Consent(found.consent))
        for verb in (Verb.ARCHIVE, Verb.RESTORE, Verb.CONFIRM, Verb.REFUSE)
    }
    on = found.content.review_on
    return views.entry(
        values_of(tx, found),
        edits=cares,
        restores=can[Verb.RESTORE],
        archives=can[Verb.ARCHIVE],
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


def submitted(
    tx: Transaction, user: str, view: Mapping[str, Any], *, source: str
) -> tuple[Block | None, dict[str, str]]:
    """Do what a dialog says; returns what it shows then, or sentences by block when something is missing.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    callback, about = need(view, "callback_id"), need(view, "private_metadata")
    entered = form.read(
        view,
        today=actions.today(tx),
        fields=workspace.all_fields(tx),
        bodies=reference.directory(tx).by_code,
        review=callback == form.REVIEW,
    )
    problems = {**_owner_problem(tx, entered.content.owner, about), **entered.problems}
    if problems:
        return None, problems
    if callback == form.KEEP:
        return _kept(tx, user, entered, about, source), {}
    entry_id, revision = two(about)
    if callback == form.EDIT:
        after = actions.edit(tx, entry_id, entered.content, user, seen=revision, source=source)
    else:
        after = actions.decide(
            tx,
            entry_id,
            entered.content,
            user,
            publish=entered.decision == form.PUBLISH,
            note=entered.note,
            seen=revision,
            source=source,
        )
    return views.done(_now(after)), {}


def _owner_problem(tx: Transaction, owner: str, about: str) -> dict[str, str]:
    """Who owns an entry reads it before others do."""
    if owner and not may_do(tx, Deed.WRITE_FAQ, owner):
        return {form.OWNER: "アドバイザーか県の担当から選んでください。"}
    question = _question(tx, about)
    if (
        owner
        and question is not None
        and needs_consent(question)
        and not is_helper(question_parts(tx, question, owner))
    ):
        return {form.OWNER: "「県と担当だけに」の相談です。この相談を知っている方から選んでください。"}
    return {}


def _question(tx: Transaction, about: str) -> Question | None:
    """The question a submitted dialog is about, if it is."""
    if about == "new":
        return None
    if about.startswith("question:"):
        return questions.need(tx, number({"v": about.removeprefix("question:")}, "v"))
    question_id = faq.need(tx, two(about)[0]).question_id
    return questions.get(tx, question_id) if question_id is not None else None


def _kept(tx: Transaction, user: str, entered: Entered, about: str, source: str) -> Block:
    if about == "new":
        actions.write(tx, entered.content, user, source=source)
        return views.done("ありがとうございます。県の担当が確かめて、公開します。")
    question_id = number({"v": about.removeprefix("question:")}, "v")
    after = actions.keep(tx, question_id, entered.content, user, source=source)
    return views.done(_now(after))


def _now(entry: Entry) -> str:
    """Where an entry stands, to who has just changed it."""
    if entry.state == State.PUBLISHED:
        return "公開しました。検索で見つかるようになります。"
    if entry.state == State.REVIEW:
        return "ありがとうございます。県の担当が確かめて、公開します。"
    if entry.consent == Consent.ASKED:
        return "保存しました。相談した方に文面をお見せして、同意をいただいてから進めます。"
    return "保存しました。"
