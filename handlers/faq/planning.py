"""The lines of a list become entries to be added or put right, or faults that say why not. Pure.

Only what differs from what an export would say is read: so an export that comes back changes nothing, whatever it holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import faq as rules
from bot.domain.faq import REVIEW_AFTER, Consent, Content, Kind, State, may_be_listed
from handlers.common.lists import MISSING, SECRET, Fault, Row, WrongCell, secrets
from handlers.faq.cells import Reading, Speech
from handlers.faq.columns import NEEDED, TITLES, alike, flat
from handlers.faq.exporting import AGREED, cells_of
from storage.faq import Entry
from storage.faq_lists import Asked

NO_YES = "相談者さんの同意がまだないFAQです。一覧では公開も変更もできません。"
PRIVATE = (
    "「県と担当だけに」の相談から作ったFAQです。文面と内容の担当は、同意が要るので、画面から直してください。"
)
PUT_AWAY = "しまってあるFAQです。画面で下書きに戻すか、この行を消してください。"
PROPOSED = "直した文面が確認を待っているFAQです。画面の「確認待ち」で、先に決めてください。"
NOT_BACK = "公開中のFAQは、一覧では下書きや確認待ちに戻せません。画面の「しまう」を使ってください。"

_NUMBER = re.compile(r"(?:no\.?)?\s*([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already: entries, the ways to ask for each, and what a line may speak of."""

    speech: Speech
    entries: Sequence[Entry]
    asked: Mapping[int, Sequence[Asked]]


@dataclass(frozen=True, slots=True)
class New:
    """An entry to be added."""

    line: int
    content: Content
    state: State
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry to be put right; `seen` is the revision that was compared, `phrasings` are those it does not have."""

    line: int
    entry_id: int
    number: int
    seen: int
    content: Content
    state: State
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list asks for; `same` lines ask for nothing."""

    new: tuple[New, ...]
    changed: tuple[Changed, ...]
    same: int
    faults: tuple[Fault, ...]


def plan(rows: Sequence[Row], known: Known, done: Callable[[], None] = lambda: None) -> Plan:
    """Read every line; a bad one is said and does not keep the others from being looked at. `done` after each."""
    new, changed, faults, same = list[New](), list[Changed](), list[Fault](), 0
    meant = _Meant(known)
    for row in rows:
        found = _line(row, known, meant)
        if isinstance(found, New):
            new.append(found)
        elif isinstance(found, Changed):
            changed.append(found)
        elif found is None:
            same += 1
        else:
            faults += found
        done()
    return Plan(tuple(new), tuple(changed), same, tuple(faults))


class _Meant:
    """Which entry a line means, and which line meant it first."""

    def __init__(self, known: Known) -> None:
        self._by_number = {entry.number: entry for entry in known.entries}
        last = sorted(known.entries, key=_rank)
        self._by_words = {_words(e.content.question, e.content.answer): e for e in last}
        self._first: dict[object, int] = {}

    def entry(self, row: Row) -> Entry | None:
        """The entry that is there already.

        Raises:
            WrongCell: there is none of that number.
        """
        text = row.cells.get("number")
        if text is None:
            return self._by_words.get(_words(row.cells.get("question", ""), row.cells.get("answer", "")))
        number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
        found = self._by_number.get(int(number[1])) if number else None
        if found is None:
            raise WrongCell("その番号のFAQはありません。新しいFAQなら、No. を空にしてください。")
        return found

    def before(self, row: Row, entry: Entry | None) -> int | None:
        """The line that says the same."""
        words = _words(row.cells.get("question", ""), row.cells.get("answer", ""))
        if entry is None and not any(words):
            return None
        key = entry.id if entry is not None else words
        first = self._first.setdefault(key, row.line)
        return None if first == row.line else first


def _rank(entry: Entry) -> int:
    """Of entries with the same words: the private one is what must not be doubled, then the one that is not put away."""
    agreed = entry.consent in AGREED
    return 2 if not agreed else int(entry.state != State.ARCHIVED)


def _words(question: str, answer: str) -> tuple[str, str]:
    return alike(question), alike(answer)


def _line(row: Row, known: Known, meant: _Meant) -> New | Changed | list[Fault] | None:
    if secret := secrets(row):
        return [Fault(row.line, TITLES[key], SECRET) for key in secret]
    try:
        entry = meant.entry(row)
    except WrongCell as error:
        return [Fault(row.line, TITLES["number"], error.sentence)]
    before = meant.before(row, entry)
    if before is not None:
        return [Fault(row.line, "", f"{before}行目と同じFAQです。どちらかを消してください。")]
    return _new(row, known) if entry is None else _changed(row, known, entry)


def _new(row: Row, known: Known) -> New | list[Fault]:
    reading = Reading(row, row.cells, known.speech)
    content = reading.content(Content(Kind.FAQ, "", "", review_on=known.speech.today + REVIEW_AFTER))
    reading.faults += [Fault(row.line, TITLES[key], MISSING) for key in NEEDED if key not in row.cells]
    state, phrasings = reading.state or State.DRAFT, reading.phrasings(())
    return reading.faults or New(row.line, content, state, phrasings)


def _changed(row: Row, known: Known, entry: Entry) -> Changed | list[Fault] | None:
    agreed = entry.consent in AGREED
    if not agreed or entry.state == State.ARCHIVED:
        return [Fault(row.line, "", PUT_AWAY if agreed else NO_YES)]
    asked = known.asked.get(entry.id, ())
    now = cells_of(entry, [each.words for each in asked if not each.undone], known.speech.called)
    reading = Reading(
        row, {key: t for key, t in row.cells.items() if alike(t) != alike(now.get(key, ""))}, known.speech
    )
    content, phrasings = (
        reading.content(entry.content),
        reading.phrasings([flat(each.words) for each in asked]),
    )
    state = reading.state or State(entry.state)
    if not may_be_listed(State(entry.state), state):
        reading.fault("state", NOT_BACK)
    private = entry.consent != Consent.NOT_NEEDED
    words = rules.needs_new_yes(entry.content, content, Consent(entry.consent))
    if private and (words or phrasings or content.owner != entry.content.owner):
        reading.faults.append(Fault(row.line, "", PRIVATE))
    if reading.faults:
        return reading.faults
    if content == entry.content and state == entry.state and not phrasings:
        return None
    if entry.proposed is not None:
        return [Fault(row.line, "", PROPOSED)]
    return Changed(row.line, entry.id, entry.number, entry.revision, content, state, phrasings)
