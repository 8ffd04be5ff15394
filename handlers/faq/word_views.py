"""「検索のことば」: words that mean the same, words that are not looked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.word_table import Group, WordTable, said
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section, small

OPEN, CALLBACK = "faq_words_open", "faq_words"
ALIKE, SILENT, APART = "faq_alike", "faq_silent", "faq_apart"
TITLE = "検索のことば"
LONGEST = 3000
"""Characters a text input holds (docs.slack.dev, "Plain-text input element")."""
MOST_OPTIONS = 100
"""Options of a group in a menu (docs.slack.dev, "Option group object")."""


def dialog(table: WordTable, version: int, usual: Sequence[Group]) -> Block:
    """The dialog with the table as it is; `version` tells whether somebody else changes it meanwhile."""
    alike, silent = said(table)
    options = [option("=".join(group), group[0]) for group in usual]
    parts = [options[start : start + MOST_OPTIONS] for start in range(0, len(options), MOST_OPTIONS)]
    menu: Block = {"type": "multi_static_select", "placeholder": plain("選ばなければ、すべて使います")}
    menu["option_groups"] = [
        {"label": plain(f"{part[0]['value']}〜{part[-1]['value']}"), "options": part} for part in parts
    ]
    if apart := [each for each in options if each["value"] in table.apart]:
        menu["initial_options"] = apart
    hint = "1行に1組、「=」でつなぎます。例:公用車=共用車"
    return modal(
        TITLE,
        [
            section("ここで決めたことばは、保存するとすぐに、みなさんの検索に効きます。"),
            forms.field(ALIKE, "同じ意味のことば", _area(alike), hint=hint),
            forms.field(SILENT, "検索で見ないことば", _area(silent), hint="1行に1つ。例:お世話になります"),
            forms.field(APART, "使わない組(はじめから入っているもの)", menu),
            small(f"はじめから入っている組は{len(usual)}組です。例:国保=国民健康保険"),
        ],
        callback_id=CALLBACK,
        submit=plain("保存する"),
        private_metadata=str(version),
    )


def _area(text: str) -> Block:
    area: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST}
    return {**area, "initial_value": text[:LONGEST]} if text else area


def entered(view: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """What was entered: the groups, the silent words, the default groups that are not used."""
    return forms.text(view, ALIKE), forms.text(view, SILENT), forms.choices(view, APART)


def saved(groups: int, silent: int) -> Block:
    """What the dialog says when it is kept."""
    return modal(
        TITLE,
        [section(f"保存しました(同じ意味 {groups}組・見ないことば {silent}語)。いまから検索に効きます。")],
    )
