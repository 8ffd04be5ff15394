"""What the search proposes becomes what people read: narrowed by what the index does not know, noted without whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain import words as said
from bot.domain.faq import Kind
from bot.domain.finding import Hit
from handlers.faq.result_views import PastShown, Results, Shown
from handlers.faq.wanted import PAGE, Wanted
from handlers.questions.base.alike import PAST
from handlers.questions.base.routing import calendar_of
from storage import faq, faq_found, faq_searches, faq_use, workspace
from storage.database import Transaction

NEAR, WEAK = 10, 2
"""So many of what may fit are shown after what does, and of what shares characters alone when there is nothing else."""
NEARLY = 0.5
"""Of the best one's score: what has less is not even near."""
BELOW = 3
"""So many solved questions stand below the entries."""
APRIL = 4


def fitting(tx: Transaction, wanted: Wanted, hits: Sequence[Hit]) -> list[Hit]:
    """Those of the hits that can be read, of the size and the year that was chosen."""
    since = began(tx, wanted.year) if wanted.year is not None else None
    until = began(tx, wanted.year + 1) if wanted.year is not None else None
    ids = [hit.id for hit in hits]
    kept = faq_found.narrowed(tx, ids, size=wanted.size, since=since, until=until)
    return [hit for hit in hits if hit.id in kept]


def began(tx: Transaction, year: int) -> datetime:
    """When a fiscal year begins."""
    return datetime(year, APRIL, 1, tzinfo=ZoneInfo(workspace.workspace(tx).zone))


def results(
    tx: Transaction,
    wanted: Wanted,
    words: str,
    hits: Sequence[Hit],
    *,
    past: Sequence[PastShown] = (),
    wider: bool = False,
) -> Results:
    """Note what was looked for (`words`: without names), once however it is narrowed, and gather what is read of it: what
    fits well, then what may. What shares no word with it is held back, unless nothing else is there. `wider`: it is not
    what was chosen, for there is nothing there. Solved questions (`past`) stand below, or alone if they were chosen; below
    an entry that fits only those that fit as well."""
    found = fitting(tx, wanted.everywhere() if wider else wanted, hits)
    strong = [hit for hit in found if hit.strong]
    near = [hit for hit in found if not hit.strong and not hit.weak and hit.score >= NEARLY * found[0].score][
        : max(0, NEAR - len(strong))
    ]
    weak = [hit for hit in found if hit.weak][: WEAK if not any(each.fits for each in past) else 0]
    both = [*strong, *near] or weak
    alone = wanted.kind == PAST
    count = len(past) if alone else len(both)
    start = max(0, min(wanted.start, (count - 1) // PAGE * PAGE))
    shown = both[start : start + PAGE]
    noted = _note(tx, wanted, words, len(strong), len(both) - len(strong))
    if strong:
        today = calendar_of(workspace.workspace(tx)).day_of(tx.now)
        faq_found.seen(tx, [hit.id for hit in strong], today)
    apart = [each for each in past if each.fits or not strong][: BELOW if not start else 0]
    return Results(
        wanted=replace(wanted, start=start).noted(*noted),
        shown=_shown(tx, shown),
        strong=sum(each.fits for each in past) if alone else len(strong),
        count=count,
        past=past[start : start + PAGE] if alone else apart,
        wider=wider,
        fields={field.id: field.label for field in workspace.all_fields(tx)},
        years=_years(tx),
    )


def _note(tx: Transaction, wanted: Wanted, words: str, found: int, near: int) -> tuple[int, str]:
    """The search that is noted, and its words; the same one while somebody narrows what they found, or looks for what they
    meant by what they typed."""
    before = faq_searches.search(tx, wanted.search_id) if wanted.search_id is not None else None
    if before is None or wanted.noted(before.id, before.words).key != wanted.key:
        return faq_searches.searched(tx, words, found, near), words
    if found:
        faq_searches.found_after_all(tx, before.id)
    return before.id, before.words


def _shown(tx: Transaction, hits: Sequence[Hit]) -> list[Shown]:
    ids = [hit.id for hit in hits]
    entries = {entry.id: entry for entry in faq.these(tx, ids)}
    helped, asked = faq_use.how_often(tx, ids), faq_found.asked_as(tx, ids)
    return [
        Shown(
            id=hit.id,
            kind=Kind(entry.content.kind),
            question=entry.content.question,
            answer=entry.content.answer,
            helped=helped.get(hit.id, 0),
            fits=hit.strong,
            asked=asked.get(hit.id, ()),
            tags=entry.content.tags,
            weak=hit.weak,
        )
        for hit in hits
        if (entry := entries.get(hit.id)) is not None
    ]


def _years(tx: Transaction) -> dict[str, str]:
    """The fiscal years since the first entry was published, the newest first."""
    first, space = faq_found.first_published(tx), workspace.workspace(tx)
    days = calendar_of(space)
    now = _year_of(days.day_of(tx.now))
    began = _year_of(days.day_of(first)) if first is not None else now
    return {
        str(year): said.fiscal_year(date(year, APRIL, 1), space.years) for year in range(now, began - 1, -1)
    }


def _year_of(day: date) -> int:
    return day.year if day.month >= APRIL else day.year - 1
