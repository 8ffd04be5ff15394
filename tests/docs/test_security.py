"""The sheet for a prefecture's reviewer says what the app asks for and what it is made of, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SHEET = (ROOT / "docs/security.ja.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = SHEET.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def test_each_scope_of_the_app_has_its_reason_and_no_other_is_named() -> None:
    asked = yaml.safe_load((ROOT / "app.yaml").read_text(encoding="utf-8"))["oauth_config"]["scopes"]
    told = rows("Slack に求める権限(app.yaml)と、その理由")
    assert asked.keys() == {"bot"}, "the sheet says that no user token is asked for"
    assert [name.strip("`") for name, _ in told] == sorted(asked["bot"])
    assert all(len(why) > 5 for _, why in told)


def test_each_library_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = sorted(re.split(r"[\[<>=!~]", each)[0] for each in project["dependencies"])
    told = rows("使っているライブラリ")
    assert [name.strip("`") for name, _ in told] == wanted
    assert all(licence for _, licence in told)


def test_what_is_installed_only_by_choice_is_named_where_it_is_chosen() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    part = SHEET.split("## ことばの意味で探すモデル", 1)[1].split("\n## ", 1)[0]
    for wanted in project["optional-dependencies"]["embed"]:
        assert f"`{re.split(r'[<>=!~]', wanted)[0]}`(" in part


def test_the_hosts_are_those_of_the_readme() -> None:
    hosts = set(re.findall(r"`((?:[a-z-]+\.)?slack\.com)`", SHEET))
    assert hosts == set(re.findall(r"`((?:[a-z-]+\.)?slack\.com)`", (ROOT / "README.md").read_text("utf-8")))
    assert len(hosts) == 4
