"""Facts → figures: tables whose small counts are not shown, and what is listed. Pure; the rules: bot/domain/report.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.asking import Way
from bot.domain.bodies import Body
from bot.domain.business_time import BusinessCalendar
from bot.domain.fields import Field
from bot.domain.question import Reason
from bot.domain.report import FEW, Asked, Period, Waits, concealed, may_be_told, waits

STANDS = (
    "waiting",
    "answered",
    Reason.RESOLVED.value,
    Reason.FAQ.value,
    Reason.BY_PHONE.value,
    Reason.NO_REPLY.value,
    Reason.DUPLICATE.value,
    Reason.WITHDRAWN.value,
)
ELSE = ""
"""The key of what has no row of its own."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report is made of, as read at once. `own` are the prefecture's bodies, `bodies` all we know by code; `words`
    how open questions begin, by id; `url` the workspace's."""

    period: Period
    at: datetime
    zone: str
    url: str
    calendar: BusinessCalendar
    asked: Sequence[Asked]
    words: Mapping[int, Sequence[str]]
    own: Sequence[Body]
    bodies: Mapping[str, Body]
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it counts, how many were asked before everybody, how many not (None: not shown)."""

    key: str
    open: int
    hidden: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The report. `hidden` is how many were not asked before everybody; None when that may not be told: then they are in no
    figure at all. `used` of the prefecture's bodies asked, `exact` says whether those that asked only privately are among
    them; `unused` may hold some of those. `took` is told by group, of open questions alone; `took_all` of all."""

    open: int
    hidden: int | None
    not_questions: int
    stands: Sequence[Row]
    bodies: Sequence[Row]
    fields: Sequence[Row]
    ways: Sequence[Row]
    used: int
    exact: bool
    unused: Sequence[Body]
    took: Mapping[str, Waits]
    took_all: Waits | None
    listed: Sequence[Asked]

    @property
    def received(self) -> int:
        """All that was received, as far as it may be told."""
        return self.open + (self.hidden or 0)


def figures(facts: Facts) -> Figures:
    """Count."""
    counted = [each for each in facts.asked if each.counts]
    listed = [each for each in counted if not each.hidden]
    tables = {
        "stands": _table(counted, STANDS, lambda each: each.stand),
        "bodies": _table(counted, _body_keys(facts, counted), _code),
        "fields": _table(counted, [*(field.id for field in facts.fields), ELSE], lambda each: each.field_id),
        "ways": _table(counted, [way.value for way in Way], lambda each: each.way.value),
    }
    shown, hidden = _conceal(tables, len(counted) - len(listed))
    visible = {row.key for row in shown["bodies"] if row.open or row.hidden}
    visible |= {_code(each) for each in counted if each.body_is_known}
    unused = [body for body in facts.own if body.code not in visible]
    alone = {_code(each) for each in counted} & {body.code for body in unused}
    exact = may_be_told(len(alone), len(unused))
    return Figures(
        open=len(listed),
        hidden=hidden,
        not_questions=sum(not each.counts and not each.hidden for each in facts.asked),
        used=len(facts.own) - len(unused) + (len(alone) if exact else 0),
        exact=exact,
        unused=unused,
        took=_took(facts, listed),
        took_all=_took_all(facts, counted) if hidden is not None else None,
        listed=listed,
        **shown,
    )


def _code(asked: Asked) -> str:
    return asked.municipality_code or ELSE


def _body_keys(facts: Facts, counted: Sequence[Asked]) -> list[str]:
    """The prefecture's bodies, those elsewhere of which everybody knows that they asked, and all others together."""
    own = {body.code: body for body in facts.own}
    known = {_code(each) for each in counted if each.body_is_known}
    return [*own, *sorted(known - own.keys() - {ELSE}), ELSE]


def _table(counted: Iterable[Asked], keys: Sequence[str], key_of: Callable[[Asked], str | None]) -> list[Row]:
    """How many of each key; what has another key counts under the last one."""
    known, counts = set(keys), {True: Counter[str](), False: Counter[str]()}
    for each in counted:
        key = key_of(each)
        counts[each.hidden][key if key is not None and key in known else keys[-1]] += 1
    return [Row(key, counts[False][key], counts[True][key]) for key in keys]


def _conceal(tables: Mapping[str, list[Row]], hidden: int) -> tuple[dict[str, list[Row]], int | None]:
    """The tables without counts that say too much; without all that are hidden, and their sum, if there is no other way."""
    found = {
        name: concealed([row.hidden or 0 for row in rows], _never(rows)) for name, rows in tables.items()
    }
    tell = hidden > FEW and all(each is not None for each in found.values())
    shown = {}
    for name, rows in tables.items():
        counts = found[name] if tell else None
        shown[name] = [
            Row(row.key, row.open, counts[place] if counts is not None else None)
            for place, row in enumerate(rows)
        ]
    return shown, hidden if tell else None


def _never(rows: Sequence[Row]) -> Collection[int]:
    """What is written in a channel is before everybody."""
    return {place for place, row in enumerate(rows) if row.key == Way.MESSAGE.value}


def _took(facts: Facts, listed: Sequence[Asked]) -> dict[str, Waits]:
    """By `all`, `urgency:…`, `way:…` and `field:…`, as far as there are any."""
    groups: dict[str, list[Asked]] = {"all": list(listed)}
    known = {field.id for field in facts.fields}
    for each in listed:
        field = each.field_id if each.field_id in known else ELSE
        for key in (f"urgency:{each.urgency}", f"way:{each.way}", f"field:{field}"):
            groups.setdefault(key, []).append(each)
    return {key: waits(group, facts.calendar) for key, group in groups.items()}


def _took_all(facts: Facts, counted: Sequence[Asked]) -> Waits | None:
    """Of all together, if enough of those that are hidden were answered."""
    hidden = waits((each for each in counted if each.hidden), facts.calendar)
    return waits(counted, facts.calendar) if hidden.answered > FEW else None
