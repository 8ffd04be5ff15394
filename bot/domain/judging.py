"""Is what somebody wrote in a consultation channel a question?

When in doubt it is: a message is set aside only when every part of it is known to be thanks, a greeting, a
reaction or emoji. Compared is a folded form (NFKC, small letters, katakana as hiragana), so that
「ｱﾘｶﾞﾄｳ」「アリガトウ」 and 「ありがとう」 are one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.domain.phrases import ADDRESS, ASKING, FILLERS, ISSUE, SAFE, TOKENS, TROUBLE, UNFINISHED, Kind
from bot.domain.text import clean, escape, excerpt

__all__ = ["Reason", "Verdict", "VerdictKind", "clean", "escape", "excerpt", "is_only_thanks", "judge"]

_LONGEST_COURTESY = 400
_ASKING_EMOJI = re.compile(r"[❓❔⁉⁈⁇🆘]|:(?:grey_question|question|interrobang|sos|help):")
_ASCII_CODE = (
    re.compile(  # 10:30:45 holds none: right after a letter or digit a code must begin with a letter
        r"(?:(?<![0-9A-Za-z]):[a-z0-9_+'\-]+:|:[a-z][a-z0-9_+'\-]*:)(?::skin-tone-[2-6]:)?", re.ASCII
    )
)
_NAMED_CODE = re.compile(r"(?<![0-9A-Za-z]):([^\s:!-/;-@\[-`{-~]{1,30}):")
_EMOJI = re.compile(
    "[\u00a9\u00ae\u200d\u203c\u20e3\u2122\u2139\u2190-\u21ff\u231a-\u23ff\u2460\u25aa-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe0e\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]+"
)
_FACE = re.compile(
    r"m?\([\s^_\-~=;:*'\"`´・.,><≧≦∀ωдov@t|/\\゚°u▽ ̄]+\)[mノ彡ゞvb/]*|\((?:笑|泣|汗|涙|嬉|喜|感謝|礼|拝|敬礼|ぺこり?)\)"
    r"|\^_?\^[;゚]*|_\(\._\.\)_|orz|[:;]-?\)"
)
_ENDS = re.compile(r"[。.!\n♪☆★♡♥]+")
_PAUSES = re.compile(r"[、,\s~〜ー\-・:;「」『』()\[\]*_>`'\"]+")
_HIRAGANA_OF = {code: code - 0x60 for code in range(ord("ァ"), ord("ヴ") + 1)}


class VerdictKind(StrEnum):
    """What becomes of a message."""

    QUESTION = "question"
    SET_ASIDE = "set_aside"


class Reason(StrEnum):
    """What was recognised in the message."""

    EMPTY = "empty"
    EMOJI_ONLY = "emoji_only"
    THANKS = "thanks"
    GREETING = "greeting"
    REACTION = "reaction"
    PICTURE_ONLY = "picture_only"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement; `reason` is given for everything set aside, and for a question that is only a picture."""

    kind: VerdictKind
    reason: Reason | None = None

    @property
    def is_question(self) -> bool:
        """True when the message is to be registered as a question."""
        return self.kind is VerdictKind.QUESTION


_QUESTION = Verdict(VerdictKind.QUESTION)
_PICTURE = Verdict(VerdictKind.QUESTION, Reason.PICTURE_ONLY)


def judge(text: str, *, has_files: bool) -> Verdict:
    """Judge a message in Slack's form.

    A file counts as content: a picture alone, or with no more than a greeting, is a question with the reason
    PICTURE_ONLY, so that somebody can ask back. Thanks or a reaction with a file is set aside.
    """
    reason = _courtesy(clean(re.sub(r"<[@!#][^<>\n]*>", " ", text)))
    if reason is None:
        return _QUESTION
    if has_files and reason not in (Reason.THANKS, Reason.REACTION):
        return _PICTURE
    return Verdict(VerdictKind.SET_ASIDE, reason)


def is_only_thanks(text: str) -> bool:
    """True when a message in a thread holds thanks or 「解決しました」 and nothing that wants an answer."""
    return judge(text, has_files=False).reason is Reason.THANKS


def _courtesy(plain: str) -> Reason | None:
    """Name the courtesy a message consists of, or None when any part of it is something else."""
    if len(plain) > _LONGEST_COURTESY or _ASKING_EMOJI.search(plain):
        return None
    folded = _fold(_EMOJI.sub("。", _NAMED_CODE.sub(r"。\1。", _ASCII_CODE.sub("。", plain))))
    if "?" in folded:
        return None
    sentences = [s for s in _ENDS.split(_FACE.sub("。", folded)) if _PAUSES.sub("", s)]
    if not sentences:
        seen = re.sub(r"[\W_]+", "", plain) or _EMOJI.search(plain) or _FACE.search(_fold(plain))
        return Reason.EMOJI_ONLY if seen else Reason.EMPTY
    kinds: set[Kind] = set()
    for sentence in sentences:
        found = _kinds_in(sentence)
        if found is None:
            return None
        kinds |= found
    return _reason_of(kinds)


def _reason_of(kinds: set[Kind]) -> Reason | None:
    if kinds & {Kind.THANKS, Kind.SOLVED}:
        return Reason.THANKS
    if Kind.WORKED_FOR in kinds:  # 「請求書ができました」 without thanks may be news that wants an answer
        return None
    if kinds & {Kind.REACTION, Kind.WORKED}:
        return Reason.REACTION
    if Kind.GREETING in kinds and Kind.OPENING not in kinds:
        return Reason.GREETING
    return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_HIRAGANA_OF)


def _kinds_in(sentence: str) -> set[Kind] | None:
    """Return the courtesies a sentence consists of, or None when it holds anything else."""
    whole = _consume(sentence)
    if whole is not None:
        return whole
    for start in range(1, len(sentence)):
        first = _token_at(sentence, start)
        if first is None or first[0] not in (Kind.THANKS, Kind.SOLVED, Kind.WORKED):
            continue
        rest = _consume(sentence[start:])
        if rest is not None and _is_harmless(sentence[:start]):
            return (rest - {Kind.WORKED}) | {Kind.WORKED_FOR} if first[0] is Kind.WORKED else rest
    return None


def _consume(part: str) -> set[Kind] | None:
    kinds: set[Kind] = set()
    position = 0
    while position < len(part):
        pause = _PAUSES.match(part, position)
        if pause:
            position = pause.end()
            continue
        token = _token_at(part, position)
        if token is None:
            return None
        kinds.add(token[0])
        position = token[1]
    return kinds


def _token_at(part: str, position: int) -> tuple[Kind, int] | None:
    """Return the longest known phrase that starts here, with the position after it."""
    best: tuple[Kind, int] | None = None
    for kind, pattern in _patterns():
        match = pattern.match(part, position)
        if match and (best is None or match.end() > best[1]):
            best = kind, match.end()
    if best is None:
        match = ADDRESS.match(part, position)
        best = (Kind.FILLER, match.end()) if match else None
    return best


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in TOKENS)


def _is_harmless(lead: str) -> bool:
    """May these words stand before 「ありがとうございました」 without asking anything themselves?"""
    for part in filter(None, _PAUSES.split(lead)):
        if _consume(part) is not None:
            continue
        words = FILLERS.sub("", SAFE.sub("", part))
        if ASKING.search(words):
            return False
        if not ISSUE.search(words) and (TROUBLE.search(words) or UNFINISHED.search(words)):
            return False
    return True
