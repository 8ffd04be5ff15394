"""The form of what Slack sends, as far as Bolt and we rely on it: it is looked at once, at the door.

Sources: docs.slack.dev, "Interaction payloads" (block_actions, view_submission, shortcuts, block_suggestion),
"Slash commands", "Events API".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_Id = Annotated[str, Field(max_length=255)]
"""Slack's ids have eleven letters or so, and our own, of actions, blocks and dialogs, at most 255."""

_SomeId = Annotated[str, Field(min_length=1, max_length=255)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _Who(_Part):
    id: _SomeId
    team_id: _Id | None = None


class _Place(_Part):
    id: _Id | None = None


class _Action(_Part):
    action_id: _SomeId
    block_id: _Id | None = None
    type: str | None = None


class _State(_Part):
    values: dict[str, dict[str, dict[str, Any]]] = {}


class _View(_Part):
    id: _Id | None = None
    type: str | None = None
    callback_id: _Id | None = None
    private_metadata: str | None = None
    state: _State | None = None


class _Envelope(_Part):
    team: _Place | None = None
    enterprise: _Place | None = None
    team_id: _Id | None = None
    enterprise_id: _Id | None = None
    is_enterprise_install: bool | str | None = None
    api_app_id: _Id | None = None
    trigger_id: str | None = None
    response_url: str | None = None


class _Interaction(_Envelope):
    user: _Who
    channel: _Place | None = None
    container: dict[str, Any] | None = None
    message: dict[str, Any] | None = None
    state: _State | None = None
    view: _View | None = None
    response_urls: list[dict[str, Any]] | None = None


class _Pressed(_Interaction):
    actions: list[_Action] = Field(min_length=1)


class _Submitted(_Interaction):
    view: _View


class _Shortcut(_Interaction):
    callback_id: _Id


class _Suggestion(_Interaction):
    action_id: _Id
    value: str | None = None


class _Command(_Envelope):
    command: str
    user_id: _SomeId
    channel_id: _Id | None = None
    text: str | None = None


class _Event(_Part):
    type: str


class _Told(_Envelope):
    event: _Event
    authorizations: list[dict[str, Any]] | None = None


_FORMS: Mapping[str, type[_Envelope]] = {
    "event_callback": _Told,
    "block_actions": _Pressed,
    "view_submission": _Submitted,
    "view_closed": _Submitted,
    "shortcut": _Shortcut,
    "message_action": _Shortcut,
    "block_suggestion": _Suggestion,
}


def unreadable(body: Mapping[str, Any]) -> str | None:
    """Where a payload departs from its form, such as `actions.0.action_id`; None if it does not, or has no form we know."""
    kind = body.get("type")
    form = _Command if "command" in body else _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        return None
    try:
        form.model_validate(body)
    except ValidationError as error:
        return ".".join(str(step) for step in error.errors()[0]["loc"])
    return None
