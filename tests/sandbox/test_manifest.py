"""What Slack refuses in an app's manifest. Sources: docs.slack.dev/reference/app-manifest and the two pages below."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.manifest import load
from sandbox.manifest_check import check_manifest
from tests.sandbox.kit import Case, Json, judge

PAGE = "docs.slack.dev/reference/app-manifest"
SHORTCUTS = "docs.slack.dev/interactivity/implementing-shortcuts"
COMMANDS = "docs.slack.dev/interactivity/implementing-slash-commands"


def shown(**fields: Any) -> Json:
    return {"display_information": fields}


def command(name: str = "/soudan", **more: Any) -> Json:
    return {"command": name, "description": "相談する", **more}


def shortcut(callback_id: str = "ask", kind: str = "global", **more: Any) -> Json:
    return {"name": "相談する", "type": kind, "callback_id": callback_id, "description": "相談する", **more}


def features(**more: Any) -> Json:
    return {"features": {"bot_user": {"display_name": "banso"}, **more}}


def commands(*given: Json) -> Json:
    return features(slash_commands=list(given))


def shortcuts(*given: Json) -> Json:
    return features(shortcuts=list(given))


CASES = [
    Case("a short manifest", features(), None, PAGE),
    Case("a name of 35", shown(name="x" * 35), None, PAGE),
    Case("not of 36", shown(name="x" * 36), "display_information.name must have 1 to 35", PAGE),
    Case("a description of 140", shown(description="x" * 140), None, PAGE),
    Case("not of 141", shown(description="x" * 141), "1 to 140", PAGE),
    Case("a long description of 174", shown(long_description="x" * 174), None, PAGE),
    Case("not of 173", shown(long_description="x" * 173), "174 to 4000", PAGE),
    Case("nor of 4,001", shown(long_description="x" * 4001), "174 to 4000", PAGE),
    Case("a colour", shown(background_color="#1f4e5f"), None, PAGE),
    Case("no colour", shown(background_color="blue"), "must be a hex color", PAGE),
    Case("a bot's name of 81", {"features": {"bot_user": {"display_name": "x" * 81}}}, "1 to 80", PAGE),
    Case("a command of 32 with its slash", commands(command("/" + "x" * 31)), None, PAGE),
    Case("not of 33", commands(command("/" + "x" * 32)), "no more than 32 characters", PAGE),
    Case("not a slash alone", commands(command("/")), "must be a slash and a word", COMMANDS),
    Case("no command without its slash", commands(command("soudan")), "must be a slash and a word", PAGE),
    Case("no command of two words", commands(command("/so dan")), "must be a slash and a word", PAGE),
    Case("one command twice", commands(command(), command()), "must not name /soudan twice", COMMANDS),
    Case("a description of 2,001", commands(command(description="x" * 2001)), "than 2000", PAGE),
    Case("a hint of 1,000", commands(command(usage_hint="x" * 1000)), None, PAGE),
    Case("a hint of 1,001", commands(command(usage_hint="x" * 1001)), "than 1000", PAGE),
    Case("50 commands", commands(*[command(f"/c{n}") for n in range(50)]), None, PAGE),
    Case("51 commands", commands(*[command(f"/c{n}") for n in range(51)]), "no more than 50 items", PAGE),
    Case("a shortcut's name of 24", shortcuts(shortcut(name="x" * 24)), None, PAGE),
    Case("a shortcut's name of 25", shortcuts(shortcut(name="x" * 25)), "no more than 24", PAGE),
    Case("a shortcut's description of 151", shortcuts(shortcut(description="x" * 151)), "than 150", PAGE),
    Case("a shortcut's id of 256", shortcuts(shortcut("x" * 256)), "no more than 255", PAGE),
    Case("a shortcut of no type", shortcuts(shortcut(kind="channel")), "global or message", PAGE),
    Case(
        "five of either",
        shortcuts(*[shortcut(f"{k}{n}", k) for k in ("global", "message") for n in range(5)]),
        None,
        SHORTCUTS,
    ),
    Case("six global ones", shortcuts(*[shortcut(f"s{n}") for n in range(6)]), "5 of type global", SHORTCUTS),
    Case(
        "six for messages",
        shortcuts(*[shortcut(f"s{n}", "message") for n in range(6)]),
        "5 of type message",
        SHORTCUTS,
    ),
    Case(
        "101 events",
        {"settings": {"event_subscriptions": {"bot_events": ["a"] * 101}}},
        "than 100 items",
        PAGE,
    ),
    Case("256 scopes", {"oauth_config": {"scopes": {"bot": ["a"] * 256}}}, "than 255 items", PAGE),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_manifests_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_manifest(case.sent))


def test_a_refused_manifest_installs_no_app() -> None:
    with pytest.raises(ValueError, match="no more than 32 characters"):
        load(commands(command("/" + "x" * 32)))


def test_a_manifest_needs_a_bot() -> None:
    with pytest.raises(ValueError, match=r"features\.bot_user"):
        load({"features": {}})


def test_what_the_sandbox_does_not_play_is_said() -> None:
    """Page using-token-rotation: a token expires every 12 hours; here it lives on."""
    manifest = {**features(), "settings": {"token_rotation_enabled": True}}
    assert [problem for problem in load(manifest).problems if "token rotation" in problem]


def test_the_apps_own_manifest_is_taken() -> None:
    """The file an administrator pastes."""
    path = Path(__file__).parents[2] / "app.yaml"
    assert load(path).problems == ()
