"""Administrators: the first is named by the operator, the last stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def make_coordinators(tx: Transaction, actor: str, people: Sequence[str]) -> str | None:
    """Let these people be coordinators, who are not or more already; a sentence when one cannot be, and then nobody is."""
    found = [(user, members.member(tx, user)) for user in people]
    for user, member in found:
        if member is None:
            return (
                f"<@{user}> さんの情報を、まだ Slack から読んでいません。数分待って、もう一度お試しください。"
            )
        if member.deactivated or member.permission in {Role.GUEST, Role.EXTERNAL}:
            return f"{member.name}さんは、ゲストかほかの組織の方か、退会した方です。別の方を選んでください。"
    new = [
        member for _, member in found if member and member.permission not in {Role.COORDINATOR, Role.ADMIN}
    ]
    rows = [
        {"user_id": each.user_id, "name": each.name, "permission": Role.COORDINATOR.value} for each in new
    ]
    if rows:
        members.save_members(tx, rows, overwrite=("permission",))
    for each in new:
        failures.note(tx, "person changed", actor=actor, user=each.user_id, permission=Role.COORDINATOR.value)
    return None


def leaves_no_admin(tx: Transaction, changed: Mapping[str, str | None]) -> bool:
    """Whether the last active administrator would go, were these people given these permissions."""
    there = {admin.user_id for admin in members.with_permission(tx, Role.ADMIN)}
    named = [members.member(tx, user) for user, permission in changed.items() if permission == Role.ADMIN]
    stays = any(
        each is None or not each.deactivated for each in named
    )  # None: Slack has not told of them yet
    return bool(there) and there <= changed.keys() and not stays
