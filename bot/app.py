"""The composition root: open this, then this; closing goes backwards. Only the command line and the demo import it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog

from bot.background import Later, OneAtATime, background
from bot.bolt import FEATURES, build_bolt, who_are_we
from bot.clock import Clock, MovableClock
from bot.delivery import Delivery, Patience
from bot.domain.vocabulary import Vocabulary
from bot.embedding import Embedder
from bot.embedding.chosen import chosen
from bot.embedding.guarded import Guarded
from bot.errors import DatabaseAhead, DatabaseBehind, SettingsError
from bot.gate import Gate
from bot.metrics import Metrics
from bot.reading import Reader
from bot.settings import Settings
from bot.slack import web_client
from bot.sockets import Sockets
from bot.upkeep import Upkeep
from bot.vectors import Vectors
from bot.web import Health, WebServer, health_app
from handlers.calendars.feeding import Feeds
from handlers.common.services import Services
from handlers.digests.looking import begin as begin_weeks
from handlers.faq import past
from handlers.members.actions import MISSED, PLACES
from handlers.members.admins import appoint_first
from handlers.members.hours import begin_days
from handlers.members.opening import open_if_in_use
from handlers.questions.catching.catchup import CatchUp
from handlers.questions.catching.taking import Taker
from handlers.questions.lifecycle.opening import OPENED
from scheduler.loop import Scheduler
from storage import after_restore, faq, faq_documents, question_changes, word_table, workspace
from storage.database import Database, Transaction
from storage.migrate import schema_state
from storage.search import INDEXES, Analyser, Changes, Search, place

log = structlog.get_logger("app")


@dataclass(frozen=True, slots=True)
class Banso:
    """A running app: what the demo, the tests and the command line may touch."""

    database: Database
    services: Services
    delivery: Delivery
    scheduler: Scheduler
    catch_up: CatchUp
    health: Callable[[], Coroutine[Any, Any, Health]]
    port: int


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Banso]:
    """Open everything, yield the running app, close everything in reverse: nothing under way is cut off.

    Raises:
        SettingsError, DatabaseBehind, DatabaseAhead, SlackUnusable: with the sentence for the operator.
    """
    _check(settings)
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = web_client(settings, session)
        we = await who_are_we(client)
        database = Database(settings.database_url, clock or clock_for(settings), we["team_id"])
        await stack.enter_async_context(database)
        metrics = Metrics()
        database.observe_commits(lambda seconds, _: metrics.transaction_seconds.observe(seconds))
        await _know_ourselves(database, settings, we)

        search, asked = await stack.enter_async_context(_searches(database, settings))
        services = Services(
            database,
            client,
            we["user_id"],
            metrics,
            search=search,
            past=asked,
            public_url=lambda: settings.address(web.port) if settings.public_url else None,
        )
        reader, members_reader, gate = Reader(), Reader(50, 1.2), Gate(metrics)  # tiers 3 and 4
        database.let_pass(lambda: gate.busy)
        later = await stack.enter_async_context(background())
        nameless = web_client(settings, session, with_token=False)
        bolt = build_bolt(services, nameless, settings, bot_id=we["bot_id"], team_id=we["team_id"])
        patience = Patience(lease=settings.lease_seconds, unsure_wait=settings.unsure_wait_seconds)
        delivery = Delivery(database, client, FEATURES, metrics, patience, services.token, gate)
        catch_up = CatchUp(services, reader, first=lambda: upkeep.before_words())
        sockets = Sockets.if_wanted(settings, bolt, gate, on_hello=lambda: later(upkeep.hello()))
        upkeep = Upkeep(services, bolt, catch_up, members_reader, sockets)
        services.watch.audit = upkeep.health
        ticks = upkeep.ticks(settings.catch_up_minutes * 60)
        scheduler = Scheduler(database, FEATURES, ticks, behind=upkeep.behind)
        _whenever(database, OPENED, later, upkeep.similar)
        pages = health_app(
            upkeep.health,
            metrics,
            bolt=None if sockets else bolt,
            gate=gate,
            fetch=Feeds(services).fetch if settings.public_url else None,
        )
        web = WebServer(pages, settings.host, settings.port)

        await upkeep.before_doors()
        _whenever(database, PLACES, later, upkeep.places)
        _whenever(database, MISSED, later, catch_up.run)
        await stack.enter_async_context(_working(delivery, Taker(services, gate)))
        await _start(stack, scheduler, web, sockets)
        if sockets is None:  # in Socket Mode each connection's hello begins a catch-up
            later(upkeep.hello())
        later(upkeep.people())
        log.info("ready", mode="socket" if sockets else "http", port=web.port, workspace=we["team_id"])
        yield Banso(database, services, delivery, scheduler, catch_up, upkeep.health, web.port)
        log.info("stopping")


def _whenever(database: Database, what: str, later: Later, work: Callable[[], Awaitable[Any]]) -> None:
    """Do some work after each commit that names it, one at a time."""
    once = OneAtATime(work)
    database.on_commit(what, lambda: later(once()))


async def _know_ourselves(database: Database, settings: Settings, we: Mapping[str, str]) -> None:
    await database.write(lambda tx: workspace.save_workspace(tx, name=we["team"], url=we["url"]))
    await database.write(open_if_in_use)
    await database.write(begin_days)
    await database.write(begin_weeks)
    await database.write(after_restore.begins)
    if settings.banso_admin is not None:
        await database.write(appoint_first, settings.banso_admin)


async def _start(
    stack: contextlib.AsyncExitStack, scheduler: Scheduler, web: WebServer, sockets: Sockets | None
) -> None:
    """Open the doors; they are closed first."""
    scheduler.start()
    stack.push_async_callback(scheduler.stop)
    if sockets is not None:  # they hold tasks and a session from the beginning, also when the port is taken
        stack.push_async_callback(sockets.close)
    await web.start()
    stack.push_async_callback(web.stop)
    if sockets is not None:
        await sockets.open()


@contextlib.asynccontextmanager
async def services_for(settings: Settings, workspace_id: str | None) -> AsyncIterator[Services]:
    """The database and a client without the running bot, for commands; Slack is asked who we are unless
    `workspace_id` says it.

    Raises:
        DatabaseBehind, SlackUnusable: with the sentence for the operator.
    """
    _check_schema(settings)
    async with aiohttp.ClientSession() as session:
        client = web_client(settings, session)
        we = {"team_id": workspace_id, "user_id": ""} if workspace_id else await who_are_we(client)
        async with Database(settings.database_url, clock_for(settings), str(we["team_id"])) as database:
            name, url = we.get("team", ""), we.get("url", "")
            if name or not await database.read(workspace.is_known):
                await database.write(lambda tx: workspace.save_workspace(tx, name=name or "", url=url or ""))
            yield Services(database, client, str(we["user_id"]), Metrics())


@contextlib.asynccontextmanager
async def database_for(settings: Settings) -> AsyncIterator[Database]:
    """The database alone, for commands that need no Slack.

    Raises:
        DatabaseBehind, SettingsError: with the sentence for the operator.
    """
    _check_schema(settings)
    async with Database(settings.database_url, clock_for(settings)) as database:
        database.workspace = await database.read(workspace.only_workspace)
        yield database


def clock_for(settings: Settings) -> Clock:
    """Real time; a movable clock only where the settings allow one."""
    return MovableClock(settings.clock_offset) if settings.may_move_time else Clock()


def _check(settings: Settings) -> None:
    if not settings.slack_bot_token.get_secret_value():
        raise SettingsError("SLACK_BOT_TOKEN がありません。.env か環境変数で設定してください。")
    if not settings.socket_mode and not settings.slack_signing_secret.get_secret_value():
        raise SettingsError("SLACK_APP_TOKEN(Socket Mode)か SLACK_SIGNING_SECRET(HTTP モード)が要ります。")
    _check_schema(settings)


def _check_schema(settings: Settings) -> None:
    state, detail = schema_state(settings.database_url)
    if state == "unreachable":
        raise SettingsError(f"データベースに接続できません({detail})。DATABASE_URL を確かめてください。")
    if state == "ahead":
        raise DatabaseAhead()
    if state != "ok":
        raise DatabaseBehind(f"データベースの版が合いません({detail})。banso migrate を実行してください。")


@contextlib.asynccontextmanager
async def _searches(database: Database, settings: Settings) -> AsyncIterator[tuple[Search, Search]]:
    """What looks for entries, and what for past questions; they share the dictionary and the words that mean the same.
    Questions are never embedded."""
    async with contextlib.AsyncExitStack() as stack:
        analyser, embedder = Analyser(), await stack.enter_async_context(chosen(settings))
        embed = Guarded(embedder) if embedder is not None else None
        if embedder is not None:
            log.info("entries and what is looked for are embedded", host=settings.embed_host or "here")
        first, second = INDEXES
        entries = _searching(database, settings, faq.WAKE, faq_documents.changes, analyser, embed, of=first)
        asked = _searching(database, settings, question_changes.WAKE, past.changes, analyser, of=second)
        search, before = await stack.enter_async_context(entries), await stack.enter_async_context(asked)
        if embed is not None:
            stack.push_async_callback(embed.close)
        await stack.enter_async_context(_embedding(database, embedder, search))
        yield search, before


@contextlib.asynccontextmanager
async def _embedding(database: Database, embedder: Embedder | None, search: Search) -> AsyncIterator[None]:
    """Entries are embedded meanwhile, if there is an embedder."""
    if embedder is None:
        yield
        return
    made = Vectors(database, embedder, search.nearness)
    database.on_commit(faq.WAKE, made.wake)
    async with _meanwhile(made.follow()):
        yield


@contextlib.asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _searching(
    database: Database,
    settings: Settings,
    wake: str,
    changed: Callable[[Transaction, int], Changes],
    analyser: Analyser,
    embed: Guarded | None = None,
    *,
    of: str,
) -> AsyncIterator[Search]:
    """A search of what `changed` reads, kept in step with the database: at once where the change was made, within a second
    elsewhere. `of` tells its index from another's."""
    where = place(settings.database_url, f"{database.workspace}{of}", settings.search_dir)

    async def changes(since: int) -> Changes:
        return await database.read(changed, since)

    async def spoken() -> Vocabulary:
        return await database.read(word_table.vocabulary)

    async with Search(where, changes, analyser=analyser, spoken=spoken, embed=embed) as search:
        database.on_commit(wake, search.wake)
        async with _meanwhile(search.follow()):
            yield search


@contextlib.asynccontextmanager
async def _working(delivery: Delivery, taker: Taker) -> AsyncIterator[None]:
    """Take in and deliver; at the end what is kept is taken in first, then what follows from it is sent."""
    delivering, taking = asyncio.create_task(delivery.run()), asyncio.create_task(taker.run())
    try:
        yield
    finally:
        await taker.stop(taking)
        await delivery.stop()
        await delivering
