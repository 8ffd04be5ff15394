"""Every command in its own process, against the sandbox."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlers.common import sheets
from sandbox import Sandbox
from sandbox.client import Workspace
from tests.cli.conftest import Operator
from tests.scenarios.conftest import TUESDAY_TEN

STARTS = 60.0
"""Seconds in which a whole process starts, also on a busy machine."""


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def write(file: Path, raw: dict[str, Any]) -> None:
    file.write_text(json.dumps(raw))


async def test_from_nothing_to_a_checked_and_running_bot(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    fresh = {"DATABASE_URL": f"sqlite:///{operator.directory / 'var' / 'fresh.sqlite3'}"}
    refused = await operator.types("run", **fresh)
    assert refused.code == 2
    assert "banso migrate" in refused.err
    assert not (operator.directory / "var").exists()

    migrated = await operator.types("migrate", **fresh)
    assert (migrated.code, "最新の版です" in migrated.out) == (0, True)
    before = await operator.types("check", **fresh)
    assert "相談チャンネルがまだありません" in before.out

    loaded = await operator.types("load", str(workspace_file), **fresh)
    assert "チャンネル 1・メンバー 2・アドバイザー 1" in loaded.out
    after = await operator.types("check", **fresh)
    assert after.code == 0, after.out
    assert "❌" not in after.out

    process = await operator.starts("run", **fresh)
    async with Workspace(slack.control_url) as ws:
        await ws.connected(2, within=STARTS)
        channel = await ws.channel("相談")
        town = await ws.person("浜野 凪", channels=[channel])
        asked = await town.says("プリンタが動きません。どうすればいいですか", channel)
        await channel.shows("受け付けました", thread=asked)
    stopped = await operator.stops(process, signal.SIGTERM)
    assert stopped.code == 0, stopped.err
    assert slack.bot_token not in stopped.err
    assert '"event": "ready"' in stopped.err

    books = await operator.types("ledger", **fresh)
    assert "受付 1 = 待ち 1 + 回答あり 0 + 終了 0" in books.out
    assert books.code == 0


async def test_ctrl_c_stops_as_cleanly_as_sigterm(operator: Operator, slack: Sandbox) -> None:
    process = await operator.starts("run")
    async with Workspace(slack.control_url) as ws:
        await ws.connected(2, within=STARTS)
    stopped = await operator.stops(process, signal.SIGINT)
    assert stopped.code == 0
    assert "Traceback" not in stopped.err


async def test_a_refused_bot_token_is_a_sentence(operator: Operator) -> None:
    result = await operator.types("run", SLACK_BOT_TOKEN="xoxb-wrong")
    assert result.code == 2
    assert "Slack に接続できません(invalid_auth)" in result.err
    assert "Traceback" not in result.err
    assert "xoxb-wrong" not in result.err


async def test_a_refused_app_token_is_a_sentence_instead_of_trying_for_ever(operator: Operator) -> None:
    result = await operator.types("run", SLACK_APP_TOKEN="xapp-wrong")
    assert result.code == 2
    assert "SLACK_APP_TOKEN で接続できません" in result.err


async def test_a_bad_setting_is_named_without_its_value(operator: Operator) -> None:
    result = await operator.types("run", PORT="ninety")
    assert result.code == 2
    assert "PORT" in result.err
    assert "ninety" not in result.err


async def test_a_taken_port_is_a_sentence_and_nothing_else(operator: Operator, slack: Sandbox) -> None:
    """Nothing that was opened before is left to complain."""
    taken = slack.api_url.split(":")[2].split("/")[0]
    result = await operator.types("run", PORT=taken)
    assert result.code == 2
    assert result.err.splitlines()[-1].startswith(f"❌ PORT {taken} は、ほかのプログラムが使っています")
    assert "Traceback" not in result.err
    assert "log line lost" not in result.err
    assert "Unclosed" not in result.err


async def test_a_moved_clock_refuses_the_real_slack(operator: Operator) -> None:
    result = await operator.types("run", CLOCK_OFFSET_SECONDS="60", SLACK_API_URL="https://slack.com/api/")
    assert result.code == 2
    assert "CLOCK_OFFSET_SECONDS" in result.err


async def test_the_manifest_is_valid_yaml_for_both_modes(operator: Operator) -> None:
    socket = yaml.safe_load((await operator.types("manifest")).out)
    http = yaml.safe_load((await operator.types("manifest", "--url", "https://banso.example.lg.jp")).out)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert http["settings"]["socket_mode_enabled"] is False
    url = http["settings"]["event_subscriptions"]["request_url"]
    assert url == "https://banso.example.lg.jp/slack/events"


async def test_a_bad_workspace_file_says_every_mistake_and_changes_nothing(operator: Operator) -> None:
    file = operator.directory / "bad.json"
    talent = {"id": "U1", "name": "x", "role": "wizard", "fields": [], "hours": "いつでも"}
    file.write_text(json.dumps({"channels": [{"id": "#soudan", "name": "相談"}], "talents": [talent]}))
    result = await operator.types("load", str(file))
    assert result.code == 2
    for place in ("channels.0.id", "talents.0.role", "talents.0.hours"):
        assert place in result.err
    assert "相談チャンネルがまだありません" in (await operator.types("check")).out


async def test_a_file_that_is_no_json_is_a_sentence(operator: Operator) -> None:
    file = operator.directory / "bad.json"
    file.write_text("{")
    assert "JSON として読めません" in (await operator.types("load", str(file))).err
    assert "JSON として読めません" in (await operator.types("load", "nowhere.json")).err


async def test_a_list_is_looked_over_taken_in_and_written_out(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    people = [each["id"] for each in read(workspace_file)["members"]]
    bad, good, out = (operator.directory / name for name in ("bad.csv", "good.csv", "out.xlsx"))
    good.write_text(f"Slack ID,氏名,課,権限\r\n{people[0]},[県] 一,DX課,管理者\r\n", encoding="cp932")
    bad.write_text(f"Slack ID,氏名,団体名\n{people[0]},県 一,どこか\nU0NOBODY,無 名,\n", encoding="utf-8")

    refused = await operator.types("import", "members", str(bad))
    assert refused.code == 2
    assert refused.err.splitlines() == [
        "❌ ファイルに誤りがあります。何も変えていません。",
        "2行目 団体名: 「どこか」という団体はありません。正式な名前か6桁の団体コードを書いてください。",
        "3行目 Slack ID: U0NOBODY の方は Slack にいません。",
    ]
    dry = await operator.types("import", "members", str(good), "--dry-run")
    assert (dry.code, dry.out) == (0, "✅ 1 行とも取り込めます。まだ何も変えていません\n")
    await operator.types("export", "members", str(out))
    assert len(sheets.read("out.xlsx", out.read_bytes()).rows) == 0

    taken = await operator.types("import", "members", str(good))
    assert (taken.code, taken.out) == (0, "✅ 取り込みました:メンバー 1\n")
    written = await operator.types("export", "members", str(out))
    assert written.code == 0, written.err
    ((_, row),) = sheets.read("out.xlsx", out.read_bytes()).rows
    assert row == (people[0], "[県] 一", "", "", "", "DX課", "管理者")
    again = await operator.types("import", "members", str(out))
    assert again.code == 0, again.err


async def test_the_faq_goes_out_and_comes_in(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    await operator.types("load", str(workspace_file))
    file, out = operator.directory / "faq.csv", operator.directory / "out.xlsx"
    line = "会議室の予約は,共有の予定表を使います。,操作,森脇 一葉,公開"
    file.write_text(f"質問,回答,分野,内容の担当,状態\n{line}\n", encoding="cp932")
    dry = await operator.types("import", "faq", str(file), "--dry-run")
    counts = "新しいもの 1・直すもの 0・同じもの 0"
    assert (dry.code, dry.out) == (0, f"✅ 1 行とも取り込めます({counts})。まだ何も変えていません\n"), dry.err
    taken = await operator.types("import", "faq", str(file))
    assert (taken.code, taken.out) == (0, f"✅ 取り込みました:FAQ({counts})\n")
    written = await operator.types("export", "faq", str(out))
    assert written.code == 0, written.err
    again = await operator.types("import", "faq", str(out), "--workspace", "T0BANSO01")
    assert again.out == "✅ 取り込みました:FAQ(新しいもの 0・直すもの 0・同じもの 1)\n"
    file.write_text(f"質問,回答,分野,内容の担当,状態\n{line},\n長さ,,操作,だれか,公開\n", encoding="cp932")
    refused = await operator.types("import", "faq", str(file))
    assert refused.code == 2
    assert refused.err.splitlines()[1:] == [
        "3行目 内容の担当: 「だれか」は、アドバイザーや県の担当の中にいません。氏名か Slack ID を書いてください。",
        "3行目 回答: 書かれていません。",
    ]


async def test_mail_addresses_find_whose_line_it_is_and_are_kept_nowhere(
    operator: Operator, slack: Sandbox
) -> None:
    async with Workspace(slack.control_url) as ws:
        person = await ws.person("浜野 凪", email="Nagi@town.example.jp")
    file, out = operator.directory / "mails.csv", operator.directory / "out.csv"
    file.write_text("メール,氏名,課\nNAGI@town.example.jp,浜野 凪,総務課\n", encoding="utf-8")
    taken = await operator.types("import", "members", str(file))
    assert taken.code == 0, taken.err
    await operator.types("export", "members", str(out))
    written = out.read_text(encoding="utf-8-sig")
    assert person.id in written
    assert "@" not in written
    file.write_text("メール,氏名\nnobody@town.example.jp,無 名\n,名 無\n", encoding="utf-8")
    refused = await operator.types("import", "members", str(file))
    assert refused.err.splitlines()[1:] == [
        "2行目 メール: このメールアドレスの方は Slack にいません。",
        "3行目 Slack ID: 書かれていません。",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "members", "nowhere.csv"), "nowhere.csv を読めません"),
        (("import", "members", "list.txt"), ".csv か .xlsx"),
        (("export", "bodies", "list.txt"), ".csv か .xlsx"),
        (("export", "bodies", "nowhere/list.csv"), "に書き出せません"),
    ],
)
async def test_a_list_that_cannot_be_read_or_written_is_a_sentence(
    operator: Operator, words: tuple[str, ...], why: str
) -> None:
    (operator.directory / "list.txt").write_text("x")
    result = await operator.types(*words)
    assert (result.code, result.out) == (2, "")
    assert why in result.err
    assert "Traceback" not in result.err


async def test_the_figures_of_a_period_are_written_without_slack(operator: Operator) -> None:
    period = ("--from", "2026-04-01", "--to", "2027-03-31")
    assert (await operator.types("migrate")).code == 0
    ours = await operator.types("load", str(_members_only(operator)), "--workspace", "T0ASAGI")
    assert ours.code == 0, ours.err
    written = await operator.types("report", "out.xlsx", *period)
    assert written.code == 0, written.err
    assert written.out.startswith("✅ out.xlsx に書き出しました:令和8年度(2026年度) 相談実績(令和")
    assert (operator.directory / "out.xlsx").read_bytes().startswith(b"PK")
    for words, why in (
        (("out.csv", *period), ".xlsx か .zip"),
        (("out.xlsx", "--from", "2026-04-01", "--to", "2026-03-31"), "それよりあとの日"),
        (("out.xlsx", "--from", "4月1日", "--to", "2026-03-31"), "--from は 2026-04-01 のように"),
        (("out.xlsx", "--from", "2999-04-01", "--to", "2999-04-02"), "今日までの日"),
        (("nowhere/out.zip", *period), "に書き出せません"),
    ):
        refused = await operator.types("report", *words)
        assert (refused.code, refused.out) == (2, "")
        assert why in refused.err
        assert "Traceback" not in refused.err


def _members_only(operator: Operator) -> Path:
    file = operator.directory / "members.json"
    file.write_text(
        json.dumps({"members": [{"id": "U0KEN", "name": "県 太郎", "permission": "coordinator"}]})
    )
    return file


@pytest.mark.parametrize("option", ["--questions", "--json", "--database-url"])
async def test_what_is_for_the_story_alone_does_not_start_the_endless_demo(
    operator: Operator, option: str
) -> None:
    result = await operator.types("demo", option, "somewhere")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"❌ {option} は --story とともに使います。\n"


async def test_figures_that_cannot_be_written_are_said_before_the_play(operator: Operator) -> None:
    result = await operator.types("demo", "--story", "--json", "nowhere/figures.json")
    assert (result.code, result.out) == (2, "")
    assert "nowhere/figures.json に書き出せません" in result.err


async def test_a_backup_is_taken_and_put_back(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    await operator.types("load", str(workspace_file))
    taken = await operator.types("backup", "copy")
    assert taken.code == 0, taken.err
    assert taken.out.startswith("✅ copy にバックアップを取り、読めることを確かめました(版 ")
    again = await operator.types("backup", "copy")
    assert (again.code, again.err) == (
        2,
        "❌ copy はもうあります。別の名前にしてください。何も書いていません。\n",
    )
    refused = await operator.types("restore", "copy")
    assert refused.code == 2
    assert "--force を付けると" in refused.err
    process = await operator.starts("run")
    async with Workspace(slack.control_url) as ws:
        await ws.connected(2, within=STARTS)
        used = await operator.types("restore", "copy", "--force")
        assert (used.code, "止めてから" in used.err) == (2, True)
    await operator.stops(process, signal.SIGTERM)
    done = await operator.types("restore", "copy", "--force")
    assert done.code == 0, done.err
    assert ".before-" in done.out
    assert (await operator.types("ledger")).code == 0


async def test_dead_letters_are_listed_and_settled(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    await operator.types("load", str(workspace_file))
    in_the_morning = {"CLOCK_OFFSET_SECONDS": str(TUESDAY_TEN - time.time())}  # nobody is told at night
    process = await operator.starts("run", **in_the_morning)
    async with Workspace(slack.control_url) as ws:
        await ws.connected(2, within=STARTS)
        channel = await ws.channel("相談")
        town = await ws.person("浜野 凪", channels=[channel])
        await ws.faults("429", method="chat.postMessage", retry_after=1, count=1)
        await town.says("会議室の予約はどうしていますか", channel)
        await channel.archives()
        person = await ws.person("県 一")
        await person.sees("アーカイブされています")
        listed = await operator.types("dead-letters")
        async with asyncio.timeout(20):  # the event may be told before the card has been tried again
            while "is_archived" not in listed.out:
                listed = await operator.types("dead-letters")
    await operator.stops(process, signal.SIGTERM)
    assert "is_archived チャンネルがアーカイブされています" in listed.out
    assert (await operator.types("ledger", **in_the_morning)).code == 1
    assert "済みにしました" in (await operator.types("dead-letters", "--settle")).out
    assert (await operator.types("ledger", **in_the_morning)).code == 0


async def test_replay_says_how_many(operator: Operator) -> None:
    result = await operator.types("replay")
    assert (result.code, "処理できたもの 0 件" in result.out) == (0, True)


async def test_commands_at_the_same_time_do_not_disturb_each_other(operator: Operator) -> None:
    results = await asyncio.gather(*(operator.types("migrate") for _ in range(3)))
    assert [result.code for result in results] == [0, 0, 0]


async def test_people_and_channels_that_are_not_in_slack_are_told_and_nothing_changes(
    operator: Operator, workspace_file: Path
) -> None:
    raw = read(workspace_file)
    raw["channels"].append({"id": "C0NOWHERE", "name": "まぼろし"})
    raw["members"].append({"id": "U0NOBODY", "name": "まぼろし", "municipality": "999999"})
    write(workspace_file, raw)
    refused = await operator.types("load", str(workspace_file))
    assert refused.code == 2
    for line in (
        "members.2.municipality: 団体コード「999999」の団体はありません",
        "members.2.id: U0NOBODY の方は Slack にいません。",
        "channels.1.id: C0NOWHERE は Slack に見つかりません。",
    ):
        assert line in refused.err
    assert "相談チャンネルがまだありません" in (await operator.types("check")).out

    raw["members"][2]["municipality"] = "011002"
    write(workspace_file, raw)
    unasked = await operator.types("load", str(workspace_file), "--workspace", "T0BANSO01")
    assert unasked.code == 0, unasked.err


async def test_many_people_are_compared_with_the_list_of_everybody(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    raw = read(workspace_file)
    async with Workspace(slack.control_url) as ws:
        crowd = await ws.crowd([{"real_name": f"職員 {number}"} for number in range(60)])
    raw["members"] += [{"id": person.id, "name": person.name} for person in crowd]
    raw["members"].append({"id": "U0NOBODY", "name": "まぼろし"})
    write(workspace_file, raw)
    refused = await operator.types("load", str(workspace_file))
    assert refused.err.count("Slack にいません") == 1
    assert "members.62.id: U0NOBODY" in refused.err


async def test_slack_that_does_not_answer_the_check_of_a_file_is_a_sentence(
    operator: Operator, slack: Sandbox, workspace_file: Path
) -> None:
    async with Workspace(slack.control_url) as ws:
        await ws.faults("error", method="users.info", error="missing_scope")
    refused = await operator.types("load", str(workspace_file))
    assert refused.code == 2
    assert "ID を Slack で確かめられません(missing_scope)" in refused.err
    assert "Traceback" not in refused.err


async def test_opening_days_go_in_and_out(operator: Operator, slack: Sandbox, workspace_file: Path) -> None:
    await operator.types("load", str(workspace_file))
    file, out = operator.directory / "days.csv", operator.directory / "out.csv"
    headers = ["団体名", "区分", "開始日", "終了日", "毎年", "名称", "開庁時間"]
    file.write_bytes(sheets.write("a.csv", headers, [["函館市", "閉庁", "2月30日", "", "", "", ""]]))
    refused = await operator.types("import", "offices", str(file))
    assert (refused.code, "2行目 開始日: 「2月30日」を日付として読めません" in refused.err) == (2, True)
    file.write_bytes(
        sheets.write("a.csv", headers, [["函館市", "閉庁", "8月1日", "", "毎年", "開港記念日", ""]])
    )
    taken = await operator.types("import", "offices", str(file))
    assert "✅ 取り込みました:開庁日(1 団体)" in taken.out
    written = await operator.types("export", "offices", str(out))
    assert "✅" in written.out
    assert "012025,北海道,函館市,閉庁,8月1日,,毎年,開港記念日," in out.read_text("utf-8-sig")
