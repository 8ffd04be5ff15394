"""What people see of the topics of study sessions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import escape, excerpt
from bot.domain.topics import MOST_ON, Request
from bot.feature import Blocks, Message
from handlers.common.blocks import Block, actions, button, modal, plain, section, small
from handlers.faq.views import OPEN as READ
from handlers.study.views import TOPICS

PAGE = TOPICS
VOTE, UNVOTE, NEW, TAKE_BACK, TAKE_UP, UP, HANDLE = (
    "study_vote",
    "study_unvote",
    "study_topic_new",
    "study_topic_back",
    "study_topic_up_for",
    "study_topic_higher",
    "study_topic_handle",
)
SUGGESTIONS, SUGGEST, AGENDA = "study_suggestions", "study_suggest", "study_agenda"
TITLE = "話題"
SHOWN = 20
"""So many topics that wait are shown; the rest by their number."""
_SAID = 160


@dataclass(frozen=True, slots=True)
class TopicValues:
    """A topic as somebody sees it. `source` is a link to what it came from, as Slack writes links, or ""; `mine`: they want
    to hear it; `own`: they proposed it; `presenter` is a name with 「さん」, "" as long as nobody was asked, and
    `presenting` how that stands; `entry` is the entry it is about, if it can be read."""

    id: int
    title: str
    said: str = ""
    source: str = ""
    votes: int = 0
    mine: bool = False
    own: bool = False
    proposer: str = ""
    presenter: str = ""
    presenting: Request | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class PageValues:
    """The page of one session: `name` and `when` in words, `where` its value on buttons (series and date); `begun`: nothing
    of it changes any more; `arranges`: who reads may take up topics; `shown`: its agenda stands in a channel; `notice`: why
    what was pressed was not done."""

    name: str
    when: str
    where: str
    agenda: Sequence[TopicValues]
    waiting: Sequence[TopicValues]
    begun: bool = False
    arranges: bool = False
    shown: bool = False
    notice: str = ""


def agenda_lines(topics: Sequence[TopicValues]) -> list[str]:
    """The agenda, a line a topic, the same for every reader: who was asked and has not said yes is not named."""
    return [f"{number}. {_agenda_line(topic)}" for number, topic in enumerate(topics, start=1)]


def _agenda_line(topic: TopicValues) -> str:
    parts = [f"*{escape(topic.title)}*", topic.source, _presents(topic)]
    return "|".join(part for part in parts if part)


def _presents(topic: TopicValues) -> str:
    if topic.presenting is Request.ACCEPTED and topic.presenter:
        return f"発表:{escape(topic.presenter)}"
    return "発表:調整中" if topic.presenting is Request.ASKED else ""


def page(values: PageValues) -> Block:
    """「話題」 of one session: its agenda, and what was proposed for the series."""
    blocks: Blocks = [*_notice(values.notice), section(f"*{values.name}*\n{values.when}")]
    blocks.append(section("*この回の話題*"))
    for number, topic in enumerate(values.agenda, start=1):
        blocks += _topic(values, topic, number)
    if not values.agenda:
        blocks.append(small("まだ決まっていません。"))
    if values.begun:
        return modal(TITLE, blocks, private_metadata=values.where)
    blocks.append(section("*出ている話題*"))
    for topic in values.waiting[:SHOWN]:
        blocks += _topic(values, topic, 0)
    if not values.waiting:
        blocks.append(small("まだありません。気になることを、ひとこと出してください。"))
    elif len(values.waiting) > SHOWN:
        blocks.append(small(f"ほか{len(values.waiting) - SHOWN}件"))
    row = [button("話題を出す", NEW, values.where, primary=True)]
    if values.arranges:
        row += [button("Bansoからの案", SUGGESTIONS, values.where)]
        row += [button("次第を見る" if values.shown else "次第を出す", AGENDA, values.where)]
    return modal(TITLE, [*blocks, actions(*row)], private_metadata=values.where)


def _notice(sentence: str) -> Blocks:
    return [section(f"ℹ️ {sentence}")] if sentence else []


def _topic(values: PageValues, topic: TopicValues, number: int) -> Blocks:
    """A topic and what its reader may do with it; `number` in the agenda, 0 for one that waits."""
    head = f"{number}. *{escape(topic.title)}*" if number else f"・*{escape(topic.title)}*"
    presents = _presents(topic)
    if values.arranges and topic.presenting is Request.ASKED:
        presents = f"発表:{escape(topic.presenter)}にお願い中"
    counted = f"聞きたい {topic.votes}人" if topic.votes else ""
    small_print = "|".join(part for part in (topic.source, presents, counted) if part)
    said = escape(excerpt(topic.said, _SAID)) if topic.said else ""
    line = section("\n".join(part for part in (head, said, small_print) if part))
    row = [] if values.begun else _row(values, topic, number)
    if len(row) == 1:
        return [{**line, "accessory": row[0]}]
    return [line, actions(*row)] if row else [line]


def _row(values: PageValues, topic: TopicValues, number: int) -> list[Block]:
    value = f"{values.where}:{topic.id}"
    row = [button("聞きたいをやめる", UNVOTE, value) if topic.mine else button("聞きたい", VOTE, value)]
    if values.arranges:
        if not number and len(values.agenda) < MOST_ON:
            row.append(button("この回で", TAKE_UP, value))
        if number > 1:
            row.append(button("上へ", UP, value))
        row.append(button("あつかう", HANDLE, value))
    elif topic.own and not number:
        row.append(button("取り下げる", TAKE_BACK, value))
    return row + ([button("FAQを読む", READ, str(topic.entry))] if topic.entry is not None else [])


# --- what the week proposes -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the bot proposes: `key` says what it is on the button, `text` is mrkdwn with links in it."""

    key: str
    text: str


def suggestions(found: Sequence[Suggestion], where: str, notice: str = "") -> Block:
    """What the week proposes, for who arranges."""
    blocks: Blocks = [*_notice(notice), section("*この1週間から、Banso が見つけた話題の案です*")]
    for each in found:
        pick = button("話題にする", SUGGEST, f"{where}|{each.key}")
        blocks.append({**section(each.text), "accessory": pick})
    if not found:
        blocks.append(section("いまは、案がありません。"))
    blocks.append(small("案は、ここでだけ見えます。だれにもお知らせしません。"))
    return modal("Bansoからの案", blocks, private_metadata=where)


# --- the agenda in its channel --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgendaValues:
    """The agenda of a session; `at` where people meet, as mrkdwn."""

    name: str
    when: str
    at: str
    where: str
    topics: Sequence[TopicValues]
    cancelled: bool = False


def agenda(values: AgendaValues) -> Message:
    """The card of an agenda, the same for everybody; it mentions nobody."""
    if values.cancelled:
        text = f"{values.name} は中止になりました。"
        return Message(text, [section(f"📋 ~*{values.name}*~ *中止*\n~{values.when}~")])
    lines = agenda_lines(values.topics) or ["話題を募集しています。"]
    blocks = [
        section(f"📋 *{values.name}の次第*\n{values.when}\n{values.at}"),
        *_joined(lines),
        actions(button("話題を見る・出す", PAGE, values.where)),
    ]
    names = "、".join(escape(excerpt(topic.title, 40)) for topic in values.topics[:3])
    return Message(f"{values.name}の次第です({values.when})。{names}", blocks)


def elsewhere() -> Message:
    """What stands where the agenda stood of a series that has another channel, or is for fewer people, since."""
    text = "この勉強会の次第は、ここでは終わりました。ご案内している方は、`/banso 勉強会` の「話題」で見られます。"
    return Message(text, [section(f"📋 {text}")])


def _joined(lines: Sequence[str]) -> Blocks:
    """As few paragraphs as hold these lines."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) < 2800:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return [section(each) for each in found]


def done(text: str, *, all_of_it: bool = False) -> Block:
    """What stands in a dialog when it is done; `all_of_it`: what lies below is closed with it."""
    return modal(TITLE, [section(text)], close=plain("閉じる"), clear_on_close=all_of_it)
