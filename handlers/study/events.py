"""A session as calendars know it (docs/decisions/0033-calendars.md)."""

from __future__ import annotations

from bot.domain import words
from bot.domain.calendars import Event
from bot.domain.series import Every, Session
from bot.domain.study import is_link
from storage.database import Transaction
from storage.study import Series


def as_event(tx: Transaction, series: Series, session: Session, *, own_link: str | None = None) -> Event:
    """By the date it is planned for it stays the same one, whenever it takes place. `own_link`: where this one meets on the
    net, if not where the others do."""
    about = series.about
    once = series.plan.every is Every.ONCE and series.plan.first_number == 1
    address = own_link or about.link
    link = address if address and is_link(address) else ""
    said = [f"もとは {words.day(session.on)} の予定でした。"] if session.moved else []
    said += [f"オンライン:{link}"] if link else []
    return Event(
        uid=uid(tx, f"study-{series.id}-{session.on:%Y%m%d}"),
        sequence=series.revision - 1,
        changed_at=series.changed_at,
        starts=session.starts,
        ends=session.ends,
        title=about.title if once else f"第{session.number}回 {about.title}",
        description="\n".join(said),
        place=about.place or ("オンライン" if link else ""),
        link=link,
        cancelled=session.cancelled,
        busy=True,
    )


def uid(tx: Transaction, what: str) -> str:
    """The name of an event, which no other workspace has."""
    return f"{what}-{tx.workspace.lower()}@banso"
