"""The life of an FAQ entry as data: states, verbs, who may do what, when its text needs the asker's yes.

A text that came from a private question is shown to nobody until its asker has said yes to these very words; changed
words need a new yes.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

REVIEW_AFTER = timedelta(days=365)
"""When a new entry is looked at again, unless its author says otherwise."""
OVERDUE = timedelta(days=14)
"""How long after its review date an entry's owner alone is asked; then the coordinators are."""


class Kind(StrEnum):
    """An answer for everybody, or what one body did and how it went (好事例)."""

    FAQ = "faq"
    CASE = "case"


class State(StrEnum):
    """Where an entry stands. Only what is `PUBLISHED` is found."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Verb(StrEnum):
    """What can be done to an entry; each done verb is one revision. `IMPORT` is an operator's, who has no part in it;
    `PROPOSE` is an `EDIT` that somebody else reads before others do."""

    KEEP = "keep"
    SUBMIT = "submit"
    EDIT = "edit"
    PROPOSE = "propose"
    RETURN = "return"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CONFIRM = "confirm"
    ARCHIVE = "archive"
    RESTORE = "restore"
    AGREE = "agree"
    REFUSE = "refuse"
    IMPORT = "import"


class Consent(StrEnum):
    """Whether the asker of a private question agrees to the present words."""

    NOT_NEEDED = "not_needed"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class Part(StrEnum):
    """What somebody is to an entry; a person can be several at once. `ASKER`: whose private question it came from."""

    OWNER = "owner"
    EDITOR = "editor"
    ASKER = "asker"


FROM: MappingProxyType[Verb, frozenset[State]] = MappingProxyType(
    {
        Verb.SUBMIT: frozenset({State.DRAFT}),
        Verb.EDIT: frozenset({State.DRAFT, State.REVIEW, State.PUBLISHED}),
        Verb.RETURN: frozenset({State.REVIEW}),
        Verb.PUBLISH: frozenset({State.REVIEW}),
        Verb.UNPUBLISH: frozenset({State.PUBLISHED}),
        Verb.CONFIRM: frozenset({State.PUBLISHED}),
        Verb.ARCHIVE: frozenset({State.DRAFT, State.REVIEW, State.PUBLISHED}),
        Verb.RESTORE: frozenset({State.ARCHIVED}),
        Verb.AGREE: frozenset({State.DRAFT, State.ARCHIVED}),
        Verb.REFUSE: frozenset({State.DRAFT, State.REVIEW, State.PUBLISHED, State.ARCHIVED}),
    }
)
"""From which states a verb may be done."""

TO: MappingProxyType[Verb, State] = MappingProxyType(
    {
        Verb.KEEP: State.DRAFT,
        Verb.SUBMIT: State.REVIEW,
        Verb.RETURN: State.DRAFT,
        Verb.PUBLISH: State.PUBLISHED,
        Verb.UNPUBLISH: State.REVIEW,
        Verb.ARCHIVE: State.ARCHIVED,
        Verb.RESTORE: State.DRAFT,
        Verb.AGREE: State.REVIEW,
        Verb.REFUSE: State.ARCHIVED,
    }
)
"""Where a verb leads; a verb that is missing leaves the state as it is."""

_OWNERS = frozenset({Part.OWNER, Part.EDITOR})
MAY: MappingProxyType[Verb, frozenset[Part]] = MappingProxyType(
    {
        Verb.SUBMIT: _OWNERS,
        Verb.EDIT: _OWNERS,
        Verb.RETURN: frozenset({Part.EDITOR}),
        Verb.PUBLISH: frozenset({Part.EDITOR}),
        Verb.UNPUBLISH: frozenset({Part.EDITOR}),
        Verb.CONFIRM: _OWNERS,
        Verb.ARCHIVE: _OWNERS,
        Verb.RESTORE: frozenset({Part.EDITOR}),
        Verb.AGREE: frozenset({Part.ASKER}),
        Verb.REFUSE: frozenset({Part.ASKER}),
    }
)


def may(verb: Verb, parts: frozenset[Part]) -> bool:
    """Whether somebody with these parts may do the verb."""
    return bool(parts & MAY.get(verb, frozenset()))


def possible(verb: Verb, state: State, consent: Consent, *, proposed: bool = False) -> bool:
    """Whether the verb can be done in this state. What needs the asker's yes goes no further without it; what was put away
    because they said no comes back by their yes, and by nothing else; they may say no to what is put away as well. Other
    words that are `proposed` for what is published are decided on first: nobody vouches for the present ones meanwhile."""
    if proposed and verb in {Verb.PUBLISH, Verb.RETURN, Verb.CONFIRM, Verb.UNPUBLISH}:
        return verb in {Verb.PUBLISH, Verb.RETURN}
    if state is State.ARCHIVED and verb is Verb.REFUSE:
        return consent in {Consent.ASKED, Consent.GIVEN}
    if state is State.ARCHIVED:
        refused = consent is Consent.REFUSED
        return verb is (Verb.AGREE if refused else Verb.RESTORE)
    if verb in {Verb.SUBMIT, Verb.PUBLISH} and consent not in {Consent.NOT_NEEDED, Consent.GIVEN}:
        return False
    return state in FROM.get(verb, frozenset())


def may_be_listed(before: State, after: State) -> bool:
    """Whether a list may bring an entry from one state to another: nothing that people find is taken from them by a slip in
    a file, and what was put away comes back by hand."""
    gone = State.ARCHIVED in {before, after}
    return before is after or not (gone or before is State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says; every revision keeps the whole of it. `municipality_code` is the body of a 好事例, named once
    somebody (`agreed_by`) says that they have asked this very body (`agreed_on`). `size_band`, `cost`, `effort` and
    `contact` belong to a 好事例 as well."""

    kind: str
    question: str
    answer: str
    field_id: str | None = None
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    owner: str = ""
    review_on: date | None = None
    municipality_code: str | None = None
    size_band: str | None = None
    cost: str | None = None
    effort: str | None = None
    contact: str | None = None
    agreed_by: str | None = None
    agreed_on: date | None = None


NAMES = tuple(each.name for each in fields(Content))
READ = frozenset(NAMES) - {"field_id", "owner", "review_on", "agreed_by", "agreed_on"}
"""What people read of an entry: a change of these needs a new yes of who agreed to the words."""
_DAYS = ("review_on", "agreed_on")


def named(content: Content) -> str | None:
    """The body that people read the name of."""
    return content.municipality_code if content.agreed_by else None


def changed(before: Content, after: Content) -> tuple[str, ...]:
    """The names of what is different, in their order."""
    return tuple(name for name in NAMES if getattr(before, name) != getattr(after, name))


def reads_otherwise(before: Content, after: Content) -> bool:
    """Whether people read anything else than before."""
    return bool(READ & set(changed(before, after))) or named(before) != named(after)


def needs_new_yes(before: Content, after: Content, consent: Consent) -> bool:
    """Whether the asker has to be asked again before these words may be seen."""
    return consent is not Consent.NOT_NEEDED and reads_otherwise(before, after)


def needs_reading(
    before: Content, after: Content, state: State, consent: Consent, by: frozenset[Part]
) -> bool:
    """Whether an editor reads a change before others do: nobody publishes words alone. Where the asker's yes is needed, an
    editor reads them after it."""
    waits = state is State.PUBLISHED and consent is Consent.NOT_NEEDED and Part.EDITOR not in by
    return waits and reads_otherwise(before, after)


def words_since(history: Iterable[tuple[int, Content]]) -> int:
    """Since which revision (oldest first) people read what they read by the last one: other words in between, and these are
    new again. 0 of no history."""
    since, before = 0, None
    for number, content in history:
        if before is None or reads_otherwise(before, content):
            since = number
        before = content
    return since


def merged(base: Content, mine: Content, theirs: Content) -> Content:
    """Two changes of one `base`: mine, and theirs where I changed nothing."""
    kept = {name: getattr(theirs, name) for name in NAMES if getattr(mine, name) == getattr(base, name)}
    return replace(mine, **kept)


def words_key(content: Content) -> str:
    """A short name for all that people read of it: the same for the same words."""
    read = {name: value for name, value in stored(content).items() if name in READ}
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:16]


def compared(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines of two texts as pairs of a sign and the line: "-" is gone, "+" is new, " " is as it was."""
    old, new = before.splitlines(), after.splitlines()
    for code, i, j, k, n in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code == "equal":
            yield from ((" ", line) for line in old[i:j])
            continue
        yield from (("-", line) for line in old[i:j])
        yield from (("+", line) for line in new[k:n])


def stored(content: Content) -> dict[str, Any]:
    """The content as plain JSON."""
    found = {name: getattr(content, name) for name in NAMES}
    days = {name: day and day.isoformat() for name in _DAYS for day in [found[name]]}
    return {**found, "tags": list(content.tags), "sources": list(content.sources), **days}


def restored(raw: Mapping[str, Any]) -> Content:
    """The content as it was stored."""
    known = {name: raw[name] for name in NAMES if name in raw}
    lists = {name: tuple(raw.get(name) or ()) for name in ("tags", "sources")}
    days = {name: date.fromisoformat(raw[name]) if raw.get(name) else None for name in _DAYS}
    return Content(**{**known, **lists, **days})


def later(content: Content, on: date) -> Content:
    """The same content, to be looked at again on another day."""
    return replace(content, review_on=on)
