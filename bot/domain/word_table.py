"""Words that mean the same and words that say nothing, as a prefecture keeps them beside those of the program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.terms import fold, tidy
from bot.domain.vocabulary import Vocabulary

Group = tuple[str, ...]

MOST_GROUPS, MOST_WORDS, MOST_SILENT = 150, 6, 100
LONGEST: Final = 30
"""Characters of a word."""
SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class WordTable:
    """A prefecture's own groups of words that mean the same (`alike`), words that are not looked for (`silent`), and the
    default groups it does without, each by its first word (`apart`)."""

    alike: tuple[Group, ...] = ()
    silent: tuple[str, ...] = ()
    apart: frozenset[str] = field(default_factory=frozenset)

    def vocabulary(self, usual: Vocabulary) -> Vocabulary:
        """All words that hold, with the `usual` ones that the prefecture does not do without."""
        kept = tuple(group for group in usual.groups if group[0] not in self.apart)
        return Vocabulary((*self.alike, *kept), (*usual.silent, *self.silent))


def read(
    alike: str, silent: str, apart: Sequence[str], usual: Vocabulary
) -> tuple[WordTable, Mapping[str, str]]:
    """A table from what somebody entered, and what is wrong with it, in a sentence for "alike" and "silent". A group is a
    line, its words joined by 「=」; silent words are lines, or have 「、」 between them; `apart` are first words of `usual`
    groups."""
    problems: dict[str, str] = {}
    groups = [_words(line, "=") for line in tidy(alike).splitlines() if line.strip()]
    quiet = [word for line in tidy(silent).splitlines() for word in _words(line, "、")]
    if problem := _wrong_groups(groups):
        problems["alike"] = problem
    if problem := _wrong_silent(quiet, {fold(word) for group in groups for word in group}):
        problems["silent"] = problem
    known = {group[0] for group in usual.groups}
    return WordTable(tuple(groups), tuple(dict.fromkeys(quiet)), frozenset(apart) & known), problems


def _words(line: str, sign: str) -> Group:
    return tuple(word for part in re.split(rf"[{sign},、]", line) if (word := " ".join(part.split())))


def _wrong_groups(groups: Sequence[Group]) -> str | None:
    if len(groups) > MOST_GROUPS:
        return f"{MOST_GROUPS}組までにしてください(いま{len(groups)}組)。"
    seen: set[str] = set()
    for group in groups:
        said = "=".join(group)[:LONGEST]
        if not 2 <= len(group) <= MOST_WORDS:
            return f"「{said}」:1行に2つから{MOST_WORDS}つのことばを「=」でつないでください。"
        if problem := _wrong_word(group):
            return problem
        forms = [fold(word) for word in group]
        if twice := next(
            (w for w, f in zip(group, forms, strict=True) if forms.count(f) > 1 or f in seen), None
        ):
            return f"「{twice}」が2回出てきます。1つの行にまとめてください。"
        seen |= set(forms)
    return None


def _wrong_silent(words: Sequence[str], alike: set[str]) -> str | None:
    if len(words) > MOST_SILENT:
        return f"{MOST_SILENT}語までにしてください(いま{len(words)}語)。"
    if both := next((word for word in words if fold(word) in alike), None):
        return f"「{both}」は、同じ意味のことばにも入っています。どちらかにしてください。"
    return _wrong_word(words)


def _wrong_word(words: Sequence[str]) -> str | None:
    for word in words:
        if not SHORTEST <= len(word) <= LONGEST or not any(map(str.isalnum, word)):
            return f"「{word[:LONGEST]}」:ことばは{SHORTEST}文字から{LONGEST}文字までです。"
    return None


def said(table: WordTable) -> tuple[str, str]:
    """The table as somebody entered it: the groups, the silent words."""
    return "\n".join("=".join(group) for group in table.alike), "\n".join(table.silent)
