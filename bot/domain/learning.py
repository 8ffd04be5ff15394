"""How much use may teach the search: many people's words, not one person's many."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 4
"""Characters of what somebody typed; less leads to too much."""
OF_PERSON, OF_BODY, OF_DAY = 2, 3, 10
"""So many times one person, and the people of one body, teach an entry; so much one person teaches in a day."""

MOST: Final = 40
"""Ways to ask that an entry is found by, the newest: so many its editors read and can take back, so no other leads to it."""


def learns(words: str, *, of_person: int, of_body: int, of_day: int) -> bool:
    """Whether an entry learns how somebody asked for it, who has said so often that it helped, this time included
    (`of_person`); the people of their body did (`of_body`); and they said so of entries today (`of_day`)."""
    enough = of_person <= OF_PERSON and of_body <= OF_BODY and of_day <= OF_DAY
    return enough and len(words) >= SHORTEST
