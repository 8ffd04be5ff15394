"""What each number of Home counts and which list it opens: one place, so that they are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.permissions import Deed, allowed
from bot.domain.question import OPEN, State
from bot.domain.text import clean, excerpt
from bot.errors import Malformed, NotAllowed
from handlers.common.blocks import Block
from handlers.common.doors import Visitor, role
from handlers.digests import bodies
from handlers.home import list_views, rota, urgent
from handlers.home.entries import EVERYBODYS, OWN
from handlers.home.lines import if_theirs, line
from handlers.home.list_views import OPENS, Line, Listed, Person, Plain, Row, Word
from handlers.home.listing import List
from handlers.home.searches import SEARCHES
from handlers.members.columns import PERMISSIONS
from handlers.members.notices import why
from handlers.members.opening import WHYS
from handlers.questions.base.incoming import is_direct
from handlers.questions.base.naming import address, called
from handlers.questions.base.parts import given_to
from handlers.questions.base.routing import calendar_of
from storage import channels, members, messages, overview, undelivered, workspace
from storage.database import Transaction
from storage.members import Member
from storage.messages import MessageRow
from storage.overview import Which
from storage.questions import Question
from storage.undelivered import Undelivered

_BEGINS = 40


def _asked(title: str, pick: Callable[[Transaction, str], Which], deed: Deed = Deed.ASK) -> List:
    """Questions that whoever sees the list may read."""
    return _questions(title, deed, pick, line)


def _overseen(title: str, pick: Callable[[Transaction, str], Which], *, late: bool = False) -> List:
    """Questions of the whole prefecture: of private ones only who has a part in them reads more than the number."""

    def show(tx: Transaction, user: str, question: Question) -> Line:
        return if_theirs(tx, user, question, late=late)

    return _questions(title, Deed.OVERSEE, pick, show)


def _questions(
    title: str,
    deed: Deed,
    pick: Callable[[Transaction, str], Which],
    show: Callable[[Transaction, str, Question], Line],
) -> List:
    def count(tx: Transaction, user: str) -> int:
        return overview.count(tx, pick(tx, user))

    def rows(tx: Transaction, user: str, most: int, start: int) -> list[Line]:
        found = overview.page(tx, pick(tx, user), most=most, start=start)
        return [show(tx, user, each) for each in found]

    return List(title, deed, count, rows)


def _of_body(tx: Transaction, user: str) -> Which:
    member = members.member(tx, user)
    code = member.municipality_code if member is not None else None
    return overview.NONE if code is None else overview.of_body(code)


def year_began(tx: Transaction) -> datetime:
    """When the present fiscal year began (aware UTC)."""
    space = workspace.workspace(tx)
    today = calendar_of(space).day_of(tx.now)
    year = today.year if today.month >= 4 else today.year - 1
    return datetime(year, 4, 1, tzinfo=ZoneInfo(space.zone)).astimezone(UTC)


def _received(*states: State) -> Callable[[Transaction, str], Which]:
    return lambda tx, _: overview.received(year_began(tx), states or tuple(State))


def _duties(tx: Transaction, user: str, most: int, start: int) -> list[Plain]:
    return [Plain(rota.span(tx, each)) for each in rota.duties_of(tx, user)[start : start + most]]


def _gaps(tx: Transaction, _: str, most: int, start: int) -> list[Plain]:
    return [Plain(words.day(each)) for each in rota.gaps(tx)[start : start + most]]


def _quiet(tx: Transaction, user: str, most: int, start: int) -> list[Plain]:
    found = bodies.quiet(tx, user).bodies[start : start + most]
    return [Plain(body.name, note) for body, note in zip(found, bodies.notes(tx, user, found), strict=True)]


def _nowhere(tx: Transaction, _: str, most: int, start: int) -> list[Person]:
    return [Person(user, name) for user, name in overview.nowhere(tx, most=most, start=start)]


def _people(tx: Transaction, _: str, most: int, start: int) -> list[Person]:
    found = members.page(tx, most=most, start=start)
    return [Person(each.user_id, each.name, _about(each)) for each in found]


def _about(member: Member) -> str:
    place = " ".join(part for part in (member.municipality, member.section) if part)
    return f"{place or '所属はまだ分かりません'}|{PERMISSIONS.get(member.permission, '相談者')}"


def _early(tx: Transaction, _: str, most: int, start: int) -> list[Row]:
    return [_waits(tx, each) for each in messages.set_aside_as(tx, WHYS, most=most, start=start)]


def _waits(tx: Transaction, message: MessageRow) -> Row:
    """What was written to the bot alone is shown to nobody, nor by whom."""
    if is_direct(message.channel):
        return Plain("直接メッセージ", "内容と書いた方は、ここには出ません。公開すると届きます。")
    link = address(workspace.workspace(tx).url, message.channel, message.ts)
    return Word(called(tx, message.author), excerpt(clean(message.body), _BEGINS), link)


def _undelivered(tx: Transaction, _: str, most: int, start: int) -> list[Plain]:
    return [_message(tx, each) for each in undelivered.page(tx, most=most, start=start)]


def _message(tx: Transaction, each: Undelivered) -> Plain:
    """What it says is not shown: it may be private, and where it goes is what somebody can put right."""
    channel = channels.channel(tx, each.channel) if each.channel else None
    to = channel.name if channel is not None and channel.purpose == "direct" else each.user_id
    if channel is not None and channel.purpose != "direct":
        place = f"「{channel.name}」へのお知らせ"
    else:
        place = f"{members.name_of(tx, to)}さんへの直接メッセージ" if to else "お知らせ"
    since = words.short(each.since, workspace.workspace(tx).zone)
    if each.dead:
        return Plain(place, f"{since}|届けられません。{''.join(why(each.error or ''))}")
    return Plain(place, f"{since}|順番を待っています")


LISTS: Mapping[str, List] = {
    "asked_mine": _asked("あなたの番です", lambda tx, user: overview.asked(user, theirs=True)),
    "asked_others": _asked("対応中", lambda tx, user: overview.asked(user, theirs=False)),
    "of_body": _asked("自団体の相談(公開分)", _of_body),
    "given_mine": _asked("あなたの番です", lambda tx, user: given_to(tx, user, theirs=True), deed=Deed.VOUCH),
    "given_others": _asked(
        "相談者さんの返事待ち", lambda tx, user: given_to(tx, user, theirs=False), deed=Deed.VOUCH
    ),
    **OWN,
    "duties": List("当番の予定", Deed.VOUCH, lambda tx, user: len(rota.duties_of(tx, user)), _duties, "回"),
    "received": _overseen("今年度の受付", _received()),
    "waiting": _overseen("今年度の未回答", _received(*OPEN)),
    "answered": _overseen("今年度の回答あり", _received(State.ANSWERED)),
    "closed": _overseen("今年度の終了", _received(State.CLOSED)),
    "nobodys": _overseen("担当なし", lambda tx, _: overview.nobodys()),
    "late": _overseen("目安超過", lambda tx, _: overview.late(tx.now), late=True),
    "emergencies": List(
        "緊急",
        Deed.OVERSEE,
        lambda tx, _: len(urgent.living(tx)),
        lambda tx, user, most, start: urgent.lines(tx, user, most, start),
        hint="まだ終わりにしていない、緊急の記録です。",
    ),
    **EVERYBODYS,
    **SEARCHES,
    "gaps": List(
        "当番の空き",
        Deed.OVERSEE,
        lambda tx, _: len(rota.gaps(tx)),
        _gaps,
        "日",
        "これから2週間で、当番の方がいない開庁日です。",
    ),
    "quiet": List(
        "声をかけたい団体",
        Deed.OVERSEE,
        lambda tx, user: len(bodies.quiet(tx, user).bodies),
        _quiet,
        "団体",
        "この60日間に、相談も「これで解決」もない団体です。",
    ),
    "nowhere": List(
        "未登録メンバー",
        Deed.MANAGE_PEOPLE,
        lambda tx, _: overview.how_many_nowhere(tx),
        _nowhere,
        "人",
        "ご所属がまだ分からない方です。",
    ),
    "people": List(
        "名簿",
        Deed.MANAGE_PEOPLE,
        lambda tx, _: members.how_many(tx)[0],
        _people,
        "人",
        "権限や所属は「変える」から直せます。",
    ),
    "early": List(
        "公開を待っている書き込み",
        Deed.SET_UP,
        lambda tx, _: messages.how_many_set_aside(tx, WHYS),
        _early,
        hint="公開すると、相談として届きます。",
    ),
    "undelivered": List(
        "未配信",
        Deed.OPERATE,
        lambda tx, _: undelivered.how_many(tx),
        _undelivered,
        hint="内容は失われていません。届けられないものは、理由が直ると届け直せます。",
    ),
}


def wanted(action_id: str) -> tuple[str, int]:
    """Which list a button opens, and from where on.

    Raises:
        Malformed: none of ours.
    """
    found = OPENS.fullmatch(action_id)
    if found is None or found["name"] not in LISTS:
        raise Malformed()
    return found["name"], int(found["start"])


def page(tx: Transaction, name: str, user: str, start: int) -> Listed:
    """One page of a list; the last one, where the list has become shorter meanwhile."""
    return LISTS[name].page(tx, name, user, start)


def dialog(tx: Transaction, name: str, visitor: Visitor, start: int) -> Block:
    """The same as a dialog.

    Raises:
        NotAllowed: the list is not for them.
    """
    if not allowed(LISTS[name].deed, role(tx, visitor)):
        raise NotAllowed()
    return list_views.listed(page(tx, name, visitor.user, start))
