"""Renderers: they read the record afresh and hand plain values to the views. None = nothing (left) to say."""

from __future__ import annotations

from functools import partial

from bot.domain import words
from bot.domain.emergency import KINDS, STATES, Kind, State
from bot.domain.permissions import Deed, allowed
from bot.feature import Made, Message, Outgoing
from handlers.common.doors import Visitor, role
from handlers.emergency import sheets, values, views
from handlers.emergency.words import pieces
from handlers.questions.base.naming import called
from handlers.questions.base.sides import RELAYED
from storage import emergencies, emergency_log, members, workspace
from storage.database import Transaction
from storage.emergencies import Emergency


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card at one of its places."""
    place = emergencies.place(tx, outgoing.record_id)
    record = emergencies.get(tx, place.emergency_id) if place is not None else None
    if place is None or record is None:
        return None
    return views.card(values.card_values(tx, record, place, first=outgoing.first))


def relay(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What somebody wrote in another of its threads."""
    entry = emergency_log.entry(tx, outgoing.record_id)
    if entry is None or (outgoing.first and entry.deleted_at is not None):
        return None
    who, at = called(tx, entry.actor or ""), values.at(tx, entry.at)
    if entry.deleted_at is not None:
        return views.relay(who, at, None, (), most=RELAYED)
    said, part = pieces(entry), int(outgoing.values.get("part", 0))
    if part >= len(said):
        return None if outgoing.first else views.relay(who, at, "(短くなりました)", (), most=RELAYED)
    files = [str(file.get("name", "")) for file in entry.files] if part == 0 else []
    return views.relay(f"{who}(続き)" if part else who, at, said[part], files, most=RELAYED)


def relay_file(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """A file in another of its threads, as long as its message has it."""
    entry, file_id = emergency_log.entry(tx, outgoing.record_id), str(outgoing.values["file"])
    there = entry is not None and entry.deleted_at is None
    if entry is not None and there and any(each.get("id") == file_id for each in entry.files):
        return Message(text="", file=file_id)
    return Message(text="")


def again(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Rung once more; nothing when somebody is on it by now."""
    record = emergencies.get(tx, outgoing.record_id)
    if record is None or record.seen_at is not None or record.state == State.CLOSED:
        return None
    user = str(outgoing.values["user"])
    what, link = _what(record), values.link_for(tx, record, user)
    return views.again(record.number, what, link, practice=record.practice, emergency_id=record.id)


def flared(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """It is not over after all; nothing when it is by now."""
    record = emergencies.get(tx, outgoing.record_id)
    if record is None or record.state != State.OPEN:
        return None
    line = emergency_log.flares(tx, record.id)[-1]
    link = values.link_for(tx, record, str(outgoing.values["user"]))
    return views.flared(
        record.number,
        _what(record),
        link,
        who=called(tx, line.actor or ""),
        note=(line.body or "").partition("\n")[2],
        practice=record.practice,
        emergency_id=record.id,
    )


def added(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Somebody who was added reads on at the desk."""
    record, user = emergencies.get(tx, outgoing.record_id), str(outgoing.values["user"])
    if record is None:
        return None
    return views.added(
        record.number, _what(record), values.link_for(tx, record, user), practice=record.practice
    )


def _what(record: Emergency) -> str:
    return f"{KINDS[Kind(record.kind)]}・{values.body_of(record)}"


def offer(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What is done first, privately."""
    practice = values.is_practice(tx, str(outgoing.values["channel"]))
    numbers = values.numbers_for(tx, str(outgoing.values.get("user", "")))
    return views.offer(numbers, values.own_steps(tx), practice=practice)


def card_file(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The printable card, as things are now."""
    user = str(outgoing.values["user"])
    if not _is_ours(tx, user):
        return None
    found = printed_card(tx, user)
    made = Made("緊急のとき(印刷用).xlsx", partial(sheets.card, found))
    return Message(text=views.file_words(made.name), made=made)


def printed_card(tx: Transaction, user: str) -> sheets.Card:
    """What the printable card says to somebody."""
    member, today = members.member(tx, user), words.full_day(workspace.today(tx))
    body = member.municipality if member is not None else None
    name = " ".join(each for each in (workspace.workspace(tx).name, body) if each)
    return sheets.Card(name, values.own_steps(tx), values.numbers_for(tx, user), today)


def _is_ours(tx: Transaction, user: str) -> bool:
    return allowed(Deed.ASK, role(tx, Visitor(user, "")))


def log_file(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The log, as it is now; nothing for somebody who may not have it any more."""
    record, user = emergencies.get(tx, outgoing.record_id), str(outgoing.values["user"])
    if record is None or values.part_of(tx, record, user) is None:
        return None
    name = views.title(record.number, practice=record.practice)
    made = Made(f"{name} 記録.xlsx", partial(sheets.log, printed_log(tx, record)))
    return Message(text=views.file_words(made.name), made=made)


def printed_log(tx: Transaction, record: Emergency) -> sheets.Log:
    """What the printed log says."""
    space = workspace.workspace(tx)
    lines = [
        sheets.Line(
            sheets.moment(each.at, space.zone),
            called(tx, each.actor) if each.actor else "Banso",
            "(書いた方が消しました)" if each.deleted_at is not None else each.body or "",
            "、".join(str(file.get("name", "")) for file in each.files),
            sheets.moment(each.edited_at, space.zone) if each.edited_at is not None else "",
        )
        for each in emergency_log.entries(tx, record.id)
    ]
    head = (
        ("団体", values.body_of(record)),
        ("知らせた方", called(tx, record.asker)),
        ("種類", KINDS[Kind(record.kind)]),
        ("状況", STATES[State(record.state)]),
        ("気づいた時刻", values.at(tx, record.noticed_at)),
        ("記録の始まり", values.at(tx, record.opened_at)),
        ("終わり", values.at(tx, record.closed_at)),
        ("電話した相手", record.called or ""),
        ("最後のまとめ", record.closing or ""),
    )
    title = f"{views.title(record.number, practice=record.practice)} 対応の記録"
    return sheets.Log(title, [each for each in head if each[1]], lines, f"{values.at(tx, tx.now)} 現在")


def file_lost(_: Transaction, __: Outgoing) -> Message | None:
    """A file could not be shared."""
    return views.file_lost()
