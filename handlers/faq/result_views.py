"""What was found, below what it was narrowed to: as a message, which one person sees, and as a dialog. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.faq import Kind
from bot.domain.marking import Piece, shared, snippet
from bot.domain.slips import Slip
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.faq import wanted as travels
from handlers.faq.form import SIZES
from handlers.faq.views import ASK, FOUND, KINDS, SHARE, SOLVED
from handlers.faq.wanted import ALL, PAGE, Wanted
from handlers.questions.base.alike import PAST
from handlers.questions.screens.views import ADVICE

TITLE = "FAQを探す"
NARROW, TURN, MEANT = "faq_narrow", "faq_turn", "faq_meant"
CARRIED = 2000
"""Characters that a button's value holds (docs.slack.dev, "Button element")."""
MOST_OPTIONS = 100
_SNIPPET, _NAMED = 120, 75
_KINDS = {**{kind.value: label for kind, label in KINDS.items()}, PAST: "過去の相談"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry that was found. `fits` well, or may fit. It was `asked` in these ways by others; `weak`: nothing of it is
    like what was typed but characters."""

    id: int
    kind: Kind
    question: str
    answer: str
    helped: int
    fits: bool
    asked: Sequence[str] = ()
    tags: Sequence[str] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class PastShown:
    """A question that was solved, in words without names; `link` leads to its thread, if there is one. `fits` well, or
    may."""

    number: int
    question: str
    answer: str
    field: str
    link: str | None
    fits: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found: of all that fits well there are `strong`, of everything `count`; solved questions are
    `past`. `wider`: none of it is what it was narrowed to. The menus offer `fields` (names by id) and fiscal `years` (names
    by year). `meant`: what somebody probably mistyped."""

    wanted: Wanted
    shown: Sequence[Shown]
    strong: int
    count: int
    past: Sequence[PastShown] = ()
    wider: bool = False
    fields: Mapping[str, str] | None = None
    years: Mapping[str, str] | None = None
    meant: Slip | None = None

    @property
    def asked(self) -> str:
        """What somebody typed, in one line."""
        return escape(excerpt(self.wanted.text, 60))


def message(found: Results) -> Message:
    """The first page, to be narrowed and turned in a dialog."""
    text = _said(found)
    row = [button("しぼりこむ", NARROW, travels.packed(found.wanted))] if found.count or found.past else []
    if found.count > len(found.shown):
        row = [button(f"しぼりこむ・続きを見る(全{found.count}件)", NARROW, travels.packed(found.wanted))]
    blocks = [
        section(text if not (found.count or found.past) else f"*{text}*"),
        *_meant(found),
        *_found(found),
        *_ask(found, row),
    ]
    return Message(text=text, blocks=[*blocks, small(_last(found))])


def dialog(found: Results) -> Block:
    """The same as a dialog, below the menus that narrow it."""
    wanted, text = found.wanted, _said(found)
    last = wanted.start + (len(found.past) if wanted.kind == PAST else len(found.shown))
    part = f"|{wanted.start + 1}〜{last}件目" if last - wanted.start < found.count else ""
    blocks: Blocks = [
        _menus(found),
        section((text if not (found.count or found.past) else f"*{text}*") + part),
    ]
    blocks += [*_meant(found), *_found(found)]
    turns = []
    if wanted.start > 0:
        turns.append(button(f"前の{PAGE}件", f"{TURN}:back", str(max(0, wanted.start - PAGE))))
    if last < found.count:
        turns.append(button(f"次の{min(PAGE, found.count - last)}件", f"{TURN}:on", str(last)))
    blocks += _ask(found, turns)
    return modal(TITLE, [*blocks, small(_last(found))], private_metadata=travels.packed(wanted))


def _said(found: Results) -> str:
    if found.past and found.wanted.kind == PAST:
        return _said_of_past(found)
    if found.past and not found.shown:
        there = "解決した過去の相談があります" if _fit(found.past) else "近いかもしれない過去の相談があります"
        return f"「{found.asked}」に近いFAQはまだありません。{there}。"
    if not found.count and found.wanted.narrowed:
        return f"「{found.asked}」に近い回答は、えらんだ条件ではまだありません。条件を「すべて」に戻すか、担当に聞けます。"
    if not found.count:
        return f"「{found.asked}」に近い回答は、まだありません。担当に聞くと、答えが届きます。"
    if not found.strong:
        near = "文字だけが似ている" if all(each.weak for each in found.shown) else "近いかもしれない"
        return f"「{found.asked}」にぴったりの回答はありませんでした。{near}回答です。"
    return f"「{found.asked}」に近い回答 {found.strong}件"


def _said_of_past(found: Results) -> str:
    if _fit(found.past):
        return f"「{found.asked}」に近い過去の相談 {found.count}件"
    return f"「{found.asked}」にぴったりの過去の相談はありませんでした。近いかもしれない相談です。"


def _fit(past: Sequence[PastShown]) -> bool:
    return any(each.fits for each in past)


def _meant(found: Results) -> Blocks:
    """One button that looks for what was probably meant in the place of what was typed, which counts more until then."""
    text = found.meant.mended(found.wanted.text) if found.meant else None
    if found.meant is None or text is None:
        return []
    anew = replace(found.wanted, text=text, start=0)
    return [actions(button(excerpt(f"もしかして:{found.meant.meant}", _NAMED), MEANT, travels.packed(anew)))]


def _last(found: Results) -> str:
    if found.count or found.past:
        return ADVICE
    return "探したことばは、今後のFAQづくりのために記録しました(お名前は残しません)。"


def _found(found: Results) -> Blocks:
    blocks: Blocks = []
    if found.wider:
        blocks.append(section("選んだ条件には、近い回答がありませんでした。ほかも含めて探しました。"))
    before = found.strong > 0
    for each in found.shown:
        if before and not each.fits:
            blocks.append(section("*ほかに、近いかもしれない回答*"))
        before = each.fits
        blocks += _hit(found.wanted, each)
    if found.past:
        title = "過去の相談" if _fit(found.past) else "近いかもしれない過去の相談"
        blocks.append(section(f"*{title}*|県内のみなさんに公開された、解決ずみの相談です。"))
    return [*blocks, *(block for each in found.past for block in _past(found.wanted, each))]


def _past(wanted: Wanted, found: PastShown) -> Blocks:
    thread = f" <{escape(found.link)}|やりとりを読む>" if found.link else ""
    title = section(f"*{escape(excerpt(found.question, 100))}*{thread}")
    inside = shared(f"{found.question}\n{found.answer}", wanted.text)
    about = [f"過去の相談 No.{found.number}", escape(found.field)]
    about += [f"{_named(inside)}が出てきます"] if inside else []
    return [title, pieces(snippet(found.answer, wanted.text, _SNIPPET)), small("|".join(about))]


def _hit(wanted: Wanted, found: Shown) -> Blocks:
    key = f"{wanted.search_id or 0}:{found.id}:{wanted.key}"
    row = actions(
        button("全文", FOUND, key),
        button("これで解決", SOLVED, key),
        button("チャンネルで共有", SHARE, str(found.id)),
    )
    about = [KINDS[found.kind], why(found, wanted.text)]
    about += [f"{found.helped}件の解決に役立ちました"] if found.helped else []
    title = section(f"*{escape(excerpt(found.question, 100))}*")
    return [title, pieces(snippet(found.answer, wanted.text, _SNIPPET)), small("|".join(about)), row]


def pieces(marked: Sequence[Piece]) -> Block:
    """A text in which what was looked for stands out. As rich text: Slack makes nothing bold between two Japanese letters by
    its marks, and reads nothing in it as a mention."""
    elements = [
        {"type": "text", "text": text, **({"style": {"bold": True}} if hit else {})} for text, hit in marked
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def why(found: Shown, asked: str) -> str:
    """Why an entry was found, in words."""
    if found.weak:
        return "文字だけが似ています"
    inside = shared(f"{found.question}\n{found.answer}", asked)
    if inside:
        return f"{_named(inside)}が出てきます"
    for each in found.asked:
        if words := shared(each, asked):
            return f"{_named(words)}と聞いた方がいます"
    if words := shared("\n".join(found.tags), asked):
        return f"検索のことばに{_named(words)}があります"
    return "似たことばが出てきます"


def _named(words: Sequence[str]) -> str:
    return "".join(f"「{escape(excerpt(each, 20))}」" for each in words)


def _menus(found: Results) -> Block:
    wanted = found.wanted
    fields = dict(list((found.fields or {}).items())[: MOST_OPTIONS - 1])
    return {
        "type": "actions",
        "block_id": travels.ROW,
        "elements": [
            _menu(travels.FIELD, "分野", fields, wanted.field_id),
            _menu(travels.SIZE, "人口の規模", SIZES, wanted.size),
            _menu(travels.KIND, "種類", _KINDS, wanted.kind),
            _menu(travels.YEAR, "年度", found.years or {}, str(wanted.year) if wanted.year else None),
        ],
    }


def _menu(action: str, name: str, labels: Mapping[str, str], now: str | None) -> Block:
    options = [option(f"{name}:すべて", ALL), *(option(label[:_NAMED], key) for key, label in labels.items())]
    chosen = next((each for each in options if each["value"] == now), options[0])
    menu = {"type": "static_select", "action_id": action, "placeholder": plain(name)}
    return {**menu, "options": options, "initial_option": chosen}


def _ask(found: Results, row: Sequence[Block]) -> Blocks:
    """What was typed goes along, for it is kept nowhere as it was typed."""
    text = found.wanted.text
    ask = button("相談する", ASK, text[:CARRIED], primary=not found.strong)
    blocks: Blocks = [actions(*row, ask)]
    if len(text) > CARRIED:
        blocks.append(small(f"長い文なので、「相談する」に入るのは、はじめの{CARRIED:,}文字です。"))
    return blocks
