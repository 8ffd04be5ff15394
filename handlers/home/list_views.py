"""The lists behind the numbers of Home, a page at a time, and the lines they are made of. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.question import State
from bot.domain.text import escape, excerpt
from handlers.common.blocks import Block, actions, button, modal, section, small
from handlers.faq import gap_views
from handlers.faq import views as faq_views
from handlers.faq.views import EntryValues

LIST, MEMBER = "home_list", "home_member"
"""The buttons that open a list, and somebody of the list of people."""
OPENS = re.compile(rf"\A{LIST}:(?P<name>[a-z_]+):(?P<start>[0-9]{{1,6}})\Z")
PAGE = 20
_LONGEST = 60

_MINE = {
    State.ANSWERED: "回答が届いています",
    State.WAITING: "確認したいことがあります",
    State.CLOSED: "終わりました",
}
_CHOOSES = "だれに聞くかを選んでください"
_STATES = {
    State.RECEIVED: "未回答",
    State.ASSIGNED: "未回答",
    State.REOPENED: "再開・未回答",
    State.CLAIMED: "対応中",
    State.WAITING: "相談者さんの返事待ち",
    State.ANSWERED: "回答あり",
    State.CLOSED: "終了",
}
_HIDDEN = "内容は、相談者さんと担当だけが見られます"
_NOT_YET = "相談者さんが、だれに聞くかを選んでいます"
_NO_WORDS = "(ファイルなどの相談です)"


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a list, as one person sees it. `words` are how it begins, None when they may not read it; `body` is who
    asks ("" before the asker), `responsible` who answers ("" when that goes without saying); `undecided`: its asker has
    not said before whom they ask; `target` is when somebody will have answered, `passed` or not; `late`: that was promised
    earlier, or for now; `link` leads on."""

    number: str
    words: str | None
    body: str
    state: State
    target: str
    received: str
    link: str | None
    responsible: str = ""
    undecided: bool = False
    late: bool = False
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """Something that is only to be read: what it is, and what there is to say of it."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wrote: how it begins, and where it stands."""

    who: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and what is known of them; nothing yet, where their place is still to be registered."""

    user_id: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry of the FAQ; `reviews`: it is opened to be reviewed."""

    values: EntryValues
    reviews: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What was looked for in vain, in searches of these ids, and what there is to say of it."""

    ids: Sequence[int]
    words: str
    note: str


Row = Line | Plain | Word | Person | Draft | Gap


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: `rows` begin after the first `start` of `count`; `unit` counts them (件, 人, …)."""

    name: str
    title: str
    unit: str
    hint: str
    count: int
    start: int
    rows: Sequence[Row]


def opens(label: str, name: str, start: int = 0) -> Block:
    """The button that opens a list."""
    return button(label, f"{LIST}:{name}:{start}", "-")


def listed(found: Listed) -> Block:
    """The dialog with one page of a list."""
    last = found.start + len(found.rows)
    part = f"|{found.start + 1}〜{last}" if len(found.rows) < found.count else ""
    blocks = [section(f"*{found.title} {found.count}{found.unit}*{part}")]
    blocks += [small(found.hint)] if found.hint else []
    blocks += [row(each) for each in found.rows] or [section("いまはありません。")]
    turns = []
    if found.start > 0:
        turns.append(opens(f"前の{PAGE}{found.unit}", found.name, max(0, found.start - PAGE)))
    if last < found.count:
        turns.append(opens(f"次の{min(PAGE, found.count - last)}{found.unit}", found.name, last))
    return modal(found.title, [*blocks, *([actions(*turns)] if turns else [])])


def beginnings(title: str, found: Sequence[Listed], nothing: str) -> Block:
    """A dialog with how several lists begin, each with the button that opens it where there is more; `nothing` is said
    where all are empty."""
    blocks: list[Block] = []
    for each in (one for one in found if one.count):
        head = section(f"*{each.title} {each.count}{each.unit}*")
        if len(each.rows) < each.count:
            head["accessory"] = opens(f"{each.count}{each.unit}を見る", each.name)
        blocks += [head, *map(row, each.rows)]
    return modal(title, blocks or [section(nothing)])


def row(each: Row) -> Block:
    """One line of a list."""
    if isinstance(each, Line):
        return line(each)
    if isinstance(each, Word):
        return section(f"{escape(each.who)}:{escape(each.words)} <{escape(each.link)}|読む>")
    if isinstance(each, Person):
        name = excerpt(each.name, _LONGEST) if each.name.strip() else "(お名前がまだありません)"
        note = f"\n{escape(excerpt(each.note, _LONGEST))}" if each.note else ""
        words, label = section(f"{escape(name)}{note}"), "変える" if each.note else "登録する"
        return {**words, "accessory": button(label, MEMBER, each.user_id)}
    if isinstance(each, Draft):
        return faq_views.line(each.values, reviews=each.reviews)
    note = f"\n{escape(each.note)}" if each.note else ""
    if isinstance(each, Gap):
        said = section(f"{escape(excerpt(each.words, _LONGEST))}{note}")
        return {**said, "accessory": button("FAQと結ぶ", gap_views.LINK, gap_views.joined(each.ids))}
    return section(f"{escape(excerpt(each.title, _LONGEST))}{note}")


def line(each: Line) -> Block:
    """A question in a list."""
    if each.words is None:
        words = _NOT_YET if each.undecided else _HIDDEN
        return section(f"{each.number} {words}\n{_STATES[each.state]}")
    body = f"{escape(excerpt(each.body, _LONGEST))}|" if each.body else ""
    words = escape(each.words) or _NO_WORDS
    link = f" <{escape(each.link)}|読む>" if each.link else ""
    return section(f"{each.number} {body}{words}\n{_says(each)}{link}")


def _says(each: Line) -> str:
    if each.undecided:
        return _CHOOSES
    if not each.body:
        return _MINE.get(each.state, f"返信の目安 {each.target}")
    said = [_STATES[each.state]]
    if each.responsible:
        said.append(f"担当 {escape(excerpt(each.responsible, _LONGEST))}")
    if each.late and each.passed:
        said.append(f"目安 {each.target} を過ぎています")
    elif each.late:
        said.append(f"目安を過ぎ、次の担当へ(新しい目安 {each.target})")
    elif each.state in {State.ANSWERED, State.WAITING, State.CLOSED}:
        said.append(f"受付 {each.received}")
    else:
        said.append(f"目安 {each.target}")
    return "|".join(said)
