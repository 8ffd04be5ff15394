"""The dialog, the file, and making and revoking an address; each in one transaction."""

from __future__ import annotations

from functools import partial

from bot import ics
from bot.domain import words
from bot.domain.calendars import Calendar
from bot.domain.permissions import allowed
from bot.errors import Malformed, NotAllowed, NotPossibleNow
from bot.feature import DeadLetter, Made, Message, Outgoing
from handlers.calendars import tokens, views
from handlers.calendars.gathering import NAMES, NEEDS, Kind, gather, takes_duty
from handlers.calendars.tokens import Token
from handlers.calendars.views import Offer, Offered
from handlers.common.blocks import Block
from handlers.common.doors import Visitor, role
from handlers.common.telling import tell
from storage import calendars, failures, members, outbox, workspace
from storage.calendars import Feed
from storage.database import Transaction
from storage.letters import is_dead
from storage.outbox import Kind as Way

FILE, FAILED = "calendars.file", "calendars.not_delivered"
NO_ADDRESSES = (
    "自動で更新する購読は、いまは使えません。何も変わっていません。「ファイルでもらう」を使ってください。"
)


def dialog(tx: Transaction, visitor: Visitor, public_url: str | None) -> Block:
    """「カレンダーに入れる」, as it is for somebody."""
    return views.dialog(_offered(tx, visitor, public_url))


def _offered(tx: Transaction, visitor: Visitor, public_url: str | None) -> Offered:
    as_what, zone = role(tx, visitor), workspace.workspace(tx).zone
    feeds = calendars.of(tx, visitor.user)
    offers = []
    for kind in Kind:
        if allowed(NEEDS[kind], as_what):
            feed = feeds.get(kind)
            live = feed is not None and still_theirs(tx, feed)
            since = words.day_time(feed.made_at, zone) if feed is not None and live else None
            offers.append(Offer(kind, NAMES[kind], since, upcoming(tx, gather(tx, visitor.user, kind))))
    return Offered(offers, subscribes=public_url is not None, duty=takes_duty(as_what))


def upcoming(tx: Transaction, found: Calendar) -> int:
    """How many things of a calendar are to come."""
    there = {
        each.uid
        for each in found.events
        if not each.cancelled
        and (each.ends > tx.now or (each.daily and each.daily.last >= workspace.today(tx)))
    }
    return len(there)


def need_kind(tx: Transaction, visitor: Visitor, text: str) -> Kind:
    """The calendar that a button names.

    Raises:
        Malformed, NotAllowed: there is none, or it is not theirs to have.
    """
    if text not in list(Kind):
        raise Malformed()
    if not allowed(NEEDS[Kind(text)], role(tx, visitor)):
        raise NotAllowed()
    return Kind(text)


# --- the file -------------------------------------------------------------------------------------------------------


def ask(tx: Transaction, visitor: Visitor, text: str, *, source: str) -> Block:
    """Somebody wants the file; it comes by direct message.

    Raises:
        Malformed, NotAllowed: nothing was done.
    """
    kind = need_kind(tx, visitor, text)
    if failures.first_time(tx, source):
        values = {"user": visitor.user, "kind": kind.value}
        outbox.send(tx, Way.FILE, f"{FILE}:{source}", FILE, 0, user_id=visitor.user, values=values)
    return views.on_its_way(NAMES[kind])


def file(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The file as it is when it is sent; nothing for somebody who may not have it any more."""
    user, kind = str(outgoing.values["user"]), Kind(outgoing.values["kind"])
    if not allowed(NEEDS[kind], role(tx, Visitor(user, ""))):
        return None
    name = f"{NAMES[kind]}_{workspace.today(tx):%Y%m%d}.ics"
    return views.delivered(Made(name, partial(ics.write, gather(tx, user, kind))))


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Slack takes no file: whoever waits for one hears of it."""
    if letter.renderer == FILE and letter.user_id is not None:
        tell(tx, letter.user_id, FAILED, 0, key=letter.uid, values={"letter": letter.uid})


def not_delivered(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """That a file could not be shared; nothing when it was meanwhile."""
    return views.not_delivered() if is_dead(tx, str(outgoing.values["letter"])) else None


# --- addresses ------------------------------------------------------------------------------------------------------


def make(tx: Transaction, visitor: Visitor, text: str, token: Token, public_url: str | None) -> Block:
    """Let a calendar have an address, or another one: it is shown once, and the one of before answers no more.

    Raises:
        Malformed, NotAllowed, NotPossibleNow: nothing was changed.
    """
    kind = need_kind(tx, visitor, text)
    if public_url is None:
        raise NotPossibleNow(NO_ADDRESSES)
    member = members.member(tx, visitor.user)
    made_as = member.permission if member is not None else "asker"
    calendars.put(tx, visitor.user, kind, selector=token.finds, digest=token.digest, made_as=made_as)
    failures.note(tx, "calendar address made", actor=visitor.user, calendar=kind.value)
    return views.made(NAMES[kind], address(public_url, token))


def address(public_url: str, token: Token) -> str:
    """Where the calendar is read."""
    return f"{public_url.rstrip('/')}/calendar/{token}.ics"


def revoke(tx: Transaction, visitor: Visitor, text: str, public_url: str | None) -> Block:
    """Let a calendar have no address, from now on.

    Raises:
        Malformed: nothing was changed.
    """
    if text not in list(Kind):
        raise Malformed()
    if calendars.revoke(tx, visitor.user, text):
        failures.note(tx, "calendar address revoked", actor=visitor.user, calendar=text)
    return views.dialog(_offered(tx, visitor, public_url))


def still_theirs(tx: Transaction, feed: Feed) -> bool:
    """Whether a feed's owner may have it: not when they left, and not when they were lowered since."""
    present = role(tx, Visitor(feed.user_id, ""))
    lowered = feed.made_as != "asker" and not takes_duty(present)
    return feed.kind in list(Kind) and allowed(NEEDS[Kind(feed.kind)], present) and not lowered


def found_at(tx: Transaction, token: Token) -> Calendar | None:
    """The calendar at an address; None where there is none, or none any more."""
    feed = calendars.at(tx, token.finds)
    if not tokens.fits(token, feed.digest if feed is not None else None):
        return None
    if feed is None or not still_theirs(tx, feed):
        return None
    return gather(tx, feed.user_id, Kind(feed.kind))
