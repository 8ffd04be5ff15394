"""Municipalities and other bodies: which one somebody means, by code, by name, or by what they type into a search.

Codes and names are matched whole: 25 names are borne by several municipalities, and many are part of another's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from bot.domain.municipality import check_digit, is_code
from bot.errors import UserError

_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_BEGUN = re.compile(r"(?<=[^\x00-\x7f])[a-z]+$")
"""Latin letters after Japanese: what the input method has not yet turned into kana."""


class UnclearBody(UserError):
    """どの団体か分かりません。団体コードを確かめてください。"""


@dataclass(frozen=True, slots=True)
class Body:
    """A municipality or another body. `kind` is 市, 町, 村, 特別区, 指定都市 or, beside the 1,741, whatever it is called."""

    code: str
    prefecture: str
    name: str
    kana: str
    kind: str


def plain(text: str) -> str:
    """A name as it is compared: compatibility forms folded, spaces left out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def folded(text: str) -> str:
    """A name as it is searched: without case and without a difference between hiragana and katakana."""
    return plain(text).lower().translate(_HIRAGANA)


@dataclass(frozen=True, slots=True)
class Directory:
    """All bodies we know."""

    bodies: tuple[Body, ...]
    by_code: dict[str, Body] = field(default_factory=dict)
    _by_name: dict[str, list[Body]] = field(default_factory=dict)
    _searched: list[tuple[str, str, str, Body]] = field(default_factory=list)

    @classmethod
    def of(cls, bodies: Iterable[Body]) -> Directory:
        """Index them once."""
        found = cls(tuple(bodies))
        for body in found.bodies:
            found.by_code[body.code] = body
            for name in {plain(body.name), plain(body.prefecture + body.name)}:
                found._by_name.setdefault(name, []).append(body)
            found._searched.append((folded(body.name), folded(body.kana), folded(body.prefecture), body))
        return found

    def meant(self, *, code: str = "", name: str = "", prefecture: str = "") -> Body:
        """The one body that all that is given fits.

        Raises:
            UnclearBody: none does, or several do; the sentence says which and what to write.
        """
        found = self._coded(code) if code else self._by_name.get(plain(name), [])
        if not found:
            raise UnclearBody(
                f"「{code or name}」という団体はありません。正式な名前か6桁の団体コードを書いてください。"
            )
        fits = [each for each in found if _fits(each, name, prefecture)]
        if not fits:
            raise UnclearBody(
                f"{_named(found)}です。「{prefecture}{name}」と合いません。どちらかを直してください。"
            )
        if len(fits) > 1:
            self._several(fits, code)
        if code and fits[0].code[:5] == plain(code):
            raise UnclearBody("団体コードは、検査数字まで6桁で書いてください。")
        return fits[0]

    def _coded(self, text: str) -> list[Body]:
        """The bodies a code may mean. Excel eats the leading zero: five digits are also one of these, but may be a code
        without its check digit as well, which only a name beside it can tell."""
        code = plain(text)
        if is_code(code):
            found = [code]
        elif re.fullmatch(r"[0-9]{5}", code) and is_code(f"0{code}"):
            found = [f"0{code}", code + check_digit(code)]
        elif re.fullmatch(r"[0-9]{6}", code):
            raise UnclearBody(f"団体コード「{code}」は検査数字が合いません。打ちまちがいを確かめてください。")
        else:
            raise UnclearBody("団体コードは6桁の数字で書いてください。")
        return [self.by_code[each] for each in found if each in self.by_code]

    def _several(self, fits: list[Body], code: str) -> NoReturn:
        if code:
            raise UnclearBody(f"「{code}」は{_named(fits)}のどちらとも読めます。6桁で書いてください。")
        where = "・".join(each.prefecture for each in fits)
        same = len({each.prefecture for each in fits}) < len(fits)
        how = "団体コードで書いてください" if same else "都道府県も書いてください"
        raise UnclearBody(f"「{fits[0].name}」は{where}にあります。{how}。")

    def search(self, typed: str, *, own: str = "", most: int = 100) -> list[Body]:
        """What somebody may mean who types a part of a name, its kana, a prefecture or several of these: their own
        prefecture first, then what begins with it, then what holds it. Nothing typed: their own prefecture's."""
        words = [folded(word) for word in _BEGUN.sub("", typed.strip().lower()).split()]
        placed = []
        for place, (name, kana, prefecture, body) in enumerate(self._searched):
            if not words and body.prefecture != own:
                continue
            held = f"{prefecture} {name} {kana}"
            if all(word in held for word in words):
                begins = any(each.startswith(words[-1]) for each in (name, kana)) if words else True
                placed.append((body.prefecture != own, not begins, place, body))
        return [body for *_, body in sorted(placed, key=lambda each: each[:3])[:most]]


def _fits(body: Body, name: str, prefecture: str) -> bool:
    named = not name or plain(name) in {plain(body.name), plain(body.prefecture + body.name)}
    return named and (not prefecture or plain(prefecture) == plain(body.prefecture))


def _named(bodies: Iterable[Body]) -> str:
    return "・".join(f"{body.name}({body.prefecture} {body.code})" for body in bodies)
