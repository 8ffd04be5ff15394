"""Says what Slack would refuse in a list of blocks.

`check_blocks` is the whole interface. The limits come from docs.slack.dev/reference/block-kit/blocks (a page
`<type>-block` for each type) and, where Slack is silent, from what was measured; the tests name the source of each.
Newer block types than those below count as unsupported: refusing too much costs a look here, too little a message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from sandbox.blocks_elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_MODAL_INPUT, IN_SECTION
from sandbox.blocks_objects import IMAGE_SOURCES, any_text, plain_text
from sandbox.blocks_rich import RICH_TEXT_BLOCK, TABLE
from sandbox.blocks_schema import (
    Check,
    array,
    at_least_one,
    boolean,
    child,
    exactly_one,
    mapping,
    one_of,
    problem,
    string,
    typed,
    url,
)

Surface: TypeAlias = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
"""Page blocks: 50 blocks in a message, 100 in a modal or a home tab."""
MOST_TEXT = 13_200
"""Characters over all blocks of a message; not documented (bolt-js issue 2509 measured 13,172 to 13,297)."""
MOST_MARKDOWN = 12_000
"""Characters over all markdown blocks of a message (page markdown-block)."""

_ID = {"block_id": string(255)}
_HTTPS = url(schemes=("https://",))


def _distinct_actions(block: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """An action_id is unique among the action_ids of its block (all element pages)."""
    seen = set()
    for index, element in enumerate(block["elements"]):
        action = element.get("action_id")
        if action is not None and action in seen:
            where = f"{pointer}/elements/{index}/action_id"
            yield problem(f"`action_id` {action} already exists in this block", where)
        seen.add(action)


def _no_dispatched_files(block: Mapping[str, Any], pointer: str) -> Iterator[str]:
    """Page input-block: `dispatch_action` and a file input raise an unsupported type error."""
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        yield problem("unsupported type: file_input", f"{pointer}/element/type")


def _input(elements: Mapping[str, Check]) -> Check:
    return mapping(
        {"label": plain_text(2000), "element": typed(elements)},
        {**_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
        [_no_dispatched_files],
    )


_EVERYWHERE: dict[str, Check] = {
    "section": mapping(
        {},
        {
            **_ID,
            "text": any_text(3000),
            "fields": array(any_text(2000), 10),
            "accessory": typed(IN_SECTION),
            "expand": boolean,
        },
        [at_least_one("text", "fields")],
    ),
    "header": mapping({"text": plain_text(150)}, _ID),
    "context": mapping(
        {
            "elements": array(
                typed(
                    {
                        "image": IMAGE,
                        "plain_text": mapping({"text": string(3000)}, {"emoji": boolean}),
                        "mrkdwn": mapping({"text": string(3000)}, {"verbatim": boolean}),
                    }
                ),
                10,
            )
        },
        _ID,
    ),
    "actions": mapping({"elements": array(typed(IN_ACTIONS), 25)}, _ID, [_distinct_actions]),
    "divider": mapping({}, _ID),
    "image": mapping(
        {"alt_text": string(2000)},
        {**_ID, **IMAGE_SOURCES, "title": plain_text(2000)},
        [exactly_one("image_url", "slack_file")],
    ),
    "rich_text": RICH_TEXT_BLOCK,
    # "Must be less than 50" and "less than 200" characters: page video-block means it that way.
    "video": mapping(
        {"alt_text": string(), "title": plain_text(199), "thumbnail_url": url(), "video_url": _HTTPS},
        {
            **_ID,
            "author_name": string(49),
            "description": plain_text(199),
            "provider_icon_url": url(),
            "provider_name": string(),
            "title_url": _HTTPS,
        },
    ),
}

_MESSAGES_ONLY: dict[str, Check] = {
    "markdown": mapping({"text": string(MOST_MARKDOWN)}, _ID),
    "file": mapping({"external_id": string(), "source": one_of("remote")}, _ID),
    "table": TABLE,
}

_ON: dict[Surface, Check] = {
    "message": typed({**_EVERYWHERE, **_MESSAGES_ONLY, "input": _input(IN_INPUT)}),
    "modal": typed({**_EVERYWHERE, "input": _input(IN_MODAL_INPUT)}),
    "home": typed({**_EVERYWHERE, "input": _input(IN_INPUT)}),
}


def check_blocks(blocks: object, *, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """Return what Slack would refuse in `blocks`, or an empty list.

    `blocks` is decoded JSON of any shape; nothing makes this raise. Each problem ends in a JSON pointer that starts
    with `pointer`. A problem that Slack answers with an error of its own instead of `invalid_blocks` (messages) or
    `invalid_arguments` (views) starts with that error and a colon: `invalid_blocks_format`, `msg_blocks_too_long`
    and `only_one_table_allowed`.
    """
    if not isinstance(blocks, list):
        error = "invalid_blocks_format: " if surface == "message" else ""
        return [problem(f"{error}must provide an array", pointer)]
    faults = list(array(_ON[surface], MOST_BLOCKS[surface], least=0)(blocks, pointer))
    faults += _duplicate_ids(blocks, pointer)
    faults += _focus(blocks, pointer)
    if surface == "message":
        faults += _totals(blocks, pointer)
    return faults


def _duplicate_ids(blocks: list[object], pointer: str) -> Iterator[str]:
    """A block_id is unique in its message or view (every block page)."""
    seen = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id") if isinstance(block, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            yield problem(f"`block_id` {name} must be unique", f"{child(pointer, index)}/block_id")
        seen.add(name)


def _focus(blocks: list[object], pointer: str) -> Iterator[str]:
    """Only one element may take the focus (`focus_on_load`, all element pages)."""
    if sum(member is True for name, member in _members(blocks) if name == "focus_on_load") > 1:
        yield problem("only one element may set `focus_on_load`", pointer)


def _totals(blocks: list[object], pointer: str) -> Iterator[str]:
    """Limits over a whole message: all text, all markdown blocks, one table (page table-block)."""
    kinds = [block.get("type") if isinstance(block, dict) else None for block in blocks]
    if kinds.count("table") > 1:
        yield problem("only_one_table_allowed: only one table in a message", pointer)
    written = [
        len(block["text"])
        for block, kind in zip(blocks, kinds, strict=True)
        if kind == "markdown" and isinstance(block, dict) and isinstance(block.get("text"), str)
    ]
    # One markdown block that is too long has been named already.
    if len(written) > 1 and sum(written) > MOST_MARKDOWN:
        yield problem(f"all markdown blocks must be less than {MOST_MARKDOWN + 1} characters", pointer)
    text = sum(len(member) for name, member in _members(blocks) if name == "text" and isinstance(member, str))
    if text > MOST_TEXT:
        yield problem(f"msg_blocks_too_long: all text must be less than {MOST_TEXT + 1} characters", pointer)


def _members(root: object) -> Iterator[tuple[str, object]]:
    """Yield every property below `root`; without recursion, for depth is the sender's to choose."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
