"""A modal and a message with one of everything."""

from __future__ import annotations

from typing import Any

from sandbox import Sandbox
from sandbox.blocks import check_blocks
from sandbox.client import Person
from sandbox.modals import checked, open_view

Json = dict[str, Any]
CONFIRM: Json = {
    "title": {"type": "plain_text", "text": "本当に?"},
    "text": {"type": "plain_text", "text": "取り消せません"},
    "confirm": {"type": "plain_text", "text": "はい"},
    "deny": {"type": "plain_text", "text": "いいえ"},
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text}


def field(label: str, element: Json, **more: Any) -> Json:
    """An input block whose block_id is its element's type."""
    name = element["type"]
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": f"{name}_action", **element},
        "optional": True,
        **more,
    }


LIST = [option("赤"), option("青"), option("緑")]
FIELDS: list[Json] = [
    field(
        "一行",
        {"type": "plain_text_input", "max_length": 10, "placeholder": plain("十文字まで")},
        optional=False,
    ),
    field("メール", {"type": "email_text_input"}),
    field("アドレス", {"type": "url_text_input"}),
    field("数", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}),
    field("書式つき", {"type": "rich_text_input"}),
    field("色", {"type": "static_select", "options": LIST}, hint=plain("一つだけ")),
    field("色いろいろ", {"type": "multi_static_select", "options": LIST}),
    field("人", {"type": "users_select"}),
    field("人たち", {"type": "multi_users_select"}),
    field("会話", {"type": "conversations_select"}),
    field("チャンネル", {"type": "channels_select"}),
    field("会話いろいろ", {"type": "multi_conversations_select"}),
    field("チャンネルいろいろ", {"type": "multi_channels_select", "max_selected_items": 1}),
    field("ラジオ", {"type": "radio_buttons", "options": LIST}),
    field("チェック", {"type": "checkboxes", "options": LIST}),
    field("日付", {"type": "datepicker", "initial_date": "2026-11-24"}),
    field("時刻", {"type": "timepicker"}),
    field("日時", {"type": "datetimepicker"}),
    field("ファイル", {"type": "file_input", "filetypes": ["txt"], "max_files": 2}),
]
SHOWN: list[Json] = [
    {"type": "header", "text": plain("見出し")},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*本文* と _説明_"},
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": [option("一つ目"), option("二つ目")],
        },
    },
    {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": "*左*\n1"}, {"type": "mrkdwn", "text": "*右*\n2"}],
    },
    {"type": "divider"},
    {"type": "context", "elements": [plain("小さな字")]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain("進む"), "action_id": "go", "style": "primary"},
            {
                "type": "button",
                "text": plain("消す"),
                "action_id": "drop",
                "style": "danger",
                "confirm": CONFIRM,
            },
            {
                "type": "static_select",
                "action_id": "pick",
                "options": LIST,
                "placeholder": plain("色を選ぶ"),
                "confirm": CONFIRM,
            },
            {"type": "datepicker", "action_id": "day", "placeholder": plain("日を選ぶ")},
        ],
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "項目"}]}],
            }
        ],
    },
]
IN_MESSAGES: list[Json] = [
    {"type": "markdown", "text": "## 題\n1. **太字**\n2. [例](https://example.jp/)\n\n> 引用"},
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "列"}, {"type": "raw_text", "text": "数"}],
            [{"type": "raw_text", "text": "い"}, {"type": "raw_text", "text": "3"}],
        ],
    },
]


def opens(sandbox: Sandbox, person: Person, title: str, blocks: list[Json]) -> None:
    """Open a modal that Slack would take, without an app."""
    view = {"type": "modal", "title": plain(title), "submit": plain("送る"), "blocks": blocks}
    open_view(sandbox.world, sandbox.world.people[person.id], checked(view, "modal"))


def fit(blocks: list[Json]) -> list[Json]:
    """Blocks of a message that Slack would take."""
    assert check_blocks(blocks, surface="message") == []
    return blocks
