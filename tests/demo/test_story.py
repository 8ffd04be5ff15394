"""`banso demo --story`: the week, the crowd, and what is said when the books do not add up."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.text import Text
from sqlalchemy import create_engine, text

from bot import pacing
from bot.demo import play_story, stage
from bot.demo.cast import asagi
from bot.demo.privacy import private_words
from bot.demo.process import sandbox_process
from bot.errors import OperatorError
from sandbox.client import Workspace
from storage.engines import parse_url
from tests.demo.leftovers import nothing_is_left
from tests.digits import NUMBER, columns, holds, where
from tests.pace import unhurried

FIGURES = [
    "asked",
    "received",
    "set_aside",
    "waiting",
    "answered",
    "closed",
    "posts",
    "updates",
    "duplicates",
    "dead_letters",
    "seconds",
    "stopped",
    "faq_published",
    "faq_solved",
    "sessions_held",
    "outcomes",
    "digests",
]
THREE = ["転入の手続きを教えてください", "プリンターが動きません", "議事録の文字起こしは使えますか"]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack takes as many edits and reactions as come. What it allows in a day is enough for a day; one that is played in a
    minute would wait for them. That we keep to it is for tests/bot/test_pacing.py."""
    monkeypatch.setattr(pacing, "UPDATES", (1000, 1000.0))
    monkeypatch.setattr(pacing, "MARKS", (1000, 1000.0))
    monkeypatch.setattr(stage, "sandbox_process", _generous)


@contextlib.asynccontextmanager
async def _generous() -> AsyncIterator[dict[str, str]]:
    async with sandbox_process() as where, Workspace(where["control_url"]) as ws:
        await ws.limits({"off": ["chat.update", "reactions.add", "reactions.remove"]})
        await unhurried(ws)
        yield where


async def _play(
    questions: list[str] | None, database_url: str | None, json_file: Path | None = None
) -> tuple[int, list[str]]:
    said: list[str] = []
    code = await play_story(
        questions=questions,
        json_file=json_file,
        database_url=database_url,
        say=lambda line: said.append(Text.from_markup(line).plain),
        progress=False,
    )
    return code, said


# What is stored and sent on either engine has tests of its own.
@pytest.mark.screens
@pytest.mark.timeout(900)  # a week, also on a busy machine
@pytest.mark.usefixtures("hurried")
async def test_a_week_ends_with_clean_books(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "week.json"
    with nothing_is_left(tmp_path, monkeypatch):
        code, said = await _play(None, database_url, file)
    page = "\n".join(said)
    assert code == 0, page
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert list(figures) == FIGURES
    assert figures["asked"] == len(asagi().questions) - figures["stopped"] == 36
    assert (figures["received"], figures["set_aside"], figures["stopped"]) == (35, 1, 1)
    assert (figures["waiting"], figures["answered"]) == (1, 1)
    assert figures["closed"] == {"resolved": 26, "by_phone": 3, "faq": 2, "no_reply": 1, "withdrawn": 1}
    assert (figures["faq_published"], figures["faq_solved"]) == (4, 4)
    assert (figures["sessions_held"], figures["outcomes"], figures["digests"]) == (1, 2, 6)
    assert (figures["duplicates"], figures["dead_letters"]) == (0, 0)
    assert "お知らせが遅れました" not in page
    for sight in (
        "取り下げられました",
        "電話で回答しました",
        "ひとまず終了しました",
        "続きがあります",
        "確認があります",
        "受付が遅れて申し訳ありません",
        "宮薗さんへの直接メッセージ",
        "有馬さんへの直接メッセージ",
        "にまだ返信がありません",
        "その後いかがですか",
        "笹岡さんにだけ見えます",
        "同じ用件で二度鳴った人:0 人",
        "利害関係のある相談を知らされたアドバイザー:0 人",
        "Banso の自己点検:健全です",
        "だれに聞きますか?",
        "(11/25(水)10:03 までに選ばれないときは",
        "マイナンバー(個人番号)と思われる番号があります。まだ何も保存していません",
        "この下に書いたことは、相談者さんにも届きます",
        "下の文面でFAQに載せてもよいでしょうか",
        "公開しました。検索で見つかるようになります",
        "▸ /banso 探す CSV",
        "[近い回答を見る(",
        "終わりました(FAQで解決・11/26)",
        "書いてくださったFAQで、2件の困りごとが解決しました",
        "朝のまとめ|",
        "今週の予定(11/30〜12/4)",
        "聞きたい 2人",
        "|発表:久住さん",
        "出席 4人|欠席 1人|録画で見る 1人",  # two of them present
        "12月4日(金) 13:30〜14:15 いま開いています",
        "・出席の予定です:第1回 DX勉強会",
        "この相談は、勉強会(第1回 DX勉強会)で話に出ました。",
        "第1回 DX勉強会(12月4日(金) 13:30〜14:15)のまとめをお届けします",
        "今週の相談まとめ(11/30〜12/4)",
        "📎 今週の相談.png",
    ):
        assert sight in page
    engine = create_engine(parse_url(database_url))
    with engine.connect() as connection:
        found = list(columns(connection))
    engine.dispose()
    assert where(found, NUMBER) == []
    private = private_words(asagi())
    assert len(private) > 5
    for number, words in private.items():
        assert {name for name, said in found if words in said} <= {"message.body"}, number
    logged = "".join(capfd.readouterr())
    assert not holds(logged, NUMBER)
    for asked in asagi().questions:
        assert asked.texts[0] not in logged


async def test_any_list_of_questions_goes_through(database_url: str, tmp_path: Path) -> None:
    """Texts are what people type: markup of the terminal, of Slack, thanks, nothing at all."""
    odd = ["[/bold] [red]どう直しますか", "<!channel> *急ぎ* です & <@U123>", "", "ありがとうございました!"]
    code, said = await _play([*THREE, *odd], database_url, tmp_path / "crowd.json")
    figures = json.loads((tmp_path / "crowd.json").read_text(encoding="utf-8"))
    assert code == 0, "\n".join(said)
    assert (figures["asked"], figures["received"], figures["set_aside"]) == (6, 5, 1)
    assert figures["closed"] == {"resolved": 5}
    assert figures["posts"] == 5
    assert any("(相談ではないものとして保存)" in line for line in said)
    assert any("空の文 1 件は、書き込めないのでとばしました" in line for line in said)


async def test_the_exit_code_tells_of_a_broken_ledger(database_url: str) -> None:
    """Behind the bot's back a question vanishes, which the sandbox has counted, and two become one person's asking."""
    said: list[str] = []

    def sabotage(line: str) -> None:
        if not said and "No.1" in line:
            _vanish(database_url, 1)
            _one_asking(database_url, 2, 3)
        if said or "No.1" in line:
            said.append(Text.from_markup(line).plain)

    code = await play_story(
        questions=THREE, json_file=None, database_url=database_url, say=sabotage, progress=False
    )
    assert code == 1
    assert any("相談 3 件 ≠ 受付 2 + 相談ではないもの 0" in line for line in said)
    assert any("二重になったものが 1 件あります" in line for line in said)


async def test_a_database_in_use_is_left_alone(database_url: str) -> None:
    engine = create_engine(parse_url(database_url))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO workspace (workspace, name, url, zone, intake, closures, last_number,"
                " last_practice_number) VALUES ('T0REAL', 'あさぎ県', '', 'Asia/Tokyo', 'desk', '[]', 0, 0)"
            )
        )
    engine.dispose()
    with pytest.raises(OperatorError, match="空のデータベース"):
        await _play(THREE, database_url)


def _one_asking(database_url: str, *numbers: int) -> None:
    engine = create_engine(parse_url(database_url))
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE message SET author = 'U1', channel = 'C1' WHERE asks AND question_id IN "
                f"(SELECT id FROM question WHERE number IN {numbers})"
            )
        )
    engine.dispose()


def _vanish(database_url: str, number: int) -> None:
    engine = create_engine(parse_url(database_url))
    one = f"(SELECT id FROM question WHERE number = {number})"
    with engine.begin() as connection:
        # The message stays known: told of it again, the bot would take it in anew and mend the books.
        forgotten = "question_id = NULL, asks = FALSE, group_ts = NULL"
        connection.execute(text(f"UPDATE message SET {forgotten} WHERE question_id = {one}"))
        for table in ("event", "faq_similar", "question_change"):
            connection.execute(text(f"DELETE FROM {table} WHERE question_id = {one}"))
        connection.execute(text(f"DELETE FROM question WHERE number = {number}"))
    engine.dispose()
