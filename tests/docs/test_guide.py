"""The user guide says what the screens say: in 「」 stands what the code shows, in `…` what it takes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.bolt import FEATURES
from handlers.common.commands import COMMAND, HELP_WORDS, folded
from handlers.home.setup_views import TITLES
from handlers.questions.screens.asking_form import AUDIENCES, URGENCIES

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guide.ja.md").read_text(encoding="utf-8")
SLACKS_OWN = {"ホーム", "︙"}
"""What Slack itself writes on the screen."""


@cache
def shown() -> frozenset[str]:
    """Every text the bot may show: the strings of its code (an error's docstring is what it says) and the manifest's."""
    files = [
        *(ROOT / "handlers").rglob("*.py"),
        *(ROOT / "bot" / "domain").rglob("*.py"),
        ROOT / "bot/errors.py",
    ]
    found = {text for file in files for text in _strings(file)}
    return frozenset(found | {str(each["name"]) for each in _shortcuts()})


def _strings(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = file.name == "errors.py" or id(node) not in statements
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and said:
            yield node.value


def _shortcuts() -> list[dict[str, str]]:
    manifest = yaml.safe_load((ROOT / "app.yaml").read_text(encoding="utf-8"))
    found: list[dict[str, str]] = manifest["features"]["shortcuts"]
    return found


def quoted() -> list[str]:
    """What stands in 「」."""
    return re.findall(r"「([^「」]+)」", GUIDE)


def test_who_asked_is_called_by_one_word() -> None:
    """相談者さん, as on the card."""
    other = "相談した方"
    assert [text for text in shown() if other in text] == []
    assert other not in GUIDE


def test_what_is_quoted_can_be_seen_on_a_screen() -> None:
    missing = [
        words for words in quoted() if words not in SLACKS_OWN and not any(words in text for text in shown())
    ]
    assert missing == []
    assert len(quoted()) > 80


def test_what_is_to_be_pressed_is_called_so_to_the_letter() -> None:
    pressed = re.findall(r"「([^「」]+)」を押", GUIDE)
    assert len(pressed) > 12
    assert [label for label in pressed if label not in shown()] == []


def test_what_is_to_be_typed_is_understood() -> None:
    commands = [command for feature in FEATURES for command in feature.commands]
    known = {folded(word) for command in commands for word in command.words} | set(map(folded, HELP_WORDS))
    typed = [each.split() for each in re.findall(r"`(/[^`]+)`", GUIDE)]
    aliases = {command.alias for command in commands}
    for words in typed:
        if words[0] == COMMAND:
            assert not words[1:] or folded(words[1]) in known, words
        else:
            assert words[0] in aliases or words[:2] == ["/invite", "@Banso"] or words == ["/"], words


@pytest.mark.parametrize("word", [each.words[0] for feature in FEATURES for each in feature.commands])
def test_every_command_is_in_the_guide(word: str) -> None:
    assert f"`{COMMAND} {word}" in GUIDE


def test_every_way_to_choose_and_every_step_of_the_set_up_is_in_the_guide() -> None:
    choices = [label.split("(")[0] for label in (*AUDIENCES.values(), *URGENCIES.values())]
    wanted = {*TITLES, *choices, *(each["name"] for each in _shortcuts())}
    assert {each for each in wanted if f"「{each}」" not in GUIDE} == set()


def test_the_pages_own_links_lead_to_its_headings() -> None:
    headings = set(re.findall(r"^#+ (.+)$", GUIDE, flags=re.MULTILINE))
    targets = set(re.findall(r"\]\(#([^)]+)\)", GUIDE))
    assert targets
    assert targets <= headings
