"""The card of a session and what people read around it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import words
from bot.domain.study import is_link
from bot.domain.text import escape
from bot.feature import Blocks, Message
from handlers.common.blocks import CHUNK, IN_CARD, Block, actions, button, quoted, section, small
from storage.replies import NO, VIDEO, YES

ANSWER = "study_answer"
"""Each button has its own action: a message holds none twice."""
SOON, FILE, MATERIALS, RECORD = "study_soon", "study_file", "study_materials", "study_record"
ANSWERS = {YES: "出席", NO: "欠席", VIDEO: "録画で見る"}


@dataclass(frozen=True, slots=True)
class Answering:
    """A session that was announced, as its reader sees it in the list: `counts` as on the card, `said` what they answered
    ("": nothing)."""

    meeting_id: int
    counts: tuple[int, int, int]
    said: str = ""


@dataclass(frozen=True, slots=True)
class CardValues:
    """A session as everybody sees it. `name` and `where` are mrkdwn; `was` is the date it was planned for, if it was moved;
    `counts` how many come, do not come, look at the recording; `begun` and `over` as things are; `after` is when
    the one after it is, where it was cancelled and there is one."""

    id: int
    name: str
    starts: datetime
    ends: datetime
    zone: str
    where: str
    was: date | None = None
    cancelled: bool = False
    begun: bool = False
    over: bool = False
    materials: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    minutes: str = ""
    recording: str = ""
    after: str = ""

    @property
    def when(self) -> str:
        """「12月4日(金) 15:00〜16:30」."""
        return words.span(self.starts, self.ends, self.zone)


def card(values: CardValues) -> Message:
    """The card."""
    if values.cancelled:
        head = section(f"🚫 ~*{values.name}*~ *中止*\n~{values.when}~")
        return Message(_cancelled(values), [head, *([small(_after(values))] if values.after else [])])
    when = values.when + (f"(日時が変わりました。もとは {words.day(values.was)})" if values.was else "")
    now = " *いま開いています*" if values.begun and not values.over else ""
    blocks: Blocks = [section(f"📚 *{values.name}*\n{when}{now}\n{values.where}")]
    blocks += materials(values.materials)
    if values.over:
        return _over(values, blocks)
    blocks += [section(counted(values.counts)), answers(values.id)]
    blocks.append(small("ボタンは、あとから何度でも押し直せます。出席の方には、予定のファイルを送ります。"))
    asks = "いま開いています。" if values.begun else "出席・欠席を、ボタンで教えてください。"
    return Message(f"勉強会のお知らせです。{values.name} {when}。{asks}", blocks)


def moved_on() -> Message:
    """What stands where a session was announced whose series has another channel since, which not all may know."""
    text = "この勉強会のお知らせは、ほかの場所に移りました。ご案内している方は、`/banso 勉強会` で確かめられます。"
    return Message(text, [section(f"📚 {text}")])


def _cancelled(values: CardValues) -> str:
    return f"{values.name}({values.when})は、中止になりました。{_after(values)}"


def _after(values: CardValues) -> str:
    return f"次の回は {values.after} です。" if values.after else ""


def _over(values: CardValues, blocks: Blocks) -> Message:
    yes, _, video = values.counts
    blocks.append(small(f"終わりました|出席 {yes}人・録画で見る {video}人"))
    if values.minutes:
        blocks += [section("*この回のまとめ*"), *quoted(values.minutes, IN_CARD, more="> …")]
    if values.recording:
        blocks.append(section(f"<{escape(values.recording)}|録画を見る>"))
    blocks.append(
        actions(button("まとめを直す" if values.minutes else "まとめを書く", RECORD, str(values.id)))
    )
    said = "まとめを載せました。" if values.minutes else "ご参加ありがとうございました。"
    return Message(f"{values.name} {values.when} は終わりました。{said}", blocks)


def materials(text: str) -> Blocks:
    """What was given as materials: addresses, and a word to them."""
    lines = text.splitlines()
    links = [line for line in lines if is_link(line)]
    said = "\n".join(line for line in lines if line not in links)
    shown = [section(f"📄 <{escape(link)}|資料{number}>") for number, link in enumerate(links, start=1)]
    return [*shown, *([section(f"📄 {escape(said)[:CHUNK]}")] if said else [])]


def counted(counts: tuple[int, int, int]) -> str:
    """「出席 3人|欠席 1人|録画で見る 2人」."""
    return "|".join(f"{label} *{count}人*" for label, count in zip(ANSWERS.values(), counts, strict=True))


def answers(meeting_id: int) -> Block:
    """The three buttons."""
    row = [button(label, f"{ANSWER}_{each}", f"{meeting_id}:{each}") for each, label in ANSWERS.items()]
    return actions(*row)


def in_list(found: Answering) -> Blocks:
    """The same in the list of sessions, with what its reader said."""
    mine = f"|あなたのお返事:*{ANSWERS[found.said]}*" if found.said in ANSWERS else ""
    return [small(f"{counted(found.counts)}{mine}"), answers(found.meeting_id)]


# --- letters --------------------------------------------------------------------------------------------------------


def announced(values: CardValues) -> Message:
    """The same for one person, where the session has no channel: it is not changed any more."""
    blocks: Blocks = [section(f"📚 *{values.name}*\n{values.when}\n{values.where}")]
    text = f"勉強会のお知らせです。{values.name} {values.when}。出席・欠席を、ボタンで教えてください。"
    return Message(text, [*blocks, *materials(values.materials), answers(values.id)])


def changed(values: CardValues, was: datetime | None, *, presents_no_more: bool = False) -> Message:
    """To who comes: it begins at another time than they know (`was`), or it is cancelled; `presents_no_more`: they were to
    present in it, and are not any more."""
    row = actions(button("予定のファイルをもらう", FILE, str(values.id)))
    if values.cancelled:
        thanks = "発表のお願いも、なくなりました。準備をありがとうございました。" if presents_no_more else ""
        text = f"{_cancelled(values)}{thanks}"
        return Message(text, [section(text), row])
    free = "発表のお願いは、なくなったままです。" if presents_no_more else ""
    text = f"{_new_time(values, was)}{free}出られなくなったときは、下のボタンで教えてください。"
    return Message(text, [section(f"{text}\n{values.where}"), row, answers(values.id)])


def changed_quietly(values: CardValues, was: datetime | None) -> Message:
    """The same to who was told of it by letter and has not said that they come: they are asked for nothing. In
    「朝のまとめ」 the text is all there is of it, with the first button."""
    if values.cancelled:
        return Message(_cancelled(values), [section(_cancelled(values))])
    text = f"{_new_time(values, was)}お返事は、`/banso 勉強会` からもできます。"
    return Message(text, [section(f"{text}\n{values.where}"), answers(values.id)])


def _new_time(values: CardValues, was: datetime | None) -> str:
    before = f"(もとは {words.short(was, values.zone)})" if was else "(中止が取りやめになりました)"
    return f"{values.name}の日時が変わりました。{values.when}{before}。"


def elsewhere(values: CardValues) -> Message:
    """To who comes and was reminded already: they meet elsewhere than they know."""
    text = f"{values.name}({values.when})の集まる場所が変わりました。"
    row = actions(button("予定のファイルをもらう", FILE, str(values.id)))
    return Message(text, [section(f"{text}\n{values.where}"), row])


def tomorrow(values: CardValues, *, soon: bool) -> Message:
    """To who comes, the day before; `soon`: they are told ten minutes before as well. In 「朝のまとめ」 the text is all
    there is of it, so it says where."""
    said = f"出席の予定です:{values.name} {values.when}。"
    row = [] if soon else [actions(button("10分前にも知らせる", SOON, str(values.id)))]
    blocks = [section(f"{said}\n{values.where}"), *materials(values.materials), *row]
    return Message(f"{said}{values.where}", blocks)


def soon_begins(values: CardValues) -> Message:
    """Ten minutes before, to who wanted it."""
    text = f"まもなく始まります:{values.name} {words.short(values.starts, values.zone)}から。"
    return Message(text, [section(f"{text}\n{values.where}"), *materials(values.materials)])


def materials_wanted(values: CardValues) -> Message:
    """To who presents, while there are no materials."""
    text = f"{values.name}({values.when})の資料は、まだありません。あるときは「資料を登録」からお願いします。"
    return Message(text, [section(text), actions(button("資料を登録", MATERIALS, str(values.id)))])


def to_record(values: CardValues) -> Message:
    """To the chair, when it is over."""
    text = f"{values.name}、おつかれさまでした。来られなかった方にも伝わるように、まとめを残しませんか。"
    return Message(
        text, [section(text), actions(button("まとめを書く", RECORD, str(values.id), primary=True))]
    )


def recap(values: CardValues) -> Message:
    """To who was not there: what came of it."""
    text = f"{values.name}({values.when})のまとめをお届けします。"
    blocks: Blocks = [section(text), *quoted(values.minutes, IN_CARD, more="> …")]
    if values.recording:
        blocks.append(section(f"<{escape(values.recording)}|録画を見る>"))
    return Message(text, [*blocks, *materials(values.materials)])


def answered(values: CardValues, said: str, *, file: bool, soon: bool) -> Message:
    """What somebody reads at once who said whether they come; `file`: one is on its way to them."""
    lines = [f"「{ANSWERS[said]}」で受け付けました:{values.name} {words.short(values.starts, values.zone)}。"]
    if said == YES:
        lines += ["予定のファイルを、直接メッセージで送ります。"] if file else []
        lines += ["始まる10分前にもお知らせします。"] if soon else []
    elif said == VIDEO:
        lines.append("終わったあとに、まとめと録画の場所をお届けします。")
    else:
        lines.append("終わったあとに、まとめをお届けします。")
    row = [actions(button("10分前にも知らせる", SOON, str(values.id)))] if said == YES and not soon else []
    return Message("".join(lines), [section("".join(lines)), *row])
