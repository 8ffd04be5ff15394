"""Whatever comes in is answered, and nothing in us breaks: keys missing, wrong types, huge and odd texts.

`make test` plays 500 payloads, half of them on each database; `make soak` 10,000 (ODD_PAYLOADS) on each.
"""

from __future__ import annotations

import asyncio
import os
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from structlog.testing import capture_logs

from bot.app import Banso
from storage import kept
from tests.listeners import heard, whole_app
from tests.scenarios.conftest import Town, opened
from tests.scenarios.odd_payloads import encoded, payloads, templates
from tests.scenarios.story import books, question, until
from tests.scenarios.test_http_mode import post

COUNT = int(os.environ.get("ODD_PAYLOADS", "250"))
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
OUR_MISTAKES = frozenset(
    {"listener failed", "event failed, kept for replay", "word failed, kept for replay", "request failed"}
)


class Played:
    """A town and its bot on a loop of their own: hypothesis calls a plain function."""

    def __init__(self, runner: asyncio.Runner, town: Town, banso: Banso) -> None:
        self.runner, self.town, self.banso = runner, town, banso

    def send(self, body: Any) -> tuple[int, str]:
        """Post a payload as Slack would, signed."""
        raw, kind = encoded(body)
        secret = self.town.sandbox.signing_secret
        return self.runner.run(post(self.banso, secret, raw, int(time.time()), kind))


async def _all_taken_in(banso: Banso) -> bool:
    """Whether of everything that was kept something was made; what failed stays."""
    left = await banso.database.read(kept.backlog)
    assert not left.failing
    return not left.waiting


@pytest.fixture
def played(database_url: str) -> Iterator[Played]:
    with asyncio.Runner() as runner:
        town_context = opened(database_url)
        town = runner.run(town_context.__aenter__())
        bot_context = town.bot(slack_app_token=None)
        banso = runner.run(bot_context.__aenter__())
        runner.run(town.ws.request_url(f"http://127.0.0.1:{banso.port}/slack/events"))
        yield Played(runner, town, banso)
        runner.run(bot_context.__aexit__(None, None, None))
        runner.run(town_context.__aexit__(None, None, None))


def test_nothing_breaks_and_everything_is_answered(played: Played, tmp_path: Path) -> None:
    town = played.town
    played.runner.run(town.asker.says(BROKEN, town.channel))
    played.runner.run(town.channel.shows("受け付けました"))
    known = played.runner.run(question(played.banso))
    right = templates(
        list(heard(whole_app(tmp_path))),
        user=town.asker.id,
        channel=town.channel.id,
        team=town.sandbox.team_id,
        question=known.id,
        respond=f"{town.sandbox.api_url}nothing",
    )

    def check(body: Any) -> None:
        with capture_logs() as logs:
            status, said = played.send(body)
        assert status < 500, f"{status} {said}: {body!r:.2000}"  # 4xx: it is nothing we know
        for line in logs:
            told = line.get(
                "exc_info"
            )  # None is what the operator must mend, such as a database that is away
            trace = "".join(traceback.format_exception(told)) if isinstance(told, BaseException) else ""
            ours = line["event"] in OUR_MISTAKES and told is not None
            assert not ours, f"{line!r:.500}\n{trace}\n{body!r:.2000}"

    for body in right:
        check(body)
        assert played.send(body)[0] == 200, f"{body!r:.600}"

    @settings(
        max_examples=COUNT,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(payloads(right))
    def odd(body: Any) -> None:
        check(body)

    odd()
    played.runner.run(until(lambda: _all_taken_in(played.banso), within=120))
    played.runner.run(
        books(played.banso)
    )  # what they said of channels and tokens is believed: health may be red
