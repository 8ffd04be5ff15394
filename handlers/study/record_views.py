"""The dialogs in which is written what came of a session. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.study import LONGEST_LINK, LONGEST_MINUTES, MOST_OUTCOMES
from bot.feature import Blocks, Message
from handlers.common import forms
from handlers.common.blocks import IN_CARD, Block, actions, button, modal, option, plain, quoted, section
from handlers.faq.views import KEEP
from handlers.study import views
from handlers.study.card import CardValues

FORM, SAID = "study_record_form", "study_outcomes_form"
MINUTES, RECORDING, CAME, MISSED, QUESTIONS = (
    "study_minutes",
    "study_recording",
    "study_came",
    "study_missed",
    "study_discussed",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is kept already; `came` and `missed` are people's Slack ids, `questions` ids."""

    minutes: str
    recording: str
    came: Sequence[str]
    missed: Sequence[str]
    questions: Sequence[int]


def too_long(text: str) -> str:
    """Slack's fields count as we do, but for some signs."""
    return f"{LONGEST_MINUTES}文字までにしてください(いまは{len(text)}文字)。書いたことは、この画面に残っています。"


def dialog(values: CardValues, found: Recorded, titles: Mapping[int, str]) -> Block:
    """What came of it; `titles` are the questions that can be chosen, by id."""
    text: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_MINUTES}
    link: Block = {"type": "plain_text_input", "max_length": LONGEST_LINK}
    blocks: Blocks = [
        section(f"*{values.name}*\n{values.when}"),
        forms.field(
            MINUTES,
            "まとめ",
            text | ({"initial_value": found.minutes} if found.minutes else {}),
            optional=False,
            hint="来られなかった方と「録画で見る」の方にも届きます。お名前や団体名は、なるべく書かないでください。",
        ),
        forms.field(
            RECORDING,
            "録画のアドレス",
            link | ({"initial_value": found.recording} if found.recording else {}),
        ),
        forms.field(CAME, "「出席」と答えていないが、来られた方", _people(found.came)),
        forms.field(MISSED, "「出席」と答えたが、来られなかった方", _people(found.missed)),
    ]
    if titles:
        hint = f"{MOST_OUTCOMES}件まで。次の画面で、相談ごとに書けます。"
        blocks.append(forms.field(QUESTIONS, "話に出た相談", _questions(titles, found.questions), hint=hint))
    more = {"submit": plain("保存する"), "private_metadata": str(values.id)}
    return modal("まとめを書く", blocks, callback_id=FORM, **more)


def _people(users: Sequence[str]) -> Block:
    found: Block = {"type": "multi_users_select"}
    return {**found, "initial_users": list(users)} if users else found


def _questions(titles: Mapping[int, str], chosen: Sequence[int]) -> Block:
    options = {key: option(text, str(key)) for key, text in titles.items()}
    found: Block = {
        "type": "multi_static_select",
        "options": list(options.values()),
        "max_selected_items": MOST_OUTCOMES,
    }
    initial = [options[each] for each in chosen if each in options]
    return {**found, "initial_options": initial} if initial else found


def said_in(question_id: int) -> str:
    """The block in which is written what was said about a question."""
    return f"study_said_{question_id}"


def outcomes(meeting_id: int, titles: Mapping[int, str], said: Mapping[int, str]) -> Block:
    """What was said about each question; the minutes are kept already."""
    text: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_MINUTES}
    blocks: Blocks = [section("まとめを保存しました。相談ごとに分かったことを、そのスレッドに載せられます。")]
    for key, title in titles.items():
        initial = {"initial_value": said[key]} if key in said else {}
        blocks.append(forms.field(said_in(key), title, text | initial))
    ids = ",".join(str(key) for key in titles)
    more = {"submit": plain("スレッドに載せる"), "private_metadata": f"{meeting_id}:{ids}"}
    return modal("話に出た相談", blocks, callback_id=SAID, clear_on_close=True, **more)


def done(count: int, to_keep: Mapping[int, int]) -> Block:
    """All is kept; `to_keep`: what whoever wrote it may keep as an entry now, ids by number."""
    text = f"{count}件の相談のスレッドに載せます。" if count else ""
    offer = [section("同じことで困る方のために、FAQに残せます。")] if to_keep else []
    rows = [
        {**section(f"相談 No.{number}"), "accessory": button("FAQに残す", KEEP, str(key))}
        for number, key in to_keep.items()
    ]
    return views.done(f"まとめを保存しました。{text}", [*offer, *rows])


def in_thread(name: str, body: str) -> Message:
    """What a session said, in the thread of a question."""
    text = f"この相談は、勉強会({name})で話に出ました。"
    return Message(text, [section(f"📚 {text}"), *quoted(body, IN_CARD, more="> …")])


def to_keep(name: str, number: int, question_id: int, body: str, *, theirs: bool = True) -> Message:
    """To who answered (`theirs`), or to the office: what a session said might become an entry."""
    text = (
        f"{'あなたが答えた' if theirs else ''}相談 No.{number} の話が、勉強会({name})でまとまりました。"
        "同じことで困る方のために、FAQに残しませんか。"
    )
    row = actions(button("FAQに残す", KEEP, str(question_id), primary=True))
    return Message(text, [section(text), *quoted(body, IN_CARD, more="> …"), row])
