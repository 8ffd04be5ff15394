"""What an operator wrote wrongly is said in Japanese, with its place, without the value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot.check import unreadable_settings
from bot.errors import SettingsError
from bot.mistakes import UNREADABLE, mistakes
from bot.settings import load_settings
from handlers.common.lists import UnreadableFile
from handlers.members.form import parse

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
TALENT = {"id": "U1", "name": "森脇", "role": "pm", "fields": ["net"], "hours": "火 9:00-17:00"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "geheim", "PORT: 整数で書いてください。待ち受けるポート"),
        ("PORT", "99999", "PORT: 65535 以下にしてください"),
        ("PORT", "-1", "PORT: 0 以上にしてください"),
        ("LOG_FORMAT", "geheim", "LOG_FORMAT: この書き方はできません。ログの形(json か text)"),
        ("LEASE_SECONDS", "0", "LEASE_SECONDS: 0 より大きい数にしてください"),
        ("LEASE_SECONDS", "geheim", "LEASE_SECONDS: 数字で書いてください"),
        ("CLOCK_OFFSET_SECONDS", "5", "設定: CLOCK_OFFSET_SECONDS は練習用の Slack"),
    ],
)
def test_a_bad_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as said:
        load_settings(_env_file=None)
    assert words in said.value.sentence
    assert "geheim" not in said.value.sentence
    assert not ENGLISH.search(said.value.sentence)


def test_a_dotenv_in_the_encoding_of_old_windows(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("# 本番の設定\nPORT=3000\n".encode("cp932"))
    with pytest.raises(SettingsError) as said:
        load_settings(_env_file=file)
    (finding,) = unreadable_settings(said.value)
    assert str(finding) == "❌ .env を読めません → 文字コード UTF-8 で保存し直してください"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ([], "ファイル: 項目の集まり({…})で書いてください"),
        ({"chanels": []}, "chanels: 知らない項目です"),
        ({"channels": {}}, "channels: 一覧([…])で書いてください"),
        ({"intake": "geheim"}, "intake: direct・desk のどれかにしてください"),
        ({"channels": [{"id": "#geheim", "name": "x"}]}, "channels.0.id: チャンネルの ID(C0ASKHERE など)を"),
        ({"members": [{"id": "geheim", "name": "x"}]}, "members.0.id: メンバーの ID(U0DESKONE など)を"),
        ({"members": [{"id": "U1"}]}, "members.0.name: 書かれていません"),
        ({"members": [{"id": "U1", "name": 7}]}, 'members.0.name: 文字("…")で書いてください'),
        ({"members": [{"id": "U1", "name": "x", "municipality": "1"}]}, "municipality: 6 桁の団体コードを"),
        ({"talents": [{**TALENT, "role": "geheim"}]}, "producer・pm・engineer・service_designer のどれか"),
        ({"talents": [{**TALENT, "hours": "x"}]}, "talents.0.hours: 対応日は「火・木 9:00-17:00」のように"),
        ({"talents": [{**TALENT, "duty": "geheim"}]}, "talents.0.duty: true か false で書いてください"),
    ],
)
def test_a_bad_line_of_the_workspace_file(file: Any, words: str) -> None:
    with pytest.raises(UnreadableFile) as said:
        parse(json.loads(json.dumps(file)))
    assert words in said.value.sentence
    assert "何も変えていません" in said.value.sentence
    assert "geheim" not in said.value.sentence
    assert not ENGLISH.search(said.value.sentence)


class Odd(BaseModel):
    value: bytes


def _kinds() -> Iterator[str]:
    try:
        Odd.model_validate({"value": {}})
    except ValidationError as error:
        yield from (words for _, words in mistakes(error))


def test_a_mistake_we_have_no_words_for_is_not_said_in_english() -> None:
    assert list(_kinds()) == [UNREADABLE]
