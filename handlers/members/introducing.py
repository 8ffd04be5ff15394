"""Which body and section somebody belongs to: asked once, in private, after their first question or command.

What they say is kept, and what they asked meanwhile gets it too (`BODY` is due for each question).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.bodies import Body
from bot.domain.mail import guessed
from bot.domain.permissions import Role
from bot.errors import Malformed
from bot.feature import Message, Outgoing
from handlers.common.telling import row_key, tell
from handlers.members import views
from storage import due, failures, members, questions, reference, workspace
from storage.database import Transaction
from storage.letters import remember, values_of
from storage.members import Member

INTRODUCTION = "members.introduction"
BODY = "question.body"
"""Due for each question of somebody whose body has become known."""

_ASKED = frozenset({Role.ASKER.value, Role.GUEST.value})


def ask_body(tx: Transaction, user_id: str) -> None:
    """Ask somebody where they belong, if we do not know it: one direct message ever, however often this is called. Those
    who answer belong to the prefecture; people of other organisations are not asked, and nobody before it opens."""
    if is_unknown(tx, user_id) and workspace.workspace(tx).is_open:
        tell(tx, user_id, INTRODUCTION, 0, key=user_id)


def ask_within(tx: Transaction, user_id: str, question_id: int) -> None:
    """The same within another message, the first answer to a question of theirs: that is then the one that asks."""
    if is_unknown(tx, user_id) and workspace.workspace(tx).is_open:
        tell(tx, user_id, INTRODUCTION, 0, key=user_id, values={"within": question_id})


def asks_within(tx: Transaction, user_id: str, question_id: int) -> bool:
    """Whether the first answer to this question asks where somebody belongs, and they have not said yet."""
    if not is_unknown(tx, user_id):
        return False
    values = values_of(tx, row_key(INTRODUCTION, user_id)) or {}
    return values.get("within") == question_id and not values.get("put_off")


def section_within(tx: Transaction, user_id: str, question_id: int) -> str | None:
    """The body that somebody said yes to within the first answer to this question, as long as no section is known."""
    member = members.member(tx, user_id)
    if member is None or member.municipality_code is None or member.section or member.confirmed_at is None:
        return None
    if (values_of(tx, row_key(INTRODUCTION, user_id)) or {}).get("within") != question_id:
        return None
    body = reference.directory(tx).by_code.get(member.municipality_code)
    return None if body is None else body.name


def is_unknown(tx: Transaction, user_id: str) -> bool:
    """Whether we know somebody, but not where they belong."""
    member = members.member(tx, user_id)
    return member is not None and _is_open(member)


def _is_open(member: Member) -> bool:
    return member.permission in _ASKED and member.municipality_code is None and member.confirmed_at is None


def letter(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The message that asks; nothing when it is known meanwhile."""
    member = members.member(tx, str(outgoing.values["user"]))
    if member is None or not _is_open(member) or "within" in outgoing.values:
        return None
    return views.introduction(guess(tx, member))


def guess(tx: Transaction, member: Member) -> Body | None:
    """The body somebody's mail domain belongs to, as far as their colleagues have shown."""
    if member.mail_domain is None:
        return None
    code = guessed(members.bodies_on(tx, member.mail_domain))
    return reference.directory(tx).by_code.get(code) if code else None


def introduce(tx: Transaction, user_id: str, code: str | None, section: str | None) -> Body | None:
    """Keep what somebody says of themselves: a body's code, or None for one that has none, whose name is then in
    `section`; returns the body.

    Raises:
        Malformed: there is no such body.
    """
    body = set_place(tx, user_id, code, section, confirmed=True)
    failures.note(tx, "introduced", actor=user_id, municipality=code)
    return body


def put_off(tx: Transaction, user_id: str) -> None:
    """「あとで」: it is not asked again (the one message has been sent); that they chose so is noted."""
    remember(tx, row_key(INTRODUCTION, user_id), put_off=True)
    failures.note(tx, "introduction put off", actor=user_id)


def set_place(
    tx: Transaction, user_id: str, code: str | None, section: str | None, *, confirmed: bool
) -> Body | None:
    """Keep where somebody belongs; their questions that did not know it will.

    Raises:
        Malformed: there is no such body.
    """
    body = reference.directory(tx).by_code.get(code) if code is not None else None
    if code is not None and body is None:
        raise Malformed()
    if members.member(tx, user_id) is None:
        members.save_stranger(tx, user_id)
    members.set_place(tx, user_id, code, section, confirmed=confirmed)
    place_known(tx, [user_id])
    return body


def place_known(tx: Transaction, people: Sequence[str]) -> None:
    """Where these people belong is known: their questions that do not know it, or no section, get it."""
    for question_id in questions.without_body(tx, people) if people else ():
        due.schedule(tx, f"{BODY}:{question_id}", BODY, question_id, tx.now)
