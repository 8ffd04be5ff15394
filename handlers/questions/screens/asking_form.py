"""「相談する」: the dialog, what was entered in it, and what is said when it has arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain.fields import OTHER, Field
from bot.domain.judging import Reason, judge
from bot.domain.text import escape, excerpt
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.common.payloads import parts
from handlers.questions.screens.contact import out_of_hours
from handlers.questions.screens.views import KINDS, READ, SOLVES, WANTED

CALLBACK = "question_ask"
TEXT, FIELD, URGENCY, DAY, FOR, AUDIENCE, PLACE, FILES, PHONE = (
    "text",
    "field",
    "urgency",
    "day",
    "for",
    "audience",
    "place",
    "files",
    "phone",
)
LIKE = "like"
"""How the ids of the blocks begin that show what is like it."""
_WANTED = f"{LIKE}:wanted"
MOST_FILES = 5
MOST = 100
"""Options a menu holds (docs.slack.dev, "Select menu element")."""
LONGEST = 3000
"""Characters a text input holds (docs.slack.dev, "Plain-text input element")."""

FARTHEST = timedelta(days=3 * 366)

URGENCIES = {"today": "今日中", "week": "今週中", "none": "急がない"}
AUDIENCES = {
    "open": "県内のみんなに",
    "body": "団体名だけ出して(お名前は出ません)",
    "private": "県と担当だけに",
}
CONFIDENTIAL = ("assembly", "budget", "contract")
"""Needed for these, a question is rather for the prefecture and its adviser alone; the asker decides."""
_RATHER = (
    f"{'・'.join(KINDS[each] for each in CONFIDENTIAL)}のことは、「県と担当だけに」もお選びいただけます。"
)


@dataclass(frozen=True, slots=True)
class Entered:
    """A filled-in form; `problems` are sentences by block. `channel` is where it was opened, `place` where it
    shall appear, if that was asked."""

    text: str
    field_id: str | None
    urgency: str
    needed_on: date | None
    needed_for: str | None
    audience: str
    phone: str | None
    channel: str
    place: str | None
    files: Sequence[Mapping[str, str]]
    problems: Mapping[str, str]


def form(
    fields: Sequence[Field],
    *,
    text: str = "",
    guess: str | None = None,
    channel: str = "",
    places: Mapping[str, str],
    here: str,
    like: Mapping[int, str] | None = None,
) -> Block:
    """The dialog. A field that was guessed (its id) is offered to be confirmed; the entries that are `like` it
    (their question by id) stand above. Of several `places` (names by id) one is chosen for an open question, `here` at
    first."""
    blocks = [
        *_like(like or {}),
        *_words(text),
        # whoever chooses this has mostly written what it is about: it is the moment to look what is like it
        {
            **forms.field(AUDIENCE, "だれに聞きますか", radio(AUDIENCES), optional=False),
            "dispatch_action": True,
        },
        *_places(places, here),
        _field(fields, guess),
        forms.field(URGENCY, "いつごろまでに", radio(URGENCIES, "week"), optional=False),
        forms.field(
            DAY, "必要な日(決まっているとき)", {"type": "datepicker", "placeholder": plain("日付を選ぶ")}
        ),
        forms.field(FOR, "なんの日ですか", _select(KINDS, "議会・予算など"), hint=_RATHER),
        forms.field(
            PHONE,
            "電話がほしいときは、職場の番号",
            {"type": "plain_text_input", "max_length": 30, "placeholder": plain("0000-00-0000 内線 00")},
            hint="担当の人だけに見えます。",
        ),
        small("住民の氏名や番号、予定価格は書かないでください。回答は助言です。"),
    ]
    return modal("相談する", blocks, callback_id=CALLBACK, submit=plain("相談する"), private_metadata=channel)


def _words(text: str) -> list[Block]:
    area: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": LONGEST,
        "placeholder": plain("例:窓口の申請書を電子化したいのですが、何から始めればよいでしょうか"),
    }
    if text:
        area["initial_value"] = text[:LONGEST]
    hint = f"{MOST_FILES}つまで、1つ10MBまで。住民の氏名や番号が写っていないか、確かめてください。"
    files = {"type": "file_input", "max_files": MOST_FILES}
    return [
        forms.field(TEXT, "相談したいこと", area, optional=False),
        forms.field(FILES, "画面の写真やファイル", files, hint=hint),
    ]


def _like(entries: Mapping[int, str], *, wanted: bool = False) -> list[Block]:
    others = [{**small(WANTED), "block_id": _WANTED}] if wanted else []
    if not entries:
        return others
    head = section("*近い回答があります。* よければ先にごらんください。このまま相談しても大丈夫です。")
    blocks = [*others, {**head, "block_id": LIKE}]
    for entry_id, said in entries.items():
        row = actions(button("全文", READ, str(entry_id)), button("これで解決", SOLVES, str(entry_id)))
        asked = section(f"・{escape(excerpt(said, 100))}")
        blocks += [{**asked, "block_id": f"{LIKE}:{entry_id}"}, {**row, "block_id": f"{LIKE}:{entry_id}:row"}]
    return blocks


def shown_like(view: Mapping[str, Any]) -> list[int]:
    """The entries that an open dialog shows as like it."""
    ids = (str(each.get("block_id")).split(":") for each in parts(view, "blocks"))
    return [int(each[1]) for each in ids if each[0] == LIKE and len(each) == 2 and each[1].isdecimal()]


def shows_wanted(view: Mapping[str, Any]) -> bool:
    """Whether an open dialog says that others want to know the same."""
    return any(each.get("block_id") == _WANTED for each in parts(view, "blocks"))


def with_like(view: Mapping[str, Any], like: Mapping[int, str], *, wanted: bool = False) -> Block:
    """An open dialog as it is, but with these entries (their question by id) below the choice of whom to ask: there nothing
    moves that somebody has already filled in. `wanted`: another body asks the same."""
    blocks: list[Block] = []
    for each in parts(view, "blocks"):
        block_id = str(each.get("block_id"))
        if block_id.split(":")[0] != LIKE:
            blocks.append(dict(each))
        if block_id == AUDIENCE:
            blocks += _like(like, wanted=wanted)
    kept = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    return {**{key: view[key] for key in kept if view.get(key)}, "blocks": blocks}


def radio(labels: Mapping[str, str], chosen: str | None = None) -> Block:
    """A choice of one, with the one that is chosen at first."""
    element: Block = {"type": "radio_buttons", "options": [option(text, key) for key, text in labels.items()]}
    return {**element, "initial_option": option(labels[chosen], chosen)} if chosen else element


def _select(labels: Mapping[str, str], placeholder: str) -> Block:
    options = [option(text, key) for key, text in labels.items()]
    return {"type": "static_select", "placeholder": plain(placeholder), "options": options}


def _places(places: Mapping[str, str], here: str) -> list[Block]:
    if len(places) < 2:
        return []
    shown = {here: places[here], **dict(list(places.items())[: MOST - 1])}
    menu = _select({key: f"#{name}" for key, name in shown.items()}, "チャンネルを選ぶ")
    menu["initial_option"] = option(f"#{places[here]}", here)
    hint = "「県と担当だけに」のときは、どこにも載りません。"
    return [forms.field(PLACE, "どのチャンネルに載せますか", menu, optional=False, hint=hint)]


def _field(fields: Sequence[Field], guess: str | None) -> Block:
    labels = {field.id: field.label for field in fields[:MOST]}
    element = _select(labels, "わからなければ、選ばなくて大丈夫です")
    if guess is None or guess == OTHER or guess not in labels:
        return forms.field(FIELD, "分野", element, hint="選ばないときは、内容から判断します。")
    element["initial_option"] = option(labels[guess], guess)
    return forms.field(FIELD, "分野", element, hint="内容から推定しました。ちがうときは選び直してください。")


def read(view: Mapping[str, Any], *, today: date, fields: Sequence[Field]) -> Entered:
    """What was entered. `today` is the date in the workspace's zone."""
    text, needed_on = forms.text(view, TEXT), forms.day(view, DAY)
    urgency, audience = forms.choice(view, URGENCY), forms.choice(view, AUDIENCE)
    field_id, needed_for = forms.choice(view, FIELD), forms.choice(view, FOR)
    problems = {}
    if judge(text, has_files=False).reason in {Reason.EMPTY, Reason.EMOJI_ONLY}:
        problems[TEXT] = "ご相談の内容を、ひとことでもお書きください。"
    if audience not in AUDIENCES:
        problems[AUDIENCE] = "だれに聞くかを選んでください。"
    if needed_on is not None and needed_on < today:
        problems[DAY] = "過ぎた日付です。これからの日を選ぶか、空にしてください。"
    if needed_on is not None and needed_on > today + FARTHEST:
        problems[DAY] = "3年より先の日付です。年を確かめてください。"
    return Entered(
        text=text,
        field_id=field_id if field_id in {field.id for field in fields} else None,
        urgency=urgency if urgency in URGENCIES else "week",
        needed_on=needed_on,
        needed_for=needed_for if needed_for in KINDS else None,
        audience=audience or "private",
        phone=forms.text(view, PHONE) or None,
        channel=str(view.get("private_metadata") or ""),
        place=forms.choice(view, PLACE),
        files=forms.files(view, FILES)[:MOST_FILES],
        problems=problems,
    )


def receipt(number: str, target: str, *, audience: str, where: str | None, opens: str) -> Block:
    """What the dialog shows when the question has arrived; `where` is the channel an open one appears in; `opens`: nobody is
    there before then ("" somebody is)."""
    if audience == "private":
        place = "やりとりは、Banso からの直接メッセージに届きます。県と担当のほかには見えません。"
    else:
        place = f"<#{where}> に載せました。返事もそこに届きます。"
        place += "お名前は出していません。" if audience == "body" else ""
    words = f"*{number} として受け付けました。*\n{place}\n返信の目安は {target} です。"
    words += f"\n{out_of_hours(opens)}。" if opens else ""
    return modal("受け付けました", [section(words)])
