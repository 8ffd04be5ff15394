"""The report: what is counted as of when, what is not told, and asking for it. On either engine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.domain.asking import Audience, Details, Way
from bot.domain.concealing import FEW
from bot.domain.question import Verb
from bot.domain.report import Period
from bot.feature import DeadLetter, Message, Outgoing
from handlers.questions.intake import capture, direct
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.lifecycle.recording import record
from handlers.reports import actions, views
from handlers.reports.figures import ELSE, Figures, figures
from handlers.reports.files import Form
from handlers.reports.gathering import gather
from handlers.reports.making import prepare
from handlers.reports.sheet import Cell
from handlers.reports.sheets import HIDDEN, ONLY_OPEN, sheets
from storage import channels, emergencies, members, questions
from storage.database import Transaction
from storage.tables import outbox
from tests.handlers.desk import SECRET, asks, with_desk
from tests.handlers.prefecture import ARIMA, BODY, HERE, ITSUKI, KEN, MORI, NAGI, OTHER_BODY, Prefecture

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
IN_DECEMBER = datetime(2026, 12, 14, 1, 0, tzinfo=UTC)
END = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
YEAR, IN_APRIL = Period(date(2026, 4, 1), date(2027, 3, 31)), datetime(2027, 4, 2, 1, 0, tzinfo=UTC)
T = TypeVar("T")
Table = Mapping[str, list[tuple[Cell, ...]]]


def told(ken: Prefecture, text: str = BROKEN, author: str = NAGI, channel: str = HERE) -> int:
    """Somebody asks in a channel; the question's id."""
    word = ken.message(author, text, channel=channel)
    ken.write(capture.capture, word)
    found = ken.read(questions.in_thread, channel, word.ts)
    assert found is not None
    ken.now += timedelta(minutes=3)
    return found.id


def replied(ken: Prefecture, question_id: int, author: str = MORI) -> None:
    thread = ken.read(questions.need, question_id).thread_ts
    ken.write(capture.capture, ken.message(author, "電源を長押ししてください", thread=thread))


def does(ken: Prefecture, question_id: int, verb: Verb, actor: str, **more: Any) -> None:
    ken.now += timedelta(minutes=1)
    ken.write(act, question_id, verb, actor, source=f"{question_id}:{verb}:{ken.now}", **more)


def counted(ken: Prefecture, period: Period = NOVEMBER) -> Figures:
    return figures(ken.read(lambda tx: gather(tx, period, period.as_of(ken.now, "Asia/Tokyo"))))


def tables(ken: Prefecture, period: Period = NOVEMBER) -> Table:
    facts = ken.read(lambda tx: gather(tx, period, period.as_of(ken.now, "Asia/Tokyo")))
    return {each.name: [tuple(row) for row in each.rows] for each in sheets(facts, figures(facts))}


def line(rows: list[tuple[Cell, ...]], first: str) -> tuple[Cell, ...]:
    (found,) = [row for row in rows if first in row[:2]]
    return found


# --- as of when ------------------------------------------------------------------------------------------------


def test_a_period_that_is_over_reads_the_same_after_more_has_happened(ken: Prefecture) -> None:
    waits, answered, closed, secret = (told(ken, f"{BROKEN}{n}", NAGI) for n in range(4))
    replied(ken, answered)
    does(ken, answered, Verb.ANSWER, MORI)
    does(ken, closed, Verb.RESOLVE, NAGI)
    ken.now = END
    before, rows = counted(ken), tables(ken)
    assert {row.key: row.open for row in before.stands if row.open} == {
        "waiting": 2,
        "answered": 1,
        "resolved": 1,
    }
    assert before.took["all"].answered == 1

    ken.now = IN_DECEMBER
    replied(ken, waits)
    does(ken, waits, Verb.SET_FIELD, KEN, field_id="net")
    does(ken, answered, Verb.RESOLVE, NAGI)
    does(ken, closed, Verb.REOPEN, NAGI)
    does(ken, closed, Verb.NOT_A_QUESTION, KEN)
    does(ken, secret, Verb.RESOLVE, NAGI)
    told(ken, "プリンターの印刷がずれます。なぜですか")
    assert counted(ken) == before
    assert tables(ken) == rows


def test_what_is_taken_back_after_the_end_is_still_done_in_the_period(ken: Prefecture) -> None:
    ken.now = END - timedelta(minutes=10)
    one = told(ken)
    does(ken, one, Verb.RESOLVE, NAGI)
    ken.now = END
    before = counted(ken)
    ken.write(undo, one, NAGI, source="undo")
    assert ken.read(questions.need, one).state != "closed"
    assert counted(ken) == before
    assert {row.key for row in before.stands if row.open} == {"resolved"}


def test_words_that_were_taken_away_are_in_no_report_any_more(ken: Prefecture) -> None:
    gone, withdrawn = told(ken, "消す相談です。どうすればいいですか"), told(ken, f"{BROKEN}。取り下げる相談")
    ken.now = END
    assert "消す相談" in str(tables(ken)["一覧"])
    numbers = counted(ken)
    ken.now = IN_DECEMBER
    ken.write(capture.deleted, HERE, ken.read(questions.need, gone).ts, None)
    does(ken, withdrawn, Verb.WITHDRAW, NAGI)
    listed = tables(ken)["一覧"]
    assert [row[8] for row in listed] == ["(取り下げ)"] * 2
    assert [row[6] for row in listed] == ["未回答"] * 2, "that came later"
    after = counted(ken)
    assert (after.stands, after.fields, after.received) == (numbers.stands, numbers.fields, numbers.received)


def test_while_it_is_not_over_it_stands_as_of_now(ken: Prefecture) -> None:
    one = told(ken)
    assert {row.key for row in counted(ken).stands if row.open} == {"waiting"}
    does(ken, one, Verb.RESOLVE, NAGI)
    ken.now += timedelta(minutes=1)
    assert {row.key for row in counted(ken).stands if row.open} == {"resolved"}


def test_a_call_is_counted_where_it_was_entered_and_has_no_time(ken: Prefecture) -> None:
    ken.now = IN_DECEMBER
    how = Details(way=Way.PHONE, entered_by=KEN, received_at=END - timedelta(days=3), municipality_code=BODY)
    ken.write(record, KEN, BROKEN, "電源を長押し", how, source="view:V1")
    ken.now += timedelta(minutes=1)
    assert counted(ken).received == 0, "November was reported, and stays as it was"
    found = counted(ken, Period(date(2026, 12, 1), date(2026, 12, 31)))
    assert (found.received, found.took["all"].on_the_spot, found.took["all"].median) == (1, 1, None)


def test_an_answer_by_telephone_is_a_response_too(ken: Prefecture) -> None:
    one = told(ken)
    ken.now += timedelta(minutes=27)
    ken.write(act, one, Verb.BY_PHONE, KEN, source="phone")
    ken.now += timedelta(minutes=1)
    assert counted(ken).took["all"].median == timedelta(minutes=30)


def test_practice_is_never_counted_and_what_is_no_question_is_told_apart(ken: Prefecture) -> None:
    known = {"name": "練習", "purpose": "practice", "bot_is_member": True}
    ken.write(lambda tx: channels.save_channel(tx, "C0RENSHU", **known))
    told(ken, channel="C0RENSHU")
    does(ken, told(ken), Verb.NOT_A_QUESTION, KEN)
    does(ken, told(ken, f"{BROKEN}!"), Verb.DUPLICATE, KEN)
    ken.now += timedelta(minutes=1)
    found, rows = counted(ken), tables(ken)["概要"]
    assert (found.received, found.not_questions) == (1, 1)
    assert line(rows, "終了(ほかの相談にまとめた)")[1] == 1
    assert line(rows, "相談ではないとしたもの")[1] == 1
    assert len(tables(ken)["一覧"]) == 1


# --- what is not told ------------------------------------------------------------------------------------------


def everything(ken: Prefecture, period: Period = NOVEMBER) -> str:
    """All that is written anywhere in the report."""
    found = tables(ken, period)
    return "\n".join(str(cell) for rows in found.values() for row in rows for cell in row)


def year_over(ken: Prefecture, look: Callable[[Prefecture, Period], T]) -> T:
    """Look at the fiscal year when it is over, and come back."""
    now, ken.now = ken.now, IN_APRIL
    try:
        return look(ken, YEAR)
    finally:
        ken.now = now


def privately(ken: Prefecture) -> list[int]:
    """Ten questions of two bodies, which came in three ways, one of them with the name of its body; and an open one."""
    with_desk(ken)
    told(ken)
    ways = (Way.DIRECT,) * 6 + (Way.FORM, Way.FORM, Way.PHONE)
    found = [asks(ken, ITSUKI if n < 2 else NAGI, way=way) for n, way in enumerate(ways)]
    asks(ken, ITSUKI, audience=Audience.BODY)
    ken.now += timedelta(minutes=1)
    return found


def test_a_few_private_questions_are_in_no_figure_at_all(ken: Prefecture) -> None:
    with_desk(ken)
    told(ken)
    before = year_over(ken, everything)
    for _ in range(2):
        asks(ken, ITSUKI)
    found = year_over(ken, counted)
    assert year_over(ken, everything) == before
    assert (found.received, found.apart) == (1, (None, None))
    assert OTHER_BODY in {body.code for body in found.unused}, "whether it asked is not told"


def test_of_emergencies_one_number_is_told_of_a_year_that_is_over_and_no_small_one(ken: Prefecture) -> None:
    def begun(tx: Transaction, practice: bool = False) -> int:
        return emergencies.add(tx, practice=practice, asker=NAGI, municipality_code=BODY, kind="virus")

    ken.write(begun, True)
    for shown in (HIDDEN, HIDDEN, 3):
        ken.write(begun)
        ken.now += timedelta(minutes=1)
        assert line(year_over(ken, tables)["概要"], "緊急の記録")[1] == shown
        assert "緊急" not in everything(ken)


def test_of_a_year_it_is_told_how_many_and_not_whose_or_what_about(ken: Prefecture) -> None:
    privately(ken)
    found, rows = year_over(ken, counted), year_over(ken, tables)
    assert (found.open, found.apart, found.received) == (1, (None, 9), 10)
    assert line(rows["団体別"], BODY)[2:] == (1, HIDDEN, 7)
    assert line(rows["団体別"], OTHER_BODY)[2:] == (0, HIDDEN, HIDDEN)
    assert line(rows["概要"], "受付")[1] == "10以上"
    assert line(rows["概要"], " うち 県と担当だけ")[1] == "9以上"
    assert {row.key: row.apart[1] for row in found.ways} == {
        "message": None,
        "direct": 6,
        "form": None,
        "phone": None,
        "visit": None,
    }
    assert OTHER_BODY not in {body.code for body in found.unused}, "everybody could read which body asked"
    assert all(row[1] == BODY for row in rows["一覧"])
    assert len(rows["一覧"]) == 1
    assert SECRET[:8] not in year_over(ken, everything)


def test_a_body_elsewhere_has_a_line_for_what_everybody_could_read_alone(ken: Prefecture) -> None:
    """Or the line would come and go with that, and tell what else is in it."""
    with_desk(ken)
    for audience in (Audience.OPEN, *[Audience.PRIVATE] * 4):
        how = Details(way=Way.PHONE, entered_by=KEN, municipality_code="131016", audience=audience)
        ken.now += timedelta(minutes=1)
        ken.write(record, KEN, BROKEN, "", how, source=f"view:{ken.now}")
    rows = {row.key: (row.open, *row.apart) for row in year_over(ken, counted).bodies}
    assert (rows["131016"], rows[ELSE]) == ((1, None, None), (0, None, 4))


def test_no_sum_of_what_is_not_shown_stands_anywhere(ken: Prefecture) -> None:
    """In each table three rows at least are not shown, and nothing says how many they are together."""
    privately(ken)
    found, rows = year_over(ken, counted), year_over(ken, tables)
    for table in (found.stands, found.bodies, found.fields, found.ways):
        for column in zip(*(row.apart for row in table), strict=True):
            assert all(count is None or count > FEW for count in column)
            assert sum(count is None for count in column) >= 3
    for name in ("団体別", "分野別", "受付方法別"):
        assert [row for row in rows[name] if "合計(県内みんな)" in row] == [rows[name][-1]]
        assert rows[name][-1][-1] == 1, "what everybody could count"


def test_periods_that_can_be_laid_over_one_another_count_what_everybody_can_count(ken: Prefecture) -> None:
    """By a day more, by a month more: the difference would be a single question."""
    told(ken)
    ken.now += timedelta(days=1)
    privately(ken)
    ken.now += timedelta(days=1)
    of_days = [Period(date(2026, 11, 1), date(2026, 11, last)) for last in (24, 25)]
    wide = [NOVEMBER, Period(date(2026, 1, 1), date(2026, 12, 31)), YEAR]
    for period in (*of_days, *wide):
        found = counted(ken, period)
        assert (found.tells_all, found.apart, found.took_apart) == (False, (None, None), {})
        assert HIDDEN not in everything(ken, period)
        assert (BODY, "札幌市", found.open) in tables(ken, period)["団体別"]
    ken.now = IN_APRIL
    assert not any(counted(ken, period).tells_all for period in (*of_days, *wide[:2]))


def test_each_sheet_says_when_it_counts_only_what_everybody_can(ken: Prefecture) -> None:
    privately(ken)

    def said(ken: Prefecture, period: Period) -> list[bool]:
        facts = ken.read(lambda tx: gather(tx, period, period.as_of(ken.now, "Asia/Tokyo")))
        return [ONLY_OPEN in each.said for each in sheets(facts, figures(facts))]

    assert all(said(ken, YEAR))
    assert not any(year_over(ken, said))


def test_how_long_the_others_waited_is_told_of_enough(ken: Prefecture) -> None:
    asked = privately(ken)
    for one in asked[:4]:
        does(ken, one, Verb.ANSWER, MORI)
    assert year_over(ken, counted).took_apart == {}
    does(ken, asked[4], Verb.ANSWER, MORI)
    found, rows = year_over(ken, counted), year_over(ken, tables)
    assert found.took_apart[Audience.PRIVATE].answered == 5
    assert line(rows["応答時間"], "県と担当だけ")[1:5] == (HIDDEN,) * 4
    assert line(rows["概要"], "初回返信(中央値・県と担当だけ)")[1] == "4分"


def test_what_becomes_narrower_later_is_taken_out_and_nothing_takes_it_in(ken: Prefecture) -> None:
    asked = privately(ken)
    one = told(ken, "あとで狭める相談です。どうすればいいですか")
    before, rows = year_over(ken, counted), year_over(ken, everything)
    assert "あとで狭める" in rows
    ken.now = IN_APRIL
    ken.write(_before_whom, one, Audience.PRIVATE)
    ken.write(_before_whom, asked[0], Audience.OPEN)
    found = counted(ken, YEAR)
    assert "あとで狭める" not in everything(ken, YEAR)
    assert found.open == before.open - 1, "privacy goes before the same figures"
    for then, now in zip(
        (before.stands, before.bodies, before.fields, before.ways),
        (found.stands, found.bodies, found.fields, found.ways),
        strict=True,
    ):
        assert [row.apart for row in then] == [row.apart for row in now], "or it would be what is more now"


def _before_whom(tx: Transaction, question_id: int, audience: Audience) -> None:
    question = questions.need(tx, question_id)
    questions.change(tx, question, verb=Verb.CHOOSE, actor=KEN, audience=audience.value)


def test_what_was_before_nobody_then_stays_so(ken: Prefecture) -> None:
    """Its asker said only in December before whom: November's report, once made, reads the same."""
    word = ken.message(ITSUKI, "聞いてもいいですか。画面が真っ暗です", channel="D0ITSUKI")
    ken.write(capture.capture, word)
    ken.now = END
    before = everything(ken)
    ken.now = IN_DECEMBER
    ken.write(direct.choose, 1, Audience.OPEN, ITSUKI, source="choose")
    assert ken.read(questions.need, 1).audience == Audience.OPEN
    assert everything(ken) == before


# --- the file --------------------------------------------------------------------------------------------------


def test_nothing_in_a_file_is_run_and_codes_stay_texts(ken: Prefecture) -> None:
    for text in (
        "=1+1 を教えてください",
        "+81 の番号を教えてください",
        "@SUM を教えてください",
        "\t=2+2 を教えてください",
    ):
        told(ken, text)
    book = load_workbook(io.BytesIO(ken.read(prepare, NOVEMBER, ken.now, Form.EXCEL)()))
    assert book.sheetnames == ["概要", "一覧", "団体別", "分野別", "受付方法別", "応答時間", "未利用団体"]
    for page in book.worksheets:
        assert page["A1"].value == "令和8年11月 相談実績"
        assert page["A2"].value == "令和8年11月24日 10時12分現在"
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    head, *rows = [row for row in book["一覧"].values if row[1] is not None]
    assert head[1] == "団体コード"
    assert {row[1] for row in rows} == {BODY}
    assert sorted(str(row[8])[:2] for row in rows) == ["'+", "'=", "'=", "'@"]
    assert all(isinstance(row[2], int) for row in list(book["団体別"].values)[6:])


def test_the_archive_holds_a_table_a_file_as_offices_open_it(ken: Prefecture) -> None:
    told(ken, "=1+1 を教えてください")
    content = ken.read(prepare, NOVEMBER, ken.now, Form.CSV)()
    assert content == ken.read(prepare, NOVEMBER, ken.now, Form.CSV)()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert list(files)[:2] == ["0_概要_令和8年11月.csv", "1_一覧_令和8年11月.csv"]
    assert all(each.startswith(b"\xef\xbb\xbf") for each in files.values())
    listed = files["1_一覧_令和8年11月.csv"].decode("utf-8-sig").splitlines()
    assert listed[0].startswith("受付日時,団体コード,団体")
    assert f",{BODY},札幌市," in listed[1]
    assert ",'=1+1 を教えてください," in listed[1]
    assert "令和8年11月24日 10時3分現在" in files["0_概要_令和8年11月.csv"].decode("utf-8-sig")


# --- asking for it ---------------------------------------------------------------------------------------------


def entered(
    period: str, first: str | None = None, last: str | None = None, form: str = "xlsx"
) -> dict[str, Any]:
    """A dialog as Slack sends it."""
    radio = {views.PERIOD: period, views.FORM: form}
    days = {views.FIRST: first, views.LAST: last}
    values = {block: {block: {"selected_option": {"value": value}}} for block, value in radio.items()}
    return {
        "state": {"values": values | {block: {block: {"selected_date": day}} for block, day in days.items()}}
    }


@pytest.mark.parametrize(
    ("first", "last", "block"),
    [
        (None, None, views.FIRST),
        ("2026-11-01", None, views.LAST),
        ("2026-11-20", "2026-11-19", views.LAST),
        ("2026-11-25", "2026-11-30", views.FIRST),
        ("2026-02-30", "2026-11-19", views.FIRST),
        ("", "x", views.LAST),
    ],
)
def test_days_that_make_no_period_are_answered_in_the_dialog(
    ken: Prefecture, first: str | None, last: str | None, block: str
) -> None:
    view = entered(views.CHOSEN, first, last)
    shown, problems = ken.write(actions.submit, KEN, view, source="view:V1")
    assert shown is None
    assert block in problems
    assert _rows(ken) == []


def test_no_period_at_all_is_asked_for_again(ken: Prefecture) -> None:
    assert list(ken.write(actions.submit, KEN, {}, source="view:V1")[1]) == [views.PERIOD]


def test_the_same_press_again_is_one_file_and_its_figures_are_of_that_moment(ken: Prefecture) -> None:
    told(ken)
    for _ in range(2):
        shown, problems = ken.write(actions.submit, KEN, entered("this_month"), source="view:V1")
        assert problems == {}
        assert "令和8年11月 相談実績.xlsx" in str(shown)
    (row,) = _rows(ken)
    ken.now += timedelta(hours=1)
    told(ken, f"{BROKEN}!")
    message = _rendered(ken, row)
    assert message is not None
    assert message.made is not None
    assert "令和8年11月24日 10時3分現在" in message.text
    book = load_workbook(io.BytesIO(message.made.content()))
    assert len([row for row in book["一覧"].values if row[1]]) == 2, (
        "the headers and the one question of then"
    )


def test_who_is_no_coordinator_any_more_gets_no_file(ken: Prefecture) -> None:
    ken.write(actions.submit, KEN, entered("last_year"), source="view:V1")
    (row,) = _rows(ken)
    assert _rendered(ken, row) is not None
    row_of = {"user_id": KEN, "name": "県 太郎", "permission": "staff"}
    ken.write(members.save_members, [row_of], overwrite=("permission",))
    assert _rendered(ken, row) is None


def test_who_waits_for_a_file_that_cannot_be_shared_hears_of_it(ken: Prefecture) -> None:
    ken.write(actions.submit, KEN, entered("last_month"), source="view:V1")
    (row,) = _rows(ken)
    letter = DeadLetter(row.uid, "file", actions.REPORT, 0, "", KEN, 0, "missing_scope")
    ken.write(actions.on_dead_letter, letter)
    assert [key for key in ken.rings(KEN) if actions.FAILED in key] == [f"direct:{actions.FAILED}:{row.uid}"]
    note = Outgoing("u", actions.FAILED, 0, {"letter": row.uid}, True)
    assert ken.read(actions.not_delivered, note) is None, "it is no dead letter (any more)"
    ken.write(lambda tx: tx.connection.execute(outbox.update().values(dead_at=tx.now)))
    said = ken.read(actions.not_delivered, note)
    assert said is not None
    assert "届けられませんでした" in said.text


def _rows(ken: Prefecture) -> list[Outgoing]:
    o = outbox.c
    query = select(o.uid, o.renderer, o.record_id, o["values"]).where(o.kind == "file", o.user_id == KEN)
    return ken.read(lambda tx: [Outgoing(*row, True) for row in tx.connection.execute(query)])


def _rendered(ken: Prefecture, row: Outgoing) -> Message | None:
    return ken.read(actions.report, row)


def test_what_an_adviser_with_a_conflict_has_not_seen_is_in_no_report_either(ken: Prefecture) -> None:
    """The dialog is behind a door for coordinators; the file is theirs alone."""
    ken.write(actions.submit, ARIMA, entered("last_month"), source="view:V1")
    query = select(outbox.c.uid, outbox.c.renderer, outbox.c.record_id, outbox.c["values"])
    rows = ken.read(lambda tx: [Outgoing(*row, True) for row in tx.connection.execute(query)])
    (row,) = [each for each in rows if each.renderer == actions.REPORT]
    assert _rendered(ken, row) is None
