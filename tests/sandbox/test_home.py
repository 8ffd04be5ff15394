"""Home tabs. Sources: docs.slack.dev/surfaces/app-home; pages views.publish and app_home_opened."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Person, SandboxError, Workspace
from tests.sandbox.apps import Apps, Heard
from tests.sandbox.kit import (
    home,
    mrkdwn,
    section,
)
from tests.sandbox.test_calls import refusal


async def test_a_home_tab_is_published_for_one_person(
    slack: AsyncWebClient, ws: Workspace, town: Person
) -> None:
    """Page views.publish; it needs no trigger."""
    other = await ws.person("森脇 次郎")
    await slack.views_publish(user_id=town.id, view=home(section(mrkdwn("あなたの番です"))))
    assert "あなたの番です" in (await town.home()).words
    with pytest.raises(AssertionError, match="does not show"):
        await other.home("あなたの番です", within=0.05)


async def test_a_home_tab_has_a_hash_too(slack: AsyncWebClient, town: Person) -> None:
    """Page views.publish, argument hash: error hash_conflict."""
    first = (await slack.views_publish(user_id=town.id, view=home()))["view"]["hash"]
    second = (await slack.views_publish(user_id=town.id, view=home(), hash=first))["view"]["hash"]
    assert first != second
    assert await refusal(slack.views_publish(user_id=town.id, view=home(), hash=first)) == "hash_conflict"


async def test_opening_the_home_tab_is_an_event(town: Person, apps: Apps, slack: AsyncWebClient) -> None:
    """Page app_home_opened: with the view from the second time on, and with the tab."""
    heard, app = Heard(), apps.make()

    app.event("app_home_opened")(heard.event)
    await apps.by_socket(app)
    await town.opens_home()
    (event,) = await heard.count(1)
    assert (event["tab"], event["user"]) == ("home", town.id)
    assert "view" not in event
    await slack.views_publish(user_id=town.id, view=home(section(mrkdwn("きょう"))))
    await town.opens_home()
    assert (await heard.count(2))[-1]["view"]["type"] == "home"


async def test_an_app_without_a_home_tab(http: Any) -> None:
    """Error not_enabled: features.app_home.home_tab_enabled is not set."""
    manifest = {"features": {"bot_user": {"display_name": "b"}}}
    async with Sandbox(manifest=manifest) as sandbox, Workspace(sandbox.control_url) as ws:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        person = await ws.person("山田 花子")
        assert await refusal(client.views_publish(user_id=person.id, view=home())) == "not_enabled"
        with pytest.raises(SandboxError, match="home_tab_disabled"):
            await person.opens_home()
