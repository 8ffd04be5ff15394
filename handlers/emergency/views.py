"""What people see of an emergency. Pure: values in, Block Kit out.

The test of every sentence: somebody reads it on a phone while a red screen stands before them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.emergency import KEEP, NEVER, OTHERS, PRECEDENCE, REPORT, STATES, State
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import Block, actions, button, modal, quoted, section, small

OPEN, START, ASK, CARD_FILE, EDIT = (
    "emergency_open",
    "emergency_start",
    "emergency_ask",
    "emergency_card_file",
    "emergency_edit",
)
SEEN, MORE, LOG_FILE = "emergency_seen", "emergency_more", "emergency_log_file"
LONGEST_DRAFT = 1000
NOBODY = "まだだれも「見ました・対応します」を押していません"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whom to call at the prefecture: by day, at night, when which is answered; at one's own body (`own`, `own_night`). ""
    where nothing is registered."""

    day: str
    night: str = ""
    hours: str = ""
    own: str = ""
    own_night: str = ""

    @property
    def line(self) -> str:
        """The prefecture's numbers in one line of plain text."""
        known = [self.day, _at_night(self.night), self.hours]
        return " ".join(each for each in known if each) or "番号はまだ登録されていません(県の代表番号へ)"

    @property
    def own_line(self) -> str:
        """The body's own numbers in one line of plain text; "" when it has none here."""
        return " ".join(each for each in (self.own, _at_night(self.own_night)) if each)

    @property
    def both(self) -> str:
        """All of them in one line of plain text, in the order in which they are called."""
        return f"自団体:{self.own_line}/県:{self.line}" if self.own_line else f"県:{self.line}"


def _at_night(number: str) -> str:
    return f"(夜間・休日 {number})" if number else ""


@dataclass(frozen=True, slots=True)
class Steps:
    """The first screen. `draft` is what was typed after the command; `running` the numbers of their records that are not
    closed; `edits`: they may change what stands here."""

    steps: str
    numbers: Numbers
    draft: str = ""
    practice: bool = False
    running: Sequence[int] = ()
    edits: bool = False
    may_start: bool = True
    sent: bool = False


def call(numbers: Numbers) -> str:
    """Whom to call, one's own body first; a line each."""
    own = f"*📞 自団体:{escape(numbers.own_line)}*\n" if numbers.own_line else ""
    return f"{own}*📞 県:{escape(numbers.line)}*(自団体の責任者のあとに)"


def _bold(lines: str) -> str:
    """Slack ends bold letters with the line."""
    return "\n".join(f"*{escape(line)}*" if line.strip() else "" for line in lines.splitlines())


def steps(found: Steps) -> Block:
    """Steps and numbers, all in one view at once."""
    others = [section(f"*{title}*\n{escape(words)}") for title, words in OTHERS]
    blocks: Blocks = [
        *([section("*【練習】* 本当の緊急のときも、同じ画面です。")] if found.practice else []),
        section(_bold(found.steps)),
        section(call(found.numbers)),
        small(PRECEDENCE),
        *([section("✅ 印刷用のファイルを、直接メッセージで送ります。")] if found.sent else []),
        *_ways_on(found),
        section(f"*してはいけないこと*\n{NEVER}"),
        section(f"*残すもの*\n{KEEP}"),
        *others,
        small(REPORT),
    ]
    return modal("緊急のとき", blocks, private_metadata=_about(found.draft, practice=found.practice))


def _ways_on(found: Steps) -> Blocks:
    row = []
    if found.may_start:
        label = "別の件の記録を始める" if found.running else "電話した・記録を始める"
        row.append(button(label, START, "practice" if found.practice else "-", primary=not found.running))
    row.append(button("印刷用", CARD_FILE, "-"))
    row += [button("番号・手順を直す", EDIT, "-")] if found.edits else []
    row.append(button("急ぎの相談(緊急ではない)", ASK, "-"))
    numbers = "・".join(f"緊急 No.{each}" for each in found.running)
    note = f"*記録中です({numbers})。* 続きは、Banso からの直接メッセージのスレッドに書いてください。"
    return [*([section(note)] if found.running else []), actions(*row)]


def _about(draft: str, *, practice: bool) -> str:
    return json.dumps({"draft": draft[:LONGEST_DRAFT], "practice": practice}, ensure_ascii=False)


def about(view: Mapping[str, object]) -> tuple[str, bool]:
    """What was typed before, and whether it is practice, from a dialog of ours; nothing from any other."""
    try:
        said = json.loads(str(view.get("private_metadata")))
        return str(said["draft"])[:LONGEST_DRAFT], said["practice"] is True
    except (ValueError, KeyError, TypeError):
        return "", False


def offer(numbers: Numbers, found: str, *, practice: bool) -> Message:
    """Privately, to somebody whose words sound like an emergency; the words stay what they are."""
    first = (
        "緊急のことでしたら、書くより先に:" if not practice else "【練習】緊急のことでしたら、書くより先に:"
    )
    words = f"{first}\n{_bold(found)}\n{call(numbers)}"
    note = f"{PRECEDENCE}書き込みは、このまま届きます。心当たりがなければ、何もしなくて大丈夫です。"
    value = "practice" if practice else "-"
    row = actions(button("緊急の手順を見る", OPEN, value, primary=True))
    return Message(text=words, blocks=[section(words), row, small(note)])


# --- the card ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told of it: name, why, since when they are on it ("" while they have not said so)."""

    name: str
    role: str
    seen: str


@dataclass(frozen=True, slots=True)
class CardValues:
    """What a card shows; all texts are plain. `own`: the asker reads it; `ring` are Slack ids to mention, on the first post
    alone; `opened` is when it began."""

    id: int
    number: int
    practice: bool
    state: State
    kind: str
    body: str
    asker: str
    opened: str
    noticed: str
    called: str
    said: str
    closing: str
    people: Sequence[Person]
    numbers: Numbers
    own: bool = False
    ring: Sequence[str] = ()


def title(number: int, *, practice: bool) -> str:
    """「緊急 No.1」, or 「【練習】緊急 No.1」."""
    return f"{'【練習】' if practice else ''}緊急 No.{number}"


def card(found: CardValues) -> Message:
    """The one message that shows how it stands: the same at the desk and in each direct message, but for the buttons."""
    name = title(found.number, practice=found.practice)
    mark = "✅" if found.state is State.CLOSED else "🚨"
    head = f"*{mark} {name}|{escape(found.kind)}|{STATES[found.state]}*"
    who = f"{escape(found.body)}|{escape(found.asker)}|{found.opened} から"
    lines = [head, who]
    lines += [f"気づいた時刻:{found.noticed}"] if found.noticed else []
    lines += [f"電話した相手:{escape(excerpt(found.called, 200))}"] if found.called else []
    blocks: Blocks = [section("\n".join(lines))]
    if found.ring:
        blocks.insert(0, section(" ".join(f"<@{user}>" for user in found.ring)))
    blocks += quoted(found.said, 3000, more="> …(続きは記録にあります)") if found.said else []
    blocks.append(section(_on_it(found)))
    if found.closing:
        blocks += [section("*最後のまとめ*"), *quoted(found.closing, 2000, more="> …(続きは記録にあります)")]
    blocks.append(actions(*_buttons(found)))
    thread = "このスレッドに書いたことと写真は、関わる全員に届き、時刻つきで記録されます。"
    blocks.append(small(thread + (f"電話:{escape(found.numbers.both)}" if found.own else PRECEDENCE)))
    if found.numbers.own_line and not found.own:
        blocks.append(small(f"この団体の責任者の電話:{escape(found.numbers.own_line)}"))
    text = f"{name}:{escape(found.body)}|{escape(found.kind)}|{STATES[found.state]}"
    return Message(text=text, blocks=blocks)


def _on_it(found: CardValues) -> str:
    on_it = [f"{escape(each.name)}({each.seen}〜)" for each in found.people if each.seen]
    rung = [escape(each.name) for each in found.people if not each.seen]
    lines = [f"🙋 対応:{'、'.join(on_it)}" if on_it else f"⚠️ {NOBODY}"]
    lines += [f"呼び出し中:{'、'.join(rung)}"] if rung else []
    return "\n".join(lines)


def _buttons(found: CardValues) -> list[Block]:
    value = str(found.id)
    log = button("記録を印刷", LOG_FILE, value)
    if found.own:
        return [log, button("手順と電話番号", OPEN, "practice" if found.practice else "-")]
    row = (
        [button("見ました・対応します", SEEN, value, primary=True)] if found.state is not State.CLOSED else []
    )
    return [*row, button("状況・人を変える", MORE, value), log]


def relay(who: str, at: str, said: str | None, files: Sequence[str], *, most: int) -> Message:
    """What somebody wrote in another thread of it, with when; None when they took it back."""
    head = f"*{escape(who)}*|{at}"
    if said is None:
        words = "(書いた方が消しました)"
        return Message(text=f"{escape(who)}:{words}", blocks=[section(f"{head}\n{words}")])
    blocks: Blocks = [section(head), *(quoted(said, most) if said else [])]
    blocks += [small("📎 " + escape("、".join(files)[:500]))] if files else []
    return Message(text=f"{escape(who)}:{escape(excerpt(said or '(ファイル)', 200))}", blocks=blocks)


def again(number: int, what: str, link: str | None, *, practice: bool, emergency_id: int) -> Message:
    """Nobody has said that they are on it: all who were rung are rung once more, and the next one is."""
    name = title(number, practice=practice)
    go = f" <{link}|開く>" if link else ""
    words = f"🚨 *{name}*({escape(what)})に、10分たってもだれも対応を始めていません。{go}"
    return Message(
        text=f"{name}:まだだれも対応を始めていません", blocks=[section(words), _takes(emergency_id)]
    )


def _takes(emergency_id: int) -> Block:
    return actions(button("見ました・対応します", SEEN, str(emergency_id), primary=True))


def flared(
    number: int, what: str, link: str | None, *, who: str, note: str, practice: bool, emergency_id: int
) -> Message:
    """It is not over after all: all who were rung are rung anew, with who says so and what they wrote."""
    name = title(number, practice=practice)
    go = f" <{link}|開く>" if link else ""
    words = (
        f"🚨 *{name}*({escape(what)})は、まだ終わっていません。{escape(who)}が「対応中」に戻しました。{go}"
    )
    said = quoted(note, 2000, more="> …(続きは記録にあります)") if note else []
    return Message(text=f"{name}:まだ終わっていません", blocks=[section(words), *said, _takes(emergency_id)])


def added(number: int, what: str, link: str | None, *, practice: bool) -> Message:
    """Somebody was added by hand, and reads on at the desk."""
    name = title(number, practice=practice)
    go = f" <{link}|開く>" if link else ""
    words = f"🚨 *{name}*({escape(what)})に加わってください。県の担当からのお願いです。{go}"
    return Message(text=f"{name} に加わってください", blocks=[section(words)])


def file_words(name: str) -> str:
    """What is said with a file."""
    return f"「{escape(name)}」です。A4で印刷できます。"


def file_lost() -> Message:
    """To whom asked for a file that could not be shared."""
    words = "印刷用のファイルを届けられませんでした。記録は失われていません。運用の担当が直したら届きます。"
    return Message(text=words, blocks=[section(words)])
