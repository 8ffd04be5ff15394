"""Counting what became of what people wrote: in the bot's database and in the workspace."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from benchmarks.crash.place import Place
from benchmarks.crash.talk import Talk
from bot import auditor
from sandbox import state as workspace
from storage.database import Transaction
from storage.tables import messages, questions

Key = tuple[str, str]
"""A message's natural key: channel and timestamp."""


@dataclass(slots=True)
class Verdict:
    """The outcome of a trial. Each list holds a sentence for each fault; empty lists are what we want."""

    kills: int = 0
    asked: int = 0
    written: int = 0
    lost: list[str] = field(default_factory=list)
    captured_twice: list[str] = field(default_factory=list)
    posted_twice: list[str] = field(default_factory=list)
    books: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing twice, the books in order."""
        return not (self.lost or self.captured_twice or self.posted_twice or self.books)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands in the bot's database."""

    question_of: dict[Key, int | None]
    twice: list[Key]
    threads: dict[int, Key]
    claimed: set[int]
    waiting: int
    findings: tuple[str, ...]


def read(tx: Transaction) -> Recorded:
    """Read all of it in one snapshot."""
    m, q = messages.c, questions.c
    rows = list(tx.connection.execute(select(m.channel, m.ts, m.question_id)))
    found = list(tx.connection.execute(select(q.id, q.channel, q.thread_ts, q.claimed_at)))
    books = auditor.read(tx)
    return Recorded(
        question_of={(channel, ts): question for channel, ts, question in rows},
        twice=[key for key, times in Counter((channel, ts) for channel, ts, _ in rows).items() if times > 1],
        threads={number: (channel, thread) for number, channel, thread, _ in found},
        claimed={number for number, *_, claimed_at in found if claimed_at is not None},
        waiting=books.backlog.waiting,
        findings=auditor.health(books).findings,
    )


def judge(found: Place, talk: Talk, recorded: Recorded, verdict: Verdict) -> None:
    """Fill in the verdict."""
    verdict.asked, verdict.written = len(talk.askings), len(list(talk.messages))
    verdict.books += recorded.findings
    for message in talk.messages:
        if (message.channel, message.ts) not in recorded.question_of:
            verdict.lost.append(f"message {message.ts} is not recorded")
    _askings(talk, recorded, verdict)
    _cards(found, talk, recorded, verdict)
    _everything_posted(found, verdict)


def _askings(talk: Talk, recorded: Recorded, verdict: Verdict) -> None:
    """Each asking is exactly one question, and each question one asking."""
    owners: defaultdict[int, set[int]] = defaultdict(set)
    for number, asking in enumerate(talk.askings):
        became = {recorded.question_of.get((one.channel, one.ts)) for one in asking.messages}
        ids = became - {None}
        if None in became:
            parts = [(one.ts, recorded.question_of.get((one.channel, one.ts))) for one in asking.messages]
            verdict.lost.append(f"asking {number} is not wholly in a question: {parts}")
        if len(ids) > 1:
            verdict.captured_twice.append(f"asking {number} became questions {ids}")
        for each in ids:
            owners[int(each or 0)].add(number)
    for question in recorded.threads:
        if len(owners[question]) != 1:
            verdict.captured_twice.append(f"question {question} holds askings {owners[question]}")
    for key in recorded.twice:
        verdict.captured_twice.append(f"message {key} is recorded twice")


def _cards(found: Place, talk: Talk, recorded: Recorded, verdict: Verdict) -> None:
    """One card in each question's thread, and the card of a claimed question says so."""
    for question, (channel, thread) in recorded.threads.items():
        place = found.sandbox.world.channels[channel]
        cards = [place.messages[ts] for ts in place.messages[thread].replies if place.messages[ts].bot]
        if not cards:
            verdict.lost.append(f"question {question} has no card")
        if len(cards) > 1:
            verdict.posted_twice.append(f"question {question} has {len(cards)} cards")
        if cards and question in recorded.claimed and "受け付けました" in f"{cards[0].text}{cards[0].blocks}":
            verdict.lost.append(f"the card of question {question} does not say that it is claimed")
    for number, asking in enumerate(talk.askings):
        question_id = recorded.question_of.get((asking.first.channel, asking.first.ts))
        if asking.replies and question_id is not None and question_id not in recorded.claimed:
            verdict.lost.append(f"asking {number} was replied to and is not claimed")


def _everything_posted(found: Place, verdict: Verdict) -> None:
    """No row of the outbox, no direct message, no private offer stands twice."""
    world = found.sandbox.world
    verdict.posted_twice += [f"outbox row posted twice: {one}" for one in world.tally.duplicates()]
    for person in world.people.values():
        offers = Counter(one.text for one in person.ephemerals.values())
        verdict.posted_twice += [
            f"{person.real_name} got an offer {times} times" for times in offers.values() if times > 1
        ]
    for channel in world.channels.values():
        if channel.im:
            texts = Counter(f"{one.text}{one.blocks}" for one in _said_by_bot(channel))
            verdict.posted_twice += [
                f"direct message twice: {text[:60]}" for text, n in texts.items() if n > 1
            ]


def _said_by_bot(channel: workspace.Channel) -> Iterator[workspace.Message]:
    return (one for one in channel.messages.values() if one.bot)
