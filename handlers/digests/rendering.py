"""The digests as they are sent: rendered from what was made, as things stood at its moment."""

from __future__ import annotations

from datetime import date

from bot.domain.digests import Digest, monday_of
from bot.feature import Message, Outgoing
from handlers.common.blocks import Block
from handlers.digests import chart, gathering, views
from handlers.digests.looking import may_have, tells_since, week_of
from handlers.rota.office import calendar
from storage import digests
from storage.database import Transaction
from storage.digests import Made


def week(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """「今週の予定」, in the place of those who answer or to somebody; nothing when the week is over."""
    found = digests.made(tx, Digest.WEEK, week_of(outgoing.record_id))
    user = _reader(outgoing)
    if found is None or not _still(tx, user, Digest.WEEK) or found.week != _this_week(tx):
        return None
    return views.week(gathering.week(tx, found.week, user, late=found.late))


def summary(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """「今週の相談まとめ」, in its channel or to somebody."""
    found, user = digests.made(tx, Digest.PUBLIC, week_of(outgoing.record_id)), _reader(outgoing)
    if found is None or not _still(tx, user, Digest.PUBLIC):
        return None
    drawn = user is None and digests.plans(tx).chart
    return views.summary(gathering.summary(tx, found.since, found.until, late=found.late, chart=drawn))


def office(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The coordinators' own; nothing for who is none any more."""
    found, user = digests.made(tx, Digest.OFFICE, week_of(outgoing.record_id)), _reader(outgoing)
    if found is None or user is None or not _still(tx, user, Digest.OFFICE):
        return None
    return views.office(gathering.office(tx, found.since, found.until, user, late=found.late))


def picture(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The chart below the public digest; nothing for a week in which nobody asked, or where charts are switched off."""
    found = digests.made(tx, Digest.PUBLIC, week_of(outgoing.record_id))
    if found is None or not digests.plans(tx).chart:
        return None
    bars = chart.bars(tx, found.since, found.until)
    return None if bars.empty else Message(bars.alt, made=chart.file(bars))


def _reader(outgoing: Outgoing) -> str | None:
    user = outgoing.values.get("user")
    return str(user) if user is not None else None


def _still(tx: Transaction, user: str | None, digest: Digest) -> bool:
    return user is None or may_have(tx, user, digest)


def preview(tx: Transaction, digest: Digest, user: str) -> Block:
    """A digest as it would be if it were made at this moment."""
    found = _as_of_now(tx, digest)
    if digest is Digest.WEEK:
        return views.tried(views.week(gathering.week(tx, found.week, None, late=False)))
    if digest is Digest.OFFICE:
        return views.tried(views.office(gathering.office(tx, found.since, found.until, user, late=False)))
    drawn, bars = digests.plans(tx).chart, chart.bars(tx, found.since, found.until)
    shown = gathering.summary(tx, found.since, found.until, late=False, chart=drawn)
    return views.tried(views.summary(shown), bars.alt if drawn and not bars.empty else "")


def _as_of_now(tx: Transaction, digest: Digest) -> Made:
    since = tells_since(tx, digests.plans(tx), digest, tx.now)
    return Made(_this_week(tx), since, tx.now, late=False, channel="")


def _this_week(tx: Transaction) -> date:
    return monday_of(calendar(tx).day_of(tx.now))
