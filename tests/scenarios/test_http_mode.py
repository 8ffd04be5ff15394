"""The same loop over signed HTTP requests; what is not Slack's is turned away."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.app import Banso
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def address(banso: Banso) -> str:
    return f"http://127.0.0.1:{banso.port}/slack/events"


async def test_the_first_loop_over_http(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await town.neighbour.clicks("回答した", on=card)
        await town.neighbour.sees("いまの担当の方が押します", town.channel)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await town.talent.clicks("その他", on=card)
        await town.talent.view()
        await town.talent.submits({"何をしますか": "回答した"})
        await town.channel.changed(card, "回答があります")
        await town.asker.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました(解決・11/24)")
        await settled(town, banso)
        assert (await books(banso)).closed == {"resolved": 1}
        assert (await banso.health()).ok
        assert (await town.ws.counters())["duplicates"] == []


async def post(
    banso: Banso, secret: str, body: bytes, stamp: int, kind: str = "application/json"
) -> tuple[int, str]:
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": f"v0={digest}",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(address(banso), data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_forged_or_stale_request_changes_nothing(town: Town) -> None:
    event: dict[str, Any] = {
        "type": "event_callback",
        "team_id": town.sandbox.team_id,
        "event_id": "Ev1",
        "event": {
            "type": "message",
            "channel": town.channel.id,
            "user": town.asker.id,
            "text": BROKEN,
            "ts": "1795482000.000100",
        },
    }
    body, secret, now = json.dumps(event).encode(), town.sandbox.signing_secret, int(time.time())
    async with town.bot(slack_app_token=None) as banso:
        assert (await post(banso, "another secret", body, now))[0] == 401
        assert (await post(banso, secret, body, now - 3600))[0] == 401
        assert (await post(banso, secret, body, now + 3600))[0] == 401
        status, words = await post(banso, "another secret", b"{", now)
        assert status >= 400
        assert "Traceback" not in words
        assert await all_questions(banso) == []
        assert (await post(banso, secret, body, now))[0] == 200
        await until(lambda: all_questions(banso))
        assert len(await all_questions(banso)) == 1
        assert (await post(banso, secret, b'{"type": "event_callback"}', now))[0] != 500
        assert (await banso.health()).ok


async def test_a_database_that_is_away_is_a_500_and_slack_comes_again(town: Town) -> None:
    await town.ws.delivery(retry_delays=[0.2, 0.2, 0.2, 0.2])
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        banso.database._closed = True
        asked = await town.asker.says(BROKEN, town.channel)
        await town.ws.quiet(0.1)
        banso.database._closed = False
        await town.channel.shows("受け付けました", thread=asked)
        assert len(await all_questions(banso)) == 1


async def interact(town: Town, banso: Banso, payload: dict[str, Any]) -> tuple[int, str]:
    """Send a signed interaction whatever is in it."""
    base = {"team": {"id": town.sandbox.team_id}, "user": {"id": town.talent.id}, "api_app_id": "A1"}
    body = urlencode({"payload": json.dumps({**base, **payload})}).encode()
    kind = "application/x-www-form-urlencoded"
    return await post(banso, town.sandbox.signing_secret, body, int(time.time()), kind)


async def test_forged_values_change_nothing_and_are_answered(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        before = await all_questions(banso)
        values = ["999999", "1; DROP TABLE question", "9" * 40, "\x00"]
        for action_id in ("question_claim", "question_more", "question_register"):
            for value in values:
                action = {"action_id": action_id, "value": value, "action_ts": f"{value} {action_id}"}
                button = {"type": "block_actions", "trigger_id": "1.1", "actions": [action]}
                status, words = await interact(town, banso, button)
                assert (status, words) == (200, "")
        for metadata, choice in (("999999", "claim"), ("abc", "claim"), ("1", "explode"), ("1", "receive")):
            chosen = {"what": {"what": {"selected_option": {"value": choice}}}}
            view = {
                "id": f"V{metadata}{choice}",
                "type": "modal",
                "callback_id": "question_more",
                "private_metadata": metadata,
                "state": {"values": chosen},
            }
            status, words = await interact(town, banso, {"type": "view_submission", "view": view})
            assert status == 200
            shown = json.loads(words)
            assert shown["response_action"] == "update"
            assert "Traceback" not in words
        assert await all_questions(banso) == before
        assert (await banso.health()).ok
