"""The list of FAQ entries as an office keeps it: its columns, and the words in them.

A line with a No. is that entry; one without is a new one, unless it says word for word what an entry says. An empty cell
leaves as it is what is known; 「なし」 empties it, but for 費用 and 手間, of which it is a thing to say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.faq import Kind, State
from handlers.common.lists import Column

COLUMNS = (
    Column("number", "No.", ("番号", "No", "FAQ No.", "FAQ番号")),
    Column("kind", "種類", ("区分",)),
    Column("question", "質問", ("問い", "Q")),
    Column("answer", "回答", ("答え", "A")),
    Column("field", "分野"),
    Column("tags", "検索のことば", ("検索語", "タグ", "キーワード")),
    Column("sources", "もとになる資料", ("資料", "出典")),
    Column("owner", "内容の担当", ("担当", "担当者")),
    Column("review_on", "見直す日", ("見直し日", "次の見直し")),
    Column("body", "団体", ("団体名", "市町村", "市町村名")),
    Column("size", "人口の規模", ("人口規模",)),
    Column("cost", "費用", ("かかった費用",)),
    Column("effort", "手間", ("かかった手間",)),
    Column("contact", "問い合わせ先", ("問合せ先",)),
    Column("phrasings", "聞き方の例", ("聞き方",)),
    Column("state", "状態"),
    Column("note", "備考", ("メモ",)),
)
"""備考 is for the office's own use: read over."""
TITLES = {column.key: column.title for column in COLUMNS}
NEEDED = ("question", "answer", "field", "owner")
"""What a new entry cannot be without."""
KINDS = {Kind.FAQ.value: "FAQ", Kind.CASE.value: "好事例"}
STATES = {State.PUBLISHED.value: "公開", State.REVIEW.value: "確認待ち", State.DRAFT.value: "下書き"}
OTHER_WORDS = {"公開中": State.PUBLISHED.value, "公開済み": State.PUBLISHED.value}


def missing(keys: Collection[str]) -> Sequence[str]:
    """What keeps a list from saying anything."""
    if "number" in keys:
        return []
    return [f"「{TITLES[key]}」の列がありません。" for key in NEEDED if key not in keys]


def plain(text: str) -> str:
    """A cell as it is kept: its lines end in one way, whatever program wrote them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


_AS_SHIFT_JIS = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
"""What a file saved as Shift_JIS gives back for what was in it (unicode.org, "CP932.TXT")."""


def alike(text: str) -> str:
    """The same as whatever program kept it would write it."""
    return plain(text).translate(_AS_SHIFT_JIS)


def flat(text: str) -> str:
    """The same in one line."""
    return " ".join(text.split())
