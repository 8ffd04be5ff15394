"""A coordinator or administrator changes one person: permission, body, section. Only an administrator makes administrators
or takes that away, and the last one stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.permissions import Deed, Role, allowed
from bot.domain.text import escape
from bot.errors import Malformed, NotAllowed
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small
from handlers.common.doors import Visitor, role
from handlers.members import views
from handlers.members.admins import LastAdmin, leaves_no_admin
from handlers.members.columns import PERMISSIONS
from handlers.members.introducing import set_place
from handlers.members.lowering import permission_changed
from storage import failures, members, reference
from storage.database import Transaction
from storage.members import Member

CALLBACK = "member_person"
PERMISSION = "member_permission"
_DESK = frozenset({Role.COORDINATOR.value, Role.ADMIN.value})


@dataclass(frozen=True, slots=True)
class _Said:
    """What a dialog shows or gives back of a person. `permission` is None where none is shown or chosen."""

    permission: str | None
    code: str | None
    section: str | None


def open_person(tx: Transaction, actor: str, user_id: str) -> Block:
    """The dialog in which `actor` changes somebody, with what is known of them.

    Raises:
        NotAllowed: the actor may not.
    """
    administers = _may(tx, actor)
    member = members.member(tx, user_id)
    shown = _shown(member)
    body = reference.directory(tx).by_code.get(shown.code or "")
    blocks = [section(f"*{escape(members.name_of(tx, user_id))}さん*")]
    if shown.permission == Role.ADMIN and not administers:
        blocks.append(small("権限:管理者(変えられるのは管理者の方です)"))
    else:
        blocks.append(_permissions(shown.permission, administers=administers))
    blocks += views.place_inputs(body, shown.section)
    before = {"user": user_id, "permission": shown.permission, "code": shown.code, "section": shown.section}
    return modal(
        "メンバー",
        blocks,
        callback_id=CALLBACK,
        submit=plain("保存する"),
        private_metadata=json.dumps(before, ensure_ascii=False),
    )


def _may(tx: Transaction, actor: str) -> bool:
    """Whether somebody who manages people manages administrators too."""
    own = role(tx, Visitor(actor, ""))
    if not allowed(Deed.MANAGE_PEOPLE, own):
        raise NotAllowed()
    return allowed(Deed.MANAGE_ADMINS, own)


def _shown(member: Member | None) -> _Said:
    if member is None:
        return _Said(Role.ASKER.value, None, None)
    permission = Role.ASKER.value if member.permission == Role.GUEST else member.permission
    shown = permission if permission in PERMISSIONS else None  # somebody of another organisation
    return _Said(shown, member.municipality_code, (member.section or "")[: views.LONGEST] or None)


def _permissions(now: str | None, *, administers: bool) -> Block:
    offered = {key: word for key, word in PERMISSIONS.items() if administers or key != Role.ADMIN}
    menu: Block = {
        "type": "static_select",
        "options": [option(word, key) for key, word in offered.items()],
        "placeholder": plain("選ぶ"),
    }
    if now is not None:
        menu["initial_option"] = option(offered[now], now)
    return forms.field(PERMISSION, "権限", menu)


def change_person(tx: Transaction, actor: str, view: Mapping[str, Any], *, source: str) -> dict[str, str]:
    """Keep what the actor changed in the dialog; what they left as it was shown stays as it is now. Returns sentences by
    block when something cannot be.

    Raises:
        NotAllowed, Malformed: nothing was changed.
    """
    administers = _may(tx, actor)
    user_id, before = _before(view)
    after = _Said(
        forms.choice(view, PERMISSION) or before.permission,
        forms.choice(view, views.BODY),
        views.one_line(forms.text(view, views.SECTION)) or None,
    )
    if after.permission != before.permission:
        if Role.ADMIN in {after.permission, _now(tx, user_id)} and not administers:
            raise NotAllowed()
        if problem := _problem(tx, user_id, after.permission):
            return {PERMISSION: problem}
    if after.code is not None and after.code not in reference.directory(tx).by_code:
        return {views.BODY: "一覧から選び直してください。"}
    if after != before and failures.first_time(tx, source):
        _keep(tx, user_id, before, after)
        failures.note(tx, "person changed", actor=actor, user=user_id, permission=after.permission)
    return {}


def _before(view: Mapping[str, Any]) -> tuple[str, _Said]:
    """Whom the dialog is about, and what it showed."""
    try:
        said = json.loads(str(view.get("private_metadata")))
        user_id, *shown = (said[key] for key in ("user", "permission", "code", "section"))
    except (ValueError, KeyError, TypeError):
        raise Malformed() from None
    if not isinstance(user_id, str) or not user_id or not all(isinstance(each, str | None) for each in shown):
        raise Malformed()
    return user_id, _Said(*shown)


def _now(tx: Transaction, user_id: str) -> str | None:
    member = members.member(tx, user_id)
    return None if member is None else member.permission


def _problem(tx: Transaction, user_id: str, permission: str | None) -> str | None:
    """Why somebody cannot have a permission."""
    if permission not in PERMISSIONS:
        return "一覧から選び直してください。"
    if leaves_no_admin(tx, {user_id: permission}):
        return LastAdmin().sentence
    desk = {member.user_id for member in members.with_permission(tx, *_DESK)}
    if desk == {user_id} and permission not in _DESK:
        return "県の担当が一人もいなくなるので、変えていません。先に、ほかの方を県の担当にしてください。"
    return None


def _keep(tx: Transaction, user_id: str, before: _Said, after: _Said) -> None:
    if members.member(tx, user_id) is None:
        members.save_stranger(tx, user_id)
    if after.permission != before.permission and not (
        after.permission == Role.ASKER and _now(tx, user_id) == Role.GUEST
    ):
        row = {"user_id": user_id, "name": "", "permission": after.permission}
        members.save_members(tx, [row], overwrite=("permission",))
        permission_changed(tx, [user_id])
    member = members.member(tx, user_id)
    if member is not None and (after.code, after.section) != (before.code, before.section):
        code = after.code if after.code != before.code else member.municipality_code
        words = after.section if after.section != before.section else member.section
        set_place(tx, user_id, code, words, confirmed=False)
