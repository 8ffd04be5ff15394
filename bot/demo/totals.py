"""The end of a play: what the sandbox counted by itself is held against the bot's ledger."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import auditor
from bot.demo.lines import WIDTH, folded
from bot.demo.scribe import Scribe
from bot.demo.stage import Stage
from bot.domain import words
from bot.domain.business_time import BusinessCalendar
from bot.domain.digests import Digest
from bot.domain.faq import State
from sandbox.client import Message
from storage import digests, faq, faq_use, meetings, questions
from storage.database import Transaction
from storage.questions import Question

REASONS = {
    "resolved": "解決",
    "faq": "FAQで解決",
    "by_phone": "電話で回答",
    "withdrawn": "取り下げ",
    "no_reply": "ひとまず終了",
    "duplicate": "まとめた",
}

_EVER = datetime(2026, 1, 1, tzinfo=UTC)
"""Before any play begins."""

_MISBEHAVED = {
    "drop_before": "書く前に切れた",
    "drop_after": "書いた直後に切れた",
    "429": "待たされた",
    "ratelimited": "待たされた",
    "503": "使えなかった",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of a play. `asked` (in writing and by dialog), `posts` and `updates` are the sandbox's own;
    `stopped` comes on top: a My Number was in it, so it was not taken in; `faq_published` entries can be found at the end,
    and `faq_solved` times somebody said that one solved it; `sessions_held` are study sessions that are over and have
    their minutes, `outcomes` what they said about questions, `digests` what was told of a week as a whole; `seconds` is
    real time."""

    asked: int
    received: int
    set_aside: int
    waiting: int
    answered: int
    closed: dict[str, int]
    posts: int
    updates: int
    duplicates: int
    dead_letters: int
    seconds: float
    stopped: int = 0
    faq_published: int = 0
    faq_solved: int = 0
    sessions_held: int = 0
    outcomes: int = 0
    digests: int = 0

    def as_json(self) -> dict[str, Any]:
        """The figures as they are written to a file."""
        return asdict(self)

    def wrong(self) -> list[str]:
        """What does not add up, in words; empty when nothing was lost and nothing happened twice."""
        found = {
            f"相談 {self.asked} 件 ≠ 受付 {self.received} + 相談ではないもの {self.set_aside}": self.asked
            != self.received + self.set_aside,
            f"受付 {self.received} ≠ 未回答 {self.waiting} + 回答あり {self.answered} + 終了 {self.ended}": self.received
            != self.waiting + self.answered + self.ended,
            f"二重になったものが {self.duplicates} 件あります": self.duplicates > 0,
            f"届けられないお知らせが {self.dead_letters} 件あります": self.dead_letters > 0,
        }
        return [sentence for sentence, so in found.items() if so]

    @property
    def ended(self) -> int:
        """How many are closed, whatever the reason."""
        return sum(self.closed.values())


@dataclass(frozen=True, slots=True)
class Ending:
    """The figures, and what else there is to say at the end: reactions still on their way, the bot's own findings."""

    totals: Totals
    marks: int
    findings: tuple[str, ...]
    troubles: dict[str, int]


async def ending(stage: Stage, seconds: float) -> Ending:
    """Count everything."""
    counters = await stage.ws.counters()
    books = await stage.banso.database.read(auditor.read)
    held, outcomes, made = await stage.banso.database.read(_week)
    found = books.ledger
    totals = Totals(
        asked=stage.asked(counters),
        received=found.received,
        set_aside=found.set_aside,
        waiting=found.waiting,
        answered=found.answered,
        closed=found.closed,
        posts=counters["posts"],
        updates=counters["updates"],
        duplicates=books.twice + len(counters["duplicates"]),
        dead_letters=books.backlog.dead,
        seconds=round(seconds, 1),
        stopped=stage.stopped,
        faq_published=(await stage.banso.database.read(faq.how_many)).get(State.PUBLISHED, 0),
        faq_solved=await stage.banso.database.read(faq_use.solved),
        sessions_held=held,
        outcomes=outcomes,
        digests=made,
    )
    health = await stage.banso.health()
    return Ending(totals, books.backlog.marks, health.findings, _troubles(counters))


def _week(tx: Transaction) -> tuple[int, int, int]:
    """Sessions that were held and written down, what they said about questions, digests that were made."""
    held = [each for each, _ in meetings.held_between(tx, _EVER, tx.now) if each.minutes]
    outcomes = sum(len(meetings.outcomes_of(tx, each.id)) for each in held)
    made = sum(len(digests.weeks_done(tx, digest, _EVER.date())) for digest in Digest)
    return len(held), outcomes, made


def _troubles(counters: Mapping[str, Any]) -> dict[str, int]:
    """How Slack misbehaved towards the bot, as the sandbox counted it."""
    found: Counter[str] = Counter()
    for call, count in counters["outcomes"].items():
        found[_MISBEHAVED.get(call.split()[1], "")] += count
    found["同じ知らせが二度"] = counters["acks"].get("late_or_unknown", 0)
    found["返事が届かない"] = counters["acks"].get("lost", 0)
    del found[""]
    return {what: count for what, count in found.items() if count}


async def asked_questions(stage: Stage, roots: Sequence[Message]) -> list[Question]:
    """The questions that the messages `roots` became."""
    read = stage.banso.database.read
    found = [await read(questions.in_thread, root.channel, root.ts) for root in roots]
    return [question for question in found if question is not None]


async def read_questions(stage: Stage, ids: Iterable[int]) -> list[Question]:
    """These questions."""
    return [await stage.banso.database.read(questions.need, each) for each in ids]


def tell(scribe: Scribe, end: Ending, asked: Sequence[Question]) -> None:
    """Say the ledger in words."""
    totals = end.totals
    fine = not totals.wrong()
    scribe.heading("台帳")
    scribe.tells(f" 届いた相談 [bold]{totals.asked}[/] 件 [dim](続けて書いたものは、まとめて 1 件)[/]")
    scribe.tells(
        f"   = 受付 {totals.received} + 相談ではないもの {totals.set_aside} "
        "[dim](お礼などは、消さずに残しています)[/]"
    )
    if totals.stopped:
        scribe.tells(f" ほかに、番号があり止めたもの {totals.stopped} [dim](保存していません)[/]")
    scribe.tells(
        f" 受付 [bold]{totals.received}[/] = 未回答 {totals.waiting} + 回答あり {totals.answered} + 終了 {totals.ended}"
    )
    if totals.closed:
        reasons = sorted(totals.closed.items(), key=lambda each: -each[1])
        scribe.tells(
            "   終了のわけ:" + "・".join(f"{REASONS.get(name, name)} {count}" for name, count in reasons)
        )
    if totals.faq_published:
        scribe.tells(
            f" FAQに残した回答 {totals.faq_published} 件"
            f"|それで解決した、あとの人の困りごと {totals.faq_solved} 件"
        )
    if totals.sessions_held:
        scribe.tells(
            f" 開いた勉強会 {totals.sessions_held} 回|相談のスレッドに戻したまとめ {totals.outcomes} 件"
        )
    if totals.digests:
        scribe.tells(f" 週のお知らせ {totals.digests} 件 [dim](予定・まとめ・県の担当へのまとめ)[/]")
    took = _first_replies(asked)
    if took:
        scribe.tells(
            f" 初回返信 {words.duration(statistics.median_low(took))} [dim](開庁時間で数えた中央値)[/]"
        )
    scribe.tells(
        f" Banso の書き込み {totals.posts} 件・書き替え {totals.updates} 回"
        f"|二重 {totals.duplicates}|届けられなかったもの {totals.dead_letters}"
    )
    if end.troubles:
        said = "・".join(f"{what} {count}" for what, count in end.troubles.items())
        scribe.tells(" この間の Slack の不調")
        for line in folded(said, WIDTH - 8, "・"):
            scribe.tells(f"   {line}")
    if end.marks:
        scribe.tells(f"   [dim]📥🙋💬✅ の印は、Slack の制限に合わせて、あと {end.marks} 件が順に付きます[/]")
    for sentence in totals.wrong():
        scribe.tells(f" [bold red]❌ {sentence}[/]")
    if fine:
        scribe.tells(" [bold green]✓ 合っています。なくなった相談も、二重になった相談もありません。[/]")


def _first_replies(asked: Sequence[Question]) -> list[timedelta]:
    calendar = BusinessCalendar()
    return [
        calendar.elapsed(question.received_at, question.first_reply_at)
        for question in asked
        if question.first_reply_at is not None
    ]


def tell_health(scribe: Scribe, end: Ending) -> None:
    """Say what the bot thinks of itself."""
    scribe.tells()
    if not end.findings:
        scribe.tells(
            " Banso の自己点検:[bold green]健全です[/] [dim](担当または次の予定のない相談は 0 件)[/]"
        )
    for finding in end.findings:
        scribe.tells(f" Banso の自己点検:[bold red]❌ {finding}[/]")
