"""Home of the prefecture's staff and of the administrator: how the desk fares, and the bot itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import escape, excerpt
from bot.feature import Blocks
from handlers.common.blocks import Block, actions, button, modal, section
from handlers.home.list_views import opens
from handlers.rota.mine_views import GAPS
from handlers.rota.views import ARRANGE

SHOWN_DAYS, SHOWN_FINDINGS = 5, 12
INSPECT = "home_inspect"
_INSPECT = button("点検する", INSPECT, "-")


@dataclass(frozen=True, slots=True)
class Searches:
    """How often people looked for something in the last days, how often it ended in 「これで解決」, in vain, or unread; of
    how many topics an entry is wanted, and how many entries were never found."""

    all: int
    solved: int
    vain: int
    unread: int
    to_write: int
    never: int


@dataclass(frozen=True, slots=True)
class Office:
    """The prefecture's numbers. `received` and what it consists of are of the fiscal year `year`; `reviews`, `old` and
    `drafts` are entries that wait (`reviews` None: not for this person); `gaps` are days in words; `quiet` bodies did not
    use the desk for two months, or not `quiet_long`: not yet, for it is not open so long."""

    year: str
    received: int
    waiting: int
    answered: int
    closed: int
    nobodys: int
    late: int
    emergencies: int
    reviews: int | None
    old: int
    drafts: int
    gaps: Sequence[str]
    quiet: int
    quiet_long: bool
    arranges: bool = False
    searches: Searches | None = None


@dataclass(frozen=True, slots=True)
class Bot:
    """How the bot fares: when it was `looked` at (None: not yet since it started), its connections then (None: it needs
    none), what was found; when the newest message was `heard`."""

    looked: str | None
    sockets: int | None
    findings: Sequence[str]
    heard: str | None
    undelivered: int
    version: str


def office(found: Office) -> Blocks:
    """The prefecture's part."""
    blocks = _numbers(
        f"*■ {found.year}*|受付 {found.received}"
        f"=未回答 {found.waiting}+回答あり {found.answered}+終了 {found.closed}",
        ("受付", "received", found.received),
        ("未回答", "waiting", found.waiting),
        ("回答あり", "answered", found.answered),
        ("終了", "closed", found.closed),
    )
    blocks += _numbers(
        f"*■ 今すぐ確認*|担当なし {found.nobodys}・目安超過 {found.late}・緊急 {found.emergencies}",
        ("担当なし", "nobodys", found.nobodys),
        ("目安超過", "late", found.late),
        ("緊急", "emergencies", found.emergencies),
    )
    if found.reviews is not None:
        blocks += _numbers(
            f"*■ 確認待ち*|FAQ {found.reviews}・見直しの時期 {found.old}・下書き {found.drafts}",
            ("確認待ちのFAQ", "reviews", found.reviews),
            ("見直し", "old", found.old),
            ("下書き", "all_drafts", found.drafts),
        )
    blocks += _searches(found.searches) if found.searches is not None else []
    days = "、".join(found.gaps[:SHOWN_DAYS]) or "ありません"
    more = f" ほか{len(found.gaps) - SHOWN_DAYS}日" if len(found.gaps) > SHOWN_DAYS else ""
    blocks.append(number(f"*■ 2週間以内の当番の空き*|{days}{more}", "gaps", len(found.gaps), "日"))
    if found.arranges:
        row = [button("当番の空きの案を見る", GAPS, "-")] if found.gaps else []
        blocks.append(actions(*row, button("当番を組む", ARRANGE, "-")))
    since = "60日" if found.quiet_long else "まだ"
    blocks.append(
        number(f"*■ 声をかけたい団体({since}利用なし)* {found.quiet}", "quiet", found.quiet, "団体")
    )
    return blocks


def _searches(found: Searches) -> Blocks:
    share = f"(解決 {round(100 * found.solved / found.all)}%)" if found.all else ""
    return _numbers(
        f"*■ FAQの検索(30日)*|{found.all}回{share}・見つからない {found.vain}・次に書くとよいこと {found.to_write}",
        ("次に書くとよいこと", "to_write", found.to_write),
        ("見つからない", "searches_vain", found.vain),
        ("開かれない", "searches_unread", found.unread),
        ("これで解決", "searches_solved", found.solved),
        ("検索", "searches", found.all),
        ("見つかったことがないFAQ", "never_found", found.never),
    )


def number(words: str, name: str, count: int, unit: str = "件") -> Block:
    """A line with one number, and the button that opens its list where there is something in it."""
    said = section(words)
    return {**said, "accessory": opens(f"{count}{unit}を見る", name)} if count else said


def _numbers(words: str, *parts: tuple[str, str, int]) -> Blocks:
    """A line with several numbers, and a button for each that is not zero."""
    row = [opens(f"{label} {count}", name) for label, name, count in parts if count]
    return [section(words), *([actions(*row)] if row else [])]


def bot(found: Bot) -> Blocks:
    """The administrator's part."""
    heard = f"最後に受け取った書き込み {found.heard}" if found.heard else "書き込みはまだ受け取っていません"
    undelivered = number(
        f"*■ ボットの様子*|未配信 {found.undelivered}\n接続:{_connection(found)}|{heard}",
        "undelivered",
        found.undelivered,
    )
    blocks: Blocks = [undelivered]
    blocks += [section(f"⚠️ {escape(excerpt(each, 300))}") for each in found.findings[:SHOWN_FINDINGS]]
    looked = "点検はこれからです(起動から30秒ほど)"
    if found.looked is not None:
        looked = f"点検 {found.looked}" + ("" if found.findings else "|問題は見つかりませんでした")
    return [*blocks, {**section(f"{looked}|版 {escape(found.version)}"), "accessory": _INSPECT}]


def inspected(found: Bot) -> Block:
    """The dialog after 「点検する」: how the bot fares at this moment."""
    return modal("点検", bot(found))


def _connection(found: Bot) -> str:
    if found.looked is None:
        return "確かめています"
    if found.sockets is None:
        return "HTTP モード"
    return f"正常({found.sockets}本)" if found.sockets else "切れています"
