"""A rota is filled: what it would be is looked at first, then kept. Whom it changes is told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.rota import Because, Filled, Turn, in_order
from bot.domain.rota_checks import check_rota
from bot.domain.rota_filling import fill
from bot.domain.rota_gaps import moved, still_good, worth_telling
from bot.domain.rota_words import because_words, other_words
from bot.domain.text import escape
from bot.errors import Malformed, NotPossibleNow
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, portions, section, small
from handlers.common.doors import Visitor
from handlers.common.payloads import need, number
from handlers.rota import explaining, gaps, planning, swapping
from handlers.rota.office import calendar, zone
from handlers.rota.views import said
from storage import duties, duty_reasons, failures, rotas, talents, workspace
from storage.cache import version
from storage.database import Transaction
from storage.duties import AUTO, FIXED, Shift
from storage.rotas import Rota

FORM, KEEP = "rota_fill_form", "rota_fill_keep"
FIRST, LAST, HOW = "rota_fill_first", "rota_fill_last", "rota_fill_how"
LONGEST, FARTHEST = timedelta(days=400), timedelta(days=800)
LONGEST_PART = 2_900
LONGEST_PLAN = 24_000
"""Letters of the turns that a dialog lists: Slack takes 250 kB, in which a letter may be six bytes."""
HOWS = {"keep": "足りないところだけ決める", "anew": "はじめから決め直す(手で決めた分と交代は残す)"}
SHOWN_TURNS, SHOWN_GAPS, SHOWN_OTHERS = 12, 8, 2
STALE = "見ている間に、予定や名簿が変わりました。何も変わっていません。もう一度「予定を組む」からやり直してください。"
Answer = tuple[Block | None, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be filled; nothing before `since`, when somebody first looked at it, so that it is the same when kept."""

    rota_id: int
    first: date
    last: date
    how: str
    since: datetime | None = None

    @property
    def carried(self) -> str:
        """As a dialog carries it along."""
        since = int(self.since.timestamp()) if self.since else 0
        return f"{self.rota_id}:{self.first}:{self.last}:{self.how}:{since}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rota would be: its shifts `before`, the turns that stay, the filled rest; `seen` is the state of everything it
    follows from, `mark` what it is."""

    wanted: Wanted
    rota: Rota
    before: tuple[Shift, ...]
    kept: tuple[Turn, ...]
    filled: Filled
    seen: int
    mark: str


def dialog(tx: Transaction, visitor: Visitor, rota_id: int) -> Block:
    """「予定を組む」: from the first day that is not planned to the end of the fiscal year.

    Raises:
        NoSuchRota: with the sentence that says why.
    """
    rota, today, office = rotas.need(tx, rota_id), workspace.today(tx), calendar(tx)
    planned = [office.day_of(each.ends) for each in duties.shifts(tx) if each.rota_id == rota.id]
    first = max([today, *planned])
    year = first.year + (first.month >= 4)
    last = date(year, 3, 31)
    if last - first < timedelta(days=14):
        last = date(year + 1, 3, 31)
    options = [option(label, key) for key, label in HOWS.items()]
    radio: Block = {"type": "radio_buttons", "options": options, "initial_option": options[0]}
    blocks = [
        section(f"*{escape(rota.name)}*\n間がいちばん空いている方から順に、対応日の多さに合わせて決めます。"),
        forms.field(FIRST, "最初の日", _day(first), optional=False),
        forms.field(LAST, "最後の日", _day(last), optional=False, hint="年度の終わりまでにしてあります。"),
        forms.field(HOW, "いまある予定", radio, optional=False),
    ]
    return modal(
        "予定を組む", blocks, callback_id=FORM, submit=plain("案を見る"), private_metadata=str(rota.id)
    )


def _day(on: date) -> Block:
    return {"type": "datepicker", "initial_date": on.isoformat()}


def read(tx: Transaction, view: Mapping[str, Any]) -> Wanted | dict[str, str]:
    """What stands in the dialog, or sentences by block."""
    first, last, how = forms.day(view, FIRST), forms.day(view, LAST), forms.choice(view, HOW)
    today = workspace.today(tx)
    if first is None or not today <= first <= today + FARTHEST:
        return {FIRST: "今日からの日付を選んでください。"}
    if last is None or last < first:
        return {LAST: "最初の日より前です。"}
    if last - first > LONGEST:
        return {LAST: "一度に組めるのは、1年ほどまでです。"}
    if how not in HOWS:
        return {HOW: "どちらかを選んでください。"}
    minute = tx.now.replace(second=0, microsecond=0)
    return Wanted(number(view, "private_metadata"), first, last, how, minute)


def compute(tx: Transaction, wanted: Wanted) -> Outcome:
    """What the rota would be; read only, for a year takes a moment."""
    rota, office = rotas.need(tx, wanted.rota_id), calendar(tx)
    people, away = planning.people(tx, rota)
    since, until = (planning.begins(tx, day) for day in (wanted.first, wanted.last + timedelta(days=1)))
    before, active = tuple(duties.in_span(tx, rota.id, since, until)), talents.active(tx)
    kept = [
        each.turn
        for each in before
        if each.starts <= tx.now
        or (each.user_id in active and (each.source in FIXED or _over(each, since, until)))
    ]
    if wanted.how == "keep":
        fixed = set(kept)
        rest = [each.turn for each in before if each.turn not in fixed]
        kept += still_good(rest, people, away, office, wanted.first, wanted.last)
    filled = fill(
        rota.rule,
        people,
        away,
        kept,
        planning.history(tx, rota, wanted.first),
        wanted.first,
        wanted.last,
        office,
        elsewhere=planning.elsewhere(tx, rota, wanted.first, wanted.last),
        since=wanted.since,
    )
    mark = hashlib.blake2b(repr((kept, filled.turns)).encode(), digest_size=8).hexdigest()
    return Outcome(wanted, rota, before, tuple(kept), filled, version(tx), mark)


def _over(shift: Shift, since: datetime, until: datetime) -> bool:
    """Whether a shift goes beyond what is filled: what lies outside would be nobody's any more."""
    return shift.starts < since or shift.ends > until


def preview(tx: Transaction, visitor: Visitor, view: Mapping[str, Any]) -> Answer:
    """The last look before it is kept.

    Raises:
        NoSuchRota: with the sentence that says why.
    """
    wanted = read(tx, view)
    if isinstance(wanted, dict):
        return None, wanted
    rota = rotas.need(tx, wanted.rota_id)
    people, _ = planning.people(tx, rota)
    wrong = [each.sentence for each in check_rota(rota.rule, people, calendar(tx)) if each.must_be_mended]
    if wrong:
        return None, {FIRST: wrong[0]}
    found = compute(tx, wanted)
    return modal(
        "予定の案",
        looked_at(tx, found),
        callback_id=KEEP,
        submit=plain("この案で決める"),
        close=plain("戻る"),
        private_metadata=f"{wanted.carried}:{found.mark}",
    ), {}


def looked_at(tx: Transaction, found: Outcome) -> Blocks:
    """What a coordinator sees before it is kept: what it means in short, then every turn of it, month by month."""
    parts = [*_parts(tx, found), *_months(tx, found)]
    return [section(each) for part in parts if part for each in portions("\n".join(part), LONGEST_PART)]


def _months(tx: Transaction, found: Outcome) -> list[list[str]]:
    """The whole plan as far as a dialog holds it, each new turn with why it is whose it is."""
    where, active = zone(tx), talents.active(tx)
    months, letters, left = dict[str, list[str]](), 0, 0
    for turn in sorted({*found.kept, *found.filled.turns}, key=in_order):
        name = active[turn.user_id].name if turn.user_id in active else turn.user_id
        line = (
            f"・{words.spell(turn.starts, turn.ends, where)} {escape(name)}{'(控え)' if turn.deputy else ''}"
        )
        why = found.filled.why.get(turn)
        line += f"|{because_words(why, where)}" if why is not None else ""
        letters += len(line)
        left += letters > LONGEST_PLAN
        if letters <= LONGEST_PLAN:
            begins = turn.starts.astimezone(ZoneInfo(where))
            months.setdefault(f"{begins.year}年{begins.month}月", []).append(line)
    parts = [[f"*■ {month}の予定*", *lines] for month, lines in months.items()]
    return [*parts, [f"ほか{left}回。決めたあと「カレンダーに入れる」で全部見られます。"]] if left else parts


def _parts(tx: Transaction, found: Outcome) -> list[list[str]]:
    where, office = zone(tx), calendar(tx)
    names = {user: escape(talent.name) for user, talent in talents.active(tx).items()}
    after = [*found.kept, *found.filled.turns]
    counts = Counter(turn.user_id for turn in after if not turn.deputy)
    each = [
        f"・{names.get(user, user)} {count}回" for user, count in sorted(counts.items(), key=lambda x: -x[1])
    ]
    holes = worth_telling(found.filled.gaps, office)
    empty = [f"・{words.spell(gap.starts, gap.ends, where)}" for gap in holes[:SHOWN_GAPS]]
    more = [f"ほか{len(holes) - SHOWN_GAPS}件"] if len(holes) > SHOWN_GAPS else []
    shown = [
        f"・{words.spell(turn.starts, turn.ends, where)} {names.get(turn.user_id, turn.user_id)}"
        f"{'(控え)' if turn.deputy else ''}|{_why(found.filled.why[turn], names, where)}"
        for turn in found.filled.turns[:SHOWN_TURNS]
    ]
    changed = moved([each.turn for each in found.before], after)
    span = f"{words.full_day(found.wanted.first)}〜{words.full_day(found.wanted.last)}"
    head = f"*{escape(found.rota.name)}* {span}\n"
    spare = sum(turn.deputy for turn in found.filled.turns)
    head += (
        f"新しく決まる当番 {len(found.filled.turns) - spare}回{f'(ほかに控え {spare}回)' if spare else ''}"
    )
    head += f"|予定が変わる方 {len(changed)}人"
    return [
        [head],
        ["*■ 一人あたり*", *each[:60]],
        ["*■ 空き*", *(empty or ["ありません。"]), *more],
        ["*■ はじめの予定と、決めたわけ*", *(shown or ["新しく決まる当番はありません。"])],
    ]


def _why(because: Because, names: Mapping[str, str], where: str) -> str:
    """Why somebody was chosen, and why not those whose turn would have come first: a coordinator plans with both."""
    others = "、".join(other_words(because, names)[:SHOWN_OTHERS])
    return because_words(because, where) + (f"\n  ほかの方|{others}" if others else "")


def _exchange(tx: Transaction, found: Outcome) -> list[Shift]:
    """Let the shifts be as they were looked at, in a few statements however many they are, for people's words wait behind
    them; returns them."""
    planned = {*found.kept, *found.filled.turns}
    here = {each.turn for each in found.before}
    gone = {each.id for each in found.before if each.turn not in planned}
    known = duty_reasons.of(tx, sorted(gone))  # what is left of these is new
    duties.cancel(tx, sorted(gone))
    new = [turn for turn in (*found.kept, *found.filled.turns) if turn not in here]
    given = duties.give(tx, found.rota.id, new, AUTO)
    explaining.remember(tx, given, found.filled.why, found.before, known)
    rotas.touched(tx, found.rota.id)
    stay = {each.id: each for each in (*found.before, *given) if each.id not in gone}
    stay |= {each.id: each for each in given}  # what was cancelled and is given anew, only longer
    return sorted(stay.values(), key=lambda each: (each.starts, each.deputy, each.user_id))


def brought(view: Mapping[str, Any]) -> tuple[Wanted, str]:
    """What a preview carried along.

    Raises:
        Malformed: it is none.
    """
    rota_id, first, last, how, since, mark = [*need(view, "private_metadata").split(":"), *[""] * 5][:6]
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
        at = datetime.fromtimestamp(number({"v": since}, "v"), UTC)
        wanted = Wanted(number({"v": rota_id}, "v"), *days, how, at)
    except (ValueError, OverflowError, OSError):  # a moment that no clock knows
        raise Malformed() from None
    if wanted.how not in HOWS or not mark:
        raise Malformed()
    return wanted, mark


def keep(tx: Transaction, visitor: Visitor, found: Outcome, mark: str, source: str) -> Block:
    """Keep what was looked at; nothing that it follows from may have changed since it was computed.

    Raises:
        NotPossibleNow: something has; nothing was changed.
    """
    if not failures.first_time(tx, source):
        return said("決めました。")
    if found.mark != mark or version(tx) != found.seen:
        raise NotPossibleNow(STALE)
    swapping.tell_moved(tx, found.before, _exchange(tx, found), visitor.user)
    gaps.look_soon(tx)
    failures.note(tx, "rota filled", actor=visitor.user, rota=found.rota.id, turns=len(found.filled.turns))
    text = f"決めました。{len(found.filled.turns)}回の当番を、ご本人にお知らせします。"
    return said(text, small("ひとつずつ替えるときは「お休み・交代」から、その方を選んでください。"))
