"""The card of a question. Pure: values in, Block Kit out; nothing here reads or decides anything.

The test of every sentence: a village clerk reads it on a phone between two counter visitors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.question import OPEN, Reason, State
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import IN_CARD, Block, actions, button, quoted, section, small
from handlers.members.views import OPEN as PLACE
from handlers.questions.screens.contact import out_of_hours

CLAIM, ANSWER, RESOLVE, REOPEN, MORE = (
    "question_claim",
    "question_answer",
    "question_resolve",
    "question_reopen",
    "question_more",
)
WANTED = "ほかの団体も同じことを知りたがっています。"
SIMILAR, READ, SOLVES = "question_similar", "faq_open", "faq_solves"
"""Buttons the FAQ listens to."""
TOPIC = "study_topic_of"
"""The button study sessions listen to."""
MOST_BUTTONS = 3
ADVICE = "助言です。最終の判断は各団体でお願いします。"

MARKS = {
    State.RECEIVED: "inbox_tray",
    State.ASSIGNED: "inbox_tray",
    State.REOPENED: "inbox_tray",
    State.CLAIMED: "raising_hand",
    State.WAITING: "question",
    State.ANSWERED: "speech_balloon",
    State.CLOSED: "white_check_mark",
}

_CLOSED = {
    Reason.RESOLVED: "終わりました(解決・{day})",
    Reason.FAQ: "終わりました(FAQで解決・{day})",
    Reason.BY_PHONE: "電話で回答しました({day})",
    Reason.NO_REPLY: "ひとまず終了しました({day})。書き込めばいつでも再開します",
    Reason.WITHDRAWN: "取り下げられました({day})",
    Reason.DUPLICATE: "ほかの相談とまとめました({day})",
    Reason.NOT_A_QUESTION: "相談ではないものとして閉じました({day})",
}

KINDS = {
    "assembly": "議会",
    "budget": "予算",
    "contract": "契約",
    "national": "国の期限",
    "other": "そのほか",
}
"""Why something is needed on a day."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a card begins with when it begins its thread: who asks (`ring`: to be mentioned, so that they follow the
    thread), where from, and the whole of it. `entered`: whoever asks is not there, and this person entered it for them."""

    person: str
    body: str
    whole: str
    ring: str | None
    files: Sequence[str] = ()
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """The small print of a question with two sides: which one reads it, whether only the prefecture and whoever answers
    know of it (`private`) or only the name is `hidden`, and where it can be seen."""

    desk: bool
    private: bool
    hidden: bool
    link: str | None


@dataclass(frozen=True, slots=True)
class CardValues:
    """What a card shows. Names and words are plain text; `ring` is the Slack user a first post mentions, `wishes` how soon
    an answer is needed and what for; `own`: only the asker sees it; `asks_place`: what the button says with which they may
    still say where they belong ("": none); `asks_what`: there is a picture and no word about it; `similar` entries are like
    it; it is `wanted` by another body as well; `answer`: the entry that answered it; `opens`: when the clock of what came
    out of hours begins; `rests`: the day to which whoever answers put it off, and `why`; `away`: who has it in hand is
    away just now."""

    id: int
    number: int
    practice: bool
    state: State
    close_reason: Reason | None
    body: str
    field: str
    guessed: bool
    person: str | None
    reasons: str
    target: str
    next_day: str | None
    closed_on: str
    late: bool
    ring: str | None
    wishes: str = ""
    head: Head | None = None
    own: bool = False
    asks_place: str = ""
    note: Note | None = None
    asks_what: bool = False
    similar: int = 0
    wanted: bool = False
    answer: int | None = None
    opens: str = ""
    rests: str = ""
    why: str = ""
    away: bool = False


def card(values: CardValues) -> Message:
    """The one message that shows a question's present state; the same for every viewer, at most three buttons."""
    title, lines, row = _parts(values)
    blocks: Blocks = [section("\n".join([title, *lines]))]
    if values.head is not None:
        blocks = [*_head(values.head), *blocks]
    if values.state in {State.ANSWERED, State.CLOSED}:
        blocks.append(small(ADVICE))
    if values.wanted and values.state in OPEN:
        blocks.append(small(WANTED))
    if values.note is not None:
        blocks.append(small(_note(values.note)))
    row = [each for each in row if not (values.own and each["action_id"] in {CLAIM, ANSWER})]
    if values.asks_place and values.state in OPEN:
        row.append(button(values.asks_place, PLACE, "-"))
    if values.similar and values.state in OPEN and len(row) < MOST_BUTTONS - 1:
        row.insert(0, button(f"近い回答を見る({values.similar})", SIMILAR, str(values.id)))
    blocks.append(actions(*row, button("その他", MORE, str(values.id))))
    return Message(text=_sentence(values), blocks=blocks)


def _head(head: Head) -> Blocks:
    person = f"<@{head.ring}> さん" if head.ring else f"*{escape(head.person)}*"
    asked = f"{person}({escape(head.body)})の相談"
    if head.entered:
        asked = f"*{escape(head.body)}からの相談*({escape(head.person)}が登録)"
    return [
        section(asked),
        *quoted(head.whole, IN_CARD),
        *files(head.files),
    ]


def files(names: Sequence[str]) -> Blocks:
    """The names of files, if there are any."""
    return [section(f"📎 ファイルがあります:{'、'.join(map(escape, names))}")] if names else []


def _note(note: Note) -> str:
    if note.desk:
        apart = "担当どうしの話は、チャンネルに別に書いてください。" if note.private else ""
        return f"この下に書いたことは、相談者さんにも届きます。{apart}"
    if note.private:
        return "🔒 県と担当だけが見ます。返事は、ここに届きます。続きは、このスレッドに書いてください。"
    place = f"<{escape(note.link)}|相談チャンネル>" if note.link else "相談チャンネル"
    name = "お名前を伏せて、" if note.hidden else ""
    return f"{name}{place}に出しました。返事は、ここにも届きます。続きは、このスレッドに書いてください。"


def _name(values: CardValues) -> str:
    return f"{'練習 ' if values.practice else ''}No.{values.number}"


def _who(values: CardValues) -> str:
    if values.ring:
        return f"<@{values.ring}> さん"
    return f"{escape(values.person)}さん" if values.person else "県の担当"


def _parts(values: CardValues) -> tuple[str, list[str], list[Block]]:
    number, value = _name(values), str(values.id)
    if values.state is State.CLAIMED:
        day = f"次の対応日 {values.next_day}" if values.next_day else ""
        if values.away:
            day = f"お休み中です。{day or '今日のうちに戻ります'}"
        day = f"({day})" if day else ""
        return (
            f"🙋 *対応中*|{number}|{_who(values)}が対応しています{day}",
            _claimed(values),
            [button("回答した", ANSWER, value), button("解決した", RESOLVE, value, primary=True)],
        )
    if values.state is State.WAITING:
        return (
            f"❓ *{_who(values)}から確認があります*|{number}",
            ["次は 相談者さん。わかる範囲でスレッドへ"],
            [],
        )
    if values.state is State.ANSWERED:
        return (
            f"💬 *回答があります*|{number}",
            ["次は 相談者さん。解決したか教えてください"],
            [button("解決した", RESOLVE, value, primary=True), button("まだ聞きたい", REOPEN, value)],
        )
    if values.state is State.CLOSED:
        words = _CLOSED[values.close_reason or Reason.RESOLVED].format(day=values.closed_on)
        read = [button("全文", READ, str(values.answer))] if values.answer is not None else []
        return f"✅ *{words}*|{number}", [], [*read, button("もう一度聞く", REOPEN, value)]
    return _new(values, number, value)


def _claimed(values: CardValues) -> list[str]:
    lines = [escape(values.wishes)] if values.wishes else []
    if values.away:
        lines.append("お急ぎのときは、県の担当へお知らせください。ほかの方に替われます")
    if values.rests:
        why = f"({escape(values.why)})" if values.why else ""
        lines.append(
            f"お返事は *{values.rests}* の予定です{why}。もう少しお待ちください|返信の目安 {values.target}"
        )
    return lines


def _new(values: CardValues, number: str, value: str) -> tuple[str, list[str], list[Block]]:
    head = "🔁 *続きがあります*" if values.state is State.REOPENED else "📥 *受け付けました*"
    reasons = f"({escape(values.reasons)})" if values.reasons else ""
    guessed = "(推定)" if values.guessed else ""
    day = f"|次の対応日 {values.next_day}" if values.next_day else ""
    lines = [
        f"{escape(values.body)}|分野:{escape(values.field)}{guessed}",
        f"次は {_who(values)}{reasons}|返信の目安 {values.target}{day}",
    ]
    if values.opens:
        lines.append(out_of_hours(values.opens))
    if values.asks_what:
        lines.append(
            "*何についてですか?* 写真だけ届いています。相談者さんは、ひとことスレッドにお書きください"
        )
    if values.wishes:
        lines.append(escape(values.wishes))
    if values.late:
        lines.append("_受付が遅れて申し訳ありません。内容はすべて届いています_")
    return f"{head}|相談 {number}", lines, [button("対応します", CLAIM, value, primary=True)]


def _sentence(values: CardValues) -> str:
    """The fallback text: telephones show only this."""
    number, who = _name(values), _who(values)
    if values.head is not None and values.state is State.ASSIGNED:
        said = escape(excerpt(values.head.whole, 80))
        return (
            f"相談 {number}({escape(values.body)}):{said} 次は{who}です。返信の目安は {values.target} です。"
        )
    if values.state is State.CLAIMED:
        rests = f"お返事は {values.rests} の予定です。" if values.rests else ""
        return f"相談 {number} は、{who}が対応しています。{rests}"
    if values.state is State.WAITING:
        return f"相談 {number} について、{who}から確認があります。わかる範囲でスレッドへお書きください。"
    if values.state is State.ANSWERED:
        return f"相談 {number} に回答があります。解決したか教えてください。"
    if values.state is State.CLOSED:
        return (
            f"相談 {number}:{_CLOSED[values.close_reason or Reason.RESOLVED].format(day=values.closed_on)}。"
        )
    return f"相談 {number} を受け付けました。次は{who}です。返信の目安は {values.target} です。"
