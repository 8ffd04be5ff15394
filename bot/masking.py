"""Takes secrets and personal numbers out of anything that is about to be written down.

`mask` is for logs, `mask_secrets` for what must stay readable but may hold no token (a stored event that failed).
Rather too much than too little: a masked order number costs a look into the database, a leaked token the workspace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from bot.domain import my_number

SECRET: Final = "[secret]"
LONGEST: Final = 8_000
"""Characters kept of one text; what is longer is cut and says so."""
DEEPEST: Final = 12

_OUR_IDS: Final = frozenset({"uid", "outbox", "lease"})  # 32 hex digits like a signing secret, yet harmless
_SECRET_NAME: Final = (
    r"token|secret|passw(?:or)?d|api[_-]?key|authorization|ticket|trigger_id|response_urls?|signature|cookie"
)
_SECRET_KEY: Final = re.compile(rf"[\w-]*(?:{_SECRET_NAME})", re.IGNORECASE)
_HEX: Final = re.compile(r"[0-9a-f]{32}")

_SECRETS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"(wss?://[^\s?\"'<>]+)\?[^\s\"'<>]+", rf"\1?{SECRET}"),
        (r"(/calendar/)[\w-]{20,}", rf"\1{SECRET}"),
        (r"https?://hooks\.slack(?:-gov)?\.com/[^\s\"'<>]+", SECRET),
        (r"(?<=://)([^\s:/@\"'<>]*):[^\s\"'<>]*@", rf"\1:{SECRET}@"),
        (r"(authorization[\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic|digest)\s+)?[^\s\"',}]+", rf"\1{SECRET}"),
        (r"(?<![a-z])(bearer)\s+[\w.~+/=-]{6,}", rf"\1 {SECRET}"),
        (r"(?:xox[a-z](?:[.]xox[a-z])?|xapp|xwfp)-[\w%-]+(?:\.[\w%-]+)*", SECRET),
        (
            rf"""(["'])([\w-]{{0,40}}(?:{_SECRET_NAME}))\1(\s*:\s*b?)(["']).*?\4""",
            rf"\1\2\1\3\4{SECRET}\4",
        ),
        (rf"(?<![\w-])([\w-]{{0,40}}(?:{_SECRET_NAME}))=[^\s&\"',;)\]}}>]+", rf"\1={SECRET}"),
        (r"(?<!\d)\d+\.\d+\.[0-9a-f]{32}(?![0-9a-z])", SECRET),
        (r"v0=[0-9a-f]{64}(?![0-9a-z])", SECRET),
        (r"(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])", SECRET),
        (r"\[parameters: [^\n]*", "[parameters left out]"),  # SQLAlchemy prints what people wrote
    )
)

_SUSPICIOUS: Final = re.compile(r"[\d\-:=@\uff20]|[0-9a-f]{32}|bearer|/calendar/", re.IGNORECASE)
"""Every shape below has one of these: most words of a log line are passed at the cost of one search."""

_DASHES: Final = r"\-\u2010-\u2015\u2212\u30fc\uff0d"
_START: Final = r"(?<!\d)(?<!\d\.)(?<!\b[A-Z])(?<!\bEv)"  # not within a number, a ts or a Slack id
_PHONE_GAP: Final = rf"[\s{_DASHES}()\uff08\uff09]{{0,2}}"
_LETTERS: Final = r"A-Za-z\uff21-\uff3a\uff41-\uff5a"
_LOCAL: Final = rf"[{_LETTERS}0-9\uff10-\uff19._%+\-]"
_LABEL: Final = rf"[{_LETTERS}0-9\uff10-\uff19\-]"
_COLON: Final = r"[\s:\uff1a]*"

_PHONE: Final = re.compile(
    rf"{_START}[(\uff08]?[0\uff10]\d{{1,4}}{_PHONE_GAP}\d{{1,4}}{_PHONE_GAP}\d{{3,4}}(?!\d)"
    rf"|[+\uff0b]\s?[8\uff18][1\uff11](?:{_PHONE_GAP}\d){{9,11}}(?!\d)"
)
_PERSONAL: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(rf"(?<!{_LOCAL}){_LOCAL}+[@\uff20](?:{_LABEL}+[.\uff0e])+[{_LETTERS}]{{2,}}"), "[e-mail]"),
    (re.compile(rf"((?:普通|当座|貯蓄){_COLON})\d{{7}}(?!\d)"), r"\1[account]"),
    (
        re.compile(rf"(記号{_COLON})\d{{5}}([\s、,]*番号{_COLON})\d{{1,8}}(?!\d)"),
        r"\1[account]\2[account]",
    ),
)


def mask(value: Any) -> Any:
    """`value` with secrets, My Numbers, telephone and bank numbers and e-mail addresses taken out, at any depth.

    Returns only what JSON can hold: texts, numbers, booleans, None, lists and mappings with text keys. Objects are
    rendered with `repr` first; dates stay readable.
    """
    return _walk(value, lambda text: _mask_personal(_mask_secrets(text)), DEEPEST)


def mask_secrets(value: Any) -> Any:
    """Like `mask`, but what people wrote stays as it is."""
    return _walk(value, _mask_secrets, DEEPEST)


def _walk(value: Any, text: Callable[[str], str], depth: int) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        masked = text(str(value))
        return value if masked == str(value) else masked
    if isinstance(value, str):
        return _cut(text(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return _cut(text(bytes(value).decode("utf-8", "replace")))
    if depth == 0:
        return "[too deep]"
    if isinstance(value, Mapping):
        return dict(_pairs(value, text, depth - 1))
    if isinstance(value, list | tuple | set | frozenset):
        return [_walk(item, text, depth - 1) for item in value]
    return _cut(text(_repr(value)))


def _pairs(value: Mapping[Any, Any], text: Callable[[str], str], depth: int) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        name = str(key)
        if _SECRET_KEY.fullmatch(name) and inner:
            yield name, SECRET
        elif name in _OUR_IDS and isinstance(inner, str) and _HEX.fullmatch(inner):
            yield name, inner
        else:
            yield text(name), _walk(inner, text, depth)


def _repr(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:
        return f"[{type(value).__name__} without a repr: {type(error).__name__}]"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… [{len(text) - LONGEST} more characters]"


def _mask_secrets(text: str) -> str:
    if not _SUSPICIOUS.search(text):
        return text
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def _mask_personal(text: str) -> str:
    text, _ = my_number.mask(text, "[my number]")
    if not _SUSPICIOUS.search(text):
        return text
    for pattern, replacement in _PERSONAL:
        text = pattern.sub(replacement, text)
    return _PHONE.sub(_phone, text)


def _phone(match: re.Match[str]) -> str:
    digits = sum(c.isdecimal() for c in match.group())
    international = match.group()[0] in "+\uff0b"
    return "[phone]" if international or digits in (10, 11) else match.group()
