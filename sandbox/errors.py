"""The two ways to say no: as Slack does to the app, and as the sandbox does to a test."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A Web API call ends with `{"ok": false, "error": code}` and, where Slack adds any, further fields."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


class Refused(Exception):
    """A person in the workspace cannot do that; `code` is for programs, `detail` for whoever reads the test."""

    def __init__(self, code: str, detail: str = "", **fields: Any) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.fields = fields
