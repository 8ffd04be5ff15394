"""緊急: a virus, a leak, a lost device. What is done first, who is rung, what may follow what. Pure.

The steps follow what national guidance has in common (NISC and IPA on first response; the Personal Information Protection
Commission on leaks): cut the network, keep the power on, keep every trace, telephone a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.rota import Turn

UNSEEN_WITHIN = timedelta(minutes=10)
"""So soon somebody who was rung must have said that they are on it, at night as by day."""


class Kind(StrEnum):
    """What happened, as far as is known."""

    VIRUS = "virus"
    INTRUSION = "intrusion"
    LEAK = "leak"
    MISSENT = "missent"
    LOST = "lost"
    OTHER = "other"


KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.VIRUS: "ウイルス・ランサムウェア",
        Kind.INTRUSION: "不正アクセス・乗っ取り",
        Kind.LEAK: "情報漏えいのおそれ",
        Kind.MISSENT: "メールなどの誤送信",
        Kind.LOST: "端末・USBなどの紛失・盗難",
        Kind.OTHER: "そのほか・分からない",
    }
)


class State(StrEnum):
    """How it stands."""

    OPEN = "open"
    CONTROLLED = "controlled"
    CLOSED = "closed"


STATES: Mapping[State, str] = MappingProxyType(
    {State.OPEN: "対応中", State.CONTROLLED: "落ち着いた(見守り中)", State.CLOSED: "終わり"}
)
NEXT: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        State.OPEN: (State.CONTROLLED, State.CLOSED),
        State.CONTROLLED: (State.CLOSED, State.OPEN),
        State.CLOSED: (State.OPEN,),
    }
)
"""What may follow what: it may flare up again."""


def may_follow(before: State, after: State) -> bool:
    """Whether the one may follow the other."""
    return after in NEXT[before]


# --- what is done first -----------------------------------------------------------------------------------------------

STEPS = """①LANケーブルを抜く・無線(Wi-Fi)を切る
②電源は切らない・再起動しない
③自団体の責任者(情報セキュリティの担当・CSIRT)へ電話
④県へ電話"""
"""As long as the prefecture has no words of its own."""
NEVER = """・お金を払わない。犯人や画面の「サポート」に電話・返信をしない
・ログ・メール・ファイルを消さない。自分で駆除や初期化をしない
・ほかの端末で、同じメールやUSBを開かない"""
KEEP = """・画面をスマートフォンで撮る(住民の情報が写らないように)
・気づいた時刻、見たこと、したことを、時刻といっしょに書いておく"""
OTHERS: tuple[tuple[str, str], ...] = (
    (
        "誤送信のとき",
        "①取り消せるなら、送信を取り消す ②相手へ電話し、開かずに消してもらい、消えたことを確かめる "
        "③送ったものは消さずに残す ④自団体の責任者と個人情報の担当へ、次に県へ電話",
    ),
    (
        "紛失・盗難のとき",
        "①最後に見た場所・交通機関へ連絡し、警察へ届ける ②回線の停止、遠隔でのロック、パスワードの変更 "
        "③何が入っていたかを書き出す ④自団体の責任者へ、次に県へ電話",
    ),
)
REPORT = (
    "個人情報が漏れたおそれがあるときは、個人情報保護委員会への報告(速報はおおむね3〜5日以内)がいることがあります。"
    "自団体の個人情報の担当に確かめてください。"
)
PRECEDENCE = "自団体の手順書が優先です。"

LONGEST_STEPS, LONGEST_LINE = 1500, 80


def steps_of(own: str | None) -> str:
    """The steps as they are shown: the prefecture's own, or ours."""
    return own.strip() if own and own.strip() else STEPS


# --- what looks like one ----------------------------------------------------------------------------------------------

_HAPPENED = re.compile(
    r"感染(した|して|し|か|の疑|の恐|のおそ)|らんさむ(うぇあ)?(に|の|を|が|か)|身代金|暗号化され|拡張子が変わ"
    r"|(ういるす|まるうぇあ|とろい)(に|が|の警告|の表示|を検|検知|検出|かも|でしょうか|です)"
    r"|(情報|個人情報|でーた|名簿|資料)(が|を|の)?(漏えい|漏洩|ろうえい|流出)|(漏えい|漏洩|流出)(し|か|の疑|の恐|のおそ|が)"
    r"|不正(な)?(あくせす|ろぐいん)(さ|が|の疑|の恐|か|を受|され)|乗っ取られ|のっとられ|改ざんされ|改竄され|書き換えられ"
    r"|誤送信|誤って.{0,20}(送|添付|公開)|間違(え|っ)て.{0,20}(送信|送っ|送り|添付し|公開し)|宛先を間違|bcc.{0,12}(cc|to)で"
    r"|(usb|ぱそこん|たぶれっと|端末|すまほ|携帯|書類|名簿|めもり|鞄|かばん).{0,12}(紛失|なくし|無くし|失くし|落とし|置き忘|盗まれ|盗難|見つから)"
    r"|(怪し|あやし|不審|変).{0,12}(めーる|りんく|添付|ふぁいる).{0,14}(開い|開け|くりっく|押し|実行)"
    r"|(警告|偽).{0,16}(電話|消えな|閉じられ|鳴)|遠隔操作され|ふぃっしんぐ.{0,12}(入力|入れ)"
)
_PLANNING = re.compile(
    r"研修|訓練|規程|要綱|まにゅある|手順書|ひな(型|形)|雛形|予防|導入|見積|仕様|入札|契約|比較|お勧め|おすすめ|事例|計画"
    r"|ぽりしー|啓発|だった場合|したら.{0,8}(どう|何)|した(場合|とき|時)(の|に|は)|に備え|更新(期限|手続|料)"
)
_NOW = re.compile(
    r"しました|してしまい|されました|されています|出ました|出ています|かもしれ|至急|いま(?![すしせ])|今すぐ|たった今|ようです|みたいです"
)
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def looks_urgent(text: str) -> bool:
    """Whether somebody seems to tell of a virus, a leak or a loss that has happened: then the steps are offered, never more
    than that. Whoever plans, trains or buys is left alone, unless they also say that it is now."""
    folded = (
        unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA).replace("うぃるす", "ういるす")
    )
    folded = re.sub(r"\s+", "", folded)
    if _HAPPENED.search(folded) is None:
        return False
    return _PLANNING.search(folded) is None or _NOW.search(folded) is not None


# --- who is rung ------------------------------------------------------------------------------------------------------


def is_vendors(conflicts: Collection[str], code: str | None) -> bool:
    """Whether somebody's firm may have an interest in the matter: they are neither rung nor shown it. Nobody knows yet what
    it will turn out to be about, so a conflict in any field counts; and one with any body, while that is unknown."""
    bodies = {each for each in conflicts if each.startswith("body:")}
    return bool(set(conflicts) - bodies) or (bool(bodies) if code is None else f"body:{code}" in bodies)


def on_call(turns: Iterable[Turn], engineers: Sequence[str], now: datetime, today: date) -> list[str]:
    """The engineers in the order in which they are asked: on duty now, standing by, then whose turn is still to come or was
    today, the nearest first, then the others. `today` is the date in the zone of the turns."""
    when: dict[str, tuple[int, timedelta]] = {}
    for turn in turns:
        if turn.user_id not in engineers:
            continue
        if turn.starts <= now < turn.ends:
            rank = (int(turn.deputy), timedelta(0))
        elif turn.starts.date() == today or turn.ends.date() == today:
            rank = (2, min(abs(turn.starts - now), abs(turn.ends - now)))
        elif turn.starts > now:
            rank = (3, turn.starts - now)
        else:
            continue
        when[turn.user_id] = min(rank, when.get(turn.user_id, rank))
    last = (4, timedelta(0))
    return sorted(engineers, key=lambda user: (when.get(user, last), engineers.index(user)))


class Role(StrEnum):
    """Why somebody is told of it."""

    ASKER = "asker"
    DUTY = "duty"
    DEPUTY = "deputy"
    COORDINATOR = "coordinator"
    NEXT = "next"
    ADDED = "added"
    JOINED = "joined"


ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ASKER: "知らせた方",
        Role.DUTY: "当番(技術)",
        Role.DEPUTY: "当番の次(技術)",
        Role.COORDINATOR: "県の担当",
        Role.NEXT: "次の県の担当",
        Role.ADDED: "県の担当が加えた方",
        Role.JOINED: "対応場所から加わった方",
    }
)
