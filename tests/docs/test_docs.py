"""The documents say what the code does, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.metrics import Metrics
from bot.settings import Settings
from handlers.members.form import TalentPart, WorkspaceFile, parse
from storage.reference import default_fields

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ja.md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ROOMS = (
    "app.yaml",
    "Makefile",
    "bot/",
    "bot/domain/",
    "handlers/",
    "storage/",
    "scheduler/",
    "sandbox/",
    "tests/",
    "benchmarks/",
    "docs/",
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> list[str]:
    """The files of the project as git knows them, those that are gone from the tree left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def settings_table(readme: str) -> dict[str, str]:
    """Name → default of each row of a README's settings table, as written."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", read(readme), flags=re.MULTILINE)
    return {name: default for name, default in rows}


def defaults() -> dict[str, str]:
    """Name → default of each setting, written as in the environment; secrets and unset ones are empty."""
    written = {}
    for name, field in Settings.model_fields.items():
        value = field.default
        written[name.upper()] = "" if value is None or isinstance(value, SecretStr) else str(value)
    return written


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z.]+):(?!=)", read("Makefile"), flags=re.MULTILINE))


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_in_the_table_with_its_default_and_nothing_else_is(readme: str) -> None:
    assert settings_table(readme) == defaults()


@pytest.mark.parametrize("name", [*READMES, "docs/operations.md", "docs/architecture.md"])
def test_every_make_command_that_is_written_down_exists(name: str) -> None:
    written = set(re.findall(r"`make ([a-z.]+)`|^\$ make ([a-z.]+)", read(name), flags=re.MULTILINE))
    targets = {target for pair in written for target in pair if target}
    assert targets <= make_targets()
    assert targets or "README" not in name


def test_every_target_for_people_is_in_the_readme() -> None:
    listed = re.search(r"^\.PHONY: (.+)$", read("Makefile"), flags=re.MULTILINE)
    assert listed is not None
    for target in {"demo", "story", "test", "check", "bench", "soak"}:
        assert target in listed.group(1).split()
        assert all(f"make {target}" in read(readme) for readme in READMES)


def test_both_readmes_tell_the_same_steps_and_commands() -> None:
    def commands(name: str) -> set[str]:
        return set(re.findall(r"`banso ([a-z]+)", read(name)))

    def steps(name: str) -> list[str]:
        return re.findall(r"^(\d)\. ", read(name), flags=re.MULTILINE)

    english, japanese = READMES
    assert commands(english) == commands(japanese)
    assert steps(english) == steps(japanese)


@pytest.mark.parametrize("readme", READMES)
def test_the_workspace_file_in_the_readme_can_be_loaded(readme: str) -> None:
    examples = re.findall(r"^```json\n(.+?)^```", read(readme), flags=re.MULTILINE | re.DOTALL)
    file = parse(json.loads(examples[0]))
    known = {field["id"] for field in default_fields()}
    assert {name for talent in file.talents for name in talent.fields} <= known
    assert all(f"`{name}`" in read(readme) for name in known)
    assert {member.municipality for member in file.members} <= {None, "012025"}
    described = set(re.findall(r"`(\w+)`", read(readme)))
    assert {*WorkspaceFile.model_fields, *TalentPart.model_fields} - {"id", "name", "title"} <= described | {
        "duty"
    }


def test_every_metric_is_explained_and_no_other() -> None:
    rows = re.findall(r"^\| `(banso_[a-z_]+)` \| (\w+) \|", read("docs/operations.md"), flags=re.MULTILINE)
    assert {name for name, _ in rows} == Metrics().names()
    kinds = {
        f"{f.name}_total" if f.type == "counter" else f.name: f.type for f in Metrics().registry.collect()
    }
    assert dict(rows) == kinds


def test_every_room_is_on_the_architecture_page() -> None:
    page = read("docs/architecture.md")
    rows = re.findall(r"^\| `([^`]+)` \|", page, flags=re.MULTILINE)
    assert tuple(rows) == ROOMS
    packages = {name.split("/")[0] + "/" for name in tracked() if name.endswith(".py")}
    assert packages <= set(rows), "a room without a line on the page"


def test_the_pages_name_only_modules_that_exist() -> None:
    for name in (page for page in tracked() if page.endswith(".md")):
        for path in re.findall(
            r"`((?:bot|handlers|storage|scheduler|sandbox|tests|docs)/[\w/.]*)`", read(name)
        ):
            assert (ROOT / path).exists(), f"{name} names {path}"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_says_why_what_with_which_consequences_and_what_checks_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = [heading.lower() for heading in re.findall(r"^## (.+)$", text, flags=re.MULTILINE)]
    assert headings == ["context", "decision", "consequences", "what checks it"]
    assert re.match(r"# \d+\. \S", text)


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [path.name.split("-")[0] for path in DECISIONS]
    assert DECISIONS
    assert len(set(numbers)) == len(numbers)


def test_links_between_the_pages_lead_somewhere() -> None:
    for name in (n for n in tracked() if n.endswith(".md")):
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", read(name)):
            assert ((ROOT / name).parent / link).exists(), f"{name} links to {link}"


def test_no_file_cites_a_document_that_is_not_here() -> None:
    """A reader of the repository has nothing else; a section sign stands for a page of somebody's own, or for an RFC's."""
    document = re.compile(r"(?<![\w/:.-])(?:[\w.-]+/)*[\w.-]+\.md\b")
    for name in tracked():
        text = read(name) if Path(name).suffix in {".py", ".md", ".toml", ".yaml", ""} else ""
        for cited in document.findall(text):
            assert (ROOT / cited).exists() or ((ROOT / name).parent / cited).exists(), f"{name} cites {cited}"
        sections = [line for line in text.splitlines() if "\N{SECTION SIGN}" in line and "RFC" not in line]
        assert sections == [], f"{name} cites {sections}"


def relied_on() -> list[list[str]]:
    """The cells of each row about Slack that something of ours holds."""
    played = re.sub(r"^## Not played$.+?(?=^## )", "", read("docs/slack.md"), flags=re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\|(.+)\|$", played, flags=re.MULTILINE)
    told = [[cell.strip() for cell in row.split("|")] for row in rows]
    return [row for row in told if row[-1] not in {"held by", "---"}]


def test_each_thing_we_rely_on_of_slack_has_a_source_and_something_that_holds_it() -> None:
    assert len(relied_on()) > 40
    for row in relied_on():
        assert all(row[1:]), row
        assert re.search(r"`\w+/[\w/.-]+`", row[-1]), row


def test_what_is_said_to_be_tested_of_slack_is_mentioned_where_that_should_be() -> None:
    """One of the row's numbers and names at least, where it has any; 30_000 is 30,000."""

    def plain(text: str) -> str:
        return re.sub(r"(?<=\d)[,_](?=\d)", "", text)

    for row in relied_on():
        named = [name for name in re.findall(r"`([\w/.-]+)`", row[-1]) if (ROOT / name).is_file()]
        told = plain(" ".join(row[:-2]))
        marks = {*re.findall(r"`([^`]+)`", told), *re.findall(r"\b\d[\d.]+\b", told)}
        written = plain("".join(read(name) for name in named))
        if marks and any(name.startswith("tests/") for name in named):
            assert any(mark in written for mark in marks), row


def test_nothing_names_a_path_of_the_machine_it_was_written_on() -> None:
    pattern = re.compile(r"(?<![\w.~)}])/(?:work|root|home|Users|mnt)/[\w.]")
    this = Path(__file__).relative_to(ROOT).as_posix()
    for name in tracked():
        if name.endswith((".py", ".md", ".toml", ".yaml", ".json", ".lock", ".ini")) and name != this:
            found = pattern.search(read(name))
            assert found is None, f"{name}: {found and found.group()}"


def test_lock_files_name_no_address() -> None:
    locks = sorted(ROOT.glob("*.lock"))
    assert len(locks) == 3
    for lock in locks:
        assert not re.search(
            r"https?://|--(?:extra-)?index-url|--find-links", lock.read_text(encoding="utf-8")
        ), lock
