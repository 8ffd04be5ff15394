"""Whatever JSON is sent, the checks answer and never raise."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.blocks import Surface, check_blocks
from sandbox.blocks_elements import IN_ACTIONS, IN_MODAL_INPUT, IN_SECTION
from sandbox.views_check import check_view
from tests.sandbox.kit import (
    actions,
    asks,
    button,
    confirm,
    home,
    image,
    modal,
    rich,
    section,
    static_select,
    table,
)

SURFACES: list[Surface] = ["message", "modal", "home"]
TYPES = [
    "section",
    "actions",
    "input",
    "context",
    "rich_text",
    "table",
    "modal",
    "home",
    "plain_text",
    "mrkdwn",
]
NAMES = [
    "type",
    "text",
    "elements",
    "element",
    "fields",
    "accessory",
    "blocks",
    "options",
    "block_id",
    "label",
]

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(TYPES)
)
keys = st.sampled_from(NAMES) | st.text(max_size=3)
anything = st.recursive(
    scalars | st.sampled_from([*IN_ACTIONS, *IN_MODAL_INPUT, *IN_SECTION]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)
PROBLEM = re.compile(r".+ \[json-pointer:(/[^\]]*)\]", re.DOTALL)
GOOD = [
    section(
        accessory=static_select(initial_option={"text": {"type": "plain_text", "text": "はい"}, "value": "0"})
    ),
    actions(button(action_id="a", confirm=confirm()), button(action_id="b")),
    asks({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "3"}),
    image(),
    rich({"type": "text", "text": "文"}),
    table(),
]


@given(anything, st.sampled_from(SURFACES))
def test_any_json_is_answered_as_blocks(sent: Any, surface: Surface) -> None:
    for problem in [*check_blocks(sent, surface=surface), *check_blocks([sent], surface=surface)]:
        assert PROBLEM.fullmatch(problem), problem


@given(anything)
def test_any_json_is_answered_as_a_view(sent: Any) -> None:
    for view in (sent, modal() | {"blocks": sent}, home() | {"blocks": [sent]}):
        for problem in check_view(view):
            assert PROBLEM.fullmatch(problem), problem


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


@given(st.sampled_from(GOOD), st.data())
def test_a_good_block_with_one_part_replaced_is_answered(block: dict[str, Any], data: st.DataObject) -> None:
    """Arbitrary JSON seldom comes near a valid block; this starts from one."""
    changed = json.loads(json.dumps(block))
    *path, last = data.draw(st.sampled_from(places(block)[1:]))
    part = changed
    for key in path:
        part = part[key]
    part[last] = data.draw(anything)
    for problem in check_blocks([changed], surface="message"):
        assert PROBLEM.fullmatch(problem), problem


def test_depth_is_no_danger() -> None:
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    assert check_blocks([section(fields=deep), deep, {"type": deep}], surface="message")
    assert check_view(modal(section(fields=deep)))
