"""What is entered in the dialogs of the FAQ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.domain.faq import Content, State
from bot.errors import UserError
from handlers.faq import dialogs, entering, form
from storage import faq
from tests.handlers.faq import (
    answered,
    keep,
    private,
    publish,
    source,
)
from tests.handlers.prefecture import KEN, MORI, NAGI, TOKANO, Prefecture

pytestmark = pytest.mark.screens


def entered(about: str, other: dict[str, Any] | None = None, callback: str = form.KEEP) -> dict[str, Any]:
    """A dialog as Slack sends it; `other` blocks with their elements' values."""
    chosen = {
        form.KIND: {"selected_option": {"value": "faq"}},
        form.QUESTION: {"value": "画面が真っ暗"},
        form.ANSWER: {"value": "長押しします。"},
        form.FIELD: {"selected_option": {"value": "device"}},
        form.TAGS: {"value": "画面、 電源,画面"},
        form.SOURCES: {"value": "手引き\n\n https://example.jp/a "},
        form.OWNER: {"selected_user": MORI},
        form.ON: {"selected_date": "2027-11-24"},
        **(other or {}),
    }
    values = {block: {block: value} for block, value in chosen.items()}
    return {"callback_id": callback, "private_metadata": about, "state": {"values": values}}


def test_what_is_entered_is_what_is_kept(ken: Prefecture) -> None:
    question_id = answered(ken)
    shown, problems = ken.write(entering.submitted, MORI, entered(f"question:{question_id}"), source=source())
    assert not problems
    assert "県の担当が確かめて" in str(shown)
    entry = ken.read(faq.from_question, question_id)
    assert entry is not None
    assert entry.content == Content(
        "faq",
        "画面が真っ暗",
        "長押しします。",
        field_id="device",
        tags=("画面", "電源"),
        sources=("手引き", "https://example.jp/a"),
        owner=MORI,
        review_on=date(2027, 11, 24),
    )


CASE = {form.KIND: {"selected_option": {"value": "case"}}}
SAPPORO = {form.BODY: {"selected_option": {"value": "011002"}}}


@pytest.mark.parametrize(
    ("block", "other"),
    [
        (form.QUESTION, {form.QUESTION: {"value": " "}}),
        (form.ANSWER, {form.ANSWER: {"value": None}}),
        (form.ANSWER, {form.ANSWER: {"value": "\x00\x00\x00"}}),
        (form.FIELD, {form.FIELD: {"selected_option": {"value": "nothing"}}}),
        (form.OWNER, {form.OWNER: {"selected_user": NAGI}}),
        (form.OWNER, {form.OWNER: {"selected_user": "U\x00"}}),
        (form.OWNER, {form.OWNER: {}}),
        (form.ON, {form.ON: {"selected_date": "2026-11-24"}}),
        (form.ON, {form.ON: {"selected_date": "soon"}}),
        (form.BODY, SAPPORO),
        (form.AGREED, {**CASE, **SAPPORO}),
        (form.BODY, {**CASE, form.BODY: {"selected_option": {"value": "000000"}}}),
    ],
)
def test_what_is_missing_is_said_at_its_place(ken: Prefecture, block: str, other: dict[str, Any]) -> None:
    view = entered(f"question:{answered(ken)}", other)
    shown, problems = ken.write(entering.submitted, MORI, view, source=source())
    assert shown is None
    assert list(problems) == [block]


def test_a_body_that_agreed_is_named_with_a_case(ken: Prefecture) -> None:
    agreed = {
        form.AGREED: {"selected_options": [{"value": "yes"}]},
        form.SIZE: {"selected_option": {"value": "xl"}},
    }
    view = entered("new", {**CASE, **SAPPORO, **agreed})
    assert ken.write(entering.submitted, MORI, view, source=source())[1] == {}
    (entry,) = ken.read(lambda tx: faq.in_state(tx, State.REVIEW))
    live = publish(ken, entry)
    shown = str(ken.read(dialogs.entry, live.id, NAGI))
    assert "団体:札幌市" in shown
    assert "10万人以上" in shown


def test_a_private_entry_is_owned_by_who_knows_of_the_question(ken: Prefecture) -> None:
    question_id = private(ken)
    other = {form.OWNER: {"selected_user": TOKANO}}
    view = entered(f"question:{question_id}", other)
    shown, problems = ken.write(entering.submitted, MORI, view, source=source())
    assert shown is None
    assert "この相談を知っている方" in problems[form.OWNER]
    assert ken.write(entering.submitted, MORI, entered(f"question:{question_id}"), source=source())[1] == {}
    entry = ken.read(faq.from_question, question_id)
    assert entry is not None
    view = entered(f"{entry.id}:{entry.revision}", other, form.EDIT)
    assert form.OWNER in ken.write(entering.submitted, MORI, view, source=source())[1]


@pytest.mark.parametrize("about", ["", "question:", "question:x", "1", "1:x", "x:1"])
def test_a_forged_dialog_is_refused(ken: Prefecture, about: str) -> None:
    keep(ken, answered(ken))
    for callback in (form.KEEP, form.EDIT, form.REVIEW):
        decision = {form.DECISION: {"selected_option": {"value": "publish"}}}
        with pytest.raises(UserError):
            ken.write(entering.submitted, KEN, entered(about, decision, callback), source=source())
