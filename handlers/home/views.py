"""What people see on Home. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import escape
from bot.feature import Blocks
from handlers.calendars.views import OPENS as TAKE_ALONG
from handlers.common.blocks import Block, actions, button, plain, section, small
from handlers.digests.plan_views import OPEN as WEEKLY
from handlers.emergency.views import OPEN as EMERGENCY
from handlers.home.list_views import Line, Word, line, opens, row
from handlers.home.office_views import Bot, Office, bot, number, office
from handlers.home.setup_views import CONTINUE, TITLES
from handlers.reports.views import OPEN as REPORT
from handlers.rota.views import MINE

ASK, SEARCH, PHONE, PERSON = "home_ask", "home_search", "home_phone", "home_person"
URGENT = "緊急(ウイルス・情報漏えい)"
LETTERS = "home_letters"
PREPARING = "Banso は、いま準備中です。始まるまで、もうしばらくお待ちください。"
NOT_HERE = (
    "お越しくださり、ありがとうございます。このページは、この県の市町村と県の方が使うものです。"
    "共有チャンネルに書かれたことは、県の担当に届きます。"
)


@dataclass(frozen=True, slots=True)
class Setup:
    """How far the set-up is: the last step that was done, the one to go on with; `early` messages wait, some of them in
    `lines`."""

    done: int
    step: int
    early: int
    lines: Sequence[Word]


@dataclass(frozen=True, slots=True)
class People:
    """How many active people there are, and of how many we do not know where they belong."""

    all: int
    nowhere: int


@dataclass(frozen=True, slots=True)
class Group:
    """A number with the first of its list."""

    name: str
    count: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody asked: where it is their turn, where it is the others'; how much their body asked before everybody."""

    mine: Group
    others: Group
    of_body: int


@dataclass(frozen=True, slots=True)
class Adviser:
    """What somebody answers. `today` are their hours, `contract` those of a month, `next_duty` when they are on duty next:
    "" where it is not known, and `on_duty` if they are now; `duties` shifts are not over. `swaps`: they can say that they
    are away."""

    today: str
    contract: str
    mine: Group
    others: Group
    drafts: int
    next_duty: str
    duties: int
    swaps: bool = False
    on_duty: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Home of one person: what they may do, and the part of each thing they are. Not `welcome`: somebody of another
    organisation. `phone` is called first when something leaks; of `nowhere` people the body is not known (None: not
    theirs to know); `takes_dates`: there are dates for their own calendar; `study` is the line of the next study session."""

    head: str
    welcome: bool = True
    is_open: bool = True
    setup: Setup | None = None
    place: str = ""
    asks: bool = False
    searches: bool = False
    answers: bool = False
    reports: bool = False
    takes_dates: bool = False
    settles: bool = False
    phone: str | None = None
    own: Own | None = None
    adviser: Adviser | None = None
    office: Office | None = None
    people: People | None = None
    bot: Bot | None = None
    study: Sequence[Block] = ()


def home(page: Page) -> Block:
    """The whole tab; at most a hundred blocks, however much there is."""
    return {"type": "home", "blocks": _blocks(page)}


def _blocks(page: Page) -> Blocks:
    place = f"|{escape(page.place)}" if page.place else ""
    blocks: Blocks = [section(f"*{escape(page.head)} Banso*{place}")]
    if not page.welcome:
        return [*blocks, section(NOT_HERE)]
    blocks += _setup(page.setup) if page.setup else [] if page.is_open else [section(PREPARING)]
    blocks += _ways_in(page)
    turns = _turns(page)
    if page.is_open and not turns:
        turns = [section("いま、お待ちの相談はありません。")]
    blocks += turns
    blocks += _more(page.adviser) if page.adviser else []
    blocks += office(page.office) if page.office else []
    if page.own and page.own.of_body:
        blocks.append(number(f"*■ 自団体の相談(公開分)* {page.own.of_body}", "of_body", page.own.of_body))
    blocks += page.study
    blocks += _members(page.people) if page.people is not None else []
    blocks += _seldom(page)
    return [*blocks, *(bot(page.bot) if page.bot else [])]


def _setup(found: Setup) -> Blocks:
    title = f"*はじめの設定 {found.done}/{len(TITLES)}*|次は {found.step}. {TITLES[found.step - 1]}"
    blocks: Blocks = [
        section(f"{title}\n公開するまで、市町村の方には何も届きません。"),
        actions(button("続ける", CONTINUE, "-", primary=True)),
    ]
    if found.early:
        words = f"*公開を待っている書き込み {found.early} 件*|公開すると届きます"
        blocks.append(number(words, "early", found.early))
    return [*blocks, *map(row, found.lines)]


def _ways_in(page: Page) -> Blocks:
    row = [button("相談する", ASK, "-", primary=True)] if page.asks else []
    row += [button("FAQを探す", SEARCH, "-")] if page.searches else []
    row += [button(URGENT, EMERGENCY, "-")] if page.asks else []
    row += [button("電話・訪問の相談を登録", PHONE, "-")] if page.answers else []
    blocks: Blocks = [actions(*row)] if row else []
    if page.phone:
        blocks.append(section(f"感染や漏えいのおそれは、先に電話:*{escape(page.phone)}*"))
    return blocks


def _seldom(page: Page) -> Blocks:
    """What one needs now and then stands last: first comes whose turn it is."""
    row = [button("集計をExcelで", REPORT, "-")] if page.reports else []
    row += [TAKE_ALONG] if page.takes_dates else []
    row += [button("お知らせの設定", LETTERS, "-")] if page.asks else []
    row += [button("週のお知らせ", WEEKLY, "-"), button("設定", CONTINUE, "-")] if page.settles else []
    return [actions(*row)] if row else []


def _turns(page: Page) -> Blocks:
    """Whose turn it is: theirs first. Who asks and answers reads which is meant."""
    own, adviser = page.own, page.adviser
    which = "|ご自分の相談" if adviser else ""
    blocks: Blocks = []
    blocks += _group("あなたの番です", own.mine, which) if own else []
    blocks += _group("あなたの番です", adviser.mine, "|担当の相談") if adviser else []
    blocks += _group("対応中", own.others, which) if own else []
    return [*blocks, *(_group("相談者さんの返事待ち", adviser.others, "") if adviser else [])]


def _group(title: str, found: Group, which: str) -> Blocks:
    if not found.count:
        return []
    head = {**section(f"*■ {title}({found.count})*{which}"), "accessory": opens("一覧", found.name)}
    return [head, *map(line, found.lines)]


def _more(found: Adviser) -> Blocks:
    today = [f"今日の対応 {found.today}"] if found.today else []
    today += [f"契約 月{found.contract}"] if found.contract else []
    blocks: Blocks = [section(f"*{'|'.join(today)}*")] if today else []
    if found.next_duty:
        title = "いま当番です" if found.on_duty else "次の当番"
        blocks.append(section(f"*■ {title}* {found.next_duty}"))
    row = [button("お休み・交代", MINE, "-")] if found.swaps else []
    row += [opens(f"これからの当番 {found.duties}回", "duties")] if found.duties else []
    blocks += [actions(*row)] if row else []
    if found.drafts:
        blocks.append(number(f"*■ FAQの下書き({found.drafts})*", "drafts", found.drafts))
    return blocks


def _members(found: People) -> Blocks:
    menu = {"type": "users_select", "action_id": PERSON, "placeholder": plain("名前を入れて探す")}
    words = section("*■ メンバー*|権限や所属を変える方を選んでください")
    return [
        {**words, "accessory": menu},
        number(f"名簿 {found.all}", "people", found.all, "人"),
        number(f"未登録メンバー {found.nowhere}", "nowhere", found.nowhere, "人"),
        small("名簿をまとめて入れるときは、運用の担当が取り込みます。"),
    ]
