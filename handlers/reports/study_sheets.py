"""Study sessions in the report: each of them, and who was there, body by body. No question is in it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from handlers.reports.figures import Facts
from handlers.reports.sheet import Cell, Sheet, moment

_NO_BODY = "所属を確かめていない方"
_RULE = "出席は「出席」と答えた方の数です。まとめを書くときに直したものは、直した数です"


def study_sheets(facts: Facts, head: Sequence[str]) -> list[Sheet]:
    """「勉強会」 and 「勉強会の出席」."""
    rows: list[Sequence[Cell]] = [
        (
            moment(each.at, facts.zone),
            each.name,
            sum(each.there.values()),
            sum(each.video.values()),
            sum(count > 0 for code, count in each.there.items() if code is not None),
            "あり" if each.minutes else "なし",
        )
        for each in facts.sat
    ]
    titles = ("日時", "勉強会", "出席", "録画で見る", "出席した団体", "まとめ")
    sessions = Sheet("勉強会", (*head, _RULE), titles, rows, (17, 40, 10, 12, 14, 10))
    return [sessions, _by_body(facts, head)]


def _by_body(facts: Facts, head: Sequence[str]) -> Sheet:
    there: Counter[str | None] = Counter()
    video: Counter[str | None] = Counter()
    times: Counter[str | None] = Counter()
    for each in facts.sat:
        there.update(each.there)
        video.update(each.video)
        times.update(code for code, count in each.there.items() if count)
    own = {body.code: body.name for body in facts.own}
    others = sorted(code for code in {*there, *video} if code is not None and code not in own)
    names = own | {code: facts.bodies[code].name if code in facts.bodies else code for code in others}
    rows: list[Sequence[Cell]] = [
        (code, name, times[code], there[code], video[code]) for code, name in names.items()
    ]
    if there[None] or video[None]:
        rows.append((None, _NO_BODY, times[None], there[None], video[None]))
    titles = ("団体コード", "団体", "出席した回数", "出席(のべ人数)", "録画で見る(のべ人数)")
    return Sheet("勉強会の出席", (*head, _RULE), titles, rows, (12, 32, 14, 16, 20))
