"""What of a name that people show names them: 「山田 太郎(波待島村)」, 「総務課 山田」, 「Taro Yamada / DX」.

Names are typed by people, who add where they work, leave out the space or write another form of a character. Nothing is
looked up here: whether a word may be a family name is judged by its shape alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_VARIANTS: Final = str.maketrans(
    "髙﨑嵜碕澤邊邉齋齊斎濵濱廣國櫻德眞惠龍髮桒嶋嶌冨舘槇瀨ヶヵ",
    "高崎崎崎沢辺辺斉斉斉浜浜広国桜徳真恵竜髪桑島島富館槙瀬ケカ",
)
"""Forms of one character that stand for one another in names."""


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code).translate(_VARIANTS)
        plain = unicodedata.normalize("NFKC", char).lower()
        self[code] = found = plain.translate(_VARIANTS) if len(plain) == 1 else char
        return found


_FOLDING = _Folding()


def fold(text: str) -> str:
    """One form of what is written in several (widths, capitals, 「髙」 and 「高」), character by character."""
    return text.translate(_FOLDING)


_ALL_TITLES: Final = (
    "さん 様 さま 氏 君 くん 殿 先生 係長 係員 課長補佐 課長 部長 局長 室長 次長 所長 館長 主幹 副主幹 主査 主任 主事 参事"
    " 補佐官 補佐 技師 主任技師 保健師 議員 議長 教育長 会計管理者 知事 副知事 市長 町長 村長 副市長 副町長 副村長"
    " リーダー アドバイザー"
)
_TITLES: Final = tuple(_ALL_TITLES.split())
_HEADS: Final = ("知事", "市長", "町長", "村長")
TITLES, TITLES_BUT_HEADS = (
    "|".join(sorted(titles, key=lambda title: -len(title)))
    for titles in (_TITLES, [each for each in _TITLES if each not in _HEADS])
)
"""What follows a name of somebody, as alternatives of a pattern, the longest first; and without those that make 「県知事」
of the name 「県」."""
_TITLE_AFTER = re.compile(f"(?<=..)(?:{TITLES})$")
_IN_BRACKETS = re.compile(r"[(\[{【〔〈《「『<][^)\]}】〕〉》」』>]*[)\]}】〕〉》」』>]?")
_OFFICE = re.compile(
    "総務|企画|財政|税務|会計|住民|市民|町民|村民|県民|福祉|保健|健康|介護|子育て|教育|学校|議会|選挙|監査|建設|土木|都市|環境|水道"
    "|農林|農業|産業|商工|観光|防災|危機|消防|情報|政策|推進|行政|管理|広報|秘書|人事|職員|契約|管財|地域|戦略|改革|統計"
    "|デジタル|システム|担当|窓口|事務|サポート|ヘルプ|テスト|アドバイザー|相談|役場|役所|委員会|組合|センター|支所|出張所|チーム"
    "|[課係局庁]$"
)
_SHARED: Final = frozenset({"dx", "it", "ict", "cio", "bot", "admin", "test", "support"})
"""Where somebody works, and names that several share."""
_PLACE = re.compile("..[県市町村区]$")
"""What may be a place as well as 「山田源市」; beside another name it is one."""
_SEGMENTS = re.compile("[/|@:;]")
_WORDS = re.compile(r"[\s_・,、.]+|(?<![a-z])-|-(?![a-z])")
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々]+")
_LATIN = re.compile(r"[a-z][a-z'\-]+")
_LONGEST = 8
_CERTAIN_KANJI, _CERTAIN_KANA = 3, 5
"""Letters from which on a name that is one word, with kanji or in kana, is hardly a word of the language."""
_SHORTEST_LATIN = 3


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name, folded. `family`: names by which somebody is called with a title. `whole`: family name and given name, in the
    orders in which they are written. `one`: a whole name that is one word. `begins`: how such a one may begin, one of which
    is the family name."""

    family: tuple[str, ...] = ()
    whole: tuple[tuple[str, str], ...] = ()
    one: str = ""
    begins: tuple[str, ...] = ()


@lru_cache(1 << 15)  # a name that is new makes a new index of all of them
def read(name: str) -> PersonName:
    """What of a shown name names a person; nothing where that is an office, or no word we know how to read."""
    found = [_named(segment) for segment in _SEGMENTS.split(_IN_BRACKETS.sub(" ", fold(name)))]
    sure = [[word for word in words if not _PLACE.search(word)] for words in found]
    chosen = next((words for words in (*sure, *found) if words), [])
    return _of(chosen) if chosen else PersonName()


@lru_cache(8)
def index(names: frozenset[str]) -> Mapping[str, Sequence[PersonName]]:
    """Names by the characters with which what is looked for begins: of 12,000 a text needs a few."""
    found: dict[str, list[PersonName]] = {}
    for name in filter(None, names):
        person = read(name)
        starts = (*person.family, *person.begins, person.one, *(first for first, _ in person.whole))
        for first in {start[0] for start in starts if start}:
            found.setdefault(first, []).append(person)
    return found


def _named(segment: str) -> list[str]:
    words = (_TITLE_AFTER.sub("", each) if each.endswith(_TITLES) else each for each in _WORDS.split(segment))
    return [each for each in words if _may_name(each)]


def _may_name(word: str) -> bool:
    if _LATIN.fullmatch(word):
        return word not in _SHARED
    if len(word) > _LONGEST or _JAPANESE.fullmatch(word) is None:
        return False
    return word not in _TITLES and _OFFICE.search(word) is None


def _of(words: list[str]) -> PersonName:
    first, *rest = words
    latin = [each for each in words[:2] if _LATIN.fullmatch(each)]
    called = tuple(each for each in latin if len(each) >= _SHORTEST_LATIN)
    if len(latin) == 2:
        return PersonName(called, ((latin[0], latin[1]), (latin[1], latin[0])))
    if latin and latin[0] == first:
        return PersonName(called)
    if rest:
        return PersonName((first,), ((first, rest[0]),))
    kanji = bool(_KANJI.search(first))
    certain = len(first) >= (_CERTAIN_KANJI if kanji else _CERTAIN_KANA)
    begins = tuple(first[:n] for n in (3, 2) if n < len(first)) if kanji and certain else ()
    return PersonName((first,), (), first if certain else "", begins)
