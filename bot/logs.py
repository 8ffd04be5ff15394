"""Log lines: one an event, in JSON or as text, from our code and from the libraries alike, masked without exception.

Event names are plain English an operator can search for ("question captured"); what varies goes into fields. All
lines that belong to one event from Slack, one click or one job share a reference number (`ref`), which people read to
each other on the telephone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import secrets
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.masking import SECRET, mask

CLEAR: Final = "BFHKMRWXY234679"
"""Told apart by eye and by ear: no 0/O, 1/I/L, 5/S, 8/B-like pairs, of B·D·P·T·V one, of A·J·K one, of M·N one."""

QUIET: Final = {
    "alembic": logging.WARNING,  # the versions are said in our own words
    "aiohttp.access": logging.WARNING,  # a line for each scrape of /metrics
    "apscheduler": logging.WARNING,  # a line for each tick
    "slack_bolt": logging.INFO,  # its DEBUG prints whole messages
    "slack_sdk": logging.INFO,
}
"""The least level of talkative libraries, whatever LOG_LEVEL says."""

LEVELS: Final = {name: getattr(logging, name) for name in ("DEBUG", "INFO", "WARNING", "ERROR")}

_FIRST: Final = ("timestamp", "level", "event", "ref", "logger")


def reference() -> str:
    """A new reference number such as "B7K2-M4": 11 million of them, no letters that sound or look alike."""
    rest, letters = (
        secrets.randbelow(len(CLEAR) ** 6),
        "",
    )  # asked once: each event has one, and the system is slow to ask
    for _ in range(6):
        rest, place = divmod(rest, len(CLEAR))
        letters += CLEAR[place]
    return f"{letters[:4]}-{letters[4:]}"


@contextlib.contextmanager
def referenced(ref: str | None = None) -> Iterator[str]:
    """Give every line within the same reference number; a new one unless `ref` continues an older story."""
    number = ref or reference()
    with structlog.contextvars.bound_contextvars(ref=number):
        yield number


def current_reference() -> str | None:
    """The reference number of the lines written here and now, if any."""
    ref = structlog.contextvars.get_contextvars().get("ref")
    return str(ref) if ref else None


def configure(level: str, fmt: str, *, hide: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard error) in one form. May be called again.

    Args:
        level: the least level written: DEBUG, INFO, WARNING or ERROR.
        fmt: `json` (a line an event) or `text` (the same for people; a traceback follows, indented).
        hide: the values of our own secrets, taken out wherever they turn up, whatever they look like.
        stream: where to write; standard error when left out.

    Raises:
        ValueError: for a level of another name.
    """
    least = LEVELS.get(level.upper())
    if least is None:
        raise ValueError(f"LOG_LEVEL は {'・'.join(LEVELS)} のどれかにしてください。")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
    ]
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                _Mask(hide),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _as_json if fmt == "json" else _as_text,
            ],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, _Handler):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(least)
    for name, floor in QUIET.items():
        logging.getLogger(name).setLevel(max(least, floor))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*shared[:3], ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _Handler(logging.StreamHandler[TextIO]):
    """Never prints what it could not format: the library's own complaint would show it unmasked. And keeps talkative
    libraries quiet itself: Bolt gives its loggers the root's level when it is made."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line may be written."""
        for name, floor in QUIET.items():
            if record.levelno < floor and (record.name == name or record.name.startswith(f"{name}.")):
                return False
        return bool(super().filter(record))

    def handleError(self, record: logging.LogRecord) -> None:
        kind = sys.exc_info()[0]
        name = kind.__name__ if kind else "unknown"
        with contextlib.suppress(Exception):
            self.stream.write(f'{{"event": "log line lost", "logger": "{record.name}", "error": "{name}"}}\n')


class _Mask:
    """The processor that masks a whole event."""

    def __init__(self, hide: Iterable[str]) -> None:
        long_enough = sorted({value for value in hide if len(value) >= 6}, key=len, reverse=True)
        self._hide = re.compile("|".join(map(re.escape, long_enough))) if long_enough else None

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        masked: EventDict = mask(event)
        return self._hidden(masked) if self._hide else masked

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, str) and self._hide:
            return self._hide.sub(SECRET, value)
        if isinstance(value, dict):
            return {self._hidden(key): self._hidden(inner) for key, inner in value.items()}
        return [self._hidden(item) for item in value] if isinstance(value, list) else value


def _in_order(event: EventDict) -> dict[str, Any]:
    return {key: event[key] for key in (*_FIRST, *event) if key in event}


def _as_json(logger: WrappedLogger, name: str, event: EventDict) -> str:
    return json.dumps(_in_order(event), ensure_ascii=False, default=repr)


def _as_text(logger: WrappedLogger, name: str, event: EventDict) -> str:
    rest = _in_order(event)
    traceback = rest.pop("exception", "")
    stack = rest.pop("stack", "")
    head = [rest.pop("timestamp", ""), f"{rest.pop('level', '').upper():<7}", _plain(rest.pop("event", ""))]
    line = " ".join([*map(str, head), *(f"{key}={_plain(value)}" for key, value in rest.items())])
    return "".join([line, *(f"\n    {part}" for part in f"{traceback}\n{stack}".splitlines() if part)])


def _plain(value: Any) -> str:
    """Text as it is unless it would break the line or hide in it."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=repr)
    return value if value.isprintable() and '"' not in value else json.dumps(value, ensure_ascii=False)
