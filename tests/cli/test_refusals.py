"""Every command on a database or a file that cannot be used: a sentence, never a traceback, never the password."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from benchmarks.databases import Databases
from benchmarks.nursery import Nursery, nursery
from bot import cli, logs
from storage.engines import parse_url
from tests.cli.conftest import Operator

Command = Callable[..., tuple[int, str]]

FORM = "DATABASE_URL を読み取れません"
UNUSABLE = {
    "garbage": FORM,
    "mysql://banso:geheim@localhost/banso": FORM,
    "postgresql://banso:geheim@localhost:port/banso": FORM,
    "sqlite://": FORM,
    "sqlite:///:memory:": FORM,
    "sqlite:///text.txt": "(データベースではないファイルです)",
    "sqlite:///directory": "(ファイルを開けません)",
    "postgresql://banso:geheim@127.0.0.1:1/banso": "(宛先で動いていません)",
    "postgresql://banso:geheim@127.0.0.1:1/banso?sslmod=require": "知らない項目があります",
}


@pytest.fixture
def types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line in this process, in an empty directory; nothing answers where Slack should be."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure", lambda *_, **__: None)
    (tmp_path / "text.txt").write_text("no database at all\n" * 100)
    (tmp_path / "directory").mkdir()

    def typed(*words: str, **environment: str) -> tuple[int, str]:
        nobody = {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
        }
        for name, value in {**nobody, "PORT": "0", **environment}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["banso", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return typed


@pytest.mark.parametrize("command", ["check", "migrate", "run", "ledger"])
@pytest.mark.parametrize("address", UNUSABLE)
def test_an_address_that_leads_nowhere_is_said(types: Command, command: str, address: str) -> None:
    code, said = types(command, DATABASE_URL=address)
    assert code == (1 if command == "check" else 2)
    assert UNUSABLE[address] in said
    assert "geheim" not in said


def test_a_place_where_no_file_can_be_made_is_said(types: Command) -> None:
    code, said = types("migrate", DATABASE_URL="sqlite:///text.txt/banso.sqlite3")
    assert (code, "その場所にファイルを作れません" in said) == (2, True)


def execute(url: str, *statements: str) -> None:
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(("command", "code"), [("check", 1), ("run", 2)])
@pytest.mark.parametrize("file", ["nowhere.pem", "text.txt"])
def test_a_proxys_certificate_that_cannot_be_read_is_said(
    types: Command, command: str, code: int, file: str
) -> None:
    types("migrate")
    ended, said = types(command, SLACK_CA_FILE=file)
    assert (ended, "SLACK_CA_FILE の証明書を読めません" in said) == (code, True)


@pytest.mark.parametrize("command", ["check", "migrate", "run", "ledger"])
def test_a_database_of_a_newer_program_is_left_alone(
    types: Command, command: str, own_database_url: str
) -> None:
    execute(own_database_url, "UPDATE alembic_version SET version_num = '9999'")
    code, said = types(command, DATABASE_URL=own_database_url)
    assert code == (1 if command == "check" else 2)
    assert "データベースのほうがプログラムより新しい版です" in said
    assert "プログラムを新しくしてください" in said
    assert "banso migrate" not in said


@pytest.mark.parametrize("command", ["check", "run", "ledger"])
def test_a_database_that_was_never_migrated_says_how(
    types: Command, command: str, own_database_url: str
) -> None:
    execute(own_database_url, "DROP TABLE alembic_version")
    code, said = types(command, DATABASE_URL=own_database_url)
    assert code == (1 if command == "check" else 2)
    assert "なし → " in said
    assert "banso migrate" in said


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"database": "elsewhere"}, "その名前のデータベースか利用者がありません"),
        ({"username": "somebody"}, "その名前のデータベースか利用者がありません"),
        ({"query": {"host": "/nowhere"}}, "宛先で動いていません"),
    ],
)
def test_what_a_server_refuses_is_told_apart(
    types: Command, databases: Databases, wrong: dict[str, Any], word: str
) -> None:
    url = parse_url(databases.fresh("postgresql")).set(**wrong)
    _, said = types("check", DATABASE_URL=url.render_as_string(hide_password=False))
    assert f"データベースにつながりません({word})" in said


@pytest.fixture(scope="module")
def like_anybody() -> Iterator[Nursery]:
    """Its processes may not write where it is not allowed to; root may everywhere."""
    through: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root cannot be kept from writing here")
        through = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    with nursery(through) as opened:
        yield opened


READ_ONLY = {
    "check": "データベースに書き込めません(書き込みが許されていません)",
    "migrate": "データベースを新しくできません(書き込みが許されていません)",
    "load": "データベースを使えません(書き込みが許されていません)",
    "run": "データベースを使えません(書き込みが許されていません)",
}


async def test_a_file_that_may_not_be_written_is_said(operator: Operator, like_anybody: Nursery) -> None:
    operator.nursery = like_anybody
    place = operator.directory / "data"
    fresh = {"DATABASE_URL": f"sqlite:///{place / 'banso.sqlite3'}"}
    await operator.types("migrate", **fresh)
    (operator.directory / "workspace.json").write_text("{}")
    (place / "banso.sqlite3").chmod(0o444)
    for command, words in READ_ONLY.items():
        result = await operator.types(command, *(["workspace.json"] if command == "load" else []), **fresh)
        assert result.code == (1 if command == "check" else 2)
        assert words in result.out + result.err
        assert "Traceback" not in result.err
    place.chmod(0o555)
    assert READ_ONLY["check"] in (await operator.types("check", **fresh)).out
    books = await operator.types("ledger", **fresh)
    assert (books.code, "受付 0" in books.out) == (0, True), "looking is allowed"


async def test_a_folder_where_nothing_may_be_made_is_said(operator: Operator, like_anybody: Nursery) -> None:
    operator.nursery = like_anybody
    place = operator.directory / "data"
    place.mkdir(mode=0o555)
    result = await operator.types("migrate", DATABASE_URL=f"sqlite:///{place / 'banso.sqlite3'}")
    assert (result.code, "新しくできません(ファイルを開けません)" in result.err) == (2, True)
    assert "Traceback" not in result.err


def test_a_server_that_may_not_be_written_is_said(types: Command, databases: Databases) -> None:
    url = databases.fresh("postgresql")
    execute(url, f"ALTER DATABASE {parse_url(url).database} SET default_transaction_read_only = on")
    for command, words in READ_ONLY.items():
        if command not in {"load", "run"}:  # these ask Slack first
            _, said = types(command, DATABASE_URL=url)
            assert words.replace("書き込みが許されていません", "読み取り専用になっています") in said


def test_what_an_operator_reads_is_not_the_sentence_of_a_button(
    types: Command, own_database_url: str, tmp_path: Path
) -> None:
    """Looking is allowed, so that it shows only when something is written."""
    (tmp_path / "workspace.json").write_text("{}")
    with _unwritable(own_database_url) as why:
        code, said = types("load", "--workspace", "T1", "workspace.json", DATABASE_URL=own_database_url)
    assert code == 2
    assert f"データベースを使えません({why})" in said
    assert "banso check" in said
    assert "もう一度お試し" not in said


@contextlib.contextmanager
def _unwritable(url: str) -> Iterator[str]:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        execute(url, f"ALTER DATABASE {parsed.database} SET default_transaction_read_only = on")
        yield "読み取り専用になっています"
        return
    with contextlib.closing(sqlite3.connect(str(parsed.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield "ほかのプログラムが使っています"
