"""A model in a directory: small, but a real one, read by the libraries that read any other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.embedding import EmbedderAway
from bot.embedding.local import AT_ONCE, LONGEST, LocalModel, pooled
from tests.bot.embedding.small import lay_out, make, write


async def embedded(directory: Path, *texts: str, asked: bool = False, before: str = "") -> list[Any]:
    model = LocalModel(directory, (before, before))
    try:
        return [[round(x, 3) for x in each] for each in await model.embed(texts, asked=asked)]
    finally:
        await model.close()


async def test_a_real_model_embeds_texts_of_different_lengths(tmp_path: Path) -> None:
    directory = make(tmp_path / "small")
    assert await embedded(directory, "公車公車", "票", asked=True) == [[1, 0, 0], [0, 1, 0]]
    assert await embedded(directory, "公票") == [[0.707, 0.707, 0]]
    assert await embedded(directory, "公公公公公票票票票") == [[1, 0, 0]], (
        "what is longer than it reads is cut"
    )
    assert await embedded(directory, "公", before="q") == [[0.707, 0, 0.707]]
    assert await embedded(directory, *["公", "票票"] * AT_ONCE) == [[1, 0, 0], [0, 1, 0]] * AT_ONCE


@pytest.mark.parametrize(
    ("pooling", "vector"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, [1, 0, 0]),
        ({"pooling_mode_lasttoken": True, "include_prompt": True}, [0, 1, 0]),
        ({"embedding_dimension": 3, "pooling_mode": "cls"}, [1, 0, 0]),
        ({"embedding_dimension": 3, "pooling_mode": ["lasttoken"]}, [0, 1, 0]),
        ({"embedding_dimension": 3, "pooling_mode": "mean"}, [0.707, 0.707, 0]),
    ],
)
async def test_the_directory_says_which_tokens_make_the_vector(
    tmp_path: Path, pooling: dict[str, Any], vector: list[float]
) -> None:
    directory = make(tmp_path / "small")
    write(directory / "1_Pooling/config.json", pooling)
    assert (await embedded(directory, "公票", "公公公公"))[0] == vector


async def test_where_the_model_does_not_say_how_much_it_reads_the_tokenizer_does(tmp_path: Path) -> None:
    directory = make(tmp_path / "small")
    write(directory / "sentence_bert_config.json", {"max_seq_length": None})
    assert await embedded(directory, "公" * LONGEST + "票" * LONGEST) == [[1, 0, 0]]
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    tokenizer.enable_truncation(2)
    tokenizer.save(str(directory / "tokenizer.json"))
    assert await embedded(directory, "公公票票") == [[1, 0, 0]]


async def test_without_the_extra_it_is_said_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EmbedderAway, match=r"banso\[embed\] is not installed"):
        await embedded(lay_out(tmp_path / "small"), "公")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("modules.json", None, "no directory"),
        ("modules.json", "{", "no directory"),
        ("modules.json", '[{"type": "x.Transformer", "path": ""}]', "other parts"),
        ("1_Pooling/config.json", '{"pooling_mode_max_tokens": true}', "pooling"),
        ("1_Pooling/config.json", '{"pooling_mode": ["mean", "cls"]}', "pooling"),
        ("1_Pooling/config.json", '{"pooling_mode": "mean", "include_prompt": false}', "pooling"),
        ("1_Pooling/config.json", "{}", "pooling"),
        ("1_Pooling/config.json", "[]", "no directory"),
        ("sentence_bert_config.json", '{"max_seq_length": "long"}', "no directory"),
        ("tokenizer.json", None, "tokenizer"),
        ("tokenizer.json", "{}", "cannot be read"),
        ("onnx/model.onnx", None, "onnx"),
        ("onnx/model.onnx", "no network", "cannot be read"),
    ],
)
async def test_a_directory_that_is_damaged_is_said_to_be(
    tmp_path: Path, name: str, content: str | None, why: str
) -> None:
    directory = make(tmp_path / "small")
    (directory / name).unlink()
    if content is not None:
        (directory / name).write_text(content, encoding="utf-8")
    with pytest.raises(EmbedderAway, match=why):
        await embedded(directory, "公")


def test_a_network_of_another_shape_is_refused() -> None:
    mask = np.ones((1, 2), np.int64)
    with pytest.raises(EmbedderAway):
        pooled(np.zeros((1, 3), np.float32), mask, "mean")
    with pytest.raises(EmbedderAway):
        pooled(np.full((1, 2, 3), np.nan, np.float32), mask, "mean")


def test_padding_on_either_side_is_no_token() -> None:
    tokens = np.array([[[9, 9], [1, 0], [0, 1]], [[1, 0], [0, 1], [9, 9]]], np.float32)
    mask = np.array([[0, 1, 1], [1, 1, 0]], np.int64)
    assert pooled(tokens, mask, "first").tolist() == [[1, 0], [1, 0]]
    assert pooled(tokens, mask, "last").tolist() == [[0, 1], [0, 1]]
