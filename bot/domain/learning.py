"""How much use may teach the search: many people's words, not one person's many."""

from __future__ import annotations

import re
from typing import Final

SHORTEST: Final = 4
"""Characters of what somebody typed; less leads to too much."""
OF_PERSON, OF_BODY, OF_DAY = 2, 3, 10
"""So many times one person, and the people of one body, teach an entry; so much one person teaches in a day."""

MOST: Final = 40
"""Ways to ask that an entry is found by, the newest: so many its editors read and can take back, so no other leads to it."""

_ADDRESSED: Final = re.compile(
    r"([\u3400-\u9fff々])(?:さん|さま|(?<![仕同多模一異有両文])様(?![式々子態相])|氏(?!名))"
)
"""Kanji before how somebody is addressed; not 「仕様」 or 「様式」."""
_ROLES: Final = frozenset("者員民客主官長課係方屋店親母父妻夫皆奥嫁婿婦業署団社生師某摂同")
"""Kanji that what somebody is ends with, rather than their name: 「業者さん」「皆さん」."""


def names_somebody(words: str) -> bool:
    """Whether words may name somebody nobody knows, a resident: 「山田さんの住民票」. Rather too often: such words are not
    learned without an editor, who reads them."""
    return any(found[1] not in _ROLES for found in _ADDRESSED.finditer(words.replace("お子", "")))


def learns(words: str, *, of_person: int, of_body: int, of_day: int) -> bool:
    """Whether an entry learns how somebody asked for it, who has said so often that it helped, this time included
    (`of_person`); the people of their body did (`of_body`); and they said so of entries today (`of_day`). Not what may
    name somebody."""
    enough = of_person <= OF_PERSON and of_body <= OF_BODY and of_day <= OF_DAY
    return enough and len(words) >= SHORTEST and not names_somebody(words)
