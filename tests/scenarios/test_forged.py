"""Payloads somebody made up, rightly signed or not: refused, logged, and nothing changes."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.app import Banso
from bot.domain.faq import Consent, Content, Kind, State, Verb
from storage import faq
from storage.database import Transaction
from storage.faq import Entry
from storage.questions import Question
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, question, settled, until
from tests.scenarios.test_http_mode import address, post

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
OTHERS = "Web会議の音が途切れます。設定を教えてください"
FORM = "application/x-www-form-urlencoded"

Json = dict[str, Any]


def pressed(town: Town, action: str, value: str, user: str, team: str | None = None) -> Json:
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": team or town.sandbox.team_id},
        "team": {"id": town.sandbox.team_id, "domain": "asagi"},
        "api_app_id": "A0BANSO",
        "trigger_id": "1.2.3",
        "channel": {"id": town.channel.id, "name": "相談"},
        "response_url": f"{town.sandbox.api_url}nothing",
        "actions": [
            {"action_id": action, "block_id": "b", "value": value, "action_ts": f"{time.time():.6f}"}
        ],
    }


def submitted(town: Town, metadata: str, user: str, what: str) -> Json:
    chosen = {"type": "radio_buttons", "selected_option": {"value": what}}
    view = {
        "id": "V0FORGED",
        "hash": "1.a",
        "type": "modal",
        "callback_id": "question_more",
        "private_metadata": metadata,
        "state": {"values": {"what": {"what": chosen}}},
    }
    return {
        "type": "view_submission",
        "user": {"id": user, "team_id": town.sandbox.team_id},
        "team": {"id": town.sandbox.team_id, "domain": "asagi"},
        "api_app_id": "A0BANSO",
        "view": view,
    }


async def send(
    town: Town, banso: Banso, payload: Json, stamp: int | None = None
) -> tuple[int, str, list[Json]]:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    with capture_logs() as logs:
        status, said = await post(
            banso, town.sandbox.signing_secret, body, int(time.time()) if stamp is None else stamp, FORM
        )
    return status, said, [dict(line) for line in logs if line["event"] in {"refused", "not allowed"}]


async def two_questions(town: Town, banso: Banso) -> tuple[Question, Question]:
    assert await town.ws.request_url(address(banso))
    await town.asker.says(BROKEN, town.channel)
    await town.neighbour.says(OTHERS, town.channel)

    async def both() -> list[Question] | None:
        found = await all_questions(banso)
        return found if len(found) == 2 else None

    first, second = await until(both)
    own = first if first.asker == town.asker.id else second
    await settled(town, banso)
    return own, second if own is first else first


@pytest.mark.screens
@pytest.mark.parametrize(
    "action", ["question_claim", "question_answer", "question_resolve", "question_reopen"]
)
async def test_somebody_of_another_team_changes_nothing(town: Town, action: str) -> None:
    async with town.bot(slack_app_token=None) as banso:
        own, _ = await two_questions(town, banso)
        forged = pressed(town, action, str(own.id), "U0STRANGER", "T0ELSEWHERE")
        status, _, refused = await send(town, banso, forged)
        assert status == 200
        assert refused
        assert (await all_questions(banso))[0].state == "assigned"


@pytest.mark.screens
async def test_another_question_s_number_in_a_button_changes_nothing(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        _, others = await two_questions(town, banso)
        _, _, refused = await send(
            town, banso, pressed(town, "question_resolve", str(others.id), town.asker.id)
        )
        assert [line["why"] for line in refused] == ["NotYours"]
        for odd in ("999999", "0", "-1", "x", "1 OR 1=1"):
            _, _, refused = await send(town, banso, pressed(town, "question_resolve", odd, town.asker.id))
            assert refused
        assert {each.state for each in await all_questions(banso)} == {"assigned"}


@pytest.mark.screens
async def test_an_edited_dialog_changes_nothing(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        _, others = await two_questions(town, banso)
        for metadata, what, why in (
            (str(others.id), "withdraw", "NotYours"),
            ("", "withdraw", "Malformed"),
            ("{}", "withdraw", "Malformed"),
            (str(others.id), "escalate", "NotYours"),
            (str(others.id), "drop_tables", "Malformed"),
        ):
            _, said, refused = await send(town, banso, submitted(town, metadata, town.asker.id, what))
            assert [line["why"] for line in refused] == [why]
            assert json.loads(said)["response_action"] == "update"  # the dialog says so
        assert {each.state for each in await all_questions(banso)} == {"assigned"}


@pytest.mark.screens
async def test_a_dialog_that_has_grown_old_says_so(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        own, _ = await two_questions(town, banso)
        await send(town, banso, pressed(town, "question_resolve", str(own.id), town.asker.id))
        _, said, refused = await send(town, banso, submitted(town, str(own.id), town.asker.id, "withdraw"))
        assert [line["why"] for line in refused] == ["NotPossibleNow"]
        assert "状態が変わりました" in json.loads(said)["view"]["blocks"][0]["text"]["text"]


async def test_the_same_request_again_does_nothing_and_an_old_one_is_turned_away(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        own, _ = await two_questions(town, banso)
        press = pressed(town, "question_resolve", str(own.id), town.asker.id)
        for _ in range(3):
            status, _, refused = await send(town, banso, press)
            assert (status, refused) == (200, [])
        reopened = pressed(town, "question_reopen", str(own.id), town.asker.id)
        await send(town, banso, reopened)
        await send(town, banso, press)  # replayed: it was done already
        states = {each.id: each.state for each in await all_questions(banso)}
        assert states[own.id] == "reopened"
        status, _, _ = await send(town, banso, press, stamp=int(time.time()) - 360)
        assert status == 401


async def test_who_has_left_changes_nothing(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await town.talent.deactivates()
        own = await question(banso)

        async def gone() -> bool:
            forged = pressed(town, "question_claim", str(own.id), town.talent.id)
            _, _, refused = await send(town, banso, forged)
            return bool(refused) and refused[0]["event"] == "not allowed"

        await until(gone)
        assert (await question(banso)).state == "assigned"


@pytest.mark.screens
@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.ARCHIVED])
async def test_what_is_not_published_is_not_shown_to_who_would_share_it(town: Town, state: State) -> None:
    """An old button, or one made up, with the number of an entry that waits for its asker's yes."""
    secret = "懲戒した職員の端末"
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))

        def entered(tx: Transaction) -> Entry:
            content = Content(Kind.FAQ, secret, "調べます。", owner=town.talent.id)
            entry = faq.add(tx, content, actor=town.talent.id, consent=Consent.ASKED)
            return faq.change(tx, entry, Verb.EDIT, town.talent.id, state=state)

        entry = await banso.database.write(entered)
        _, _, refused = await send(town, banso, pressed(town, "faq_share", str(entry.id), town.neighbour.id))
        assert [line["why"] for line in refused] == ["NotPossibleNow"]
