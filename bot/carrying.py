"""Bringing a file into a conversation: one that the bot may read is uploaded anew, one that a feature makes is made first.

`files.completeUploadExternal` shares asynchronously, tells no message, and at times shares nothing though it says ok
(docs/slack.md, "Files"). So the new file's id is written down before it can be seen, whether it arrived is looked up, and
one that did not is deleted before another is made: however it breaks, one copy stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.feature import Message
from bot.posting import LeaseOver, Posted
from storage import delivered
from storage.database import Database
from storage.sending import OutboxRow

SECONDS = 120.0
"""How long one file may take, down and up again."""
MOST = 100_000_000
"""Bytes; a larger file is named on the other side, not carried."""
FILES = 2
"""So many are under way at once."""
ALT = 500
"""Characters that may say what a picture shows. Slack takes 1,000, but the client puts them into an address, where a letter
of Japanese is nine bytes, and addresses beyond 8,000 are refused on the way (docs/slack.md, "files")."""
LOOKS = 6
"""How often it is looked whether a file arrived, before it is carried again."""
_GONE = frozenset({"file_not_found", "file_deleted", "not_visible", "access_denied"})
_SLACKS = (".slack.com", ".slack-gov.com")
_NOTHING = Posted(None, None)


class NoFile(Exception):
    """Slack gave something else than the file: a sign-in page, an error of a proxy."""


async def made(message: Message) -> Message:
    """The message with its file made, on a thread of its own."""
    if message.made is None:
        return message
    content = await asyncio.to_thread(message.made.content)
    return replace(message, made=replace(message.made, content=lambda: content))


class Carrier:
    """Sends the rows of files, and looks for them. `place` gives the conversation of a row, which may be addressed to a
    person: files are shared in conversations alone (docs/slack.md, "files")."""

    def __init__(
        self, client: AsyncWebClient, database: Database, place: Callable[[OutboxRow], Awaitable[str]]
    ) -> None:
        self._client, self._db, self._place = client, database, place
        self._turns = asyncio.Semaphore(FILES)
        self.seconds, self.looks = SECONDS, LOOKS

    async def send(self, row: OutboxRow, message: Message) -> Posted:
        """Carry the file, or share the one that was `made`; or take the copy away when there is none any more. The copy's id
        is the `state` of what was shared and has to be looked for; without one there is nothing more to do."""
        none = message.file is None and message.made is None
        if none or row.posted_ts is not None:
            if none and row.posted_state is not None:
                await self._delete(row.posted_state)
            if row.posted_ts is None:
                return _NOTHING
            return Posted(row.posted_channel, row.posted_ts, state=row.posted_state)
        async with self._turns:
            row = await self.hold(row)
            if row.posted_state is not None:  # it was carried, and did not arrive
                await self._delete(row.posted_state)
            found = await self._content(message)
            return _NOTHING if found is None else await self._share(row, *found, message)

    async def find(self, row: OutboxRow) -> Posted | None:
        """Whether the copy arrived where it should."""
        if row.posted_state is None:
            return None
        try:
            answer = await self._client.files_info(file=row.posted_state)
        except SlackApiError as error:
            if error.response.get("error") in _GONE:
                return None
            raise
        shares: Mapping[str, Mapping[str, Any]] = answer["file"].get("shares") or {}
        place = await self._place(row)
        there = any(place in places for places in shares.values())
        return Posted(place, row.posted_state, state=row.posted_state, version=1) if there else None

    async def hold(self, row: OutboxRow) -> OutboxRow:
        """The row, which stays ours for as long as a file may take.

        Raises:
            LeaseOver: it is somebody else's.
        """
        until = self._db.clock.real_now() + timedelta(seconds=2 * SECONDS)
        if not await self._db.write_later(delivered.extend, row, until):
            raise LeaseOver
        return replace(row, leased_until=until)

    async def _content(self, message: Message) -> tuple[str, bytes] | None:
        """The file's name and what is in it; None when there is none that could be carried."""
        if message.made is not None:
            return message.made.name, message.made.content()
        file = await self._describe(message.file or "")
        if file is None:
            return None
        data = await self._download(str(file["url_private_download"]), str(file.get("mimetype")))
        return str(file.get("name") or "file"), data

    async def _describe(self, file_id: str) -> Mapping[str, Any] | None:
        """The file as Slack knows it; None when it is gone, kept elsewhere, or too large."""
        try:
            file: Mapping[str, Any] = (await self._client.files_info(file=file_id))["file"]
        except SlackApiError as error:
            if error.response.get("error") in _GONE:
                return None
            raise
        url = str(file.get("url_private_download") or "")
        fits = 0 < int(file.get("size") or 0) <= MOST
        return file if fits and not file.get("is_external") and self._is_slacks(url) else None

    def _is_slacks(self, url: str) -> bool:
        """Whether our token may go there."""
        parts, ours = urlsplit(url), urlsplit(self._client.base_url)
        slacks = parts.scheme == "https" and str(parts.hostname).endswith(_SLACKS)
        return slacks or (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)

    async def _download(self, url: str, mimetype: str) -> bytes:
        async with self._session.get(
            url,
            headers={"Authorization": f"Bearer {self._client.token}"},
            proxy=self._client.proxy,
            ssl=self._client.ssl or True,
        ) as answer:
            answer.raise_for_status()
            if answer.content_type == "text/html" and mimetype != "text/html":
                raise NoFile("a page instead of a file: is the scope files:read granted?")
            return await answer.read()

    async def _share(self, row: OutboxRow, name: str, data: bytes, message: Message) -> Posted:
        place, alt = await self._place(row), message.made.alt if message.made is not None else ""
        upload = await self._client.files_getUploadURLExternal(
            filename=name, length=len(data), alt_txt=alt[:ALT] or None
        )
        async with self._session.post(
            str(upload["upload_url"]), data=data, proxy=self._client.proxy, ssl=self._client.ssl or True
        ) as answer:
            answer.raise_for_status()
        copy = str(upload["file_id"])
        if not await self._db.write_later(delivered.uploaded, row, copy):
            raise LeaseOver
        await self._client.files_completeUploadExternal(
            files=[{"id": copy, "title": name}],
            channel_id=place,
            thread_ts=row.thread_ts,
            initial_comment=message.text or None,
        )
        return Posted(place, None, state=copy)

    async def _delete(self, file_id: str) -> None:
        try:
            await self._client.files_delete(file=file_id)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise

    @property
    def _session(self) -> aiohttp.ClientSession:
        session: aiohttp.ClientSession | None = self._client.session
        if session is None:
            raise RuntimeError("files are carried over the shared session")
        return session
