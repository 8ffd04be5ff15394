"""What is written in one thread of an emergency is logged with its time, and shown in all the others."""

from __future__ import annotations

from bot.domain.emergency import Role, State
from bot.domain.text import clean
from bot.feature import DeadLetter, DueWork, FirstPost
from handlers.common.blocks import portions
from handlers.common.telling import tell
from handlers.emergency.actions import CARD_FILE, LOG_FILE, is_on_it
from handlers.emergency.calling import CARD, card, is_shut
from handlers.emergency.values import part_of
from handlers.questions.base.naming import called
from handlers.questions.base.sides import RELAYED
from handlers.questions.intake.elsewhere import tell_it
from storage import channels, emergencies, emergency_log, messages, outbox
from storage.database import Transaction
from storage.emergencies import Emergency, Place
from storage.emergency_log import Entry
from storage.messages import MessageRow

RELAY, RELAY_FILE, FILE_LOST = "emergency.relay", "emergency.relay_file", "emergency.file_lost"


def heard(tx: Transaction, work: DueWork) -> None:
    """A word was written, edited or deleted in one of its threads."""
    row = messages.by_id(tx, work.record_id)
    place = emergencies.place_at(tx, row.channel, row.thread_ts or "") if row is not None else None
    if row is None or place is None:
        return
    record = emergencies.need(tx, place.emergency_id)
    source = f"{row.channel}:{row.ts}"
    known = emergency_log.entry_from(tx, source)
    if known is None:
        _new(tx, record, place, row, source)
    elif row.deleted_at is not None:
        emergency_log.amend(tx, known.id, body=None, files=[], deleted_at=row.deleted_at)
    elif (known.body, list(known.files)) != (clean(row.body), _files(row)):
        emergency_log.amend(tx, known.id, body=clean(row.body), files=_files(row), edited_at=tx.now)
    entry = emergency_log.entry_from(tx, source)
    if entry is not None:
        _cross(tx, record, entry)


def _new(tx: Transaction, record: Emergency, place: Place, row: MessageRow, source: str) -> None:
    gone = row.deleted_at is not None
    body, files = (None, []) if gone else (clean(row.body), _files(row))
    emergency_log.write(
        tx,
        record.id,
        "word",
        source=source,
        actor=row.author,
        body=body,
        at=row.written_at,
        files=files,
        place_id=place.id,
    )
    entry = emergency_log.entry_from(tx, source)
    if gone and entry is not None:
        emergency_log.amend(tx, entry.id, deleted_at=row.deleted_at)
    part = part_of(tx, record, row.author)
    if part not in {None, Role.ASKER} and record.state != State.CLOSED:
        is_on_it(tx, record, row.author, part or Role.JOINED)


def _files(row: MessageRow) -> list[dict[str, str]]:
    return [{"id": str(file.get("id", "")), "name": str(file.get("name", ""))} for file in row.files]


def pieces(entry: Entry) -> list[str]:
    """A word in as many parts as messages are needed to quote it."""
    return portions(entry.body or "", RELAYED)


def _cross(tx: Transaction, record: Emergency, entry: Entry) -> None:
    for place in emergencies.places(tx, record.id):
        show_word(tx, entry, place)
    if (
        entry.edited_at is not None or entry.deleted_at is not None
    ):  # it may have been longer, or have had more files
        outbox.parts_changed(tx, RELAY, entry.id)
        outbox.files_changed(tx, RELAY_FILE, entry.id)


def show_word(tx: Transaction, entry: Entry, place: Place) -> None:
    """A word in another place of the same record, one row a place and part; nothing where it was written, or where nothing
    stands yet."""
    if place.ts is None or place.id == entry.place_id or is_shut(tx, place):
        return
    for part in range(len(pieces(entry)) if entry.deleted_at is None else 1):
        row = outbox.card(RELAY, entry.id, place.channel, place.ts, part=part)
        outbox.want(tx, {**row, "key": f"card:{RELAY}:{entry.id}:{place.id}:{part}"})
    for file in entry.files:
        if file.get("id"):
            copy = outbox.file(
                RELAY_FILE, entry.id, str(file["id"]), place.channel, place.ts, reader=str(place.id)
            )
            outbox.want(tx, copy, once=True)


def on_posted(tx: Transaction, post: FirstPost) -> None:
    """A card stands: its thread is where it goes on. What was written below it before we knew is a word of it too, and what
    was written elsewhere meanwhile is shown there."""
    if post.renderer != CARD:
        return
    place = emergencies.place(tx, post.record_id)
    if place is None:
        return
    emergencies.stands(tx, place.id, post.channel, post.ts)
    if post.user_id is not None:
        channels.met_directly(tx, post.channel, post.user_id)
    for row in messages.kept_below(tx, post.channel, post.ts):
        tell_it(tx, row)
    now = emergencies.place(tx, place.id)
    for entry in emergency_log.entries(tx, place.emergency_id):
        if now is not None and entry.kind == "word" and entry.deleted_at is None:
            show_word(tx, entry, now)


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Something could not be delivered. The desk is gone: everybody there reads on in a direct message, and is rung by it.
    Somebody cannot be reached: that stands in the log. A file could not be shared: who waits for it hears so."""
    if letter.renderer in {CARD_FILE, LOG_FILE} and letter.user_id is not None:
        tell(tx, letter.user_id, FILE_LOST, 0, key=letter.uid)
    place = _lost_place(tx, letter)
    record = emergencies.get(tx, place.emergency_id) if place is not None else None
    if place is None or record is None:
        return
    if place.user_id == "":
        body = f"対応場所へ書けませんでした({letter.error})。直接メッセージで呼び出します"
        for each in emergencies.told(tx, record.id):
            if not each.direct:
                emergencies.goes_direct(tx, record.id, each.user_id)
                emergencies.add_place(tx, record.id, each.user_id)
    else:
        body = f"{called(tx, place.user_id)}へ届きませんでした({letter.error})。電話してください"
    if emergency_log.write(
        tx, record.id, "unreachable", body=body, source=f"emergency:unreachable:{place.id}"
    ):
        others = [each for each in emergencies.places(tx, record.id) if each.id != place.id]
        outbox.want(tx, *[card(record, each) for each in others if not is_shut(tx, each)])


def _lost_place(tx: Transaction, letter: DeadLetter) -> Place | None:
    """The place to which something of an emergency could not be written."""
    if letter.renderer == CARD:
        return emergencies.place(tx, letter.record_id)
    entry = emergency_log.entry(tx, letter.record_id) if letter.renderer == RELAY else None
    if entry is None:
        return None
    found = emergencies.places(tx, entry.emergency_id)
    return next((each for each in found if each.channel == letter.channel), None)
