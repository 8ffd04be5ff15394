"""What people see of the FAQ. Pure: values in, Block Kit out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.faq import Kind, State
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import Block, actions, button, modal, plain, quoted, section, small
from handlers.faq.form import ROOM, SIZES, different
from handlers.questions.screens.views import ADVICE, READ

KEEP, EDIT, REVIEW, CONFIRM = "faq_keep", "faq_edit", "faq_review", "faq_confirm"
OPEN = READ
AGREE, REFUSE = "faq_agree", "faq_refuse"
UNPUBLISH = "faq_unpublish"
HISTORY, PHRASINGS, UNLEARN, ARCHIVE, RESTORE = (
    "faq_history",
    "faq_phrasings",
    "faq_unlearn",
    "faq_archive",
    "faq_restore",
)
SOLVED, ASK, SHARE, SHARING, PLACE = "faq_solved", "faq_ask", "faq_share", "faq_sharing", "faq_place"
ANSWERS, LIST, FOUND, TEACH = "faq_answers", "faq_list", "faq_found", "faq_teach"

STATES = {
    State.DRAFT: "下書き",
    State.REVIEW: "確認待ち",
    State.PUBLISHED: "公開中",
    State.ARCHIVED: "しまってあります",
}
KINDS = {Kind.FAQ: "FAQ", Kind.CASE: "好事例"}


@dataclass(frozen=True, slots=True)
class EntryValues:
    """An entry as people read it; `updated` and `review` are dates in words, `body` one that agrees to be named,
    `unnamed` one that nobody has asked; `waits`: it is to be reviewed, or other words for it are; `asked`: its asker has
    not said yes yet."""

    id: int
    number: int
    kind: Kind
    state: State
    waits: bool
    question: str
    answer: str
    field: str
    tags: Sequence[str]
    sources: Sequence[str]
    owner: str
    updated: str
    review: str
    body: str | None
    unnamed: str | None
    size: str | None
    cost: str | None
    effort: str | None
    contact: str | None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One result of a search: what it is and how it begins."""

    id: int
    kind: Kind
    question: str
    answer: str
    helped: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the history: who did what when, and the lines that are different since the one before."""

    when: str
    who: str
    what: str
    note: str | None
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A way to ask, as an editor sees it; `gone`: whose words these were took them back."""

    id: int
    words: str
    who: str
    when: str
    undone: bool
    gone: bool = False


_MORE = "> …(長いため、ここまでです)"
"""Below what was written before its length was looked at."""


def words(values: EntryValues) -> Blocks:
    """All that is read of an entry, word for word."""
    found: Blocks = [
        section(f"*{KINDS[values.kind]} {escape(values.field)}*"),
        *quoted(values.question, ROOM["question"], more=_MORE),
        section("*回答*"),
        *quoted(values.answer, ROOM["answer"], more=_MORE),
    ]
    case = [
        ("団体", values.body),
        ("人口の規模", SIZES.get(values.size or "")),
        ("費用", values.cost),
        ("手間", values.effort),
        ("問い合わせ先", values.contact),
    ]
    lines = [f"{label}:{escape(said)}" for label, said in case if said]
    if lines:
        found.append(section("\n".join(lines)))
    if values.sources:
        found.append(
            section("*もとになる資料*\n" + "\n".join(f"・{escape(each)}" for each in values.sources))
        )
    if values.tags:
        found.append(small("検索のことば:" + "、".join(map(escape, values.tags))))
    return found


def entry(
    values: EntryValues,
    *,
    edits: bool,
    restores: bool,
    archives: bool,
    unpublishes: bool = False,
    confirms: bool = False,
    revokes: str | None = None,
) -> Block:
    """The dialog with the whole entry; who cares for it has more buttons. `unpublishes`: they have just made it
    visible; `confirms`: its time to be looked at has come;
    `revokes`: the value of the button by which its asker takes their yes back."""
    dates = f"FAQ No.{values.number}|{values.updated} 更新|内容の担当 {escape(values.owner)}さん"
    if edits:
        dates += f"|{STATES[values.state]}|見直し {values.review}"
    blocks = [*words(values), small(dates), small(ADVICE)]
    if edits and values.state is State.PUBLISHED and values.waits:
        blocks.append(small("直した文面が、県の担当の確認を待っています。"))
    if edits and values.unnamed:
        blocks.append(small(f"団体名({escape(values.unnamed)})は、確かめた記録がないので出していません。"))
    row, value = [], str(values.id)
    if confirms:
        row.append(button("いまも正しい", CONFIRM, value, primary=True))
    if edits and values.state is not State.ARCHIVED:
        row.append(button("直す", EDIT, value))
    if edits:
        row += [button("履歴", HISTORY, value), button("聞き方の例", PHRASINGS, value)]
    if unpublishes:
        row.append(button("公開を取り消す", UNPUBLISH, value))
    if archives:
        row.append({**button("しまう", ARCHIVE, value), "confirm": _sure()})
    if restores:
        row.append(button("下書きに戻す", RESTORE, value))
    if revokes is not None:
        row.append({**button("載せるのをやめる", REFUSE, revokes), "confirm": _revoked()})
        blocks.append(small("あなたのご相談から作ったFAQです。載せるのを、いつでもやめられます。"))
    return modal("FAQ" if values.kind is Kind.FAQ else "好事例", [*blocks, *([actions(*row)] if row else [])])


def _revoked() -> Block:
    return {
        "title": plain("載せるのをやめますか"),
        "text": plain("検索に出なくなり、チャンネルに共有された分も消えます。ご相談はそのままです。"),
        "confirm": plain("載せるのをやめる"),
        "deny": plain("もどる"),
    }


def _sure() -> Block:
    return {
        "title": plain("しまいますか"),
        "text": plain("検索に出なくなります。あとから下書きに戻せます。"),
        "confirm": plain("しまう"),
        "deny": plain("やめる"),
    }


def result(found: Found) -> Block:
    """How an entry begins."""
    helped = f"|{found.helped}件の解決に役立ちました" if found.helped else ""
    begins = escape(excerpt(found.answer, 100))
    return section(f"*{escape(excerpt(found.question, 100))}*\n{begins}\n_{KINDS[found.kind]}{helped}_")


def history(question: str, past: Sequence[Past]) -> Block:
    """Who did what, newest first, with what is different."""
    blocks: Blocks = [section(f"*{escape(excerpt(question, 100))}*")]
    for each in past:
        note = f"\n> {escape(each.note)}" if each.note else ""
        blocks.append(section(f"*{each.when} {escape(each.who)}が{each.what}*{note}"))
        if each.lines:
            blocks.append(different(each.lines))
    return modal("履歴", blocks)


def phrasings(question: str, asked: Sequence[Asked], entry_id: int) -> Block:
    """How people asked for an entry; each can be taken back."""
    blocks: Blocks = [section(f"*{escape(excerpt(question, 100))}*\nこのことばでも見つかります。")]
    for each in asked:
        said = section(f"{escape(each.words)}\n_{escape(each.who)} {each.when}_")
        if each.gone:
            said = section("_相談者さんが、もとの書き込みを消すか直したので、外しました_")
        elif each.undone:
            said = section(f"~{escape(excerpt(each.words, 200))}~\n_取り消しました_")
        else:
            said["accessory"] = button("取り消す", UNLEARN, f"{entry_id}:{each.id}")
        blocks.append(said)
    if not asked:
        blocks.append(small("まだありません。「これで解決」が押されると増えます。"))
    blocks.append(actions(button("ことばを足す", TEACH, str(entry_id))))
    return modal("聞き方の例", blocks)


REVIEWED = 10
"""So many questions are named in the message that asks for a review; the others are counted."""


def review(waiting: Sequence[tuple[int, str]], count: int) -> Message:
    """To who cares for entries whose time has come: their ids and questions, and how many there are in all."""
    first, question = waiting[0]
    if count == 1:
        text = f"FAQの見直しの時期です。いまも正しいでしょうか:{escape(excerpt(question, 80))}"
        labels = (("いまも正しい", CONFIRM), ("直す", EDIT), ("全文", OPEN))
        row = [button(label, action, str(first)) for label, action in labels]
        return Message(text=text, blocks=[section(text), actions(*row)])
    text = f"見直しの時期のFAQが{count}件あります。お手すきのときに、いまも正しいか見てください。"
    lines = [f"・{escape(excerpt(said, 60))}" for _, said in waiting]
    more = [small(f"ほかに{count - len(waiting)}件")] if count > len(waiting) else []
    row = [button("一覧を見る", LIST, "review", primary=True)]
    return Message(text=text, blocks=[section(text), section("\n".join(lines)), *more, actions(*row)])


def line(values: EntryValues, *, reviews: bool = True) -> Block:
    """An entry in a list, with the button that opens it: to be reviewed by who `reviews`."""
    yes = "|相談者さんのお返事待ち" if values.asked else ""
    said = section(
        f"{escape(excerpt(values.question, 100))}\n_{escape(values.owner)}さん {values.updated}{yes}_"
    )
    action = REVIEW if reviews and values.waits else OPEN
    return {**said, "accessory": button("読む", action, str(values.id))}


def done(text: str) -> Block:
    """What a dialog shows when it is done."""
    return modal("FAQ", [section(text)])
