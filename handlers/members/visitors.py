"""People of other organisations in a channel that is shared with theirs (Slack Connect).

They write there like everybody and press its buttons; what a button does is not theirs, unless it is their own question
or the prefecture has registered them (`banso load`), as it does with advisers whose firm has a workspace of its own
(docs/decisions/0015-people-of-other-organisations.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage import members
from storage.database import Transaction
from storage.members import VISITOR


def team_of(message: Mapping[str, Any]) -> str:
    """The Slack team of a message's author; "" when the message does not say it in a way we can use.

    In shared channels `user_team` is the author's, where it stands (not in the mentions of our own people); a file's
    event has no `team`; some people of a large organisation have only that organisation's id (E…). The envelope's
    `team_id` and the message's `source_team` may be another's (docs/slack.md, "Slack Connect").
    """
    names = (str(message.get(key) or "") for key in ("user_team", "team"))
    return next((name for name in names if name.startswith("T")), "")


def is_visitor(tx: Transaction, user_id: str, team: str) -> bool:
    """Whether somebody belongs to another organisation, and we know them from nowhere else; `team` is what Slack says now,
    "" if nothing."""
    member = members.member(tx, user_id)
    return _is_elsewhere(tx, team) if member is None else member.permission == VISITOR


def _is_elsewhere(tx: Transaction, team: str) -> bool:
    return team not in {"", tx.workspace}


def meet(tx: Transaction, user_id: str, team: str) -> None:
    """Remember somebody of another organisation; whom we know already stays who they are."""
    if _is_elsewhere(tx, team) and members.member(tx, user_id) is None:
        members.save_stranger(tx, user_id, permission=VISITOR)
