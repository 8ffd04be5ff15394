"""What people read of a week. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain import words
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import Block, modal, section, small
from handlers.digests.values import Coming, Figures, Hoping, Needed, Office, Summary, Week
from handlers.questions.screens.letters import LATE

_LONGEST = 60
_SHOWN, _LINES = 3, 10
_NONE = (
    "今週は、新しい相談がありませんでした。困ったことがないのは、よいことです。"
    "小さなことでも、いつでも声をかけてください。お待ちしています。"
)
_THANKS = "みなさん、ありがとうございました。"
_OPEN_ONLY = "「県内みんな」への相談だけを数えています。"
_TRIED = "いま送ると、このようになります。まだ、だれにも届いていません。"


def span(first: date, last: date) -> str:
    """「11/24〜27」「11/30〜12/4」."""
    if first == last:
        return f"{first.month}/{first.day}"
    month = "" if (first.year, first.month) == (last.year, last.month) else f"{last.month}/"
    return f"{first.month}/{first.day}〜{month}{last.day}"


def week(found: Week) -> Message | None:
    """「今週の予定」; None when there is nothing to come."""
    parts = [("当番", "\n".join(found.duty)), ("勉強会", _sessions(found.sessions, found.zone))]
    parts.append(("必要な日がある相談", _needs(found)))
    parts = [(title, text) for title, text in parts if text]
    if not parts:
        return None
    head = f"今週の予定({span(found.first, found.last)})"
    blocks = [section(f"*{head}*"), *(section(f"*■ {title}*\n{text}"[:2900]) for title, text in parts)]
    if found.duty:
        blocks.append(small("お休み・交代は、`/banso 当番` から登録できます。"))
    names = "・".join(title for title, _ in parts)
    return _message(f"{head}:{names}をお知らせします。", blocks, late=found.late)


def _sessions(sessions: Sequence[Coming], zone: str) -> str:
    return "\n".join(f"・{words.short(each.starts, zone)} {each.name}" for each in sessions)


def _needs(found: Week) -> str:
    lines = [_need(each, found.today) for each in found.needed]
    return "\n".join([*lines, *([f"ほか{found.more}件"] if found.more else [])])


def _need(each: Needed, today: date) -> str:
    passed = "(過ぎています)" if each.on < today else ""
    who = f"|担当 {each.responsible}" if each.responsible else "|担当はまだいません"
    link = f" <{escape(each.link)}|読む>" if each.link else ""
    return f"・No.{each.number} {words.day(each.on)}まで{passed}{who}{link}"


def summary(found: Summary) -> Message:
    """「今週の相談まとめ」: it mentions nobody and counts no body."""
    head = _head("相談まとめ", found.first, found.last, long=found.long)
    lines = _figures(found.figures) if found.figures.received else _NONE
    blocks = [section(f"*{head}*\n{lines}")]
    if found.helpful:
        blocks.append(section("*■ 役に立った回答*\n" + _titles(found.helpful)))
    if found.hoping:
        blocks.append(section("*■ 経験を待っています*\n" + "\n".join(map(_hopes, found.hoping))))
    if found.new:
        blocks.append(section(f"*■ 新しいFAQ {len(found.new)}件*\n" + _titles(found.new[:_SHOWN])))
    if found.sessions:
        blocks.append(section("*■ 次の勉強会*\n" + _sessions(found.sessions, found.zone)))
    blocks.append(section(_THANKS))
    below = "グラフは、このメッセージのスレッドにあります。" if found.chart else ""
    if found.figures.received:
        blocks.append(small(_OPEN_ONLY + below))
    return _message(f"{head}:{lines}", blocks, late=found.late)


def _head(title: str, first: date, last: date, *, long: bool) -> str:
    return f"{'' if long else '今週の'}{title}({span(first, last)})"


def _figures(found: Figures) -> str:
    counts = f"受付{found.received}=未回答{found.waiting}+回答あり{found.answered}+終了{found.closed}"
    if found.median is None:
        return counts
    return f"{counts}|初回返信 {words.duration(found.median)}(開庁時間・中央値)"


def _titles(titles: Sequence[str]) -> str:
    return "\n".join(f"・{escape(excerpt(' '.join(each.split()), _LONGEST))}" for each in titles)


def _hopes(each: Hoping) -> str:
    field = f" {escape(each.field)}" if each.field else ""
    return f"・No.{each.number}{field} <{escape(each.link)}|うちの例を書く>"


def office(found: Office) -> Message:
    """The coordinators' own: what is late, by body, who is silent, what could not be delivered or found."""
    head = _head("まとめ|県の担当へ", found.first, found.last, long=found.long)
    figures = _figures(found.figures) if found.figures.received else "新しい相談はありませんでした。"
    overdue = sum(count for _, count in found.late_by_body)
    parts = [
        f"*{head}*\n{figures}",
        _counts(f"目安超過 {overdue}件", found.late_by_body),
        _counts("団体別の受付", found.by_body),
        _quiet(found),
        f"*■ 届けられないお知らせ {found.dead}件*\nホームの「ボットの様子」にあります。"
        if found.dead
        else "",
        _to_write(found.to_write),
    ]
    blocks = [section(part[:2900]) for part in parts if part]
    blocks.append(small("「県と担当だけ」の相談も数えています。ほかの方に見せるときは、ご注意ください。"))
    said = f"{head}:{figures} 目安超過{overdue}件・声をかけたい団体{len(found.quiet)}"
    return _message(said, blocks, late=found.late)


def _counts(title: str, rows: Sequence[tuple[str, int]]) -> str:
    if not rows:
        return ""
    lines = [f"・{escape(excerpt(name, _LONGEST))} {count}件" for name, count in rows[:_LINES]]
    return "\n".join([f"*■ {title}*", *lines, *_more(len(rows) - _LINES, "団体")])


def _more(count: int, unit: str) -> list[str]:
    return [f"ほか{count}{unit}"] if count > 0 else []


def _quiet(found: Office) -> str:
    if not found.quiet:
        return ""
    since = "60日" if found.quiet_long else "まだ"
    names = "、".join(escape(each) for each in found.quiet[:_LINES])
    more = "".join(_more(len(found.quiet) - _LINES, "団体"))
    return (
        f"*■ 声をかけたい団体({since}利用なし) {len(found.quiet)}団体*\n{names}{f'、{more}' if more else ''}"
    )


def _to_write(subjects: Sequence[tuple[str, int]]) -> str:
    if not subjects:
        return ""
    lines = [f"・{escape(excerpt(words, _LONGEST))}({count}回)" for words, count in subjects[:_LINES]]
    title = "*■ 次に書くとよいFAQ(探されて、見つからなかったこと)*"
    more = _more(len(subjects) - _LINES, "件")
    return "\n".join([title, *lines, *more, "ホームの「次に書くとよいこと」から書けます。"])


def _message(text: str, blocks: Blocks, *, late: bool) -> Message:
    plain = text.replace("*", "")
    return Message(f"{plain}{LATE}" if late else plain, [*blocks, *([small(LATE)] if late else [])])


def tried(message: Message | None, alt: str = "") -> Block:
    """A digest as it would be now, for who arranges them; `alt` says what its chart shows."""
    blocks = (
        message.blocks or [] if message is not None else [section("お知らせすることがないので、送りません。")]
    )
    return modal("見本", [small(_TRIED), *blocks, *([small(alt)] if alt else [])])
