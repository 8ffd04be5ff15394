"""A model in a directory on this machine, laid out as sentence-transformers lays its models out; nothing leaves the house.

Read are `modules.json`, `sentence_bert_config.json`, the pooling's `config.json`, `tokenizer.json` and the network in ONNX
(`onnx/model.onnx`, as it lies beside the weights of most such models). Source of their shapes: the files that
sentence-transformers 2 to 5 write. onnxruntime and tokenizers (the extra `banso[embed]`,
40 MB) are loaded with the first text, on a thread; PyTorch, which sentence-transformers itself would bring, is fifty times
as large and is not needed.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.embedding import EmbedderAway, Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NETWORKS: Final = ("onnx/model.onnx", "model.onnx")
LONGEST: Final = 512
"""Tokens of a text, if neither the model nor its tokenizer says."""

AT_ONCE: Final = 8
"""Texts that go through the network together: more take no less time each, and a stop waits for them."""

_POOLINGS: Final = {
    "mean": "mean",
    "cls": "first",
    "lasttoken": "last",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "first",
    "pooling_mode_lasttoken": "last",
}
"""As `pooling_mode` says it, and as a switch for each did before."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a directory says of its model: where the network lies, which of its outputs make the vector (`mean`, `first`,
    `last`), how many tokens it reads (None: as many as the tokenizer says)."""

    network: Path
    tokenizer: Path
    pooling: str
    longest: int | None


def layout(directory: Path) -> Layout:
    """Read a directory.

    Raises:
        EmbedderAway: it holds no model that can be used, with the reason (English, for the log).
    """
    try:
        modules = [
            (each["type"].rpartition(".")[2], each["path"]) for each in _json(directory / "modules.json")
        ]
        kinds = [kind for kind, _ in modules]
        if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
            raise EmbedderAway("it has other parts than a transformer, a pooling and a normalisation")
        home, pooling = directory / modules[0][1], _pooling(_json(directory / modules[1][1] / "config.json"))
        said = home / "sentence_bert_config.json"
        longest = _json(said).get("max_seq_length") if said.is_file() else None
        longest = None if longest is None else int(longest)
        network = next((path for name in NETWORKS if (path := home / name).is_file()), None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise EmbedderAway("no directory of a sentence-transformers model") from None
    if network is None or not (home / "tokenizer.json").is_file():
        raise EmbedderAway("there is no onnx/model.onnx or no tokenizer.json")
    return Layout(network, home / "tokenizer.json", pooling, longest)


def _pooling(said: Any) -> str:
    """The one way in which the vectors of tokens become one of a text."""
    modes = said.get("pooling_mode") or [
        name for name, on in said.items() if name.startswith("pooling_mode_") and on
    ]
    (mode, *others) = [modes] if isinstance(modes, str) else modes or [""]
    if others or mode not in _POOLINGS or said.get("include_prompt") is False:
        raise EmbedderAway("its pooling is not known")
    return _POOLINGS[mode]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


class LocalModel:
    """Embeds on two threads of its own, one for what people type and one for entries. Close it with `close`."""

    def __init__(self, directory: Path, prefixes: tuple[str, str] = ("", "")) -> None:
        self._directory = directory
        self._prefixes = prefixes
        self._lock = threading.Lock()
        self._loaded: tuple[Layout, Any, Any] | None = None
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="embed")
        self._filling = ThreadPoolExecutor(1, thread_name_prefix="embed entries")
        self._closed = False

    @property
    def name(self) -> str:
        """The directory's name, and what is put before an entry."""
        return f"{self._directory.resolve().name}|{self._prefixes[1]}"

    async def embed(self, texts: Sequence[str], *, asked: bool = False) -> list[Vector]:
        """See `Embedder`."""
        before = self._prefixes[0 if asked else 1]
        pool = self._asking if asked else self._filling
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, self._embed, [f"{before}{text}" for text in texts])

    async def close(self) -> None:
        """Wait for what is in the network just now, not for the rest of a batch."""
        self._closed = True
        for pool in (self._asking, self._filling):
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _embed(self, texts: list[str]) -> list[Vector]:
        made: list[Vector] = []
        while len(made) < len(texts):
            if self._closed:
                raise EmbedderAway("closing")
            made += self._some(texts[len(made) : len(made) + AT_ONCE])
        return made

    def _some(self, texts: list[str]) -> list[Vector]:
        import numpy as np

        found, tokenizer, network = self._load()
        read = tokenizer.encode_batch(texts)
        mask = np.array([each.attention_mask for each in read], np.int64)
        given = {
            "input_ids": np.array([each.ids for each in read], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([each.type_ids for each in read], np.int64),
        }
        wanted = {each.name for each in network.get_inputs()}
        try:
            (tokens, *_) = network.run(None, {name: rows for name, rows in given.items() if name in wanted})
        except Exception as error:  # onnxruntime has no class for all of its own
            raise EmbedderAway(f"the network failed ({type(error).__name__})") from None
        vectors = pooled(np.asarray(tokens, np.float32), mask, found.pooling)
        return [each.tolist() for each in vectors]

    def _load(self) -> tuple[Layout, Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _open(layout(self._directory))
            return self._loaded


def _open(found: Layout) -> tuple[Layout, Any, Any]:
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError:
        raise EmbedderAway("the extra banso[embed] is not installed") from None
    try:
        tokenizer = Tokenizer.from_file(str(found.tokenizer))
        tokenizer.enable_truncation(
            found.longest or (tokenizer.truncation or {}).get("max_length") or LONGEST
        )
        if tokenizer.padding is None:
            tokenizer.enable_padding()
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # people who wait for something else have the other processors
        network = onnxruntime.InferenceSession(
            str(found.network), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # neither library has a class for all of its own
        raise EmbedderAway(f"the model cannot be read ({type(error).__name__})") from None
    return found, tokenizer, network


def pooled(tokens: NDArray[np.float32], mask: NDArray[np.int64], how: str) -> NDArray[np.float32]:
    """The vectors of texts, of length 1, from those of their tokens (texts, tokens, dimensions).

    Raises:
        EmbedderAway: the network gave something else.
    """
    import numpy as np

    if tokens.ndim != 3 or tokens.shape[:2] != mask.shape:
        raise EmbedderAway("the network's first output is not a vector for each token")
    if how == "first":
        found = tokens[np.arange(len(tokens)), np.argmax(mask, axis=1)]  # some pad on the left
    elif how == "last":
        last = mask.shape[1] - 1 - np.argmax(mask[:, ::-1], axis=1)
        found = tokens[np.arange(len(tokens)), last]
    else:
        weights = mask[:, :, None].astype(np.float32)
        found = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise EmbedderAway("the network gave no numbers")
    return np.asarray(found / np.maximum(lengths, 1e-12), np.float32)
