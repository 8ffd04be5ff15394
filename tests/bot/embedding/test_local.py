"""A model in a directory: small, but a real one, read by the libraries that read any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from bot.embedding import EmbedderAway
from bot.embedding.local import LocalModel, layout, pooled

WORDS = {"[PAD]": 0, "公": 1, "車": 2, "住": 3, "票": 4, "q": 5, "[UNK]": 6}
ROWS = np.array([[9, 9, 9], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], np.float32)


def make(directory: Path, pooling: str = "pooling_mode_mean_tokens") -> Path:
    """Each letter is a token, and the network looks its vector up: the mask must keep the padding (9, 9, 9) out."""
    (directory / "onnx").mkdir(parents=True)
    (directory / "1_Pooling").mkdir()
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(directory / "tokenizer.json"))
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "t"])
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "t", 3])
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["last_hidden_state"])]
    graph = helper.make_graph(nodes, "small", [ids, mask], [out], [numpy_helper.from_array(ROWS, "rows")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(directory / "onnx/model.onnx"))
    parts = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")]
    write(
        directory / "modules.json",
        [{"path": path, "type": f"sentence_transformers.models.{kind}"} for kind, path in parts],
    )
    write(directory / "1_Pooling/config.json", {"word_embedding_dimension": 3, pooling: True})
    write(directory / "sentence_bert_config.json", {"max_seq_length": 5})
    return directory


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


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


@pytest.mark.parametrize(
    ("pooling", "vector"), [("pooling_mode_cls_token", [1, 0, 0]), ("pooling_mode_lasttoken", [0, 1, 0])]
)
async def test_the_directory_says_which_tokens_make_the_vector(
    tmp_path: Path, pooling: str, vector: list[float]
) -> None:
    assert (await embedded(make(tmp_path / "small", pooling), "公票", "公公公公"))[0] == vector


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("modules.json", None, "no directory"),
        ("modules.json", "{", "no directory"),
        ("modules.json", '[{"type": "x.Transformer", "path": ""}]', "other parts"),
        ("1_Pooling/config.json", '{"pooling_mode_max_tokens": true}', "pooling"),
        ("1_Pooling/config.json", "[]", "no directory"),
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


def test_a_network_of_another_shape_is_refused(tmp_path: Path) -> None:
    assert layout(make(tmp_path / "small")).longest == 5
    mask = np.ones((1, 2), np.int64)
    with pytest.raises(EmbedderAway):
        pooled(np.zeros((1, 3), np.float32), mask, "mean")
    with pytest.raises(EmbedderAway):
        pooled(np.full((1, 2, 3), np.nan, np.float32), mask, "mean")
