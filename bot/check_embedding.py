"""`banso check`: where texts are sent to be embedded, and whether that works. Nothing when no embedder is chosen."""

from __future__ import annotations

import time
from typing import Final

from bot.embedding import Embedder, EmbedderAway, TextRefused
from bot.embedding.chosen import chosen
from bot.embedding.guarded import PATIENCE
from bot.errors import SettingsError
from bot.findings import Finding, ok, warn
from bot.settings import Settings

_KNOWN: Final = "窓口の受付時間"
_WORDS: Final = "直すまでは、ことばだけで探します"


async def check_embedder(settings: Settings) -> list[Finding]:
    """What leaves the house comes first, then how the embedder answers a text of ours, asked twice: the first time it may
    have to wake up."""
    if settings.embed_url is None and settings.embed_model_dir is None:
        return []
    try:
        async with chosen(settings) as embedder:
            return [] if embedder is None else [_sent(settings), await _asked(settings, embedder)]
    except SettingsError:
        return [_sent(settings)]  # said where Slack is checked


def _sent(settings: Settings) -> Finding:
    host = settings.embed_host
    if host is None:
        return ok("ことばの意味で探すモデルは、この機械の中で動きます(外へは送りません)")
    return ok(f"公開した FAQ の文と、名前を除いた探したことばを、{host} へ送ります(EMBED_URL)")


async def _asked(settings: Settings, embedder: Embedder) -> Finding:
    begun = time.perf_counter()
    try:
        await embedder.embed([_KNOWN], asked=True)
        begun = time.perf_counter()
        (vector,) = await embedder.embed([_KNOWN], asked=True)
    except (EmbedderAway, TextRefused) as error:
        return _away(settings, str(error))
    took = round((time.perf_counter() - begun) * 1000)
    if took > PATIENCE * 1000:
        slow = f"ことばの意味で探すモデルの返事に {took} ミリ秒かかりました"
        limit = f"{PATIENCE * 1000:.0f} ミリ秒までに返らないと、ことばだけで探します。近い所か、小さいモデルにしてください"
        return warn(slow, limit)
    return ok(f"ことばの意味で探すモデルが答えました({len(vector)} 次元、{took} ミリ秒)")


def _away(settings: Settings, why: str) -> Finding:
    if settings.embed_url is None:
        return warn(
            f"EMBED_MODEL_DIR のモデルを使えません({why})", f"{_WORDS}。docs/operations.md を見てください"
        )
    if why in {"http_401", "http_403"}:
        return warn(f"EMBED_URL に断られました({why})", f"EMBED_KEY を確かめてください。{_WORDS}")
    return warn(
        f"EMBED_URL から、ことばの意味が返りません({why})",
        f"EMBED_URL と EMBED_MODEL、プロキシ(HTTPS_PROXY)を確かめてください。{_WORDS}",
    )
