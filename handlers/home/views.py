"""What people see on Home. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.question import State
from bot.domain.text import escape
from bot.feature import Blocks
from handlers.common.blocks import Block, actions, button, plain, section, small
from handlers.home.setup_views import CONTINUE, TITLES
from handlers.reports.views import OPEN as REPORT

ASK, PHONE, PERSON = "home_ask", "home_phone", "home_person"
PREPARING = "Banso は、いま準備中です。始まるまで、もうしばらくお待ちください。"
NOT_HERE = (
    "お越しくださり、ありがとうございます。このページは、この県の市町村と県の方が使うものです。"
    "共有チャンネルに書かれたことは、県の担当に届きます。"
)
_SAYS = {State.ANSWERED: "回答が届いています", State.WAITING: "確認したいことがあります"}


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a list. `words` are how it begins, `body` who asks (empty before the asker), `link` leads on."""

    number: str
    words: str
    body: str
    state: State
    target: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Early:
    """Somebody's words that wait for the opening, how they begin and where they stand."""

    who: str
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Setup:
    """How far the set-up is: the last step that was done, the one to go on with; `early` messages wait, some of them in
    `lines`."""

    done: int
    step: int
    early: int
    lines: Sequence[Early]


@dataclass(frozen=True, slots=True)
class Page:
    """Home of one person. `asked_…` is what they asked, `given_…` what they answer; `…_mine` waits for them, `…_others` for
    the other side, `study` the line of the next study session. Not `welcome`: somebody of another organisation."""

    head: str
    welcome: bool = True
    is_open: bool = True
    setup: Setup | None = None
    place: str = ""
    asks: bool = False
    answers: bool = False
    manages: bool = False
    reports: bool = False
    asked_mine: Sequence[Line] = ()
    asked_others: Sequence[Line] = ()
    given_mine: Sequence[Line] = ()
    given_others: Sequence[Line] = ()
    study: Sequence[Block] = ()


def home(page: Page) -> Block:
    """The whole tab; at most a hundred blocks."""
    return {"type": "home", "blocks": _blocks(page)}


def _blocks(page: Page) -> Blocks:
    place = f"|{escape(page.place)}" if page.place else ""
    blocks: Blocks = [section(f"*{escape(page.head)} Banso*{place}")]
    if not page.welcome:
        return [*blocks, section(NOT_HERE)]
    blocks += _setup(page.setup) if page.setup else [] if page.is_open else [section(PREPARING)]
    row = [button("相談する", ASK, "-", primary=True)] if page.asks else []
    if page.answers:
        row.append(button("電話・訪問の相談を登録", PHONE, "-"))
    if page.reports:
        row.append(button("集計をExcelで", REPORT, "-"))
    blocks += [actions(*row)] if row else []
    blocks += _list("■ あなたの番です(ご自分の相談)", page.asked_mine)
    blocks += _list("■ あなたの番です(担当の相談)", page.given_mine)
    blocks += _list("■ 対応中(ご自分の相談)", page.asked_others)
    blocks += _list("■ 相談者さんの返事待ち", page.given_others)
    if page.is_open and not (page.asked_mine or page.asked_others or page.given_mine or page.given_others):
        blocks.append(section("いま、お待ちの相談はありません。"))
    return [*blocks, *page.study, *(_members() if page.manages else [])]


def _setup(found: Setup) -> Blocks:
    title = f"*はじめの設定 {found.done}/{len(TITLES)}*|次は {found.step}. {TITLES[found.step - 1]}"
    blocks: Blocks = [
        section(f"{title}\n公開するまで、市町村の方には何も届きません。"),
        actions(button("続ける", CONTINUE, "-", primary=True)),
    ]
    if found.early:
        blocks.append(section(f"*公開を待っている書き込み {found.early} 件*|公開すると届きます"))
    return [
        *blocks,
        *(section(f"{escape(e.who)}:{escape(e.words)} <{escape(e.link)}|読む>") for e in found.lines),
    ]


def _list(title: str, lines: Sequence[Line]) -> Blocks:
    return [section(f"*{title}*"), *map(_entry, lines)] if lines else []


def _entry(line: Line) -> Block:
    says = _SAYS.get(line.state, f"返信の目安 {line.target}") if not line.body else f"目安 {line.target}"
    body = f"{escape(line.body)}|" if line.body else ""
    link = f" <{escape(line.link)}|読む>" if line.link else ""
    return section(f"{line.number} {body}{escape(line.words)}\n{says}{link}")


def _members() -> Blocks:
    menu = {"type": "users_select", "action_id": PERSON, "placeholder": plain("名前を入れて探す")}
    words = section("*メンバー*|権限や所属を変える方を選んでください")
    return [{**words, "accessory": menu}, small("名簿をまとめて入れるときは、運用の担当が取り込みます。")]
