"""The dialogs of topics, and what a presenter reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.study import Audience
from bot.domain.text import escape, excerpt
from bot.domain.topics import LONGEST_SAID, LONGEST_TOPIC, Request
from bot.feature import Blocks, Message
from handlers.common import forms
from handlers.common.blocks import CHUNK, Block, actions, button, modal, option, plain, quoted, section, small
from handlers.study.topic_views import PAGE, TITLE, TopicValues, agenda_lines

PROPOSE, HANDLING, SHOWING = "study_topic_proposed", "study_topic_handled", "study_agenda_shown"
SERIES, TOPIC, SAID = "study_topic_series", "study_topic_title", "study_topic_said"
WHAT, WHO, PLACE = "study_topic_what", "study_topic_who", "study_agenda_place"
ACCEPT, DECLINE = "study_present", "study_present_not"
TAKE_UP, LEAVE, HIGHER, LOWER, ASK, UNASK, DROP = (
    "take_up",
    "leave",
    "higher",
    "lower",
    "ask",
    "unask",
    "drop",
)
WHATS = {
    TAKE_UP: "この回で取り上げる",
    ASK: "発表をお願いする",
    UNASK: "発表のお願いを取り下げる",
    HIGHER: "順番を上げる",
    LOWER: "順番を下げる",
    LEAVE: "この回から外す(話題は残ります)",
    DROP: "話題を下げる(一覧から消えます)",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A series that a topic may be proposed for: its id, and its next session in words."""

    series_id: int
    name: str


def propose(about: str, *, choices: Sequence[Choice] = (), title: str = "", asked: str = "") -> Block:
    """「話題を出す」; `choices` where it may be for several series, `asked` the question it comes from."""
    blocks: Blocks = []
    if asked:
        blocks += [section("*この相談を、勉強会で取り上げます*"), *quoted(asked, 600, more="> …")]
    if choices:
        options = [option(each.name, str(each.series_id)) for each in choices[:100]]
        select: Block = {"type": "static_select", "options": options, "initial_option": options[0]}
        blocks.append(forms.field(SERIES, "どの勉強会で", select, optional=False))
    typed: Block = {"type": "plain_text_input", "max_length": LONGEST_TOPIC}
    if title:
        typed["initial_value"] = title[:LONGEST_TOPIC]
    more: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_SAID}
    blocks += [
        forms.field(TOPIC, "話題(ひとことで)", typed, optional=False),
        forms.field(SAID, "くわしく(聞きたいこと、困っていること)", more),
        small("ご案内している方みんなに見えます。住民の氏名や番号は書かないでください。"),
    ]
    return modal("話題を出す", blocks, callback_id=PROPOSE, submit=plain("出す"), private_metadata=about)


def handle(topic: TopicValues, about: str, offered: Sequence[str], told: str) -> Block:
    """「あつかう」: all there is to a topic, and what may be done with it; `told` how its presentation stands."""
    lines = [f"*{escape(topic.title)}*", topic.source, f"出した方:{escape(topic.proposer)}", told]
    blocks: Blocks = [section("\n".join(part for part in lines if part))]
    blocks += quoted(topic.said, CHUNK, more="> …") if topic.said else []
    radio: Block = {"type": "radio_buttons", "options": [option(WHATS[each], each) for each in offered]}
    blocks.append(forms.field(WHAT, "どうしますか", radio, optional=False))
    if ASK in offered:
        person: Block = {"type": "users_select", "placeholder": plain("お名前で探せます")}
        hint = "ご本人に、引き受けるかどうかをお聞きします。"
        blocks.append(forms.field(WHO, "だれに(発表をお願いするとき)", person, hint=hint))
    return modal(
        "話題のあつかい", blocks, callback_id=HANDLING, submit=plain("実行する"), private_metadata=about
    )


def show(
    topics: Sequence[TopicValues], about: str, audience: Audience, channel: str | None, initial: str | None
) -> Block:
    """「次第を出す」: how it will read, and where; `channel` is the series' own, which leaves no choice."""
    lines = "\n".join(agenda_lines(topics)) or "話題を募集しています。"
    blocks: Blocks = [section(excerpt_lines(lines))]
    if channel is None:
        kinds = ["private"] if audience is Audience.TALENTS else ["public", "private"]
        select: Block = {
            "type": "conversations_select",
            "filter": {"include": kinds, "exclude_bot_users": True, "exclude_external_shared_channels": True},
        }
        if initial is not None:
            select["initial_conversation"] = initial
        blocks.append(forms.field(PLACE, "どのチャンネルに出しますか", select, optional=False))
    else:
        blocks.append(section(f"<#{channel}> に出します。"))
    blocks.append(small("だれも呼び出しません。ピン留めして、話題や発表が決まるたびに書き直します。"))
    return modal("次第を出す", blocks, callback_id=SHOWING, submit=plain("出す"), private_metadata=about)


def excerpt_lines(text: str) -> str:
    """What one paragraph holds of it, whole lines only."""
    if len(text) <= CHUNK:
        return text
    return text[:CHUNK].rsplit("\n", 1)[0] + "\n…"


def shown(topics: Sequence[TopicValues], link: str) -> Block:
    """An agenda that stands in its channel already."""
    lines = "\n".join(agenda_lines(topics)) or "話題を募集しています。"
    where = f"<{link}|チャンネルの次第> を、変わるたびに書き直しています。" if link else "まもなく出ます。"
    return modal("次第", [section(excerpt_lines(lines)), small(where)])


NAMELESS = TopicValues(0, "取り下げられた話題")
"""Instead of a topic that may not be named any more."""


# --- who presents ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestValues:
    """A request to present, as the one who is asked reads it. `open`: they may still say yes; `over`: the session has begun
    or the topic is gone."""

    id: int
    asker: str
    session: str
    topic: TopicValues
    state: Request
    open: bool
    over: bool


def request(values: RequestValues) -> Message:
    """The card of the one who is asked."""
    topic, value = escape(values.topic.title), str(values.id)
    accept, decline = (
        button("引き受ける", ACCEPT, value, primary=True),
        button("今回は見送る", DECLINE, value),
    )
    said = {
        Request.ASKED: (
            f"{escape(values.asker)}から、勉強会での発表のお願いです。*{values.session}* で、この話題をお話しいただけますか?"
        ),
        Request.ACCEPTED: f"ありがとうございます。*{values.session}* での発表を、引き受けていただきました。",
        Request.DECLINED: f"わかりました。*{values.session}* での発表は、今回は見送りです。お返事ありがとうございました。",
        Request.WITHDRAWN: f"*{values.session}* での発表のお願いは、なくなりました。ご検討ありがとうございました。",
    }[values.state]
    row = {
        Request.ASKED: [accept, decline],
        Request.ACCEPTED: [decline],
        Request.DECLINED: [accept] if values.open else [],
        Request.WITHDRAWN: [],
    }[values.state]
    blocks: Blocks = [section(said), section("\n".join(filter(None, [f"*{topic}*", values.topic.source])))]
    if values.topic.said and values.state in {Request.ASKED, Request.ACCEPTED}:
        blocks += quoted(values.topic.said, CHUNK, more="> …")
    if values.state is Request.ASKED and not values.over:
        blocks.append(
            small("15分ほどで十分です。資料はなくてもかまいません。お返事は、あとからでも変えられます。")
        )
    if values.state is Request.ACCEPTED and not values.over:
        blocks.append(small("「出席」に数えました。日時が変わったときと、前の開庁日の朝に、お知らせします。"))
    if row and not values.over:
        blocks.append(actions(*row))
    return Message(f"{said.replace('*', '')} {topic}", blocks)


def answered(values: RequestValues, who: str, page: str) -> Message:
    """To whoever asked: the answer."""
    topic = escape(excerpt(values.topic.title, 60))
    if values.state is Request.ACCEPTED:
        text = f"{escape(who)}が、「{topic}」の発表({values.session})を引き受けてくださいました。"
    else:
        text = (
            f"「{topic}」の発表({values.session})は、{escape(who)}は今回は見送りです。"
            "ほかの方にも、お願いできます。"
        )
    return Message(text, [section(text), actions(button(TITLE, PAGE, page))])


def released(values: RequestValues) -> Message:
    """To somebody who had said yes: they need not present it."""
    topic = escape(excerpt(values.topic.title, 60))
    text = f"「{topic}」の発表({values.session})のお願いは、なくなりました。準備をありがとうございました。"
    return Message(text, [section(text)])


def not_ready(session: str, missing: Sequence[str], page: str) -> Message:
    """To who arranges: what a session still lacks; nothing listed means that it has no topic at all."""
    if missing:
        shown = "、".join(f"「{escape(excerpt(title, 40))}」" for title in missing[:5])
        text = f"{session} は、発表する方がまだ決まっていない話題があります:{shown}。"
    else:
        text = f"{session} は、話題がまだ決まっていません。出ている話題から選べます。"
    return Message(text, [section(text), actions(button(TITLE, PAGE, page))])


def not_pinned(session: str, why: str) -> Message:
    """To who arranges: the agenda stands there, without a pin."""
    text = (
        f"{session} の次第はチャンネルに出しましたが、ピン留めできませんでした。{why}。"
        "次第はいつもどおり書き直されます。ピン留めは、どなたでも手でできます。"
    )
    return Message(text, [section(text)])
