"""Rich text: the block a composer writes, which is also the start value of a rich text input and a table's cell.

Sources: docs.slack.dev, page rich-text-block, and @slack/types. Lists of elements may be empty inside a
rich text block (python-slack-sdk pull request 1576), the block itself may not (an empty one is `invalid_blocks`).
"""

from __future__ import annotations

from sandbox.blocks_schema import Check, array, boolean, integer, mapping, one_of, readable, string, typed

_STYLE = {
    "style": mapping(
        {},
        {
            name: boolean
            for name in (
                "bold",
                "italic",
                "strike",
                "code",
                "underline",
                "highlight",
                "client_highlight",
                "unlink",
            )
        },
    )
}
_COLOR = readable(lambda text: text.startswith("#"), "a hex color")

_LINK = mapping({"url": string(3000)}, {**_STYLE, "text": string(), "unsafe": boolean})
_TEXT = mapping({"text": string()}, _STYLE)

_INLINE: dict[str, Check] = {
    "text": _TEXT,
    "link": _LINK,
    "broadcast": mapping({"range": one_of("here", "channel", "everyone")}, _STYLE),
    "color": mapping({"value": _COLOR}, _STYLE),
    "channel": mapping({"channel_id": string()}, _STYLE),
    "date": mapping(
        {"timestamp": integer(0), "format": string()}, {**_STYLE, "url": string(3000), "fallback": string()}
    ),
    "emoji": mapping(
        {"name": string()}, {**_STYLE, "unicode": string(), "url": string(3000), "skin_tone": integer(1, 6)}
    ),
    "team": mapping({"team_id": string()}, _STYLE),
    "user": mapping({"user_id": string()}, _STYLE),
    "usergroup": mapping({"usergroup_id": string()}, _STYLE),
}
_INLINES = array(typed(_INLINE), least=0)
_BORDER = {"border": integer(0, 1)}
_SECTION = mapping({"elements": _INLINES})

_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": mapping(
        {
            "elements": array(typed({"rich_text_section": _SECTION}), least=0),
            "style": one_of("bullet", "ordered"),
        },
        {**_BORDER, "indent": integer(0, 8), "offset": integer(0)},
    ),
    "rich_text_preformatted": mapping(
        {"elements": array(typed({"text": _TEXT, "link": _LINK}), least=0)}, {**_BORDER, "language": string()}
    ),
    "rich_text_quote": mapping({"elements": _INLINES}, _BORDER),
}

RICH_TEXT_BLOCK = mapping({"elements": array(typed(_PARTS))}, {"block_id": string(255)})
"""A rich text block whose `type` has been looked at already."""
RICH_TEXT = typed({"rich_text": RICH_TEXT_BLOCK})
"""A rich text block where nothing else may stand."""

_CELL = typed({"raw_text": mapping({"text": string()}), "rich_text": RICH_TEXT_BLOCK})
_COLUMN = mapping({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

TABLE = mapping(
    {"rows": array(array(_CELL, 20), 100)},
    {"block_id": string(255), "column_settings": array(_COLUMN, 20, least=0)},
)
"""Page table-block: 100 rows of 20 cells, each `raw_text` or `rich_text`; 20 column settings."""
