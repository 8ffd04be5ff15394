"""Taking the names of people and bodies out of a text, before others read it.

What is known is given: this module looks nothing up. It takes out what it is sure of; a person reads the text before it is
published, so that it need not take out what may as well be a word (a family name of one character, 「石川」 in 「石川県」).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.domain.bodies import Body

SOMEBODY = "担当の方"
_TITLES = (
    "さん|様|さま|氏|君|先生|係長|係員|課長補佐|課長|部長|局長|室長|主幹|副主幹|主査|主任|主事|参事|補佐"
    "|市長|町長|村長|副市長|副町長|副村長"
)
_TITLE = rf"(?:[ \u3000]*(?:{_TITLES}))"
_SPACE = re.compile(r"[ \u3000]+")
_NO_PLACE = r"(?![県市町村区郡島山川駅])"
"""After a family name without a title: 「石川」 is not somebody in 「石川県」."""
_APART = r"(?<![\u3400-\u9fff々])"
_NO_WORD = "(?![場街])"
"""Around the name of a body other than the one the matter is about: 「第三次市総合計画」 and 「中央市場」 name none."""
_KINDS = {"市": "ある市", "町": "ある町", "村": "ある村", "特別区": "ある区", "指定都市": "ある市"}
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+[@\uff20][A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_GAP = r"[\-\u2010-\u2015\u2212\u30fc()\uff08\uff09 ]"
_PHONE = re.compile(rf"(?<![\d.\-])0\d{{1,4}}{_GAP}\d{{1,4}}{_GAP}\d{{3,4}}(?!\d)")


@dataclass(frozen=True, slots=True)
class Taken:
    """A text without names, and what was taken out of it (as it stood there, each once)."""

    text: str
    taken: tuple[str, ...]


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
        people: the full names (family name first, a space between) of everybody who may be named. Their family names
            alone go only where a title follows.
        near: those among them who had a part in the matter: their family names go without a title as well.
        bodies: the bodies that may be named, by their whole name.
        own: the body the matter is about: its name goes without 市, 町 or 村 as well.
    """
    found: dict[str, None] = {}

    def put(replacement: str, pattern: re.Pattern[str], inside: str) -> str:
        def replace(match: re.Match[str]) -> str:
            found[match[0].strip()] = None
            return replacement

        return pattern.sub(replace, inside)

    text = put("(メールアドレス)", _MAIL, text)
    text = put("(電話番号)", _PHONE, text)
    named = {body.name: body for body in [*bodies, *([own] if own else [])] if body.name in text}
    for body in sorted(named.values(), key=lambda each: -len(each.name)):
        name = rf"(?:{re.escape(body.prefecture)})?{re.escape(body.name)}"
        text = put(_some(body), re.compile(name if body == own else _APART + name + _NO_WORD), text)
    if own is not None and (short := _short(own)) and short in text:
        text = put(_some(own), re.compile(re.escape(short)), text)
    close = set(near)
    for pattern in _patterns({*people, *close}, close, text):
        text = put(SOMEBODY, pattern, text)
    return Taken(text, tuple(found))


def _some(body: Body) -> str:
    return _KINDS.get(body.kind, "ある団体")


def _short(body: Body) -> str:
    """A body's name without its kind, if that is a name by itself."""
    short = body.name[:-1] if body.name[-1:] in {"市", "町", "村", "区"} else ""
    return short if len(short) >= 2 else ""


def _patterns(people: Collection[str], near: Collection[str], text: str) -> list[re.Pattern[str]]:
    """The names that stand in the text, as patterns: whole names first, longer ones before shorter ones."""
    whole, titled, alone = set(), set(), set()
    for name in people:
        parts = _SPACE.split(name.strip())
        if not parts[0] or parts[0] not in text:
            continue
        if len(parts) > 1:
            whole.add(r"[ \u3000]*".join(map(re.escape, parts)) + _TITLE + "?")
        titled.add(parts[0])
        if name in near and len(parts[0]) >= 2:
            alone.add(parts[0])
    found = sorted(whole, key=len, reverse=True)
    found += [re.escape(each) + _TITLE for each in sorted(titled, key=len, reverse=True)]
    found += [re.escape(each) + _NO_PLACE for each in sorted(alone, key=len, reverse=True)]
    return [re.compile(each) for each in found]
