"""Taking the names of people and bodies out of a text, before others read it.

What is known is given: this module looks nothing up. It takes out what it is sure of; a person reads the text before it is
published, so that it need not take out what may as well be a word (a family name of one character, 「石川」 in 「石川県」).
Numbers and addresses are read as `bot.domain.signs` has them, names as `bot.domain.person_names` does: in any width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain import signs
from bot.domain.bodies import Body
from bot.domain.person_names import TITLES, TITLES_BUT_HEADS, PersonName, fold, index

SOMEBODY = "担当の方"
_SPACES = "[ \u3000]*"
_TITLE, _TITLE_BUT_HEADS = (rf"(?:{_SPACES}(?:{titles}))" for titles in (TITLES, TITLES_BUT_HEADS))
_SIGNED = "(?=です|でございます|と申します|といいます|と言います|より|拝)"
"""After the family name of who signs."""
_NO_PLACE = r"(?![県市町村区郡島山川駅])"
"""After a name without a title: 「石川」 is not somebody in 「石川県」."""
_APART = r"(?<![\u3400-\u9fff々])"
_NO_KANJI = r"(?![\u3400-\u9fff々])"
_NO_WORD = "(?![場街])"
"""Around the name of a body other than the one the matter is about: 「第三次市総合計画」 and 「中央市場」 name none."""
_AS_A_NAME = rf"(?:{_NO_KANJI}|(?=役場|役所|庁|側|民))"
"""After the short name of the body the matter is about, where it has two characters: 「中央会計」 does not name 中央市."""
_KINDS = {"市": "ある市", "町": "ある町", "村": "ある村", "特別区": "ある区", "指定都市": "ある市"}
_LETTER = "[a-z]"
_SHORT = 3

_MAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z0-9\-]*[A-Za-z0-9]"
)
_GAP = "[-.() ]{1,3}"
_AREA = r"(?:\(0\d{1,4}\) ?|0\d{1,4}" + _GAP + ")"
_PHONE = re.compile(
    rf"(?<!\d)(?<!\d[-.])(?:\+ ?81(?:[-.() ]{{0,3}}\d){{9,10}}"
    rf"|{_AREA}(?:\d{{1,4}}{_GAP}\d{{3,4}}|\d{{5,8}})|0[1-9]\d{{8,9}})(?![-.]?\d)"
)
_PHONE_DIGITS = {10, 11}
"""Source: 電気通信番号計画 (総務省告示): 0 and nine digits, or ten for mobile telephones and a few more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A text without names, and what was taken out of it (as it stood there, each once)."""

    text: str
    taken: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """A text while names are taken out of it."""

    text: str
    taken: dict[str, None] = field(default_factory=dict)

    def put(self, replacement: str, places: Iterable[tuple[int, int]]) -> None:
        """Replace what stands there (start, stop, in order)."""
        parts, last = [], 0
        for start, stop in places:
            self.taken[self.text[start:stop].strip()] = None
            parts += [self.text[last:start], replacement]
            last = stop
        self.text = "".join([*parts, self.text[last:]])


def without_names(
    text: str,
    *,
    people: Iterable[str] = (),
    near: Iterable[str] = (),
    bodies: Iterable[Body] = (),
    own: Body | None = None,
) -> Taken:
    """Take out whom and what is named.

    Args:
        text: plain text.
        people: the names of everybody who may be named, as they show them. Whole names go; family names alone, also those
            that begin a name without a space, only where a title follows.
        near: those among them who had a part in the matter: their family names go without a title as well.
        bodies: the bodies that may be named, by their whole name.
        own: the body the matter is about: its name goes without 市, 町 or 村 as well.
    """
    draft = _Draft(text)
    draft.put("(メールアドレス)", _spans(_MAIL, draft.text, signs.in_words))
    draft.put("(電話番号)", _phones(draft.text))
    folded = fold(text)
    named = {each.name: each for each in [*bodies, *([own] if own else [])] if fold(each.name) in folded}
    for body in sorted(named.values(), key=lambda each: -len(each.name)):
        name = rf"(?:{re.escape(body.prefecture)})?{re.escape(fold(body.name))}"
        pattern = name if body == own else _APART + name + _NO_WORD
        draft.put(_some(body), _spans(re.compile(pattern), draft.text, fold))
    if own is not None and (short := _short(own)):
        draft.put(_some(own), _spans(re.compile(short), draft.text, fold))
    for person in _patterns(frozenset(people), frozenset(near), folded):
        draft.put(SOMEBODY, _spans(person, draft.text, fold))
    return Taken(draft.text, tuple(draft.taken))


def _spans(pattern: re.Pattern[str], text: str, read_as: Callable[[str], str]) -> Iterator[tuple[int, int]]:
    """Where a pattern is found in a text that is read as something of the same length."""
    return (match.span() for match in pattern.finditer(read_as(text)))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    plain, places = signs.seen(signs.in_numbers(text))
    for match in _PHONE.finditer(plain):
        start, stop = places[match.start()], places[match.end() - 1] + 1
        digits = sum(map(str.isdecimal, match[0]))
        if (match[0].startswith("+") or digits in _PHONE_DIGITS) and "\n" not in text[start:stop]:
            yield start, stop


def _some(body: Body) -> str:
    return _KINDS.get(body.kind, "ある団体")


def _short(body: Body) -> str:
    """The pattern of a body's name without its kind, if that is a name by itself."""
    short = fold(body.name[:-1]) if body.name[-1:] in {"市", "町", "村", "区"} else ""
    if len(short) < 2:
        return ""
    return re.escape(short) if len(short) > 2 else _APART + re.escape(short) + _AS_A_NAME


def _patterns(people: frozenset[str], near: frozenset[str], text: str) -> list[re.Pattern[str]]:
    """The names that stand in the (folded) text, as patterns: whole names first, longer ones before shorter ones."""
    whole: set[str] = set()
    titled: set[str] = set()
    for name in _standing(people | near, text):
        whole.update(_whole(f"{a}{_SPACES}{b}", len(a + b)) for a, b in name.whole if a in text and b in text)
        if name.one and name.one in text:
            whole.add(_whole(name.one + _NO_PLACE, len(name.one)))
        titled.update(each for each in (*name.family, *name.begins) if each in text)
    alone: set[str] = set()
    signed: set[str] = set()
    for name in _standing(near, text):
        alone.update(each for each in name.family if len(each) >= 2 and each in text and not each.isascii())
        signed.update(each for each in name.begins if each in text)
    found = _longest(whole)
    found += [_titled(each) for each in _longest(titled)]
    found += [each + _NO_PLACE for each in _longest(alone)]
    found += [each + _SIGNED for each in _longest(signed)]
    return [re.compile(_bounded(each)) for each in found]


def _standing(names: frozenset[str], text: str) -> Iterator[PersonName]:
    by_first = index(names)
    for first in set(text):
        yield from by_first.get(first, ())


def _whole(pattern: str, length: int) -> str:
    """A whole name, with a title if one follows. A short one may be cut out of other words: 「田中 学」 of 「中学校」."""
    if length > _SHORT:
        return f"{pattern}{_TITLE}?"
    return f"{_APART if length < _SHORT else ''}{pattern}(?:{_TITLE}|{_NO_KANJI})"


def _titled(family: str) -> str:
    return f"{_APART}{family}{_TITLE_BUT_HEADS}" if len(family) == 1 else family + _TITLE


def _longest(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda each: (-len(each), each))


def _bounded(pattern: str) -> str:
    """A Latin name is not a part of a longer word."""
    return (
        rf"(?<!{_LETTER}){pattern}(?!{_LETTER})" if pattern[0].isalpha() and pattern[0].isascii() else pattern
    )
