"""The auditor: health is green only while the books balance and every living question has a person and a next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.emergency import UNSEEN_WITHIN
from bot.web import Health
from storage import due, emergencies, held, kept, ledger, outbox
from storage.database import Transaction
from storage.ledger import Ledger
from storage.outbox import Backlog

TOO_OLD = timedelta(minutes=10)
READS_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Books:
    """What the auditor reads in one snapshot."""

    ledger: Ledger
    adrift: list[int]
    unreplayed: int
    kept: kept.Backlog
    failing: int
    twice: int
    backlog: Backlog
    unseen: list[int]
    real_now: datetime
    untold: int = 0


def read(tx: Transaction) -> Books:
    """Read everything the auditor looks at."""
    return Books(
        ledger.ledger(tx),
        ledger.without_next_step(tx),
        ledger.unreplayed(tx),
        kept.backlog(tx),
        due.failing(tx),
        ledger.source_twice(tx),
        outbox.backlog(tx),
        emergencies.unseen(tx, tx.now - UNSEEN_WITHIN),
        tx.real_now,
        held.overdue(tx, tx.now - ledger.GRACE),
    )


def health(
    books: Books, *, broken: str | None = None, sockets: int | None = None, waits: timedelta = timedelta()
) -> Health:
    """Turn the books into findings. `broken` is Slack's word while our token is refused, `sockets` the open
    connections (None in HTTP mode), `waits` how long due work has been waiting for the catch-up."""
    counts, backlog = books.ledger, books.backlog
    late, stuck = (
        each is not None and books.real_now - each > TOO_OLD for each in (backlog.oldest, books.kept.oldest)
    )
    failed = books.unreplayed + books.kept.failing
    numbers = "・".join(f"No.{number}" for number in books.adrift[:10])
    urgent = "・".join(f"No.{number}" for number in books.unseen[:10])
    found = {
        f"だれも対応を始めていない緊急の記録があります:{urgent}": bool(books.unseen),
        "台帳が合いません(受付 ≠ 待ち+回答あり+終了)。": not counts.balanced,
        f"担当または次の予定がない相談があります:{numbers}": bool(books.adrift),
        f"届けられないお知らせが {backlog.dead} 件あります。": bool(backlog.dead),
        f"処理に失敗した書き込みが {failed} 件あります(banso replay)。": bool(failed),
        "受け取ったまま10分以上処理していない書き込みがあります。": stuck,
        f"失敗して待っている定例処理が {books.failing} 件あります。": bool(books.failing),
        f"同じ書き込みから二つの相談ができています({books.twice} 件)。": bool(books.twice),
        f"届ける時刻を過ぎたお知らせが {books.untold} 件あります。": bool(books.untold),
        "10分以上届いていないお知らせがあります。": late,
        f"Slack がこのボットを拒んでいます({broken})。banso check で確かめてください。": broken is not None,
        "Slack との接続が切れています。": sockets == 0,
        "留守中の書き込みを読み終えていません。読み終えるまで、催促などを控えています。": waits
        > READS_WITHIN,
    }
    return Health(
        findings=tuple(sentence for sentence, so in found.items() if so),
        ledger={
            "received": counts.received,
            "set_aside": counts.set_aside,
            "waiting": counts.waiting,
            "answered": counts.answered,
            **{f"closed_{reason}": count for reason, count in counts.closed.items()},
            "kept": books.kept.waiting,
            "outbox": backlog.waiting,
            "dead_letters": backlog.dead,
        },
    )
