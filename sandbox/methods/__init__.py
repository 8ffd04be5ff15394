"""The Web API's methods, a module for each family. A new method goes into its family's module and into limits.py."""

from __future__ import annotations

import importlib

FAMILIES = (
    "basics",
    "chat",
    "conversations",
    "files",
    "history",
    "keeping",
    "membership",
    "pins",
    "reactions",
    "usergroups",
    "users",
    "views",
)


def load() -> None:
    """Import every family, which enters its methods into the table."""
    for name in FAMILIES:
        importlib.import_module(f"{__name__}.{name}")
