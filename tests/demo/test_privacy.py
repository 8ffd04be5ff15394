"""The story's own look for private words: it finds them where they must not be."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.demo.cast import asagi
from bot.demo.privacy import seen_elsewhere
from bot.demo.stage import Stage

PRIVATE = next(asked for asked in asagi().questions if asked.id == "Q004")
SHOWN = next(asked for asked in asagi().questions if asked.id == "Q028-2")


class Workspace:
    """Answers as the sandbox's control API does."""

    def __init__(self, channel: dict[str, Any], words: str, user: str) -> None:
        self.channel, self.words, self.user = channel, words, user

    async def call(self, verb: str, **_: object) -> dict[str, Any]:
        if verb == "info":
            return {"bot_user_id": "U0BANSO"}
        if verb == "channels":
            return {"channels": [self.channel]}
        return {"messages": [{"words": self.words, "user": self.user}]}


@pytest.mark.parametrize(
    ("name", "is_im", "words", "found"),
    [
        ("相談-なんでも", False, PRIVATE.texts[0], 1),
        ("雑談", False, f"> {PRIVATE.texts[0][:30]}…", 1),
        ("県-相談デスク", False, PRIVATE.texts[0], 0),
        ("", True, PRIVATE.texts[0], 0),
        ("相談-窓口", False, SHOWN.texts[0], 0),
        ("県-相談デスク", False, "番号は 1234-5678-9018 です", 1),
    ],
)
async def test_private_words_are_found_where_they_must_not_be(
    name: str, is_im: bool, words: str, found: int
) -> None:
    control = Workspace({"id": "C1", "name": name, "is_im": is_im}, words, "U0BANSO")
    stage = cast(Stage, type("S", (), {"control": control}))
    assert len(await seen_elsewhere(stage, asagi())) == found
