"""A small model in a directory, made by the libraries that make any other; where they are not installed, its tests are
skipped. CI installs them with the tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

WORDS = {"[PAD]": 0, "公": 1, "車": 2, "住": 3, "票": 4, "q": 5, "[UNK]": 6}
ROWS = np.array([[9, 9, 9], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], np.float32)
MEAN = {"word_embedding_dimension": 3, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}


def lay_out(directory: Path) -> Path:
    """All but the tokenizer and the network, which are empty files."""
    for each in ("onnx", "1_Pooling"):
        (directory / each).mkdir(parents=True)
    parts = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")]
    kinds = [{"path": path, "type": f"sentence_transformers.models.{kind}"} for kind, path in parts]
    write(directory / "modules.json", kinds)
    write(directory / "1_Pooling/config.json", MEAN)
    write(directory / "sentence_bert_config.json", {"max_seq_length": 5})
    for each in ("tokenizer.json", "onnx/model.onnx"):
        (directory / each).touch()
    return directory


def make(directory: Path) -> Path:
    """Each letter is a token, and the network looks its vector up: the mask must keep the padding (9, 9, 9) out."""
    for needed in ("onnxruntime", "tokenizers", "onnx"):
        pytest.importorskip(needed, reason="the extra banso[embed] is not installed")
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, pre_tokenizers

    lay_out(directory)
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
    return directory


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
