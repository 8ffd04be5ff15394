"""The FAQ as a list: every bad line is said and nothing is taken in half; what goes out comes back in and changes nothing;
nobody is told of it; what somebody asked privately neither leaves nor is published without their yes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.domain.faq import Consent, Kind, State, Verb, words_key
from bot.errors import DatabaseUnavailable, OperatorError
from bot.metrics import Metrics
from handlers.common.lists import UnreadableFile
from handlers.common.services import Services
from handlers.common.sheets import exported, read, write
from handlers.faq import actions, changing, dialogs, importing, planning
from handlers.faq.columns import COLUMNS
from handlers.faq.exporting import list_of_faq
from handlers.faq.importing import Outcome, import_faq
from storage import faq, faq_documents, faq_lists, faq_use, members
from storage.database import Database, Transaction
from storage.faq import Entry
from storage.tables import audit, due_work, entries, outbox, phrasings, revisions
from tests.conftest import StillClock
from tests.handlers.faq import CONTENT, answered, keep, private, publish, published, source
from tests.handlers.prefecture import KEN, MORI, NAGI, TUESDAY_TEN, Prefecture

HEADERS = [column.title for column in COLUMNS if column.key != "note"]
NEW = ["質問", "回答", "分野", "内容の担当", "状態", "聞き方の例"]
LINE = [
    "会議室の予約は",
    "共有の予定表を使います。",
    "操作",
    "U0MORI 氏",
    "公開",
    "会議室を取りたい\n部屋の予約",
]
TABLES = (entries, revisions, phrasings, outbox, due_work)


@pytest.fixture
async def office(ken: Prefecture, database_url: str, clock: StillClock) -> AsyncIterator[Database]:
    """The prefecture's database as the command opens it."""
    async with Database(database_url, clock, ken.workspace) as opened:
        yield opened


def stored(tx: Transaction) -> list[Any]:
    """All that belongs to the FAQ, and all that anybody is told or that falls due."""
    return [tx.connection.execute(select(table).order_by(table.c.id)).all() for table in TABLES]


async def takes(office: Database, name: str, content: bytes, **more: Any) -> Outcome:
    return await import_faq(Services(office, AsyncWebClient(), "", Metrics()), name, content, **more)


async def brings(office: Database, headers: list[str], *rows: list[str], **more: Any) -> Outcome:
    return await takes(office, "a.csv", write("a.csv", headers, rows), **more)


async def faults(office: Database, headers: list[str], *rows: list[str]) -> list[str]:
    """What is said of a list in which something is wrong; that it changed nothing is checked on the way."""
    before = await office.read(stored)
    with pytest.raises(UnreadableFile) as said:
        await brings(office, headers, *rows)
    assert await office.read(stored) == before
    return said.value.sentence.splitlines()[1:]


async def leaves(office: Database, name: str = "a.csv") -> dict[str, tuple[str, ...]]:
    """The lines of an export by their number."""
    sheet = read(name, await exported(office, name, list_of_faq))
    assert list(sheet.headers) == HEADERS
    return {cells[0]: cells for _, cells in sheet.rows}


async def numbered(office: Database, number: int) -> Entry:
    return {entry.number: entry for entry in await office.read(faq_lists.everything)}[number]


def agreed(ken: Prefecture) -> Entry:
    """A published entry that came from a private question, and its asker's yes."""
    entry = keep(ken, private(ken), replace(CONTENT, question="同意した文面", answer="同意した回答です。"))
    key = words_key(entry.content)
    ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=key, source=source())
    return publish(ken, entry)


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
async def test_what_goes_out_comes_back_and_changes_nothing(
    ken: Prefecture, office: Database, name: str
) -> None:
    odd = replace(
        CONTENT,
        question="=1+1 はどう防ぎますか",
        answer="'-1 と書きます。\r\n  次の行\n\n_x000D_ も—同じ〜です。\x0b",
        tags=("なし",),
        sources=("https://example.lg.jp/a,b", "@資料"),
        owner="U0GONE",
        review_on=date(2020, 4, 1),
        field_id="gone",
        cost="なし",
    )
    case = replace(
        CONTENT, kind=Kind.CASE.value, municipality_code="012025", size_band="l", cost="0円", contact="総務課"
    )
    first = published(ken, odd)
    for words in ("=どう書く", "二行\nの聞き方", "取り消すもの"):
        ken.write(faq_use.learn, first.id, words, source=f"s:{words}", author=NAGI)
    ken.write(faq_use.unlearn, ken.read(faq_use.phrasings_of, first.id)[0].id, KEN)
    ken.write(actions.put_away, published(ken).id, KEN, source=source())
    keep(ken, answered(ken), case)
    agreed(ken)
    keep(ken, private(ken), replace(CONTENT, question="まだの文面"))

    before, sheet = await office.read(stored), await leaves(office, name)
    assert list(sheet) == ["1", "3", "4"]
    assert sheet["3"][9] == "012025 函館市"
    assert "まだの文面" not in str(sheet)
    assert sheet["1"][14] == "二行 の聞き方\n=どう書く\n" + sheet["1"][14].splitlines()[-1]
    content = await exported(office, name, list_of_faq)
    assert await takes(office, name, content) == Outcome(0, 0, 3)
    shift_jis = (
        content.decode("utf-8-sig").replace("—", "―").encode("cp932") if name.endswith("csv") else content
    )
    assert await takes(office, name, shift_jis) == Outcome(0, 0, 3)
    assert await office.read(stored) == before


async def test_new_lines_become_entries_once_and_nobody_is_told(ken: Prefecture, office: Database) -> None:
    letters = len((await office.read(stored))[3])
    rows = [
        LINE,
        ["印影はどう残しますか", "スキャンして保存します。", "law", MORI, "確認待ち", ""],
        ["端末を替えるとき", "手順書を見ます。", "device", "県 太郎", "", ""],
    ]
    assert await brings(office, NEW, *rows, dry_run=True) == Outcome(3, 0, 0)
    assert await office.read(faq_lists.everything) == []
    assert await brings(office, NEW, *rows) == Outcome(3, 0, 0)
    found = await office.read(faq_lists.everything)
    assert [(e.number, e.state, e.content.owner, e.published_at) for e in found] == [
        (1, "published", MORI, TUESDAY_TEN),
        (2, "review", MORI, None),
        (3, "draft", KEN, None),
    ]
    assert {e.content.review_on for e in found} == {date(2027, 11, 24)}
    document = (await office.read(faq_documents.documents))[0]
    assert (document.live, sorted(document.phrasings)) == (True, ["会議室を取りたい", "部屋の予約"])
    *_, sent, due = await office.read(stored)
    assert len(sent) == letters
    assert [row.key for row in due if row.kind == changing.REVIEW_DUE] == [f"faq.review_due:{found[0].id}"]
    before = await office.read(stored)
    assert await brings(office, NEW, *rows) == Outcome(0, 0, 3)
    assert await office.read(stored) == before
    assert [row.what for row in await office.read(lambda tx: tx.connection.execute(select(audit)).all())][
        -1
    ] == "faq list imported"


async def test_a_known_entry_is_put_right_with_a_history_and_only_where_it_differs(
    ken: Prefecture, office: Database
) -> None:
    first, second = published(ken), keep(ken, answered(ken), replace(CONTENT, question="確認を待つ"))
    sheet = await leaves(office)
    one, two = list(sheet["1"]), list(sheet["2"])
    one[5], one[8], one[14] = "電源、画面", "2028-01-05", "まっくら"
    two[15] = "公開"
    letters = len((await office.read(stored))[3])
    assert await brings(office, HEADERS, one, two) == Outcome(0, 2, 0)
    after, other = await numbered(office, 1), await numbered(office, 2)
    assert after.content == replace(CONTENT, tags=("電源", "画面"), review_on=date(2028, 1, 5))
    assert (other.state, other.content) == ("published", second.content)
    assert [each.verb for each in await office.read(faq.history, first.id)][-1] == Verb.IMPORT
    assert "運用の担当が一覧から取り込みました" in str(await office.read(dialogs.history, first.id, KEN))
    assert "まっくら" in (await office.read(faq_documents.documents))[-2].phrasings
    assert len((await office.read(stored))[3]) == letters
    assert await brings(office, ["No.", "検索のことば"], ["No.1", "なし"], ["2", ""]) == Outcome(0, 1, 1)
    assert (await numbered(office, 1)).content.tags == ()


async def test_each_bad_line_is_said_with_its_column_and_reason(ken: Prefecture, office: Database) -> None:
    published(ken)
    ken.write(actions.put_away, published(ken, replace(CONTENT, question="しまう")).id, KEN, source=source())
    twin = {"id": "U0TWIN", "name": "県 太郎", "permission": "staff"}
    ken.write(lambda tx: members.save_members(tx, [{"user_id": twin.pop("id"), **twin}]))

    def line(**said: str) -> list[str]:
        values = {"質問": "どうしますか", "回答": "こうします。", "分野": "操作", "内容の担当": MORI, **said}
        return [values.get(header, "") for header in HEADERS]

    assert await faults(
        office,
        HEADERS,
        line(質問="", 回答="あ" * 3001, 分野="海", 内容の担当="浜野 凪"),
        line(質問="二", 種類="物語", 状態="しまう", 見直す日="2026-11-24", 人口の規模="大"),
        line(質問="団体は", 団体="012025", 内容の担当="県 太郎", 見直す日="来年"),
        line(質問="どこ", 種類="好事例", 団体="函館", 検索のことば="、".join(map(str, range(11)))),
        line(質問="番号", 回答="123456789018"),
        line(質問="同じ", 聞き方の例="あ" * 201),
        line(質問="同じ"),
        ["No.9", *[""] * 15],
        ["No.1", *[""] * 14, "下書き"],
        ["No.1", *[""] * 15],
        ["2", *[""] * 15],
    ) == [
        "2行目 回答: 2字から3000字までで書いてください(いまは3001字)。",
        "2行目 分野: 「海」という分野はありません。標準化・セキュリティ・窓口・電子申請・業務改革・ノーコード・生成AI・"
        "データ・調達・計画・予算・人材育成・情報発信・地域DX・操作・制度・文書・その他 から選んでください。",
        "2行目 内容の担当: 「浜野 凪」は、アドバイザーや県の担当の中にいません。氏名か Slack ID を書いてください。",
        "2行目 質問: 書かれていません。",
        "3行目 状態: 「しまう」は読めません。公開・確認待ち・下書き のどれかにしてください。",
        "3行目 種類: 「物語」は読めません。FAQ・好事例 のどれかにしてください。",
        "3行目 質問: 2字から1000字までで書いてください(いまは1字)。",
        "3行目 見直す日: 見直す日は、あす以降の日にしてください。",
        "3行目 人口の規模: 「大」は読めません。1万人未満・1万〜5万人・5万〜10万人・10万人以上 のどれかにしてください。",
        "4行目 内容の担当: 「県 太郎」さんは2人います。Slack ID で書いてください。",
        "4行目 見直す日: 2027-04-01 のように、ある日を年-月-日で書いてください。",
        "4行目 団体: 団体名を出せるのは、好事例だけです。FAQでは空にしてください。",
        "5行目 検索のことば: 10個までです(いまは11個)。",
        "5行目 団体: 「函館」という団体はありません。正式な名前か6桁の団体コードを書いてください。",
        "6行目 回答: マイナンバーと思われる番号があります。消してから取り込んでください。",
        "7行目 聞き方の例: 1行は200字までです。",
        "8行目: 7行目と同じFAQです。どちらかを消してください。",
        "9行目 No.: その番号のFAQはありません。新しいFAQなら、No. を空にしてください。",
        f"10行目 状態: {planning.NOT_BACK}",
        "11行目: 10行目と同じFAQです。どちらかを消してください。",
        f"12行目: {planning.PUT_AWAY}",
    ]


async def test_a_list_with_other_headers_is_told_those_it_should_have(office: Database) -> None:
    with pytest.raises(UnreadableFile) as said:
        await brings(office, ["質問", "回答", "担当者", "感想"], ["x"] * 4)
    assert said.value.sentence.splitlines()[:2] == [
        "「感想」という見出しは知りません。",
        "「分野」の列がありません。",
    ]


async def test_private_words_are_neither_published_nor_changed_by_a_list(
    ken: Prefecture, office: Database
) -> None:
    waiting = keep(ken, private(ken), replace(CONTENT, question="まだの文面"))
    given = agreed(ken)
    ken.write(actions.answer_yes, agreed(ken).id, NAGI, yes=False, seen="", source=source())
    words = ["まだの文面", CONTENT.answer, "操作", MORI, "公開", ""]
    assert await faults(office, NEW, words) == [f"2行目: {planning.NO_YES}"]
    assert await faults(
        office,
        ["No.", "状態", "質問", "聞き方の例", "内容の担当"],
        [str(waiting.number), "公開", "", "", ""],
        [str(given.number), "", "ほかの文面", "", ""],
        ["3", "公開", "", "", ""],
    ) == [f"2行目: {planning.NO_YES}", f"3行目: {planning.PRIVATE}", f"4行目: {planning.NO_YES}"]
    number = str(given.number)
    assert await faults(office, ["No.", "聞き方の例"], [number, "こう聞く"]) == [f"2行目: {planning.PRIVATE}"]
    assert await faults(office, ["No.", "内容の担当"], [number, KEN]) == [f"2行目: {planning.PRIVATE}"]
    assert await brings(office, ["No.", "分野"], [number, "制度・文書"]) == Outcome(0, 1, 0)
    after = await numbered(office, given.number)
    assert (after.state, after.consent, after.content.field_id) == (State.PUBLISHED, Consent.GIVEN, "law")


async def test_a_list_vouches_for_no_body_and_decides_on_nothing_that_waits(
    ken: Prefecture, office: Database
) -> None:
    headers = [*NEW[:5], "種類", "団体"]
    assert await brings(office, headers, [*LINE[:5], "好事例", "012025"]) == Outcome(1, 0, 0)
    (entry,) = await office.read(faq_lists.everything)
    assert (entry.content.municipality_code, entry.content.agreed_by) == ("012025", None)
    assert "函館市" not in str(await office.read(dialogs.entry, entry.id, NAGI))
    assert "函館市" in str(await office.read(dialogs.entry, entry.id, MORI)), "who cares for it can ask"
    vouched = replace(entry.content, agreed_by=MORI, agreed_on=date(2026, 11, 24))
    entry = ken.write(actions.edit, entry.id, vouched, KEN, seen=entry.revision, source=source())
    assert "函館市" in str(await office.read(dialogs.entry, entry.id, NAGI))
    assert await brings(office, ["No.", "団体"], ["1", "011002"]) == Outcome(0, 1, 0)
    entry = await numbered(office, 1)
    assert (entry.content.municipality_code, entry.content.agreed_by) == ("011002", None)
    other = replace(entry.content, answer="ほかの答え")
    ken.write(actions.edit, entry.id, other, MORI, seen=entry.revision, source=source())
    assert await faults(office, ["No.", "手間"], ["1", "半日"]) == [f"2行目: {planning.PROPOSED}"]
    assert await brings(office, ["No.", "状態"], ["1", "公開"]) == Outcome(0, 0, 1)


async def test_an_interruption_says_how_far_it_came_and_the_same_again_doubles_nothing(
    ken: Prefecture, office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(ken)
    rows = [["", f"質問 {n}", f"回答 {n}", "操作", MORI, "公開"] for n in range(250)]
    rows.append([str(first.number), "直した質問", "", "", "", ""])
    headers, add, calls = ["No.", *NEW[:5]], importing.add, []

    def fails_once(tx: Transaction, new: Any) -> None:
        calls.append(len(new))
        if len(calls) == 3:
            raise DatabaseUnavailable()
        add(tx, new)

    monkeypatch.setattr(importing, "add", fails_once)
    monkeypatch.setattr(importing, "PAUSE", 0)
    with pytest.raises(OperatorError, match="251 件のうち 100 件"):
        await brings(office, headers, *rows)
    edited = replace(first.content, answer="その間に直した回答")
    assert await brings(office, headers, *rows[:-1]) == Outcome(150, 0, 100)
    assert calls == [50, 50, 50, 50, 50, 50]
    ken.write(actions.edit, first.id, edited, KEN, seen=first.revision, source=source())
    stale = planning.Changed(2, first.id, 1, first.revision, first.content, State.PUBLISHED, ())
    with pytest.raises(importing.Overtaken, match=r"No\.1"):
        await office.write(importing.put_right, [stale])
    assert await brings(office, headers, *rows) == Outcome(0, 1, 250)
    after = (await numbered(office, 1)).content
    assert (after.question, after.answer) == ("直した質問", "その間に直した回答")
