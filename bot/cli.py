"""The command line: `banso run` and what operators type beside it; each command is a function here."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from bot import auditor, logs
from bot.app import clock_for, database_for, running, services_for
from bot.background import until_signal, until_stopped
from bot.bolt import build_bolt
from bot.check import exit_code, run_checks, unreadable_settings
from bot.clock import Clock
from bot.errors import BansoError, DatabaseUnavailable, OperatorError, SettingsError
from bot.facts import StoredFacts
from bot.keeping import keep_copy, put_copy_back
from bot.lists import What, bring_in, bring_in_workspace, take_out
from bot.manifest import manifest_for
from bot.reporting import report_to
from bot.settings import Settings, load_settings
from handlers.common.replay import replay_failed
from handlers.members.notices import why
from handlers.questions.catching.taking import take_in_again
from storage import dead_letters, failures
from storage.migrate import schema_state, upgrade
from storage.refusals import in_words

app = typer.Typer(
    help="Banso(伴走): 市町村の相談を、アドバイザーと県の担当へ確実につなぎます。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local values could show a secret
)
out = Console(highlight=False, soft_wrap=True)
log = structlog.get_logger("cli")


def main() -> None:
    """Entry point: an operator's error is a sentence and exit code 2, never a traceback."""
    try:
        app()
    except BansoError as error:
        sentence = error.sentence
        if isinstance(error, DatabaseUnavailable):  # its own sentence is for people who pressed a button
            sentence = (
                f"データベースを使えません({in_words(error.__cause__)})。banso check で確かめてください。"
            )
        Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(f"❌ {sentence}")
        raise SystemExit(2) from None


def _settings() -> Settings:
    settings = load_settings()
    hidden = [settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token]
    secrets = [secret.get_secret_value() for secret in hidden if secret is not None]
    logs.configure(settings.log_level, settings.log_format, hide=[secret for secret in secrets if secret])
    return settings


@app.command()
def run() -> None:
    """ボットを動かします(SLACK_APP_TOKEN があれば Socket Mode、なければ HTTP モード)。"""
    settings = _settings()

    async def work(stop: asyncio.Event) -> None:
        async with running(settings):
            # What was imported stays. A full collection would walk through it: 80 ms in which nothing is acknowledged.
            gc.freeze()
            await stop.wait()

    until_signal(work)


@app.command()
def check() -> None:
    """足りないもの・まちがいを点検します。トークンも接続も実際に試します。"""
    try:
        settings = _settings()
    except SettingsError as error:
        findings = unreadable_settings(error)
    else:
        clock = clock_for(settings)
        findings = asyncio.run(run_checks(settings, facts=StoredFacts(settings, clock), clock=Clock()))
    for finding in findings:
        out.print(str(finding))
    raise typer.Exit(exit_code(findings))


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="HTTP モードの URL。なければ Socket Mode")] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="ほかのアプリが使っている別名(/toban など)")
    ] = None,
) -> None:
    """Slack アプリのマニフェストを表示します。"""
    typer.echo(manifest_for(url, without or ()), nl=False)


@app.command()
def migrate() -> None:
    """データベースを最新の版にします。"""
    settings = _settings()
    upgrade(settings.database_url)
    out.print(f"✅ データベースは最新の版です({schema_state(settings.database_url)[1]})")


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="チャンネル・名簿・アドバイザーを書いた JSON")],
    workspace: Annotated[
        str | None, typer.Option(help="ワークスペースの ID(T…)。なければ Slack に尋ねる")
    ] = None,
) -> None:
    """チャンネル・名簿・アドバイザーを取り込みます。誤りがあれば何も変えません。"""
    out.print(bring_in_workspace(_settings(), file, workspace=workspace), markup=False)


_LISTS = (
    "members(メンバー)、talents(アドバイザー)、bodies(団体)、faq(FAQ)、offices(開庁日)、"
    "rota(当番のメンバー)、duty(当番)"
)


@app.command(name="import")
def import_list(
    what: Annotated[What, typer.Argument(help=_LISTS)],
    file: Annotated[Path, typer.Argument(help="一覧(.csv か .xlsx)")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="確かめるだけで、何も変えない")] = False,
    workspace: Annotated[
        str | None, typer.Option(help="ワークスペースの ID(T…)。なければ Slack に尋ねる")
    ] = None,
) -> None:
    """一覧を取り込みます。誤りがあれば、その行をすべて示し、何も変えません。"""
    out.print(bring_in(_settings(), what, file, dry_run=dry_run, workspace=workspace), markup=False)


@app.command(name="export")
def export_list(
    what: Annotated[What, typer.Argument(help=_LISTS)],
    file: Annotated[Path, typer.Argument(help="書き出す先(.csv か .xlsx)")],
) -> None:
    """一覧を、取り込めるのと同じ形で書き出します。"""
    out.print(take_out(_settings(), what, file), markup=False)


@app.command()
def report(
    file: Annotated[Path, typer.Argument(help="書き出す先(.xlsx か、CSV をまとめた .zip)")],
    first: Annotated[str, typer.Option("--from", help="はじめの日(2026-04-01 の形)")],
    last: Annotated[str, typer.Option("--to", help="おわりの日(その日を含む)")],
) -> None:
    """期間の相談実績を集計します。終わった期間は、いつつくっても同じ数です。"""
    out.print(report_to(_settings(), file, first, last), markup=False)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="バックアップを書くファイル(まだないもの)")],
) -> None:
    """データベースのバックアップを取ります。ボットは動かしたままでかまいません。"""
    out.print(keep_copy(_settings(), file), markup=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="banso backup で取ったファイル")],
    force: Annotated[
        bool, typer.Option("--force", help="記録のあるデータベースを置き換える(いまの記録はわきに残す)")
    ] = False,
) -> None:
    """バックアップを戻します。ボットを止めてから実行します。"""
    out.print(put_copy_back(_settings(), file, force=force), markup=False)


@app.command()
def ledger() -> None:
    """台帳(受付=待ち+回答あり+終了)と点検の結果を表示します。"""
    settings = _settings()

    async def work() -> auditor.Books:
        async with database_for(settings) as database:
            return await database.read(auditor.read)

    books = asyncio.run(work())
    counts = books.ledger
    out.print(
        f"受付 {counts.received} = 待ち {counts.waiting} + 回答あり {counts.answered} + "
        f"終了 {sum(counts.closed.values())}  (相談ではないもの {counts.set_aside})"
    )
    health = auditor.health(books)
    for finding in health.findings:
        out.print(f"❌ {finding}")
    raise typer.Exit(0 if health.ok else 1)


@app.command()
def replay() -> None:
    """処理に失敗した書き込みを、もう一度処理します。"""
    settings = _settings()

    async def work() -> tuple[int, int]:
        async with services_for(settings, None) as services:
            bolt = build_bolt(
                services, services.client, settings, bot_id="", team_id=services.database.workspace
            )
            done, failed = await replay_failed(bolt, services, all_of_them=True)
            more, again = await take_in_again(services)
            return done + more, failed + again

    done, failed = asyncio.run(work())
    out.print(f"✅ 処理できたもの {done} 件・まだ失敗するもの {failed} 件")
    raise typer.Exit(1 if failed else 0)


@app.command(name="dead-letters")
def given_up(
    retry: Annotated[bool, typer.Option("--retry", help="もう一度送る")] = False,
    settle: Annotated[bool, typer.Option("--settle", help="別の方法で伝えたので、送らずに済ませる")] = False,
) -> None:
    """届けられなかったお知らせを表示します。"""
    settings = _settings()
    if retry and settle:
        raise OperatorError("--retry と --settle は一度にどちらか一つです。")

    async def work() -> list[dead_letters.Dead]:
        async with database_for(settings) as database:
            found = await database.read(dead_letters.dead_letters)
            if found and (retry or settle):
                await database.write(dead_letters.retry_dead if retry else dead_letters.settle_dead)
                done = "retried" if retry else "settled"
                await database.write(lambda tx: failures.note(tx, f"dead letters {done}", count=len(found)))
            return found

    found = asyncio.run(work())
    for letter in found:
        out.print(
            f"{letter.since:%Y-%m-%d %H:%M}Z {letter.renderer} {letter.record_id} → {letter.place}: "
            f"{letter.error} {''.join(why(letter.error))}"
        )
    done = "もう一度送ります" if retry else "済みにしました" if settle else "あります"
    out.print(f"届けられなかったお知らせ {len(found)} 件{done if found else ''}")


@app.command(name="demo")
def demo_command(
    story: Annotated[bool, typer.Option("--story", help="一週間の様子を再生して確かめる")] = False,
    questions: Annotated[
        Path | None, typer.Option(help="この JSON の文をすべて尋ねる(--story とともに)")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="結果の数字を書き出すファイル(--story とともに)")
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="別の、空のデータベースで試す(--story とともに)")
    ] = None,
) -> None:
    """練習用の Slack と架空の「あさぎ県」で動かします。"""
    for_story = {"--questions": questions, "--json": json_file, "--database-url": database_url}
    alone = [name for name, value in for_story.items() if value is not None and not story]
    if alone:
        raise OperatorError(f"{'・'.join(alone)} は --story とともに使います。")
    from bot import demo  # the only command that needs the stand-in workspace
    from bot.demo import files

    logs.configure("WARNING", "text")
    if not story:
        until_signal(lambda stop: until_stopped(demo.run_demo(say=out.print), stop))
        return
    texts = None if questions is None else files.texts(questions)
    if json_file is not None:
        files.writable(json_file)
    played: list[int] = []

    async def play() -> None:
        played.append(
            await demo.play_story(
                questions=texts, json_file=json_file, database_url=database_url, say=out.print, progress=True
            )
        )

    ended = until_signal(lambda stop: until_stopped(play(), stop))
    if not played:
        out.print("途中で止めました。")
    raise typer.Exit(*played or (ended,))
