"""What of the week reaches somebody by direct message: their part of 「お知らせの設定」."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.digests import Digest
from bot.errors import Malformed
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import option
from handlers.digests.looking import may_have
from handlers.rota.office import coordinators
from storage import digests
from storage.database import Transaction

WANTED = "digests_wanted"
LABELS = {
    Digest.WEEK: "今週の予定(当番・勉強会・必要な日)",
    Digest.PUBLIC: "今週の相談まとめ",
    Digest.OFFICE: "県の担当へのまとめ(目安超過・団体別など)",
}


def blocks(tx: Transaction, user: str) -> Blocks:
    """The boxes that somebody may tick, as they stand."""
    may = _may(tx, user)
    choices = {each: option(words, each.value) for each, words in LABELS.items() if each in may}
    if not choices:
        return []
    ticked = [choice for each, choice in choices.items() if each in _wants(tx, user)]
    boxes = {"type": "checkboxes", "options": list(choices.values())}
    boxes |= {"initial_options": ticked} if ticked else {}
    hint = "選んだものが、直接メッセージで届きます。"
    return [forms.field(WANTED, "週のお知らせを、自分にも", boxes, hint=hint)]


def choose(tx: Transaction, user: str, view: Mapping[str, Any]) -> None:
    """Keep what somebody ticked; what is as usual is not kept, so that it goes on with what they are.

    Raises:
        Malformed: it is none of the boxes.
    """
    if not forms.asks(view, WANTED):
        return
    try:
        ticked = frozenset(Digest(each) for each in forms.choices(view, WANTED))
    except ValueError:
        raise Malformed() from None
    chosen = ticked & _may(tx, user)
    digests.set_wish(tx, user, None if chosen == _usual(tx, user) else chosen)


def _may(tx: Transaction, user: str) -> frozenset[Digest]:
    return frozenset(each for each in Digest if may_have(tx, user, each))


def _wants(tx: Transaction, user: str) -> frozenset[Digest]:
    said = digests.wish_of(tx, user)
    return _usual(tx, user) if said is None else said


def _usual(tx: Transaction, user: str) -> frozenset[Digest]:
    return frozenset({Digest.OFFICE} if user in coordinators(tx) else ())
