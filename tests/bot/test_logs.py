"""Log lines as an operator finds them: one an event, from everybody, masked, with a number to read out."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import CLEAR, QUIET, configure, current_reference, reference, referenced


@pytest.fixture(autouse=True)
def _logging_left_as_found() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    before = structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    logging.captureWarnings(False)
    structlog.configure(**before)


class Lines:
    """What was written so far."""

    def __init__(self, level: str = "INFO", fmt: str = "json", **options: Any) -> None:
        self.stream = io.StringIO()
        logging.getLogger().handlers[:] = []  # pytest's own would format, and fail on, the same lines
        configure(level, fmt, stream=self.stream, **options)

    @property
    def raw(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    @property
    def last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.raw[-1])
        return line


def test_a_line_has_time_level_event_and_fields_in_that_order() -> None:
    lines = Lines()
    structlog.get_logger("bot.delivery").info("message posted", channel="C1", tries=2)
    assert list(lines.last) == ["timestamp", "level", "event", "logger", "channel", "tries"]
    assert (lines.last["event"], lines.last["logger"], lines.last["level"]) == (
        "message posted",
        "bot.delivery",
        "info",
    )


def test_japanese_stays_readable() -> None:
    lines = Lines()
    structlog.get_logger().info("settings read", town="波待島村")
    assert "波待島村" in lines.raw[0]


@pytest.mark.parametrize(
    "name", ["slack_bolt.AsyncApp", "slack_sdk.web", "aiohttp.server", "alembic.runtime", "apscheduler"]
)
def test_libraries_write_through_the_same_mask(name: str) -> None:
    lines = Lines()
    logging.getLogger(name).error(
        "token %s refused", "xoxb-1-2-abc", extra={"call": {"from": "090-0000-0000"}}
    )
    assert lines.last["event"] == "token [secret] refused"
    assert lines.last["call"] == {"from": "[phone]"}
    assert lines.last["logger"] == name


def test_an_exceptions_text_is_masked_and_stays_on_its_line() -> None:
    lines = Lines()
    for log in (structlog.get_logger("ours"), logging.getLogger("asyncio")):
        try:
            raise ConnectionError("postgresql://banso:pw@db/x refused xapp-1-A1-2-abc")
        except ConnectionError:
            log.exception("database gone")
    assert len(lines.raw) == 2
    for line in map(json.loads, lines.raw):
        assert "postgresql://banso:[secret]@db/x refused [secret]" in line["exception"]
        assert "ConnectionError" in line["exception"]


def test_the_chain_of_causes_is_masked_too() -> None:
    lines = Lines()
    try:
        try:
            raise ValueError("xoxb-1-2-abc")
        except ValueError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert "xox" not in lines.raw[0]
    assert "direct cause" in lines.last["exception"]


def test_our_own_secrets_go_whatever_they_look_like() -> None:
    lines = Lines(hide=["plain-words", "plain-words-longer", "", "abc"])
    structlog.get_logger().info("tried plain-words", deep=[{"with": "xplain-words-longerx"}], short="abc")
    assert lines.last["event"] == "tried [secret]"
    assert lines.last["deep"] == [{"with": "x[secret]x"}]
    assert lines.last["short"] == "abc"


def test_warnings_become_lines() -> None:
    lines = Lines()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old call with xoxb-1-2-abc", stacklevel=1)
    assert "old call with [secret]" in lines.last["event"]


def test_a_line_that_cannot_be_formatted_does_not_show_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = Lines()
    logging.getLogger("careless").info("%d", "xoxb-1-2-abc")
    assert lines.last == {"event": "log line lost", "logger": "careless", "error": "TypeError"}
    assert "xox" not in capsys.readouterr().err


def test_levels_hold_and_library_debug_which_prints_messages_is_never_written() -> None:
    lines = Lines("DEBUG")
    structlog.get_logger("bot").debug("details")
    logging.getLogger("slack_sdk.socket_mode").debug("Received message (data: …)")
    logging.getLogger("aiohttp.access").info("GET /metrics")
    assert [json.loads(line)["event"] for line in lines.raw] == ["details"]


def test_below_its_level_nothing_is_written() -> None:
    lines = Lines("WARNING")
    structlog.get_logger().info("quiet")
    logging.getLogger("slack_bolt").info("quiet")
    assert lines.raw == []


def test_an_unknown_level_is_named_with_the_ones_that_exist() -> None:
    with pytest.raises(ValueError, match="DEBUG・INFO"):
        configure("LOUD", "json")


def test_configuring_again_replaces_the_first() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure("INFO", "json", stream=first)
    configure("INFO", "json", stream=second)
    structlog.get_logger().info("once")
    assert (first.getvalue(), second.getvalue().count("once")) == ("", 1)


def test_text_for_people_keeps_a_line_an_event_and_indents_tracebacks() -> None:
    lines = Lines(fmt="text")
    structlog.get_logger("bot").info("question captured", question=128, note="two\nlines", token="x")
    try:
        raise ValueError("xoxb-1-2-abc")
    except ValueError:
        structlog.get_logger("bot").exception("failed")
    first, second, *traceback = lines.raw
    assert first.endswith(
        'INFO    question captured logger=bot question=128 note="two\\nlines" token=[secret]'
    )
    assert second.endswith("ERROR   failed logger=bot")
    assert traceback[-1] == "    ValueError: [secret]"
    assert all(line.startswith("    ") for line in traceback)


@given(st.text())
def test_no_text_can_forge_a_second_line(text: str) -> None:
    for fmt in ("json", "text"):
        lines = Lines(fmt=fmt)
        structlog.get_logger("bot").info(text or "-", value=text)
        assert lines.stream.getvalue().count("\n") == 1


def test_all_lines_of_one_story_share_a_number_also_in_a_thread_and_in_a_library() -> None:
    lines = Lines()

    async def story() -> None:
        with referenced() as ref:
            structlog.get_logger("bot").info("one")
            await asyncio.to_thread(logging.getLogger("sqlalchemy").warning, "two")
            assert current_reference() == ref
        structlog.get_logger("bot").info("after")

    asyncio.run(story())
    one, two, after = map(json.loads, lines.raw)
    assert one["ref"] == two["ref"]
    assert "ref" not in after
    assert current_reference() is None


def test_an_older_story_can_be_continued() -> None:
    with referenced("B7K2-M4") as ref:
        assert ref == current_reference() == "B7K2-M4"


def test_a_reference_is_short_and_has_no_letters_that_look_or_sound_alike() -> None:
    numbers = {reference() for _ in range(200)}
    assert len(numbers) > 190
    assert all(len(number) == 7 and number[4] == "-" for number in numbers)
    assert not set("".join(numbers)) & set("01OILS58ZDPTVGNJA")
    assert set("".join(numbers)) <= {*CLEAR, "-"}


@pytest.mark.parametrize("name", QUIET)
def test_a_library_that_sets_its_own_level_is_kept_quiet_all_the_same(name: str) -> None:
    """Bolt gives its loggers the root's level: with LOG_LEVEL=DEBUG they would print whole messages."""
    lines = Lines("DEBUG")
    logger = logging.getLogger(f"{name}.Inner")
    logger.setLevel(logging.DEBUG)
    logger.debug("番号が入った本文")
    logger.error("something failed")
    assert [json.loads(line)["event"] for line in lines.raw] == ["something failed"]
