"""Counting what became of what people wrote, pressed and sent: in the bot's database and in the workspace."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from benchmarks.crash.deeds import VERBS, is_refusal
from benchmarks.crash.place import Place
from benchmarks.crash.talk import Talk
from bot import auditor
from sandbox import state as workspace
from storage.database import Transaction
from storage.tables import events, messages, questions

Key = tuple[str, str]
"""A message's natural key: channel and timestamp."""

Owners = defaultdict[int, set[str]]
"""What is in a question, by its id; it should be one thing."""


@dataclass(slots=True)
class Verdict:
    """The outcome of a trial. `presses` and `dialogs` are those that were
    acknowledged. Each list holds a sentence for each fault; empty lists are what we want."""

    kills: int = 0
    asked: int = 0
    written: int = 0
    presses: int = 0
    dialogs: int = 0
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
    """What stands in the bot's database. `entered` is what was sent in dialogs, with its question; `deeds` is how often
    somebody did a verb to a question."""

    question_of: dict[Key, int | None]
    twice: list[Key]
    threads: dict[int, Key]
    claimed: set[int]
    entered: list[tuple[str, int | None]]
    deeds: Counter[tuple[int, str, str]]
    waiting: int
    findings: tuple[str, ...]


def read(tx: Transaction) -> Recorded:
    """Read all of it in one snapshot."""
    m, q, e = messages.c, questions.c, events.c
    rows = list(tx.connection.execute(select(m.channel, m.ts, m.question_id)))
    sent = tx.connection.execute(select(m.body, m.question_id).where(m.ts.startswith("view:")))
    pressed = select(e.question_id, e.verb, e.actor).where(e.verb.in_(VERBS.values()), e.actor.is_not(None))
    found = list(tx.connection.execute(select(q.id, q.channel, q.thread_ts, q.claimed_at)))
    books = auditor.read(tx)
    return Recorded(
        question_of={(channel, ts): question for channel, ts, question in rows},
        twice=[key for key, times in Counter((channel, ts) for channel, ts, _ in rows).items() if times > 1],
        threads={number: (channel, thread) for number, channel, thread, _ in found},
        claimed={number for number, *_, claimed_at in found if claimed_at is not None},
        entered=[(text, question) for text, question in sent],
        deeds=Counter((question, verb, actor) for question, verb, actor in tx.connection.execute(pressed)),
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
    owners = _askings(talk, recorded, verdict)
    _dialogs(talk, recorded, verdict, owners)
    for question in recorded.threads:
        if len(owners[question]) != 1:
            verdict.captured_twice.append(f"question {question} holds {owners[question]}")
    _presses(talk, recorded, verdict)
    _cards(found, talk, recorded, verdict)
    _everything_posted(found, verdict)


def _askings(talk: Talk, recorded: Recorded, verdict: Verdict) -> Owners:
    """Each asking is exactly one question."""
    owners: Owners = defaultdict(set)
    for number, asking in enumerate(talk.askings):
        became = {recorded.question_of.get((one.channel, one.ts)) for one in asking.messages}
        ids = became - {None}
        if None in became:
            parts = [(one.ts, recorded.question_of.get((one.channel, one.ts))) for one in asking.messages]
            verdict.lost.append(f"asking {number} is not wholly in a question: {parts}")
        if len(ids) > 1:
            verdict.captured_twice.append(f"asking {number} became questions {ids}")
        for each in ids:
            owners[int(each or 0)].add(f"asking {number}")
    for key in recorded.twice:
        verdict.captured_twice.append(f"message {key} is recorded twice")
    return owners


def _dialogs(talk: Talk, recorded: Recorded, verdict: Verdict, owners: Owners) -> None:
    """Each acknowledged dialog is exactly one question; one that was not may be one."""
    for number, dialog in enumerate(talk.deeds.dialogs):
        ids = [question for text, question in recorded.entered if text == dialog.text]
        if dialog.acknowledged:
            verdict.dialogs += 1
            if ids in ([], [None]):
                verdict.lost.append(f"dialog {number} was acknowledged and is no question")
        if len(ids) > 1:
            verdict.captured_twice.append(f"dialog {number} became questions {ids}")
        for each in ids:
            owners[int(each or 0)].add(f"dialog {number}")


def _presses(talk: Talk, recorded: Recorded, verdict: Verdict) -> None:
    """Each acknowledged press is done; nothing is done twice."""
    question_in = {thread: question for question, thread in recorded.threads.items()}
    for press in talk.deeds.presses:
        deed = (question_in.get(press.thread, 0), press.verb, press.person.id)
        if press.acknowledged:
            verdict.presses += 1
            if not recorded.deeds[deed]:
                verdict.lost.append(f"press {deed} was acknowledged and is not done")
    verdict.captured_twice += [f"{deed} is done twice" for deed, n in recorded.deeds.items() if n > 1]


def _cards(found: Place, talk: Talk, recorded: Recorded, verdict: Verdict) -> None:
    """One card in each question's thread, or at its beginning, and the card of a claimed question says so."""
    for question, (channel, thread) in recorded.threads.items():
        place = found.sandbox.world.channels[channel].messages
        there = [thread, *place[thread].replies] if thread in place else []
        cards = [place[ts] for ts in there if place[ts].bot]
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
        shown = [one.text for one in person.ephemerals.values()]
        offers = Counter(text for text in shown if not is_refusal(text))
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
