"""Who is told what about an entry, each once. The renderers read it afresh; what is no longer true is not said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.domain.faq import OVERDUE, Consent, State, Verb, words_key, words_since
from bot.domain.permissions import Deed
from bot.domain.question import Reason
from bot.domain.text import escape, excerpt
from bot.feature import Message, Outgoing
from handlers.common.blocks import actions, button, quoted, section, small
from handlers.common.telling import tell
from handlers.faq import views
from handlers.faq.parts import begun, may_do
from handlers.faq.showing import values_of
from handlers.questions.base.naming import family_name
from handlers.questions.screens.views import REOPEN
from storage import faq, faq_lists, members, questions, workspace
from storage.database import Transaction
from storage.faq import Entry
from storage.faq_lists import Due

OFFER, CONSENT, TO_REVIEW = "faq.offer", "faq.consent", "faq.to_review"
PUBLISHED, RETURNED, REFUSED = "faq.published", "faq.returned", "faq.refused"
REVIEW, THANKS, SOLVED = "faq.review", "faq.thanks", "faq.solved"
READING_DUE, CONSENT_DUE = "faq.reading_due", "faq.consent_due"
"""Due for entries that waited for the office to open, before letters waited by themselves: rows of older databases."""


def reviewers(tx: Transaction) -> list[str]:
    """Who reviews entries: coordinators, or administrators where there are none."""
    found = members.with_permission(tx, "coordinator") or members.with_permission(tx, "admin")
    return [member.user_id for member in found]


def tell_reviewers(tx: Transaction, entry: Entry, *, but: str | None = None) -> None:
    """An entry waits for review. Whoever gave it in sees it in their list; the others read of it in the morning."""
    users = [user for user in reviewers(tx) if user != but] or reviewers(tx)
    for user in users:
        tell(tx, user, TO_REVIEW, entry.id, key=f"{entry.id}:{entry.revision}:{user}")


def ask_for_yes(tx: Transaction, entry: Entry) -> None:
    """Ask the asker of a private question, once for these words; again when there were others in between. It comes
    with their morning's letter: nothing is published meanwhile."""
    question = questions.get(tx, entry.question_id) if entry.question_id is not None else None
    if question is not None:
        since = words_since((each.number, each.content) for each in faq.history(tx, entry.id))
        values = {"words": words_key(entry.content), "since": since}
        tell(tx, question.asker, CONSENT, entry.id, key=f"{entry.id}:{since}", values=values)


def tell_owner(
    tx: Transaction, entry: Entry, renderer: str, *, but: str | None = None, note: str | None = None
) -> None:
    """Tell the owner what became of their entry, unless they did it themselves or care for it no more."""
    if entry.content.owner != but and may_do(tx, Deed.WRITE_FAQ, entry.content.owner):
        key, values = f"{entry.id}:{entry.revision}", {"note": note or ""}
        tell(tx, entry.content.owner, renderer, entry.id, key=key, values=values)


def ask_for_review(tx: Transaction, user: str, entry: Entry) -> None:
    """Ask somebody to look at all that is due for them. Once a day."""
    tell(tx, user, REVIEW, entry.id, key=f"{user}:{workspace.today(tx)}")


def offer(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """「FAQに残す」, to who answered a question that is resolved."""
    question = questions.get(tx, outgoing.record_id)
    if question is None or question.state != "closed" or faq.from_question(tx, question.id) is not None:
        return None
    text = (
        f"相談 No.{question.number} への回答、ありがとうございました。"
        "同じことで困る方のために、FAQに残しませんか。見つかった名前と団体名は外してあります。一度お読みください。"
    )
    row = actions(button("FAQに残す", views.KEEP, str(question.id), primary=True))
    return Message(text=text, blocks=[section(text), row])


def consent(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The exact words, to the asker of a private question; nothing when they were changed meanwhile."""
    entry = faq.get(tx, outgoing.record_id)
    if entry is None or entry.state != State.DRAFT or entry.consent != Consent.ASKED:
        return None
    if words_key(entry.content) != outgoing.values["words"] or _asked_later(tx, outgoing):
        return None
    question = questions.need(tx, entry.question_id or 0)
    values = values_of(tx, entry)
    names = (
        f"団体名「{escape(values.body)}」が出ます。見つかったお名前は外してあります。"
        if values.body
        else "見つかったお名前と団体名は外してあります。残っていないか、お読みください。"
    )
    text = (
        f"ご相談 No.{question.number} の回答を、下の文面でFAQに載せてもよいでしょうか。"
        f"{names}お返事があるまで、ほかの方には見えません。"
    )
    vouched = question.entered_by == question.asker
    note = "相談者さんに確かめてから、押してください。" if vouched else "あとから取りやめることもできます。"
    value = f"{entry.id}:{outgoing.values['words']}"
    row = actions(
        button("この文面で載せてよい", views.AGREE, value, primary=True),
        button("載せない", views.REFUSE, value),
    )
    return Message(text=text, blocks=[section(text), *views.words(values), row, small(note)])


def _asked_later(tx: Transaction, outgoing: Outgoing) -> bool:
    """Whether there were other words since this letter was wanted: the one about the present ones asks."""
    since = outgoing.values.get("since")
    past = [(each.number, each.content) for each in faq.history(tx, outgoing.record_id)]
    return since is not None and since != words_since(past)


def to_review(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """An entry, or other words for one that is published, wait for a reviewer; nothing when somebody has seen to it."""
    entry = faq.get(tx, outgoing.record_id)
    if entry is None or (entry.state != State.REVIEW and entry.proposed is None):
        return None
    ask = "FAQの確認をお願いします"
    if entry.proposed is not None:
        ask = "公開中のFAQを直した文面の確認をお願いします"
    who, said = family_name(tx, entry.content.owner), begun(tx, entry).question
    text = f"{ask}({escape(who)}さん):{escape(excerpt(said, 80))}"
    row = actions(button("読んで確認する", views.REVIEW, str(entry.id), primary=True))
    return Message(text=text, blocks=[section(text), row])


def returned(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """A reviewer gave a draft back, or other words for what is published; nothing when something was done since."""
    entry = faq.get(tx, outgoing.record_id)
    live = entry is not None and entry.state == State.PUBLISHED
    if entry is None or (live and faq.history(tx, entry.id)[-1].verb != Verb.RETURN):
        return None
    what = "公開中のFAQを直した文面" if live else "FAQの下書き"
    words = f"{what}に、県の担当からひとことあります:{{question}}"
    state = State.PUBLISHED if live else State.DRAFT
    return _owner_is_told(words, state, ("直す", views.EDIT))(tx, outgoing)


def _owner_is_told(words: str, state: State, *labels: tuple[str, str]) -> Callable[..., Message | None]:
    def render(tx: Transaction, outgoing: Outgoing) -> Message | None:
        entry = faq.get(tx, outgoing.record_id)
        if entry is None or entry.state != state:
            return None
        text = words.format(question=escape(excerpt(entry.content.question, 80)))
        note = str(outgoing.values.get("note") or "")
        blocks = [section(text), *([section(f"> {escape(note)}")] if note else [])]
        row = [button(label, action, str(entry.id)) for label, action in labels]
        return Message(text=text, blocks=[*blocks, actions(*row)])

    return render


published = _owner_is_told(
    "FAQを公開しました。ありがとうございます:{question}", State.PUBLISHED, ("全文", views.OPEN)
)
refused = _owner_is_told(
    "相談者さんが望まれなかったので、FAQに載せないことになりました:{question}",
    State.ARCHIVED,
    ("全文", views.OPEN),
)


def review(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To who is asked whether entries still hold: what is due now, however many; nothing when they were looked at."""
    waiting = to_look_at(tx, workspace.today(tx), str(outgoing.values["user"]))
    found = faq.these(tx, [each.id for each in waiting[: views.REVIEWED]])
    return (
        views.review([(entry.id, entry.content.question) for entry in found], len(waiting)) if found else None
    )


def to_look_at(tx: Transaction, until: date, user: str) -> list[Due]:
    """What somebody is to look at by this day, the longest overdue first: their own; and, who reviews, what its owner did
    not look at for a fortnight, or has no owner any more."""
    due = faq_lists.due_for_review(tx, until)
    if user not in reviewers(tx):
        return [each for each in due if each.owner == user]
    there = {each.owner: may_do(tx, Deed.WRITE_FAQ, each.owner) for each in due}
    return [
        each
        for each in due
        if each.owner == user or not there[each.owner] or each.review_on + OVERDUE <= until
    ]


def thanks(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To an author: whom their entries helped, without names."""
    ids: Sequence[int] = [int(each) for each in outgoing.values["entries"]]
    found = faq.these(tx, sorted(set(ids)))
    if not found:
        return None
    lines = [
        f"・{escape(excerpt(entry.content.question, 60))}({ids.count(entry.id)}件)" for entry in found[:10]
    ]
    count = sum(ids.count(entry.id) for entry in found)
    text = f"書いてくださったFAQで、{count}件の困りごとが解決しました。ありがとうございます。"
    return Message(text=text, blocks=[section(text), section("\n".join(lines))])


def solved(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To an asker whose question somebody else closed with an entry: what it says; nothing when it goes on."""
    question, entry = questions.get(tx, outgoing.record_id), faq.get(tx, int(outgoing.values["entry"]))
    if question is None or entry is None or question.close_reason != Reason.FAQ:
        return None
    if entry.state != State.PUBLISHED:
        return None
    text = (
        f"ご相談 No.{question.number} の答えは、FAQにありました:{escape(excerpt(entry.content.question, 80))}。"
        "まだのときは「まだ聞きたい」を押してください。"
    )
    row = actions(
        button("全文", views.OPEN, str(entry.id), primary=True),
        button("まだ聞きたい", REOPEN, str(question.id)),
    )
    return Message(text=text, blocks=[section(text), *quoted(excerpt(entry.content.answer, 600)), row])


RENDERERS = {
    OFFER: offer,
    CONSENT: consent,
    TO_REVIEW: to_review,
    PUBLISHED: published,
    RETURNED: returned,
    REFUSED: refused,
    REVIEW: review,
    THANKS: thanks,
    SOLVED: solved,
}
