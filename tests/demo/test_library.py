"""What later askers should find: it is said when they do not, and nothing is pressed then."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.demo.cast import asagi
from bot.demo.library import Library
from bot.demo.scribe import Scribe
from bot.demo.stage import Stage
from sandbox.client import Shown

SEARCH = asagi().searches[0]
KEPT = {each.of: each for each in asagi().kept}
RIGHT, OTHER = KEPT[SEARCH.finds].question, "印刷できないとき"


class Person:
    """Sees the results of a search, and remembers what they pressed."""

    id = SEARCH.by

    def __init__(self, *found: str) -> None:
        heads = [f"*「…」に近い回答 {len(found)}件*", *(f"*{each}*\n回答\n_FAQ_" for each in found)]
        self.shown = Shown({"blocks": [{"type": "section", "text": {"text": head}} for head in heads]})
        self.pressed: list[str] = []

    async def runs(self, *_: object, **__: object) -> None:
        """Type the command."""

    async def sees(self, *_: object) -> Shown:
        return self.shown

    async def clicks(self, label: str, **_: object) -> None:
        self.pressed.append(label)


class Silent:
    """A scribe that writes nothing."""

    def pressed(self, *_: object) -> None:
        """Write nothing."""

    async def look(self, *_: object) -> None:
        """Write nothing."""


async def looked(person: Person, kept: dict[str, Any]) -> list[str]:
    """What a play misses in which this person looks for something."""
    stage = type("S", (), {"people": {SEARCH.by: person}, "channels": {SEARCH.room: None}})
    library = Library(cast(Stage, stage), cast(Scribe, Silent()), [], kept)
    await library.look(SEARCH, asagi().moment(SEARCH.at))
    return library.missed


async def test_what_is_found_first_is_taken() -> None:
    person = Person(RIGHT, OTHER)
    assert await looked(person, KEPT) == []
    assert person.pressed == ["これで解決"]


@pytest.mark.parametrize(
    ("found", "kept"),
    [((), KEPT), ((OTHER, RIGHT), KEPT), ((RIGHT,), {})],
    ids=["none", "second", "not kept"],
)
async def test_what_is_not_found_first_is_said(found: tuple[str, ...], kept: dict[str, Any]) -> None:
    person = Person(*found)
    (missed,) = await looked(person, kept)
    assert SEARCH.text in missed
    assert person.pressed == []
