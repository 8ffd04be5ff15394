"""The files of a story: what cannot be played is said before the play."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo.files import texts, writable
from bot.errors import OperatorError


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('["転入の手続き", ""]', ["転入の手続き", ""]),
        ('{"q1": "転入", "q2": "転出"}', ["転入", "転出"]),
        ('\ufeff["メモ帳で保存した"]', ["メモ帳で保存した"]),
        ('["\\ud83d\\ude00 一組なら絵文字"]', ["😀 一組なら絵文字"]),
        ("[]", []),
    ],
)
def test_a_list_or_a_map_of_texts_is_read(tmp_path: Path, written: str, read: list[str]) -> None:
    file = tmp_path / "questions.json"
    file.write_text(written, encoding="utf-8")
    assert texts(file) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"[", "JSON として読めません"),
        ("転入".encode("cp932"), "JSON として読めません"),
        (b'"one text"', "文の一覧"),
        (b"[1, 2]", "文の一覧"),
        (b'["\\u8ee2\\u5165", "\\ud83d \\u3067\\u3059"]', "2 番目の文に、文字にならないもの"),
        (b'{"q1": "\\ude00"}', "1 番目の文に、文字にならないもの"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(tmp_path: Path, written: bytes, said: str) -> None:
    file = tmp_path / "questions.json"
    file.write_bytes(written)
    with pytest.raises(OperatorError) as refused:
        texts(file)
    assert said in refused.value.sentence


def test_a_file_that_is_nowhere_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError):
        texts(tmp_path / "nowhere.json")
    with pytest.raises(OperatorError):
        writable(tmp_path / "nowhere" / "figures.json")
