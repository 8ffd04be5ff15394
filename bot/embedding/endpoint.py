"""A model behind an address that speaks as OpenAI's `/v1/embeddings` does: a service, or a server in the house.

Source of the shapes: OpenAI's API reference, "Create embeddings": `model`, `input` (an array of texts), `encoding_format`;
answered by `data`, an array of `index` and `embedding`.
"""

from __future__ import annotations

import asyncio
import json
import math
import ssl
from collections.abc import Sequence
from typing import Any, Final

import aiohttp

from bot.domain import my_number
from bot.embedding import EmbedderAway, TextRefused, Vector

WITHIN_SECONDS: Final = 30.0
"""How long a question to it may stay open; how long somebody waits for it is said in `guarded`."""

BATCH_WITHIN_SECONDS: Final = 90.0
"""How long a batch of entries may take, where a small machine embeds: half as long as another process waits for us."""

MOST_BYTES: Final = 300_000
"""Of an answer, for each text: a vector of 8,192 dimensions is less."""

MOST_DIMENSIONS: Final = 8192

_TEXT_REFUSED: Final = {400, 413, 422, 500}
"""500: some servers stumble over a text that is too long. Whether it is the text is found out by another one."""


class Endpoint:
    """Asks one address. Redirections are not followed: what was sent to one house must not go to another. What looks like
    a My Number never leaves, wherever it comes from.

    Args:
        url: as `Settings.embed_url` has it, with or without `/embeddings`.
        prefixes: what the model wants before what is looked for, and before an entry.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        model: str,
        key: str = "",
        prefixes: tuple[str, str] = ("", ""),
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._session = session
        self._url = url if url.endswith("/embeddings") else f"{url}/embeddings"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._prefixes = prefixes
        self._context = context

    @property
    def name(self) -> str:
        """The model, and what is put before an entry."""
        return f"{self._model}|{self._prefixes[1]}" if self._prefixes[1] else self._model

    async def embed(self, texts: Sequence[str], *, asked: bool = False) -> list[Vector]:
        """See `Embedder`."""
        before = self._prefixes[0 if asked else 1]
        within = WITHIN_SECONDS if asked else BATCH_WITHIN_SECONDS
        wanted = {
            "model": self._model,
            "input": [f"{before}{my_number.mask(text)[0]}" for text in texts],
            "encoding_format": "float",
        }
        try:
            async with self._session.post(
                self._url,
                json=wanted,
                headers=self._headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=within),
                ssl=self._context or True,
            ) as answer:
                if answer.status in _TEXT_REFUSED:
                    raise TextRefused(f"http_{answer.status}")
                if answer.status != 200:
                    raise EmbedderAway(f"http_{answer.status}")
                raw = await _read(answer, MOST_BYTES * len(texts))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise EmbedderAway(type(error).__name__) from None  # its text may hold the address, and more
        # a batch has a hundred thousand numbers, and the loop has people to answer
        return await asyncio.to_thread(read_answer, raw, len(texts))


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    raw = bytearray()
    async for chunk in answer.content.iter_any():
        raw += chunk
        if len(raw) > most:
            raise EmbedderAway("too long an answer")
    return bytes(raw)


def read_answer(raw: bytes, count: int) -> list[Vector]:
    """The vectors of an answer, in the order of the texts.

    Raises:
        EmbedderAway: it is not one for so many texts.
        TextRefused: something in it is no vector, as a model may make of a text that says nothing to it.
    """
    try:
        data = json.loads(raw)["data"]
        by_index = {each["index"]: each["embedding"] for each in data}
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EmbedderAway("not an answer of embeddings") from None
    if len(data) != count or by_index.keys() != set(range(count)):
        raise EmbedderAway("not as many vectors as texts")
    found = [by_index[at] for at in range(count)]
    if not all(map(_is_vector, found)) or len({len(each) for each in found}) > 1:
        raise TextRefused("no vectors in the answer")
    return found


def _is_vector(found: Any) -> bool:
    if not isinstance(found, list) or not 0 < len(found) <= MOST_DIMENSIONS:
        return False
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in found)
    try:
        return numbers and math.isfinite(sum(abs(float(each)) for each in found)) and any(found)
    except OverflowError:  # an integer beyond any float
        return False
