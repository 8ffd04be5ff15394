"""Migrations: what state the tables are in, and several that start together."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from alembic import command
from sqlalchemy import insert, select

from bot.clock import Clock
from bot.domain.words import Years
from handlers.rota.away import BEGINS
from storage import offices
from storage.absences import OPEN
from storage.database import Database, Transaction
from storage.migrate import _config, _engine, schema_state, upgrade
from storage.reference import load_municipalities
from storage.tables import absences, due_work
from storage.workspace import save_workspace, set_workspace, workspace
from tests.handlers.prefecture import TUESDAY_TEN
from tests.storage.test_questions import ask


async def test_the_schema_says_whether_it_is_behind(database_url: str, tmp_path: Path) -> None:
    assert schema_state(database_url)[0] == "ok"
    assert schema_state(f"sqlite:///{tmp_path / 'new.sqlite3'}")[0] == "behind"
    assert schema_state("postgresql://nobody@127.0.0.1:1/none")[0] == "unreachable"


async def test_migrating_twice_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.sqlite3'}"
    await asyncio.gather(*(asyncio.to_thread(upgrade, url) for _ in range(3)))
    assert schema_state(url)[0] == "ok"


def test_a_migration_waits_for_another_far_longer_than_it_takes(tmp_path: Path) -> None:
    engine = _engine(f"sqlite:///{tmp_path / 'slow.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60_000
    engine.dispose()


def test_a_database_of_the_first_version_comes_along_with_what_is_in_it(own_database_url: str) -> None:
    engine = _engine(own_database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0001")
        values = "('T1', 'C1', '相談', 'consultation')"
        connection.exec_driver_sql(f"INSERT INTO channel (workspace, channel, name, purpose) VALUES {values}")
    assert schema_state(own_database_url) == ("behind", "0001 → 0024")
    upgrade(own_database_url)
    assert schema_state(own_database_url) == ("ok", "0024")
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, members_read_at FROM channel").one()
    assert tuple(found) == ("相談", None)
    engine.dispose()


def test_who_was_away_until_further_notice_comes_along(own_database_url: str) -> None:
    """They are away from now on; this absence and one that had begun are due once, not one to come nor one that is over."""
    engine = _engine(own_database_url)
    now = Clock().real_now().replace(microsecond=0)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0019")
        for user, away in (("U1", "TRUE"), ("U2", "FALSE")):
            connection.exec_driver_sql(
                "INSERT INTO talent (workspace, user_id, name, role, fields, conflicts, absent) "
                f"VALUES ('T1', '{user}', '氏名', 'pm', '[]', '[]', {away})"
            )
        for number, (first, until) in enumerate(((-9, -1), (-1, 1), (1, 2)), start=1):
            starts, ends = (now + timedelta(days=days) for days in (first, until))
            connection.execute(
                insert(absences).values(
                    id=number + 100,
                    workspace="T1",
                    user_id="U2",
                    made_by="U2",
                    **_moments(starts, ends, starts),
                )
            )
    upgrade(own_database_url)
    with engine.connect() as connection:
        (opened,) = connection.execute(select(absences).where(absences.c.user_id == "U1")).all()
        assert opened.ends_at == OPEN
        assert now <= opened.starts_at <= Clock().real_now()
        due = connection.execute(select(due_work.c.key, due_work.c.kind, due_work.c.record_id)).all()
    assert sorted(map(tuple, due)) == sorted(
        (f"{BEGINS}:{number}", BEGINS, number) for number in (102, opened.id)
    )
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0019")
        again = connection.exec_driver_sql("SELECT user_id FROM talent WHERE absent").scalars().all()
        assert again == ["U1"]
    engine.dispose()


def _moments(starts: datetime, ends: datetime, made: datetime) -> dict[str, datetime]:
    return {"starts_at": starts, "ends_at": ends, "made_at": made}


def test_whose_words_an_entry_has_comes_along(own_database_url: str) -> None:
    """Of two entries that were said to solve a question the last one did; whoever entered a body had asked it, a list had
    not; what was shared can be taken back."""
    engine = _engine(own_database_url)
    now = "'2026-11-24 01:00:00+00:00'" if engine.dialect.name == "postgresql" else "'2026-11-24 01:00:00'"
    with engine.begin() as connection:
        tx, run = Transaction(connection, "T1", TUESDAY_TEN, TUESDAY_TEN), connection.exec_driver_sql
        save_workspace(tx, name="あさぎ県", url="")
        question_id = ask(tx)
        command.downgrade(_config(connection), "0007")
        for n, verb in ((1, "edit"), (2, "import")):
            run(
                "INSERT INTO faq_entry (id, workspace, number, kind, state, question, answer, tags, sources, owner, "
                "municipality_code, consent, change, created_at, changed_at) VALUES "
                f"({n}, 'T1', {n}, 'case', 'published', '問', '答', '[]', '[]', 'U2', '012025', 'not_needed', {n}, "
                f"{now}, {now})"
            )
            for number, content in enumerate(("{}", '{"municipality_code": "012025"}'), start=1):
                actor = "NULL" if verb == "import" else f"'U{number}'"
                run(
                    "INSERT INTO faq_revision (workspace, entry_id, number, at, actor, verb, state, content) VALUES "
                    f"('T1', {n}, {number}, {now}, {actor}, '{verb}', 'published', '{content}')"
                )
            run(
                "INSERT INTO faq_helped (workspace, source, entry_id, question_id, user_id, at, thanked_at) VALUES "
                f"('T1', 'question:{question_id}:{n}', {n}, {question_id}, 'U1', {now}, {now})"
            )
        for table, rest in (
            ("faq_helped (workspace, source, entry_id, user_id, at)", f"1, 'U1', {now}"),
            ("faq_phrasing (workspace, source, entry_id, words, added_at)", f"1, '聞き方', {now}"),
        ):
            run(f"INSERT INTO {table} VALUES ('T1', 'form:V1', {rest})")
        run(
            'INSERT INTO outbox (workspace, uid, key, kind, renderer, record_id, channel, "values", created_at, due_at) '
            f"VALUES ('T1', 'u1', 'notice:faq.shared:view:V1', 'notice', 'faq.shared', 7, 'C1', '{{}}', {now}, {now})"
        )
    upgrade(own_database_url)
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        waits = run("SELECT question_id, change, last_past FROM question_change NATURAL JOIN workspace").all()
        assert [tuple(each) for each in waits] == [(question_id, 1, 1)], "it is found by what it says"
        agreed = run("SELECT agreed_by, agreed_on FROM faq_entry ORDER BY id").all()
        assert [(by, str(on)) for by, on in agreed] == [("U2", "2026-11-24"), (None, "None")]
        for table, at in (("faq_helped", "at"), ("faq_phrasing", "added_at")):
            ((source, day),) = run(f"SELECT source, {at} FROM {table} WHERE question_id IS NULL").all()
            assert source.startswith("before:")
            assert "00:00:00" in str(day)
        helped = run(
            "SELECT source, entry_id, thanked_to FROM faq_helped WHERE question_id IS NOT NULL"
        ).all()
        assert [tuple(row) for row in helped] == [(f"question:{question_id}", 2, "U2")]
        shared = run("SELECT kind, key FROM outbox WHERE renderer = 'faq.shared'").one()
        assert tuple(shared) == ("card", "card:faq.shared:7:notice:faq.shared:view:V1")
    engine.dispose()


def test_who_wanted_to_be_told_before_the_last_session_goes_on_wanting_it(own_database_url: str) -> None:
    """Somebody who did not want it any more, and somebody who only said no, do not."""
    engine = _engine(own_database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0019")
        run = connection.exec_driver_sql
        run(
            "INSERT INTO study_series (id, workspace, title, audience, first, clock, minutes, every, on_closed,"
            " created_by, created_at, changed_at) VALUES (1, 'T1', '会', 'everybody', '2026-12-03', '15:00', 60,"
            " 'week', 'skip', 'U1', '2026-11-24 01:00:00', '2026-11-24 01:00:00')"
        )
        for user in ("U1", "U2", "U3", "U4"):
            run(
                "INSERT INTO member (workspace, user_id, name, seen_at)"
                f" VALUES ('T1', '{user}', '', '2026-11-24 01:00:00')"
            )
        for meeting, said in (
            (1, {"U1": "'yes', FALSE", "U2": "'yes', TRUE", "U3": "'no', TRUE"}),
            (2, {"U1": "'yes', TRUE", "U2": "'yes', FALSE", "U3": "'no', TRUE"}),
            (3, {"U1": "'no', FALSE"}),
        ):
            day = f"2026-12-{meeting:02}"
            run(
                "INSERT INTO study_meeting (id, workspace, series_id, planned_on, starts_at, ends_at)"
                f" VALUES ({meeting}, 'T1', 1, '{day}', '{day} 06:00:00', '{day} 07:00:00')"
            )
            for user, answer in said.items():
                run(
                    "INSERT INTO study_reply (workspace, meeting_id, user_id, answered_at, answer, soon)"
                    f" VALUES ('T1', {meeting}, '{user}', '{day} 01:00:00', {answer})"
                )
    upgrade(own_database_url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT user_id FROM member WHERE study_soon ORDER BY user_id")
        assert [user for (user,) in found] == ["U1"]
    engine.dispose()


def test_duty_of_before_is_the_general_rota(own_database_url: str) -> None:
    """Whoever was taken off duty before is not on it again. Back again, what two rotas say of one moment is one shift."""
    engine = _engine(own_database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0010")
        run = connection.exec_driver_sql
        for workspace, user, year, hour in (
            ("T1", "U1", 2096, "00"),
            ("T1", "U1", 2096, "01"),
            ("T1", "U2", 2096, "00"),
            ("T1", "U3", 2025, "00"),
            ("T2", "U1", 2025, "00"),
        ):
            at = [
                f"'{year}-11-24 0{n}:{hour}:00{'+00:00' if engine.dialect.name == 'postgresql' else ''}'"
                for n in (1, 2)
            ]
            values = f"'{workspace}', '{user}', {at[0]}, {at[1]}"
            run(f"INSERT INTO duty (workspace, user_id, starts_at, ends_at) VALUES ({values})")
    upgrade(own_database_url)
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        found = run(
            "SELECT r.workspace, r.name, r.scope, r.handoff, count(*) FROM rota r JOIN duty d ON d.rota_id = r.id "
            "GROUP BY r.workspace, r.name, r.scope, r.handoff ORDER BY r.workspace"
        ).all()
        assert [tuple(row) for row in found] == [
            ("T1", "全体の当番", "general", "hours", 4),
            ("T2", "全体の当番", "general", "hours", 1),
        ]
        people = run("SELECT workspace, user_id FROM rota_member ORDER BY workspace, user_id").all()
        assert [tuple(row) for row in people] == [("T1", "U1"), ("T1", "U2"), ("T2", "U1")]
        command.downgrade(_config(connection), "0010")
        assert run("SELECT count(*) FROM duty").scalar_one() == 5
    engine.dispose()


async def test_a_new_database_is_nobody_elses_to_read(tmp_path: Path) -> None:
    """Whatever the operator's umask; SQLite gives the files beside it the mode of the first."""
    file = tmp_path / "var" / "banso.sqlite3"
    before = os.umask(0o022)
    try:
        upgrade(f"sqlite:///{file}")
        async with Database(f"sqlite:///{file}", Clock(), "T1") as database:
            await database.write(save_workspace, name="あさぎ県", url="")
            modes = {each.name: each.stat().st_mode & 0o777 for each in file.parent.iterdir()}
    finally:
        os.umask(before)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(("banso.sqlite3", "banso.sqlite3-shm", "banso.sqlite3-wal"), 0o600)


def test_a_database_that_is_there_keeps_the_mode_its_owner_gave_it(tmp_path: Path) -> None:
    file = tmp_path / "shared.sqlite3"
    file.touch()
    file.chmod(0o640)
    upgrade(f"sqlite:///{file}")
    assert file.stat().st_mode & 0o777 == 0o640


def test_closures_of_every_year_stay_and_offices_of_their_own_come(own_database_url: str) -> None:
    engine = _engine(own_database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0010")
        values = "('T1', 'あさぎ県', '', '[\"06-01\"]')"
        connection.exec_driver_sql(f"INSERT INTO workspace (workspace, name, url, closures) VALUES {values}")
    upgrade(own_database_url)
    with engine.begin() as connection:
        tx = Transaction(connection, "T1", TUESDAY_TEN, TUESDAY_TEN)
        found = workspace(tx)
        assert (found.closures, found.openings, found.years) == (("06-01",), (), Years.BOTH)
        closed = ["06-01 記念日", "08-13~08-15", "11-14", "2026-12-28 臨時"]
        set_workspace(tx, closures=closed, openings=["2027-03-28"])
        load_municipalities(connection)
        offices.save_office(tx, "012025", offices.Office(closures=("11-01",)))
        command.downgrade(_config(connection), "0010")
        kept = connection.exec_driver_sql("SELECT closures FROM workspace").scalar_one()
        assert (json.loads(kept) if isinstance(kept, str) else kept) == ["06-01", "11-14"]
    engine.dispose()
