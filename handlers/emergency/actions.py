"""What can be done to an emergency; each in one transaction. Every press says what it is by its natural key (`source`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.emergency import KINDS, STATES, Kind, Role, State, may_follow
from bot.errors import NotOpenYet, NotPossibleNow, NotYours
from handlers.common.blocks import Block
from handlers.emergency import calling, forms, values, views
from handlers.questions.base.naming import called
from storage import (
    channels,
    emergencies,
    emergency_guide,
    emergency_log,
    failures,
    members,
    outbox,
    reference,
    workspace,
)
from storage.database import Transaction
from storage.emergencies import Emergency
from storage.emergency_guide import Guide
from storage.outbox import Kind as Row

CARD_FILE, LOG_FILE = "emergency.card_file", "emergency.log_file"
TWICE = timedelta(minutes=2)
SHUT = "もう終わりになっています。まだ続いているときは「状況・人を変える」で「対応中」に戻してください。"


def record_dialog(tx: Transaction, user: str, draft: str, *, practice: bool) -> Block:
    """The dialog with which a record begins, with what is known.

    Raises:
        NotOpenYet: only practice is possible so far.
    """
    _may_start(tx, practice=practice)
    member = members.member(tx, user)
    code = member.municipality_code if member is not None else None
    body = reference.directory(tx).by_code.get(code) if code else None
    return forms.record(body, tx.now, values.numbers(tx, code), draft=draft, practice=practice)


def _may_start(tx: Transaction, *, practice: bool) -> None:
    if not practice and not workspace.workspace(tx).is_open:
        raise NotOpenYet()


def start(
    tx: Transaction, user: str, view: Mapping[str, Any], *, source: str
) -> tuple[Block | None, dict[str, str]]:
    """Begin a record and ring everybody it concerns; the same dialog sent again rings nobody. Returns what it shows then,
    or sentences by block.

    Raises:
        NotOpenYet: only practice is possible so far.
    """
    _, practice = views.about(view)
    _may_start(tx, practice=practice)
    entered = forms.read_record(view, reference.directory(tx).by_code, tx.now, practice=practice)
    if entered.problems or entered.kind is None:
        return None, dict(entered.problems)
    before = _just_begun(tx, user, entered)
    if not failures.first_time(tx, source):
        record = _of_source(tx, source)
    elif before is not None:
        record, body = before, entered.said or "もう一度「記録を始める」が押されました"
        emergency_log.write(tx, record.id, "note", actor=user, body=body, source=source)
    else:
        record = _begun(tx, user, entered, entered.kind, source)
        calling.begin(tx, record)
    told = [each for each in emergencies.told(tx, record.id) if each.role != Role.ASKER]
    rung = [called(tx, each.user_id) for each in told]
    called_first = values.numbers(tx, record.municipality_code)
    return forms.receipt(record.number, rung, called_first, practice=record.practice), {}


def _just_begun(tx: Transaction, user: str, entered: forms.Entered) -> Emergency | None:
    """The same by the same person a moment ago: two screens were open, and nobody is rung for that twice."""
    mine = [
        each
        for each in emergencies.living(tx, asker=user)
        if (each.practice, each.kind) == (entered.practice, entered.kind) and each.opened_at > tx.now - TWICE
    ]
    return mine[-1] if mine else None


def _begun(tx: Transaction, user: str, entered: forms.Entered, kind: Kind, source: str) -> Emergency:
    if members.member(tx, user) is None:
        members.save_stranger(tx, user)
    member = members.member(tx, user)
    own = member is not None and entered.code == member.municipality_code
    emergency_id = emergencies.add(
        tx,
        practice=entered.practice,
        asker=user,
        municipality_code=entered.code,
        section=member.section if own and member is not None else None,
        kind=kind.value,
        body=entered.said,
        called=entered.called,
        noticed_at=entered.noticed_at,
    )
    record = emergencies.need(tx, emergency_id)
    lines = [f"記録を始めました:{KINDS[kind]}|{values.body_of(record)}"]
    lines += [f"気づいた時刻:{values.at(tx, entered.noticed_at)}"] if entered.noticed_at else []
    lines += [f"電話した相手:{entered.called}"] if entered.called else []
    lines += [entered.said] if entered.said else []
    emergency_log.write(tx, emergency_id, "started", actor=user, body="\n".join(lines), source=source)
    failures.note(tx, "emergency begun", actor=user, emergency=emergency_id, practice=entered.practice)
    return record


def _of_source(tx: Transaction, source: str) -> Emergency:
    entry = emergency_log.entry_from(tx, source)
    if entry is None:
        raise NotPossibleNow()
    return emergencies.need(tx, entry.emergency_id)


def _theirs(tx: Transaction, emergency_id: int, user: str) -> tuple[Emergency, Role]:
    record = emergencies.need(tx, emergency_id)
    part = values.part_of(tx, record, user)
    if part is None:
        raise NotYours("この緊急の記録は、関わる方だけのものです。記録は変わっていません。")
    return record, part


def seen(tx: Transaction, emergency_id: int, user: str) -> None:
    """「見ました・対応します」: somebody is on it, and everybody reads who. Again it changes nothing.

    Raises:
        NoSuchEmergency, NotYours, NotPossibleNow: nothing was changed.
    """
    record, part = _theirs(tx, emergency_id, user)
    if part is Role.ASKER:
        raise NotYours("「見ました・対応します」は、呼び出された方が押します。記録は変わっていません。")
    if record.state == State.CLOSED:
        raise NotPossibleNow(SHUT)
    is_on_it(tx, record, user, part)


def is_on_it(tx: Transaction, record: Emergency, user: str, part: Role) -> None:
    """Somebody is on it: by the button, or by writing."""
    desk = values.desk_of(tx, record)
    direct = desk is None or not channels.is_in_channel(tx, desk.channel, user)
    if emergencies.tell(tx, record.id, user, part.value, direct=direct) and direct:
        emergencies.add_place(tx, record.id, user)
    if not emergencies.seen(tx, record.id, user):
        return
    if record.seen_at is None:
        record = emergencies.change(tx, record.id, seen_at=tx.now)
    body = f"{called(tx, user)}が対応を始めました"
    emergency_log.write(
        tx,
        record.id,
        "seen",
        actor=user,
        body=body,
        source=f"emergency:{calling.round_of(tx, record)}:seen:{user}",
    )
    calling.show(tx, record, clicked=True)


def change_dialog(tx: Transaction, emergency_id: int, user: str) -> Block:
    """The dialog for state and people.

    Raises:
        NoSuchEmergency, NotYours: it is not theirs.
    """
    record, part = _theirs(tx, emergency_id, user)
    if part is Role.ASKER:
        raise NotYours(
            "状況を変えるのは、呼び出された方です。様子は、スレッドにお書きください。全員に届きます。"
        )
    adds = values.is_desk(tx, user)
    return forms.change(record.id, record.number, State(record.state), practice=record.practice, adds=adds)


def change(tx: Transaction, entered: forms.Change, user: str, *, source: str) -> dict[str, str]:
    """Keep what was entered; returns sentences by block when that cannot be.

    Raises:
        NoSuchEmergency, NotYours: nothing was changed.
    """
    record, part = _theirs(tx, entered.emergency_id, user)
    if part is Role.ASKER:
        raise NotYours()
    if entered.problems or not failures.first_time(tx, source):
        return dict(entered.problems)
    before = State(record.state)
    after = before if entered.state is None else entered.state
    if after is not before and not may_follow(before, after):
        return {forms.STATE: "ほかの方が先に変えました。画面を開き直して、いまの状況を確かめてください。"}
    if after is not before:
        record = _moved(tx, record, after, entered.note, user, source)
    elif entered.note:
        emergency_log.write(tx, record.id, "note", actor=user, body=entered.note, source=f"{source}:note")
    if entered.people and values.is_desk(tx, user):
        calling.add_by_hand(tx, record, entered.people, user, source=source)
    calling.show(tx, record, clicked=True)
    return {}


def _moved(
    tx: Transaction, record: Emergency, after: State, note: str | None, user: str, source: str
) -> Emergency:
    more: dict[str, Any] = {"closed_at": None, "closing": None}
    if after is State.CLOSED:
        more = {"closed_at": tx.now, "closing": note}
    body = f"「{STATES[State(record.state)]}」→「{STATES[after]}」" + (f"\n{note}" if note else "")
    kind = emergency_log.FLARED if after is State.OPEN else "state"
    emergency_log.write(tx, record.id, kind, actor=user, body=body, source=f"{source}:state")
    failures.note(tx, "emergency moved", actor=user, emergency=record.id, state=after.value)
    record = emergencies.change(tx, record.id, state=after.value, **more)
    return calling.flare(tx, record, user, source=source) if after is State.OPEN else record


# --- files ------------------------------------------------------------------------------------------------------------


def want_card_file(tx: Transaction, user: str, *, source: str) -> None:
    """The printable card comes by direct message."""
    outbox.send(tx, Row.FILE, f"{CARD_FILE}:{source}", CARD_FILE, 0, user_id=user, values={"user": user})


def want_log_file(tx: Transaction, emergency_id: int, user: str, *, source: str) -> None:
    """The log comes by direct message; who took it is logged.

    Raises:
        NoSuchEmergency, NotYours: it is not theirs.
    """
    record, _ = _theirs(tx, emergency_id, user)
    body = f"{called(tx, user)}が記録を印刷用に出しました"
    if emergency_log.write(tx, record.id, "printed", actor=user, body=body, source=source):
        key, values_ = f"{LOG_FILE}:{source}", {"user": user}
        outbox.send(tx, Row.FILE, key, LOG_FILE, record.id, user_id=user, values=values_)


# --- steps and numbers ------------------------------------------------------------------------------------------------


def guide_dialog(tx: Transaction) -> Block:
    """What coordinators may change of what everybody sees."""
    return forms.guide(values.numbers(tx), values.own_steps(tx))


def save_guide(tx: Transaction, entered: forms.GuideEntered, user: str) -> None:
    """Keep it."""
    workspace.set_workspace(tx, emergency_phone=entered.day)
    emergency_guide.set_guide(tx, Guide(entered.night, entered.hours, entered.steps), user)
    failures.note(tx, "emergency guide changed", actor=user)
