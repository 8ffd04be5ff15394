"""What a person is told of a question by direct message. Pure: values in, Block Kit out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.question import State, Verb, possible
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import WHOLE, Block, actions, button, quoted, section, small
from handlers.questions.screens.views import ANSWER, CLAIM, MORE, REOPEN, RESOLVE


@dataclass(frozen=True, slots=True)
class NoticeValues:
    """What a direct message about a question says: its number and link (None: it leads nowhere any more), the whole of it
    for those who answer, and the words that made the message needed (`said`), if any. `who` answers, `asker` asks.
    `shut`: nobody can write in the thread; `phone`: where to call; `needed`: by which day; `goes_on`: more of it follows
    below the letter; `late`: we were away when it was due."""

    id: int
    number: str
    state: State
    shut: bool
    who: str
    asker: str
    body: str
    field: str
    target: str
    whole: str
    said: str
    link: str | None
    phone: str | None = None
    needed: str = ""
    goes_on: bool = False
    late: bool = False


LATE = "Banso が止まっていたため、お知らせが遅れました。申し訳ありません。"
_TO_HELPER = {
    "question.asked": "相談 {number} が届きました。",
    "question.handed_over": "相談 {number} の担当をお願いします。",
    "question.escalated": "相談 {number} にまだ返信がありません。お願いできますか。",
    "question.narrowed": "相談 {number} は、相談者さんの希望で「県と担当だけに」変わりました。続きもお願いします。",
    "question.call": "相談 {number} の相談者さんが、電話での返事を希望しています。",
    "question.reopened": "相談 {number} の続きが届いています。",
    "question.asker_wrote": "相談 {number} に相談者さんの書き込みがあります。",
    "question.colleague_wrote": "相談 {number} に、ほかの担当の方の書き込みがあります。",
    "question.withdrawn": "相談 {number} は取り下げられました。対応は要りません。ありがとうございました。",
    "question.not_withdrawn": "相談 {number} の取り下げは、元に戻されました。引き続きお願いします。",
    "question.taken_back": "相談 {number} の担当のお願いは、取り消されました。対応は要りません。"
    "ありがとうございました。",
    "question.remind": "相談 {number} の返信をお待ちです。"
    "難しいときは、受付の「その他」から担当を替えられます。",
    "question.resume": "今日は、相談 {number} の続きをお返事する日です。"
    "難しいときは、受付の「その他」から日や担当を替えられます。",
    "question.deadline": "相談 {number} の回答は、{needed}に必要です。",
    "question.needed": "相談 {number} の必要な日が、{needed}に変わりました。",
    "question.remind_desk": "相談 {number} が1開庁日以上止まっています。{who}に確かめてもらえますか。",
    "question.not_arrived": "相談 {number} に書かれたことが、相談した{asker}に届きませんでした。"
    "書いた内容は保存してあります。お急ぎのときは、お電話など、ほかの方法でお伝えください。",
    "question.unreachable": "相談 {number} の場所に書き込めないため、こちらでお知らせします。",
}
_ASK_ON = "まだ聞きたいことがあれば、下のボタンを押してください。"
TO_ASKER = {
    "question.answer": "ご相談 {number} に回答が届いています。解決したか教えてください。",
    "question.ask_back": "ご相談 {number} について確認したいことがあります。わかる範囲でスレッドへお書きください。",
    "question.replied": "ご相談 {number} に返信がありました。",
    "question.nudge": "ご相談 {number}、その後いかがですか。解決していたら「解決した」を押してください。"
    "まだのときは、スレッドに続けてお書きください。",
    "question.shut": "ご相談 {number} のチャンネルに書き込めなくなりました。ご相談は届いていて、続いています。"
    "返事は、ここに直接メッセージで届きます。",
    "question.resolve": "ご相談 {number} は、解決したものとして終わりました。" + _ASK_ON,
    "question.by_phone": "ご相談 {number} は、お電話で回答したものとして終わりました。" + _ASK_ON,
    "question.duplicate": "ご相談 {number} は、ほかの相談とまとめました。" + _ASK_ON,
    "question.not_a_question": "{number} は、相談ではないものとして閉じました。書き込みは保存してあります。"
    + _ASK_ON,
}
_SHUT = {
    "question.answer": "ご相談 {number} に、{who}が回答しました。解決したか教えてください。",
    "question.ask_back": "ご相談 {number} について、{who}が確認したいことがあります。"
    "このメッセージに返信して、お答えください。",
    "question.nudge": "ご相談 {number}、その後いかがですか。解決していたら「解決した」を押してください。"
    "まだのときは、このメッセージに返信してください。",
}
"""The same where there is no thread to write in."""
_WAITED_FOR = (
    "ご相談 {number} のチャンネルに書き込めなくなりました。ご相談は続いています。"
    "確認したいことには、このメッセージに返信してお答えください。"
)
_HOW = "このメッセージに返信して書くと、相談した{asker}に届きます。そのあと「その他」から「回答した」を選べます。"
_ENDED = frozenset({"question.resolve", "question.by_phone", "question.duplicate", "question.not_a_question"})
_TO_TELL = frozenset({"question.answer", "question.nudge", "question.shut"})
TO_CLAIM = frozenset(
    {
        "question.asked",
        "question.handed_over",
        "question.escalated",
        "question.unreachable",
        "question.narrowed",
    }
)
"""With these somebody gets a question who may not have had it before."""
_NOTHING_TO_DO = frozenset({"question.withdrawn", "question.taken_back"})
TO_ANSWER = _TO_HELPER.keys() - _NOTHING_TO_DO
"""What only those may read who answer the question."""
_TO_REPLY = TO_ANSWER - {"question.remind_desk", "question.not_arrived"}
NOTICES = (*_TO_HELPER, *TO_ASKER)


def notice(name: str, values: NoticeValues) -> Message:
    """A direct message to one person: helpers see the whole question, an asker how theirs began."""
    words = _words(name, values)
    blocks: Blocks = [section(words)]
    if name in TO_ASKER:
        blocks += quoted(values.said) if values.said else [section("> " + escape(excerpt(values.whole, 120)))]
    elif name not in _NOTHING_TO_DO:
        blocks += _quoted(values, anew=name in TO_CLAIM)
        if values.goes_on:
            blocks.append(small("続きは、このメッセージのスレッドにあります。"))
        if values.phone:
            blocks.append(section(f"電話での返事を希望されています:{escape(values.phone)}"))
        blocks.append(small(f"{escape(values.body)}|分野:{escape(values.field)}|返信の目安 {values.target}"))
    if values.link is not None:
        label = "これまでのやりとりを読む" if values.shut else "スレッドを開く"
        blocks.append(section(f"<{escape(values.link)}|{label}>"))
    if values.late:
        blocks.append(small(LATE))
    row = _buttons(name, values)
    return Message(text=words, blocks=[*blocks, actions(*row)] if row else blocks)


def recorded(number: str, asked: str, answer: str) -> Message:
    """To who asked on the telephone or face to face, and was answered there."""
    words = f"お電話・訪問でのご相談を {number} として登録しました。"
    blocks: Blocks = [section(words), *quoted(asked, WHOLE // 2), section("お答えした内容:")]
    blocks += quoted(answer, WHOLE // 2)
    blocks.append(small("続きがあるときは、ここに新しく書いてください。"))
    return Message(text=words, blocks=blocks)


def _words(name: str, values: NoticeValues) -> str:
    template = {**_TO_HELPER, **TO_ASKER, **(_SHUT if values.shut else {})}[name]
    if name == "question.shut" and values.state is State.WAITING:
        template = _WAITED_FOR
    if values.shut and name in _TO_REPLY:
        template += _HOW
    return template.format(
        number=values.number, who=escape(values.who), asker=escape(values.asker), needed=values.needed
    )


def _buttons(name: str, values: NoticeValues) -> list[Block]:
    value = str(values.id)
    more = button("その他", MORE, value)
    if name in TO_CLAIM or (values.shut and name in _TO_REPLY):
        if values.state is State.CLAIMED:
            return [button("回答した", ANSWER, value), more]
        return [button("対応します", CLAIM, value, primary=True), more]
    if name in _ENDED:
        return [button("まだ聞きたい", REOPEN, value)]
    if name in _TO_TELL:
        ask_on = possible(Verb.REOPEN, values.state)
        other = button("まだ聞きたい", REOPEN, value) if ask_on else more
        return [button("解決した", RESOLVE, value, primary=True), other]
    return []


def _quoted(values: NoticeValues, *, anew: bool) -> Blocks:
    """Who has the question already reads what is new; who gets it `anew` reads all of it, and then what is new."""
    if not anew or not values.said:
        return quoted(values.said or values.whole)
    return [*quoted(values.whole, WHOLE // 2), section("続き:"), *quoted(values.said, WHOLE // 2)]
