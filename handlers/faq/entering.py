"""What was entered in the dialogs of the FAQ, done; or, where it cannot be, said in the dialog, which keeps every word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.faq import Consent, Content, State, Verb
from bot.domain.permissions import Deed
from bot.errors import Malformed, NotPossibleNow, NotYours
from handlers.common.blocks import Block
from handlers.common.payloads import need, number
from handlers.common.pressing import two
from handlers.faq import actions, dialogs, form, views
from handlers.faq.drafting import needs_consent
from handlers.faq.entered import Entered, read
from handlers.faq.parts import begun, check, may_do
from handlers.questions.base.parts import is_helper, parts_of
from storage import failures, faq, questions, reference, workspace
from storage.database import Transaction
from storage.faq import Entry
from storage.questions import Question

Shown = tuple[Block | None, dict[str, str]]
"""What a dialog shows then, or sentences by block."""
KEPT = "書いた内容は、この画面に残っています。"
_NEW, _QUESTION = "new", "question:"


def submitted(tx: Transaction, user: str, view: Mapping[str, Any], *, source: str) -> Shown:
    """Do what a dialog says; returns what it shows then, or sentences by block when something is missing or in the way.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    callback, about = need(view, "callback_id"), need(view, "private_metadata")
    entered = read(
        view,
        today=actions.today(tx),
        fields=workspace.all_fields(tx),
        bodies=reference.directory(tx).by_code,
        by=user,
        before=_before(tx, about),
        review=callback == form.REVIEW,
    )
    problems = {**_owner_problem(tx, entered.content.owner, about), **entered.problems}
    if problems:
        return None, problems
    if not failures.was_handled(tx, source):
        found = _in_the_way(tx, user, callback, about, entered)
        if found is not None:
            return found
    if callback == form.KEEP:
        return _kept(tx, user, entered, about, source), {}
    return _changed(tx, user, callback, about, entered, source), {}


def _changed(tx: Transaction, user: str, callback: str, about: str, entered: Entered, source: str) -> Block:
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
    return views.done(_now(after))


def _in_the_way(tx: Transaction, user: str, callback: str, about: str, entered: Entered) -> Shown | None:
    """What keeps it from being done, looked at before anything is: a dialog that gave way would take the words with it."""
    try:
        if callback == form.KEEP:
            if about != _NEW:
                actions.may_keep(tx, questions.need(tx, _question_id(about)), user)
            return None
        entry_id, seen = two(about)
        entry = faq.need(tx, entry_id)
        verb = Verb.PUBLISH if entered.decision == form.PUBLISH else Verb.RETURN
        check(tx, entry, Verb.EDIT if callback == form.EDIT else verb, user)
    except (NotYours, NotPossibleNow) as error:
        return None, {form.ANSWER: f"{error.sentence}{KEPT}"}
    if entry.revision == seen:
        return None
    return dialogs.again(tx, entry, entered, seen=seen, review=callback == form.REVIEW), {}


def _before(tx: Transaction, about: str) -> Content | None:
    """What was there before, of an entry that is put right."""
    new = about == _NEW or about.startswith(_QUESTION)
    return None if new else begun(tx, faq.need(tx, two(about)[0]))


def _owner_problem(tx: Transaction, owner: str, about: str) -> dict[str, str]:
    """Who owns an entry reads it before others do."""
    if owner and not may_do(tx, Deed.WRITE_FAQ, owner):
        return {form.OWNER: "アドバイザーか県の担当から選んでください。"}
    question = _question(tx, about)
    if (
        owner
        and question is not None
        and needs_consent(tx, question)
        and not is_helper(parts_of(tx, question, owner))
    ):
        return {form.OWNER: "「県と担当だけに」の相談です。この相談を知っている方から選んでください。"}
    return {}


def _question(tx: Transaction, about: str) -> Question | None:
    """The question a submitted dialog is about, if it is."""
    if about == _NEW:
        return None
    if about.startswith(_QUESTION):
        return questions.need(tx, _question_id(about))
    question_id = faq.need(tx, two(about)[0]).question_id
    return questions.get(tx, question_id) if question_id is not None else None


def _question_id(about: str) -> int:
    if not about.startswith(_QUESTION):
        raise Malformed()
    return number({"v": about.removeprefix(_QUESTION)}, "v")


def _kept(tx: Transaction, user: str, entered: Entered, about: str, source: str) -> Block:
    if about == _NEW:
        actions.write(tx, entered.content, user, source=source)
        return views.done("ありがとうございます。県の担当が確かめて、公開します。")
    after = actions.keep(tx, _question_id(about), entered.content, user, source=source)
    return views.done(_now(after))


def _now(entry: Entry) -> str:
    """Where an entry stands, to who has just changed it."""
    if entry.proposed is not None:
        return "ありがとうございます。県の担当が確かめて、入れ替えます。それまでは、前の文面のまま公開しています。"
    if entry.state == State.PUBLISHED:
        return "公開しました。検索で見つかるようになります。"
    if entry.state == State.REVIEW:
        return "ありがとうございます。県の担当が確かめて、公開します。"
    if entry.consent == Consent.ASKED:
        return "保存しました。相談者さんに文面をお見せして、同意をいただいてから進めます。"
    return "保存しました。"
