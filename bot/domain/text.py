"""What people typed: decoded from Slack's form, shortened for one line, escaped on the way out.

Characters here are code points; what is cut is never cut inside something a person sees as one character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

ELLIPSIS = "…"
SOMEBODY = "メンバー"

_ENTITY = re.compile(r"<([^<>\n]+)>")
_SPECIAL_MENTION = re.compile(r"!(?:subteam\^\w+|date\^[^|]*|[a-z]+)", re.ASCII)
_DIRECTION = "\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{_DIRECTION}]")
_EMOJI_CODE = re.compile(r":[a-z0-9_+'\-]+:(?::skin-tone-[2-6]:)?", re.ASCII)
_JOINER = "\u200d"
_KEPT_WITH_FORMER = {"\uff9e", "\uff9f", _JOINER}  # half-width ﾞ and ﾟ, zero-width joiner


def clean(text: str, bot_user_id: str | None = None, names: Mapping[str, str] | None = None) -> str:
    """Decode a Slack message for storage and display; the bot's own mention is taken out.

    `names` gives user id → name for other mentions; a stranger becomes 「@メンバー」. Links keep their label and
    address, `&amp;` `&lt;` `&gt;` become characters, unseen control characters go. Emoji codes stay.
    """

    def decode(match: re.Match[str]) -> str:
        return _decode_entity(match[1], names or {})

    if bot_user_id:
        text = re.sub(rf"<@{re.escape(bot_user_id)}(?:\|[^<>\n]*)?> ?", "", text)
    decoded = _ENTITY.sub(decode, text)
    plain = decoded.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    plain = _UNSEEN.sub("", plain.replace("\r\n", "\n").replace("\r", "\n")).replace("\u00a0", " ")
    lines = [line.strip(" \t\u3000") for line in unicodedata.normalize("NFC", plain).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _decode_entity(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    kind = target[:1]
    if kind == "@":
        return f"@{names.get(target[1:]) or label or SOMEBODY}"
    if kind == "#":
        return f"#{label or 'チャンネル'}"
    if kind == "!":
        if not _SPECIAL_MENTION.fullmatch(target):
            return label
        return label or ("@グループ" if "^" in target else "@" + target[1:])
    address = re.sub(r"^(?:mailto|tel):", "", target)
    if not label or label in (address, target) or address.endswith(f"//{label}"):
        return address
    return f"{label} ({address})"


def escape(text: str) -> str:
    """Escape & < > so that what a person typed rings nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def excerpt(text: str, limit: int) -> str:
    """Shorten to one line of at most `limit` characters, the closing 「…」 included.

    Never cuts inside what a person sees as one character, nor inside an emoji code such as `:pray:`.
    Raises ValueError when `limit` is below 1.
    """
    if limit < 1:
        raise ValueError(f"an excerpt needs room for at least one character, not {limit}")
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    end = 0
    for start, stop in _graphemes(line):
        if stop > limit - len(ELLIPSIS):
            end = start
            break
    for code in _EMOJI_CODE.finditer(line):
        if code.start() < end < code.end():
            end = code.start()
    return line[:end].rstrip(" 、。,.・") + ELLIPSIS


def _graphemes(line: str) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of each user-perceived character: the part of UAX #29 that Japanese offices meet."""
    start = 0
    flags = 0
    for index in range(1, len(line) + 1):
        if index < len(line):
            former, char = line[index - 1], line[index]
            flags = flags + 1 if _is_flag_letter(former) else 0
            flag_pair = _is_flag_letter(char) and flags % 2 == 1
            if _extends(char) or former == _JOINER or flag_pair:
                continue
        yield start, index
        start = index


def _extends(char: str) -> bool:
    return (
        char in _KEPT_WITH_FORMER
        or unicodedata.category(char) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # flag tags
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
