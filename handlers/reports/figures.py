"""Facts → figures: tables whose small counts are not shown, and what is listed. Pure; the rules: bot/domain/report.py and
bot/domain/concealing.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.asking import Audience, Way
from bot.domain.bodies import Body
from bot.domain.business_time import BusinessCalendar
from bot.domain.concealing import ENOUGH, concealed, may_be_told, printed
from bot.domain.fields import Field
from bot.domain.question import Reason
from bot.domain.report import APART, Asked, Period, Waits, waits

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
class Sat:
    """A study session that took place: how many of each body (None: of none that we know) were there, and how many looked at
    the recording instead."""

    name: str
    at: datetime
    there: Mapping[str | None, int]
    video: Mapping[str | None, int]
    minutes: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report is made of, as read at once. `own` are the prefecture's bodies, `bodies` all we know by code; `words`
    how open questions begin, by id; `url` the workspace's; `emergencies` how many records began; `sat` study sessions."""

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
    emergencies: int = 0
    sat: Sequence[Sat] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it counts, how many were asked before everybody, and before each of `APART` (None: not
    shown)."""

    key: str
    open: int
    apart: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The report. Not `tells_all`: it counts what was asked before everybody alone. `apart`: how many were asked before each
    of `APART` at least, as far as the tables show it (None: they show nothing). `used` of the prefecture's bodies asked at
    least; `unused` may hold some that did and of which it is not told. `took` is told by group, of open questions;
    `took_apart` by audience, where enough were answered."""

    tells_all: bool
    open: int
    apart: tuple[int | None, ...]
    not_questions: int
    stands: Sequence[Row]
    bodies: Sequence[Row]
    fields: Sequence[Row]
    ways: Sequence[Row]
    used: int
    unused: Sequence[Body]
    took: Mapping[str, Waits]
    took_apart: Mapping[Audience, Waits]
    listed: Sequence[Asked]

    @property
    def received(self) -> int:
        """All that was received, as far as it is told."""
        return self.open + sum(each or 0 for each in self.apart)


@dataclass(frozen=True, slots=True)
class _Table:
    """What a table counts by: its keys, what has another key counting under the last one. `never` are the keys under which
    everybody supposes that nothing is but what was asked before everybody."""

    keys: Sequence[str]
    key_of: Callable[[Asked], str | None]
    never: Collection[str] = field(default=())

    def column(self, asked: Sequence[Asked]) -> list[int]:
        """How many of these are of each key."""
        known, counts = set(self.keys), Counter[str]()
        for each in asked:
            key = self.key_of(each)
            counts[key if key is not None and key in known else self.keys[-1]] += 1
        return [counts[key] for key in self.keys]

    @property
    def places(self) -> set[int]:
        """Where those keys are."""
        return {place for place, key in enumerate(self.keys) if key in self.never}


def figures(facts: Facts) -> Figures:
    """Count."""
    tells_all = facts.period.tells_all(facts.at, facts.zone)
    counted = [each for each in facts.asked if each.counts and (tells_all or each.listed)]
    by_audience = {each: [one for one in counted if one.before is each] for each in Audience}
    listed = by_audience[Audience.OPEN]
    tables = _tables(facts, listed)
    columns = _columns_apart(facts, tables, by_audience)
    shown = {
        name: [
            Row(key, count, tuple(column[name][place] for column in columns))
            for place, (key, count) in enumerate(zip(table.keys, table.column(listed), strict=True))
        ]
        for name, table in tables.items()
    }
    visible = {row.key for row in shown["bodies"] if row.open or any(row.apart)}
    visible |= {_code(each) for each in by_audience[Audience.BODY]}
    unused = [body for body in facts.own if body.code not in visible]
    return Figures(
        tells_all=tells_all,
        open=len(listed),
        apart=tuple(_least(column) for column in columns),
        not_questions=sum(not each.is_question for each in facts.asked if each.everybodys),
        used=len(facts.own) - len(unused),
        unused=unused,
        took=_took(facts, listed),
        took_apart=_took_apart(facts, by_audience, columns),
        listed=listed,
        **shown,
    )


def _code(asked: Asked) -> str:
    return asked.municipality_code or ELSE


def _tables(facts: Facts, listed: Sequence[Asked]) -> dict[str, _Table]:
    """The tables. Bodies: the prefecture's, those elsewhere that asked before everybody, and all others together; what those
    elsewhere asked otherwise is with these."""
    own = [body.code for body in facts.own]
    elsewhere = sorted({_code(each) for each in listed} - {*own, ELSE})

    def body(asked: Asked) -> str:
        return ELSE if asked.before is not Audience.OPEN and _code(asked) in elsewhere else _code(asked)

    return {
        "bodies": _Table([*own, *elsewhere, ELSE], body, elsewhere),
        "stands": _Table(STANDS, lambda each: each.stand),
        "fields": _Table([*(each.id for each in facts.fields), ELSE], lambda each: each.field_id),
        "ways": _Table([way.value for way in Way], lambda each: each.way.value, [Way.MESSAGE.value]),
    }


_Columns = Mapping[str, Sequence[int | None]]
"""What each table shows of one kind of question."""


def _columns_apart(
    facts: Facts, tables: Mapping[str, _Table], by_audience: Mapping[Audience, Sequence[Asked]]
) -> list[_Columns]:
    """What the tables show before each of `APART`. That a body asked with its name alone is told where nothing else says
    that it asked: it is no unused one."""
    private = _columns(tables, by_audience[Audience.PRIVATE])
    seen = {_code(each) for each in by_audience[Audience.OPEN]}
    seen |= {key for key, count in zip(tables["bodies"].keys, private["bodies"], strict=True) if count}
    named = {_code(each) for each in by_audience[Audience.BODY]} & {body.code for body in facts.own}
    return [_columns(tables, by_audience[Audience.BODY], named - seen), private]


def _columns(tables: Mapping[str, _Table], asked: Sequence[Asked], named: Collection[str] = ()) -> _Columns:
    """What each table shows of these; nothing, if that would say too much. That the bodies `named` asked is told."""
    columns = {name: concealed(table.column(asked), table.places) for name, table in tables.items()}
    bodies = zip(tables["bodies"].keys, columns["bodies"], strict=True)
    known = {"bodies": sum(key in named and count is None for key, count in bodies)}
    own, *others = (
        printed(columns[name], table.places, known.get(name, 0)) for name, table in tables.items()
    )
    if may_be_told(own, others):
        return columns
    return {name: [None] * len(column) for name, column in columns.items()}


def _least(columns: _Columns) -> int | None:
    """How many there are at least, by the table that shows most: whoever has the tables can add up as much."""
    return max(sum(count or 0 for count in column) for column in columns.values()) or None


def _took(facts: Facts, listed: Sequence[Asked]) -> dict[str, Waits]:
    """By `all`, `urgency:…`, `way:…` and `field:…`, as far as there are any."""
    groups: dict[str, list[Asked]] = {"all": list(listed)}
    known = {field.id for field in facts.fields}
    for each in listed:
        field = each.field_id if each.field_id in known else ELSE
        for key in (f"urgency:{each.urgency}", f"way:{each.way}", f"field:{field}"):
            groups.setdefault(key, []).append(each)
    return {key: waits(group, facts.calendar) for key, group in groups.items()}


def _took_apart(
    facts: Facts, by_audience: Mapping[Audience, Sequence[Asked]], columns: Sequence[_Columns]
) -> dict[Audience, Waits]:
    """Of those that were not asked before everybody, if their tables show anything and enough were answered."""
    told = [each for each, found in zip(APART, columns, strict=True) if _least(found) is not None]
    took = {each: waits(by_audience[each], facts.calendar) for each in told}
    return {each: found for each, found in took.items() if found.answered >= ENOUGH}
