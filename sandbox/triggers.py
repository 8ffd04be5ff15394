"""Leave to open a modal, which every interaction carries.

Source: docs.slack.dev/surfaces/modals (a trigger lives 3 seconds and works once), in real time.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass

from sandbox.errors import SlackError

TRIGGER_SECONDS = 3.0

_TRIGGER = re.compile(r"\d+\.\d+\.[0-9a-f]+")


@dataclass(slots=True)
class Trigger:
    """Leave to open a view: for whom, until when (monotonic), and from within which modal."""

    user: str
    made: float
    inside: str | None
    used: bool = False


class Triggers:
    """The triggers handed out lately."""

    def __init__(self) -> None:
        self._known: dict[str, Trigger] = {}
        self.seconds = TRIGGER_SECONDS
        """How long one lives; a test may change it."""

    def issue(self, user: str, inside: str | None = None) -> str:
        """Return a new trigger id for `user`."""
        now = time.monotonic()
        name = f"{int(time.time() * 1000)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._known[name] = Trigger(user, now, inside)
        if len(self._known) > 20_000:
            for old in list(self._known)[:10_000]:
                del self._known[old]
        return name

    def take(self, name: str) -> Trigger:
        """Use a trigger up. Raises SlackError as views.open would."""
        trigger = self._known.get(name)
        if trigger is None:
            known_form = _TRIGGER.fullmatch(name) is not None
            raise SlackError("expired_trigger_id" if known_form else "invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made > self.seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
