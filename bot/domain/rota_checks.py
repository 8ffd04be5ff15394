"""What does not fit in a rota, each with a sentence for whoever edits it. Nothing is kept while something here is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations

from bot.domain.business_time import BusinessCalendar
from bot.domain.rota import Absence, Rota, RotaMember, Turn, in_order
from bot.domain.rota_people import Person, people_of
from bot.domain.rota_time import OpenMinutes
from bot.domain.rota_words import WHY_NOT
from bot.domain.words import short


class Trouble(StrEnum):
    """What is wrong. The first five must be mended; the rest is said and may be kept all the same."""

    NO_MEMBERS = "no_members"
    TOO_FEW = "too_few"
    NO_TIME = "no_time"
    BACKWARDS = "backwards"
    OVERLAP = "overlap"
    CLOSED = "closed"


MUST_BE_MENDED = frozenset(list(Trouble)[:5])


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong, in words; `turn` is the one concerned."""

    trouble: Trouble
    sentence: str
    turn: Turn | None = None

    @property
    def must_be_mended(self) -> bool:
        """Whether it cannot be kept like this."""
        return self.trouble in MUST_BE_MENDED


def check_rota(rota: Rota, members: Sequence[RotaMember], calendar: BusinessCalendar) -> list[Found]:
    """What is wrong with a rota and its people before it is filled."""
    if not members:
        return [Found(Trouble.NO_MEMBERS, f"「{rota.name}」にメンバーがいません。1人以上を選んでください。")]
    found = []
    needed = rota.seats + rota.deputies
    if len(members) < needed:
        said = f"「{rota.name}」は同時に{needed}人が要りますが、メンバーは{len(members)}人です。人数を見直してください。"
        found.append(Found(Trouble.TOO_FEW, said))
    monday = date(2026, 6, 1)  # a week without a holiday
    minutes = OpenMinutes(
        BusinessCalendar(calendar.zone, calendar.opens, calendar.closes, calendar.lunch),
        monday,
        date(2026, 6, 5),
    )
    for member in sorted(members, key=lambda each: each.user_id):
        if not minutes.worked(member.hours):
            said = f"{member.name}さんの対応日は、開庁時間と重なりません。対応日を確かめてください。"
            found.append(Found(Trouble.NO_TIME, said))
        for begins, ends in ((member.joins, member.leaves), (member.contract_from, member.contract_until)):
            if begins is not None and ends is not None and ends < begins:
                said = (
                    f"{member.name}さんの期間は、終わりの日が始まりの日より前です。日付を確かめてください。"
                )
                found.append(Found(Trouble.BACKWARDS, said))
    return found


def outlasts(ends: datetime, last: datetime | None, zone: str) -> str:
    """What to say of an absence that outlasts all that is planned until `last`, which is often a slip of the year; "" when
    it does not, or nothing is planned."""
    if last is None or ends <= last:
        return ""
    return f"お休みが、当番表の終わり({short(last, zone)})より長く続きます。日付をお確かめください。"


def check_turns(
    turns: Sequence[Turn],
    names: Mapping[str, str],
    calendar: BusinessCalendar,
    *,
    elsewhere: Iterable[tuple[str, Turn]] = (),
) -> list[Found]:
    """What is wrong with shifts put in by hand or by file: backwards, never open, or a person twice at once; `elsewhere` are
    the turns of other rotas with the rota's name."""
    found, sound = [], []
    for turn in sorted(turns, key=in_order):
        said = f"{names.get(turn.user_id, turn.user_id)}さんの{_when(turn, calendar.zone)}"
        if turn.ends <= turn.starts:
            found.append(Found(Trouble.BACKWARDS, f"{said}は、終わりが始まりより前です。", turn))
        elif not calendar.elapsed(turn.starts, turn.ends):
            found.append(Found(Trouble.CLOSED, f"{said}には、開庁している時間がありません。", turn))
        else:
            sound.append(turn)
    theirs = defaultdict[str, list[Turn]](list)
    for turn in sound:
        theirs[turn.user_id].append(turn)
    pairs = [(one, two, "") for mine in theirs.values() for one, two in combinations(mine, 2)]
    pairs += [(one, two, f"(「{rota}」)") for rota, two in elsewhere for one in theirs[two.user_id]]
    for one, two, where in pairs:
        if calendar.elapsed(max(one.starts, two.starts), min(one.ends, two.ends)):
            name = names.get(one.user_id, one.user_id)
            said = f"{name}さんの当番が重なっています:{_when(one, calendar.zone)}と{_when(two, calendar.zone)}{where}。"
            found.append(Found(Trouble.OVERLAP, f"{said}どちらかを直してください。", one))
    return found


def may_take(
    turn: Turn,
    member: RotaMember,
    absences: Sequence[Absence],
    calendar: BusinessCalendar,
    *,
    others: Iterable[Turn] = (),
) -> str | None:
    """Why somebody cannot take a turn, as a sentence; None if they can. `others` are their turns in any rota,
    without one that they give in return."""
    first, last = calendar.day_of(turn.starts), calendar.day_of(turn.ends)
    minutes = OpenMinutes(calendar, first, last)
    person = people_of(minutes, calendar, [member], absences)[member.user_id]
    wanted = minutes.within(turn.starts, turn.ends)
    for other in others:
        if other.user_id == member.user_id:
            person.duty |= minutes.touched(other.starts, other.ends)
    free = person.works & ~person.duty
    if wanted and not wanted & ~free:
        return None
    return _sentence(person, wanted & ~free, minutes, calendar)


def _sentence(person: Person, unable: int, minutes: OpenMinutes, calendar: BusinessCalendar) -> str:
    name = person.member.name
    if not unable:
        return "この当番には、開庁している時間がありません。当番は変わっていません。"
    at = (unable & -unable).bit_length() - 1
    why = WHY_NOT[person.why_not(1, at)]
    return f"{name}さんは{short(minutes.begins(at), calendar.zone)}に{why}。当番は変わっていません。"


def _when(turn: Turn, zone: str) -> str:
    return f"{short(turn.starts, zone)}〜{short(turn.ends, zone)}"
