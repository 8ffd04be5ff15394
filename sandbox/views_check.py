"""Says what Slack would refuse in a view, the body of a modal or of a home tab.

Sources: docs.slack.dev, pages reference/views/modal-views and reference/views/home-tab-views.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sandbox.blocks import Surface, check_blocks
from sandbox.blocks_objects import plain_text
from sandbox.blocks_schema import Check, boolean, mapping, problem, string, typed

MOST_BYTES = 250_000
"""`view_too_large` is documented as "greater than 250kb" (pages views.open, views.publish)."""


def _blocks(surface: Surface) -> Check:
    def check(value: object, pointer: str) -> Iterator[str]:
        # slack_sdk's View demands 1 to 100 blocks.
        if value == []:
            yield problem("must provide at least 1 items", pointer)
        yield from check_blocks(value, surface=surface, pointer=pointer)

    return check


_SHARED = {
    "private_metadata": string(3000, minimum=0),
    "callback_id": string(255, minimum=0),
    "external_id": string(255, minimum=0),
}

_VIEW = typed(
    {
        "modal": mapping(
            {"title": plain_text(24), "blocks": _blocks("modal")},
            {
                **_SHARED,
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
            },
        ),
        "home": mapping({"blocks": _blocks("home")}, _SHARED),
    }
)


def check_view(view: object) -> list[str]:
    """Return what Slack would refuse in `view`, decoded JSON of any shape, or an empty list.

    Each problem ends in a JSON pointer below `/view`. One that starts with `view_too_large:` is answered by Slack
    with that error, all others with `invalid_arguments`.
    """
    faults = list(_VIEW(view, "/view"))
    if isinstance(view, dict) and view.get("type") == "modal" and "submit" not in view and _asks(view):
        faults.append(problem("missing required field: submit (the view has an input block)", "/view"))
    # The size is that of the JSON as slack_sdk sends it, with everything but ASCII escaped.
    if not faults and len(json.dumps(view)) > MOST_BYTES:
        faults.append(problem("view_too_large: must be at most 250 KB", "/view"))
    return faults


def _asks(view: dict[str, object]) -> bool:
    blocks = view.get("blocks")
    return isinstance(blocks, list) and any(
        isinstance(each, dict) and each.get("type") == "input" for each in blocks
    )
