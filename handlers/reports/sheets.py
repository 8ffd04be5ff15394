"""Figures → sheets as an office reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.domain import my_number, words
from bot.domain.asking import Audience
from bot.domain.concealing import FEW
from bot.domain.report import Asked, Waits
from bot.domain.text import clean, excerpt
from handlers.questions.base.naming import address
from handlers.reports.figures import ELSE, Facts, Figures, Row
from handlers.reports.sheet import Cell, Sheet, moment
from handlers.reports.study_sheets import study_sheets

HIDDEN = "※"
"""Stands for a count that is not shown."""
OPEN_TITLE = "県内みんな"
APART_TITLES = {Audience.BODY: "団体名だけ", Audience.PRIVATE: "県と担当だけ"}
ONLY_OPEN = (
    f"「{OPEN_TITLE}」の相談だけを数えています。"
    "ほかの相談は、期間のちがう集計をくらべて分からないように、終わった年度の集計だけで数えます"
)
BEGINS = 100
"""So many characters of a question are listed."""
_STANDS = {
    "waiting": "未回答",
    "answered": "回答あり",
    "resolved": "終了(解決)",
    "faq": "終了(FAQで解決)",
    "by_phone": "終了(電話・訪問で回答)",
    "no_reply": "終了(返事がなく、ひとまず終了)",
    "duplicate": "終了(ほかの相談にまとめた)",
    "withdrawn": "終了(取り下げ)",
}
_WAYS = {
    "message": "チャンネル",
    "direct": "直接メッセージ",
    "form": "「相談する」の画面",
    "phone": "電話",
    "visit": "訪問・来庁",
}
_URGENCIES = {"today": "今日中", "week": "今週中", "none": "急がない"}
_NO_BODY = "ほかの団体・所属を確かめていない方"
_NO_FIELD = "決まっていない"
_SUM = f"合計({OPEN_TITLE})"
_RULES = (
    "数え方",
    "・相談は、Banso に登録された日の期間に数えます。電話などをあとから登録したときも、登録した日です。練習は数えません。",
    "・状態・分野・団体は、上の日時のものです。そのあとの変更は、この期間の数に入りません。",
    "・開庁時間と閉庁日、分野と県内の団体の一覧は、このファイルをつくった日のものです。",
    "・初回返信は、開庁時間(閉庁日・昼休みを除く)で数えます。",
    "・あとで見られる方を狭めた相談は、どの数にも入れません。",
)
_RULES_APART = (
    f"・{HIDDEN} は、少ない件数({FEW}件以下。0件も含む)か、それを計算できないように示さない件数です。",
    "・「団体名だけ」「県と担当だけ」の相談は、一覧に載せません。番号も載せません(抜けた番号から分かるため)。",
    f"・それらの合計は示しません。「以上」は、表で示した件数を足したものです({HIDDEN} は入っていません)。",
    "・それらが少なく、示すとどの相談か分かるときは、どの数にも入れません。",
)


def sheets(facts: Facts, found: Figures) -> list[Sheet]:
    """The whole report; each sheet says which period it is, and as of when."""
    head = [facts.period.title, facts.period.said_as_of(facts.at, facts.zone)]
    head += [] if found.tells_all else [ONLY_OPEN]
    return [
        _summary(facts, found, head),
        _list(facts, found, head),
        _bodies(facts, found, head),
        _fields(facts, found, head),
        _counts("受付方法別", "受付方法", found.ways, _WAYS, found, head),
        _times(facts, found, head),
        _unused(facts, found, head),
        *(study_sheets(facts, head) if facts.sat else ()),
    ]


def _summary(facts: Facts, found: Figures, head: Sequence[str]) -> Sheet:
    days = "{}から{}まで".format(*facts.period.days)
    received: Cell = f"{found.received}以上" if any(found.apart) else found.received
    rows: list[Sequence[Cell]] = [
        ("受付", received, "" if any(found.apart) else f"「{OPEN_TITLE}」の相談だけです"),
        (f" うち {OPEN_TITLE}", found.open, ""),
        *_at_least(found),
        ("相談ではないとしたもの", found.not_questions, "受付に入れていません"),
        ("利用団体", _used(facts, found), _about_used(found)),
        (f"初回返信(中央値・{OPEN_TITLE})", _said(found.took["all"].median), "開庁時間"),
        *_medians(found),
        *_emergencies(facts, found),
        ("", None, ""),
        ("状態", OPEN_TITLE, *_apart_titles(found)),
        *((_STANDS[row.key], row.open, *_apart(row, found)) for row in found.stands),
        ("", None, ""),
        *((line, None, "") for line in (*_RULES, *(_RULES_APART if found.tells_all else ()))),
    ]
    return Sheet("概要", (*head, days), ("項目", "件数", "説明"), rows, (34, 14, 28, 14))


def _at_least(found: Figures) -> list[Sequence[Cell]]:
    """How many there are of the others, as far as it is told."""
    if not found.tells_all:
        return []
    titles = zip(APART_TITLES.values(), found.apart, strict=True)
    return [(f" うち {title}", HIDDEN if count is None else f"{count}以上", "") for title, count in titles]


def _emergencies(facts: Facts, found: Figures) -> list[Sequence[Cell]]:
    """How many there were in a fiscal year that is over: one number for all bodies, and no small one."""
    if not found.tells_all:
        return []
    count = HIDDEN if facts.emergencies <= FEW else facts.emergencies
    return [("緊急の記録", count, f"受付に入れていません。{FEW}件以下(0件も)は {HIDDEN} です")]


def _medians(found: Figures) -> list[Sequence[Cell]]:
    took = found.took_apart.items()
    return [(f"初回返信(中央値・{APART_TITLES[each]})", _said(one.median), "開庁時間") for each, one in took]


def _apart_titles(found: Figures) -> Sequence[str]:
    return tuple(APART_TITLES.values()) if found.tells_all else ()


def _apart(row: Row, found: Figures) -> Sequence[Cell]:
    return [HIDDEN if count is None else count for count in row.apart] if found.tells_all else []


def _used(facts: Facts, found: Figures) -> str:
    return f"{found.used}{'以上' if found.tells_all else ''}/{len(facts.own)}"


def _about_used(found: Figures) -> str:
    if not found.tells_all:
        return f"県内の団体のうち、「{OPEN_TITLE}」に聞いた団体"
    return f"県内の団体のうち。「県と担当だけ」だけの団体は、件数を {HIDDEN} にしているとき数えていません"


def _list(facts: Facts, found: Figures, head: Sequence[str]) -> Sheet:
    titles = (
        "受付日時",
        "団体コード",
        "団体",
        "分野",
        "受付方法",
        "急ぎ",
        "状態",
        "初回返信(分)",
        "相談の内容",
        "場所",
    )
    said = [*head, f"「{OPEN_TITLE}」の相談だけを載せています"] if found.tells_all else head
    rows = [_line(facts, each) for each in found.listed]
    return Sheet("一覧", said, titles, rows, (17, 11, 16, 14, 16, 10, 26, 12, 60, 40))


def _line(facts: Facts, asked: Asked) -> Sequence[Cell]:
    body = facts.bodies.get(asked.municipality_code or "")
    took, text = _took(facts, asked), "\n".join(clean(part) for part in facts.words.get(asked.id, ()))
    return (
        moment(asked.received_at, facts.zone),
        asked.municipality_code,
        body.name if body is not None else None,
        _field_names(facts).get(asked.field_id or ELSE, asked.field_id),
        _WAYS[asked.way],
        _URGENCIES[asked.urgency],
        _STANDS[asked.stand],
        None if took is None else _minutes(took),
        "(取り下げ)" if asked.withdrawn else excerpt(my_number.mask(text)[0], BEGINS),
        address(facts.url, *asked.place) if asked.place is not None else None,
    )


def _took(facts: Facts, asked: Asked) -> timedelta | None:
    first = asked.first_response_at
    return None if first is None else facts.calendar.elapsed(asked.received_at, first)


def _bodies(facts: Facts, found: Figures, head: Sequence[str]) -> Sheet:
    used = f"利用団体 {_used(facts, found)}({_about_used(found)})"
    rows: list[Sequence[Cell]] = []
    for row in found.bodies:
        body = facts.bodies.get(row.key)
        name = body.name if body is not None else row.key or _NO_BODY
        rows.append((row.key or None, name, row.open, *_apart(row, found)))
    rows.append((None, _SUM, found.open))
    titles = ("団体コード", "団体", OPEN_TITLE, *_apart_titles(found))
    return Sheet("団体別", (*head, used), titles, rows, (12, 32, 14, 14, 14))


def _fields(facts: Facts, found: Figures, head: Sequence[str]) -> Sheet:
    return _counts("分野別", "分野", found.fields, _field_names(facts), found, head)


def _field_names(facts: Facts) -> dict[str, str]:
    return {**{field.id: field.label for field in facts.fields}, ELSE: _NO_FIELD}


def _counts(
    name: str, title: str, rows: Iterable[Row], names: dict[str, str], found: Figures, head: Sequence[str]
) -> Sheet:
    lines: list[Sequence[Cell]] = [(names[row.key], row.open, *_apart(row, found)) for row in rows]
    lines.append((_SUM, found.open))
    return Sheet(name, head, (title, OPEN_TITLE, *_apart_titles(found)), lines, (32, 14, 14, 14))


def _times(facts: Facts, found: Figures, head: Sequence[str]) -> Sheet:
    titles = (
        "区分",
        "初回返信あり",
        "返信待ち",
        "返信の前に終了",
        "その場で回答",
        "中央値(分)",
        "中央値",
        "4分の3に返信するまで(分)",
    )
    names = _groups(facts)
    rows: list[Sequence[Cell]] = [
        (names[key], *_numbers(found.took[key])) for key in names if key in found.took
    ]
    rows += [(APART_TITLES[key], *[HIDDEN] * 4, *_middle(took)) for key, took in found.took_apart.items()]
    said = (*head, f"開庁時間で数えています。急ぎ・受付方法・分野ごとは、「{OPEN_TITLE}」の相談だけです")
    return Sheet("応答時間", said, titles, rows, (34, 14, 12, 16, 14, 12, 16, 26))


def _groups(facts: Facts) -> dict[str, str]:
    return {
        "all": OPEN_TITLE,
        **{f"urgency:{key}": f"急ぎ:{name}" for key, name in _URGENCIES.items()},
        **{f"way:{key}": f"受付方法:{name}" for key, name in _WAYS.items()},
        **{f"field:{field.id}": f"分野:{field.label}" for field in facts.fields},
        f"field:{ELSE}": f"分野:{_NO_FIELD}",
    }


def _numbers(took: Waits) -> tuple[Cell, ...]:
    return (took.answered, took.owed, took.not_needed, took.on_the_spot, *_middle(took))


def _middle(took: Waits) -> tuple[Cell, ...]:
    if took.median is None or took.most is None:
        return (None, None, None)
    return (_minutes(took.median), _said(took.median), _minutes(took.most))


def _unused(facts: Facts, found: Figures, head: Sequence[str]) -> Sheet:
    about = f"「{OPEN_TITLE}」の相談がなかった団体です"
    if found.tells_all:
        about = (
            "相談がなかった団体です。「県と担当だけ」の件数を示していない団体も、"
            "あったかどうかを示さないため、ここに含みます"
        )
    rows = [(body.code, body.name, body.kana) for body in found.unused]
    return Sheet("未利用団体", (*head, about), ("団体コード", "団体", "よみ"), rows, (12, 28, 28))


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _said(length: timedelta | None) -> str:
    return "—" if length is None else words.duration(length)
