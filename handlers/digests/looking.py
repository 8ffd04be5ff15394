"""What happens by itself: which digest's moment has come, whom it goes to, and when to look again.

One due row looks each midnight and at each moment: hours, closures and choices may change meanwhile. That a digest was made
is a row, unique by its week; so a second look, a second replica and a restart find it done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain import digests as rules
from bot.domain.digests import LATE, Digest, Missed, Plans, monday_of
from bot.domain.permissions import Deed, allowed
from bot.feature import DueWork, FirstPost
from handlers.common.doors import Visitor, role
from handlers.common.telling import tell
from handlers.rota.office import calendar, coordinators
from handlers.rota.planning import begins
from storage import channels, digests, due, outbox, workspace
from storage.database import Transaction
from storage.outbox import Kind

LOOK = "digests.look"
RENDERERS = {digest: f"digests.{digest.value}" for digest in Digest}
CHART = "digests.chart"
WHO_MAY = {Digest.WEEK: Deed.VOUCH, Digest.PUBLIC: Deed.ASK, Digest.OFFICE: Deed.SET_UP}
"""Who may have a digest by direct message."""
_PERHAPS = timedelta(days=70)


def begin(tx: Transaction) -> None:
    """Look for the first time, from now on; a look that is planned already stays, however long ago it was due."""
    if not due.is_scheduled(tx, LOOK):
        chosen = digests.plans(tx)
        digests.keep(tx, replace(chosen, changed={**dict.fromkeys(Digest, tx.now), **chosen.changed}))
        plan_next(tx)


def plan_next(tx: Transaction) -> None:
    """Look again at the next moment, or at midnight: by then hours, closures and choices may be others."""
    chosen, today = digests.plans(tx), calendar(tx).day_of(tx.now)
    moments = [begins(tx, today + timedelta(days=1)).astimezone(UTC)]
    for digest, plan in chosen.of.items():
        if plan.on:
            done = digests.weeks_done(tx, digest, monday_of(today))
            at = rules.following(digest, plan, calendar(tx), tx.now, done)
            moments += [at] if at is not None else []
            found = missed(tx, chosen, digest)
            moments += [_when(tx, found)] if found is not None else []
    due.schedule(tx, LOOK, LOOK, 0, min(moments))


def _when(tx: Transaction, found: Missed) -> datetime:
    """When a digest is made: at its moment; where that is long over, when the offices are open."""
    return calendar(tx).next_open(tx.now) if is_late(tx, found) else tx.now


def look(tx: Transaction, _: DueWork) -> None:
    """Make what is to be made, and look again later."""
    chosen = digests.plans(tx)
    for digest, plan in chosen.of.items():
        found = missed(tx, chosen, digest) if plan.on else None
        if found is not None and _when(tx, found) <= tx.now:
            _make(tx, chosen, digest, found)
    plan_next(tx)


def missed(tx: Transaction, chosen: Plans, digest: Digest) -> Missed | None:
    """The digest that is to be made, now or when the offices open; nothing before it is open to municipalities."""
    since, office = _holds_since(tx, chosen, digest), calendar(tx)
    if since is None:
        return None
    weeks = digests.weeks_done(tx, digest, office.day_of(tx.now) - _PERHAPS)
    found = rules.missed(digest, chosen.of[digest], office, tx.now, since, weeks)
    news = found is None or digest is not Digest.WEEK or not is_late(tx, found) or not _over(tx, found)
    return found if news else None


def _holds_since(tx: Transaction, chosen: Plans, digest: Digest) -> datetime | None:
    """Since when there can be such a digest; None before it is open to municipalities."""
    opened = workspace.workspace(tx).opened_at
    return None if opened is None else max(opened, chosen.changed.get(digest, opened))


def tells_since(tx: Transaction, chosen: Plans, digest: Digest, at: datetime) -> datetime:
    """From when on a digest tells that is due at a moment."""
    last = digests.latest(tx, digest)
    begins = last.until if last is not None else _holds_since(tx, chosen, digest)
    return rules.tells_since(at, begins or at)


def _over(tx: Transaction, found: Missed) -> bool:
    """Whether a week has no open minute left: nothing of it is to come any more."""
    return monday_of(calendar(tx).day_of(calendar(tx).next_open(tx.now))) != found.monday


def is_late(tx: Transaction, found: Missed) -> bool:
    """Whether so much time has passed since its moment that it says so."""
    return tx.now - found.at > LATE


def place(tx: Transaction, chosen: Plans) -> str:
    """The channel of the public digest; "" where there is none."""
    return chosen.channel or next(iter(channels.with_purpose(tx, "consultation")), "")


def _make(tx: Transaction, chosen: Plans, digest: Digest, found: Missed) -> None:
    channel = place(tx, chosen) if digest is Digest.PUBLIC else ""
    since, late = tells_since(tx, chosen, digest, found.at), is_late(tx, found)
    if not digests.make(tx, digest, found, since=since, late=late, channel=channel):
        return
    number, renderer = found.monday.toordinal(), RENDERERS[digest]
    desks = channels.with_purpose(tx, "desk") if digest is Digest.WEEK else []
    for each in filter(None, [channel, *desks]):
        outbox.send(tx, Kind.NOTICE, f"{renderer}:{number}:{each}", renderer, number, channel=each)
    for person in people(tx, digest, place_known=bool(desks)):
        tell(tx, person, renderer, number, key=f"{number}:{person}")


def people(tx: Transaction, digest: Digest, *, place_known: bool) -> list[str]:
    """Who gets a digest by direct message: who wants it, and coordinators theirs unless they do not. This week's goes to
    them as well where it has no place (`place_known`)."""
    said = {each.user_id: each.kinds for each in digests.wishes(tx)}
    usual = digest is Digest.OFFICE or (digest is Digest.WEEK and not place_known)
    found = [user for user, kinds in said.items() if digest in kinds]
    found += [user for user in coordinators(tx) if usual and user not in said]
    return [user for user in found if may_have(tx, user, digest)]


def may_have(tx: Transaction, user: str, digest: Digest) -> bool:
    """Whether somebody may have a digest by direct message, as things are."""
    return allowed(WHO_MAY[digest], role(tx, Visitor(user, "")))


def on_posted(tx: Transaction, post: FirstPost) -> None:
    """The public digest stands: its chart follows, in its thread."""
    if post.renderer != RENDERERS[Digest.PUBLIC] or post.user_id is not None:
        return
    key = f"{CHART}:{post.record_id}:{post.channel}"
    outbox.send(tx, Kind.FILE, key, CHART, post.record_id, channel=post.channel, thread_ts=post.ts)


def week_of(number: int) -> date:
    """The Monday that a digest's row is about."""
    return date.fromordinal(number)
