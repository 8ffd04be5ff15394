"""`banso import faq`: a list is looked over whole; only when nothing is wrong with it, all of it is taken in.

Nobody is told of it: not the owners of what is new, nor who reviews. Ten thousand entries go in in portions, so that
nobody's click waits; each portion is whole, and doing it again goes on where it stopped.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bot.domain.faq import Consent, State, Verb
from bot.domain.permissions import Deed, Role, allowed
from bot.errors import DatabaseUnavailable, OperatorError
from bot.meter import Meter, unseen
from handlers.common.lists import PAUSE, UnreadableFile, in_order, rows_of, told
from handlers.common.services import Services
from handlers.common.sheets import read
from handlers.faq.actions import today
from handlers.faq.cells import Speech
from handlers.faq.changing import REVIEW_DUE, change, nine
from handlers.faq.columns import COLUMNS, missing
from handlers.faq.exporting import names
from handlers.faq.planning import Changed, Known, New, Plan, plan
from storage import due, failures, faq, faq_lists, faq_use, members, reference, workspace
from storage.database import Transaction
from storage.faq import Entry

P = TypeVar("P")

NEW_PORTION, CHANGED_PORTION = 50, 5
"""So many entries are added, or put right, in one go: some hundredths of a second."""


class Overtaken(OperatorError):
    """ほかの方が先にこのFAQを直しました。"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many lines add an entry, put one right, and say nothing new."""

    new: int
    changed: int
    same: int


async def import_faq(
    services: Services, name: str, content: bytes, *, dry_run: bool = False, meter: Meter = unseen
) -> Outcome:
    """Take in a list in which nothing is wrong; `dry_run` only looks.

    Raises:
        UnreadableFile: every bad line; nothing was changed.
        OperatorError: the database went away, or somebody was quicker; the same again goes on from there.
    """
    rows = rows_of(read(name, content), COLUMNS, missing)
    listed = await services.database.read(known)
    with meter(len(rows) if dry_run else 2 * len(rows)) as step:
        found = plan(rows, listed, partial(step, "確かめています"))
        if found.faults:
            raise UnreadableFile(told(in_order(found.faults)))
        if not dry_run:
            step("取り込んでいます", found.same)
            await _take_in(services, found, partial(step, "取り込んでいます"))
    return Outcome(len(found.new), len(found.changed), found.same)


def known(tx: Transaction) -> Known:
    """What a list is compared with."""
    fields = workspace.all_fields(tx) or tuple(map(workspace.field_of, reference.default_fields()))
    owners = {each.user_id for each in members.everybody(tx) if _may_own(each.permission)}
    speech = Speech(today(tx), fields, names(tx), frozenset(owners))
    return Known(speech, _as_narrowed(tx, faq_lists.everything(tx)), faq_lists.phrasings(tx))


def _as_narrowed(tx: Transaction, entries: Sequence[Entry]) -> list[Entry]:
    """Entries with the asker's yes that they need by now: their question may have been narrowed. What is published stays as
    it is; its words are for a list to leave alone."""
    ids, stays = faq_lists.narrowed(tx), State.PUBLISHED.value
    return [
        replace(each, consent=(Consent.GIVEN if each.state == stays else Consent.ASKED).value)
        if each.id in ids
        else each
        for each in entries
    ]


def _may_own(permission: str) -> bool:
    return allowed(Deed.WRITE_FAQ, Role(permission))


async def _take_in(services: Services, found: Plan, step: Callable[[int], None]) -> None:
    total, done = len(found.new) + len(found.changed), 0
    works = [
        *((partial(add, new=part), len(part)) for part in _portions(found.new, NEW_PORTION)),
        *(
            (partial(put_right, changed=part), len(part))
            for part in _portions(found.changed, CHANGED_PORTION)
        ),
    ]
    for work, count in works:
        try:
            await services.database.write(work)
        except (DatabaseUnavailable, Overtaken) as error:
            why = error.sentence if isinstance(error, Overtaken) else "データベースを使えなくなりました。"
            raise OperatorError(
                f"{total} 件のうち {done} 件を取り込んだところで止まりました。{why}"
                "同じファイルをもう一度取り込めば、残りも入ります。"
            ) from error
        done += count
        step(count)
        await asyncio.sleep(PAUSE)
    await services.database.write(_note, found)


def _portions(parts: Sequence[P], size: int) -> Iterator[Sequence[P]]:
    return (parts[n : n + size] for n in range(0, len(parts), size))


def add(tx: Transaction, new: Sequence[New]) -> None:
    """Add entries; those that are published are due to be looked at on their day."""
    ids = faq_lists.add(tx, [(each.content, each.state) for each in new])
    pairs = list(zip(ids, new, strict=True))
    faq_lists.learn(tx, [(n, _source(words), words) for n, each in pairs for words in each.phrasings])
    due.schedule_all(
        tx,
        REVIEW_DUE,
        [
            (f"{REVIEW_DUE}:{n}", n, nine(tx, each.content.review_on))
            for n, each in pairs
            if each.state is State.PUBLISHED and each.content.review_on is not None
        ],
    )


def put_right(tx: Transaction, changed: Sequence[Changed]) -> None:
    """Put entries right, each with a revision that says it came from a list.

    Raises:
        Overtaken: somebody changed one since the list was compared with it; nothing was changed.
    """
    for each in changed:
        entry = faq.need(tx, each.entry_id)
        if entry.revision != each.seen:
            raise Overtaken(f"ほかの方が先に No.{each.number} を直しました。")
        if each.content != entry.content or each.state != entry.state:
            change(tx, entry, Verb.IMPORT, None, content=each.content, state=each.state)
        for words in each.phrasings:
            faq_use.learn(tx, entry.id, words, source=_source(words), author=None)


def _source(words: str) -> str:
    return f"list:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _note(tx: Transaction, found: Plan) -> None:
    failures.note(tx, "faq list imported", new=len(found.new), changed=len(found.changed))
