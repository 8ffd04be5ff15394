"""Whether somebody is told ten minutes before what they come to: study's part of 「お知らせの設定」."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.permissions import Deed, allowed
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import option
from handlers.common.doors import Visitor, role
from storage import replies
from storage.database import Transaction

SOON = "study_soon_wanted"


def blocks(tx: Transaction, user: str) -> Blocks:
    """The box, as it stands for somebody; none for who sees no study sessions."""
    if not allowed(Deed.SEE_STUDY, role(tx, Visitor(user, ""))):
        return []
    choice = option("始まる10分前にも知らせる", "yes")
    ticked = {"initial_options": [choice]} if replies.wants_soon(tx, user) else {}
    hint = "「出席」と答えた回だけです。前の開庁日の朝のお知らせは、いつも届きます。"
    return [forms.field(SOON, "勉強会", {"type": "checkboxes", "options": [choice], **ticked}, hint=hint)]


def choose(tx: Transaction, user: str, view: Mapping[str, Any]) -> None:
    """Keep what somebody we know ticked; a dialog that does not ask changes nothing."""
    if forms.asks(view, SOON):
        replies.set_soon(tx, user, forms.ticked(view, SOON))
