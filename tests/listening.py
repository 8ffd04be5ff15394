"""Bolt asks `inspect` for the names of each listener's arguments, five thousand times a start. A bot starts once; a test
worker starts hundreds of them, and spent a twentieth of its time there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from slack_bolt.util import utils


class _Inspect:
    """`inspect`, as Bolt uses it, with a short cut to what a function's code says itself."""

    def __getattr__(self, name: str) -> Any:
        return getattr(inspect, name)

    def getfullargspec(self, function: Callable[..., Any]) -> Any:
        code = getattr(function, "__code__", None)
        if code is None:
            return inspect.getfullargspec(function)
        return SimpleNamespace(args=list(code.co_varnames[: code.co_argcount]))

    def unwrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return inspect.unwrap(function) if hasattr(function, "__wrapped__") else function


def ask_less() -> None:
    """From now on."""
    vars(utils)["inspect"] = _Inspect()
