"""Administrators: the first is named by the operator, the last stays."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.domain.permissions import Role
from bot.errors import UserError
from storage import failures, members
from storage.database import Transaction

log = structlog.get_logger("members")


class LastAdmin(UserError):
    """管理者が一人もいなくなるので、変えていません。先に、ほかの方を管理者にしてください。"""


def appoint_first(tx: Transaction, user_id: str) -> bool:
    """Make somebody the administrator if there is none whose account is active; whether that was so."""
    there = members.member(tx, user_id)
    if members.with_permission(tx, Role.ADMIN):
        return False
    if there is not None and there.deactivated:
        log.warning("the first administrator has no active account", user=user_id)
        return False
    name = there.name if there is not None else ""
    row = {"user_id": user_id, "name": name, "permission": Role.ADMIN.value}
    members.save_members(tx, [row], overwrite=("permission",))
    failures.note(tx, "first administrator", actor=user_id)
    log.info("first administrator", user=user_id)
    return True


def leaves_no_admin(tx: Transaction, changed: Mapping[str, str | None]) -> bool:
    """Whether the last active administrator would go, were these people given these permissions."""
    there = {admin.user_id for admin in members.with_permission(tx, Role.ADMIN)}
    return bool(there) and there <= changed.keys() and Role.ADMIN not in changed.values()
