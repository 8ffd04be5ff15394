"""The model that the settings say: none, an address, or a directory."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import aiohttp

from bot.embedding import Embedder
from bot.embedding.endpoint import Endpoint
from bot.embedding.local import LocalModel
from bot.settings import Settings
from bot.slack import ssl_context


@contextlib.asynccontextmanager
async def chosen(settings: Settings) -> AsyncIterator[Embedder | None]:
    """Open it; that takes no time, for nothing is asked or loaded yet. An address is reached as HTTPS_PROXY and NO_PROXY
    say, and by the office's own authority (SLACK_CA_FILE).

    Raises:
        SettingsError: the authority's certificate cannot be read.
    """
    prefixes = (settings.embed_query_prefix, settings.embed_entry_prefix)
    if settings.embed_url is not None:
        key = settings.embed_key.get_secret_value() if settings.embed_key else ""
        async with aiohttp.ClientSession(trust_env=True) as session:
            model, context = settings.embed_model or "", ssl_context(settings)
            yield Endpoint(session, settings.embed_url, model, key, prefixes, context)
    elif settings.embed_model_dir is not None:
        local = LocalModel(settings.embed_model_dir, prefixes)
        try:
            yield local
        finally:
            await local.close()
    else:
        yield None
