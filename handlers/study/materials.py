"""Materials and the link of one session: whoever presents or arranges gives them, everybody finds them on its card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.study import LONGEST_LINK, LONGEST_NOTE, MOST_MATERIALS, is_link
from bot.domain.study import materials as addresses
from handlers.common import forms
from handlers.common.blocks import Block, modal, plain, section
from handlers.common.doors import Visitor
from handlers.common.payloads import number, storable
from handlers.study import actions, views
from handlers.study.announcing import ensure, meets_elsewhere, show
from handlers.study.looking import theirs
from handlers.study.meeting import theirs_to_arrange, values_of, where_of
from storage import failures, meetings, study
from storage.database import Transaction
from storage.meetings import Meeting

FORM = "study_materials_form"
LINK, ADDRESSES, NOTE = "study_materials_link", "study_materials_addresses", "study_materials_note"
NO_LINK = "https:// から始まるアドレスを、そのまま貼ってください。"


def of_meeting(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """「資料を登録」, from a letter.

    Raises:
        Malformed, NoSuchMeeting, NotYours: with the sentence that says why.
    """
    meeting, _ = theirs_to_arrange(tx, number({"v": value}, "v"), visitor, presents=True)
    return _form(tx, meeting)


def of_session(tx: Transaction, series_id: int, on: date, visitor: Visitor) -> Block:
    """The same, of a session that may not have been announced yet.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow: with the sentence that says why.
    """
    found = theirs(tx, series_id, visitor)
    return _form(tx, ensure(tx, found, actions.need_session(tx, found, on)))


def _form(tx: Transaction, meeting: Meeting) -> Block:
    values = values_of(tx, meeting)
    links, said = addresses(meeting.materials or "")
    blocks = [
        section(f"*{values.name}*\n{values.when}"),
        forms.field(
            ADDRESSES,
            "資料のアドレス",
            _many("\n".join(links), MOST_MATERIALS * LONGEST_LINK),
            hint=f"1行に1つ、{MOST_MATERIALS}つまで。",
        ),
        forms.field(NOTE, "資料についてひとこと", _many("\n".join(said), LONGEST_NOTE)),
        forms.field(
            LINK,
            "この回だけの、オンライン会議のアドレス",
            _one(meeting.link or "", LONGEST_LINK),
            hint="いつもと同じときは、空けておいてください。",
        ),
    ]
    more = {"submit": plain("保存する"), "private_metadata": str(meeting.id)}
    return modal("資料とアドレス", blocks, callback_id=FORM, **more)


def _one(text: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    return {**element, "initial_value": text} if text else element


def _many(text: str, most: int) -> Block:
    return {**_one(text, most), "multiline": True}


def entered(
    tx: Transaction, visitor: Visitor, view: Mapping[str, Any]
) -> tuple[Block | None, dict[str, str]]:
    """Keep what was entered; sentences by block where something is no address.

    Raises:
        Malformed, NoSuchMeeting, NotYours: nothing was changed.
    """
    about = number(view, "private_metadata")
    meeting, found = theirs_to_arrange(tx, about, visitor, presents=True)
    typed = {name: storable(forms.text(view, name)) for name in (LINK, ADDRESSES, NOTE)}
    links, others = addresses(typed[ADDRESSES])
    if problems := _problems(typed, links, others):
        return None, problems
    text, link = "\n".join([*links, *([typed[NOTE]] if typed[NOTE] else [])]) or None, typed[LINK] or None
    meetings.note(tx, meeting.id, materials=text, link=link, materials_by=visitor.user)
    if link != meeting.link:
        study.touched(tx, found.id)  # calendars know the newer one by it
    if where_of(found.about, link) != where_of(found.about, meeting.link):
        meets_elsewhere(tx, meeting)
    show(tx, meetings.need(tx, meeting.id))
    failures.note(tx, "study materials entered", actor=visitor.user, meeting=meeting.id)
    return views.done("保存しました。この回のお知らせに出ます。"), {}


def _problems(typed: Mapping[str, str], links: list[str], others: list[str]) -> dict[str, str]:
    problems = {}
    if others:
        problems[ADDRESSES] = f"{NO_LINK}1行に1つです。アドレスでないことは、下の欄にお書きください。"
    elif len(links) > MOST_MATERIALS:
        problems[ADDRESSES] = f"{MOST_MATERIALS}つまでにしてください(いまは{len(links)}つ)。"
    if len(typed[NOTE]) > LONGEST_NOTE:
        problems[NOTE] = f"{LONGEST_NOTE}文字までにしてください(いまは{len(typed[NOTE])}文字)。"
    if typed[LINK] and not is_link(typed[LINK]):
        problems[LINK] = NO_LINK
    return problems
