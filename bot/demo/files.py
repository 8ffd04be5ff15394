"""The files a story reads and writes; what is wrong with them is said before the play."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.errors import OperatorError

_HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair: JSON can write it (`"\\ud83d"`), and nothing that is sent can hold it."""


def writable(file: Path) -> None:
    """Find out before the play, not after it.

    Raises:
        OperatorError: the file cannot be written.
    """
    try:
        file.touch()
    except OSError as error:
        raise OperatorError(f"{file} に書き出せません({type(error).__name__})。") from None


def texts(file: Path) -> list[str]:
    """The texts of a JSON list, or of a map from id to text.

    Raises:
        OperatorError: it is neither, or one of them is no text that anybody could type.
    """
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise OperatorError(f"{file} を JSON として読めません({type(error).__name__})。") from None
    values = list(raw.values()) if isinstance(raw, dict) else raw
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise OperatorError(f"{file} は、文の一覧(または番号→文)の JSON ではありません。")
    for number, value in enumerate(values, 1):
        if _HALF.search(value):
            raise OperatorError(
                f"{file} の {number} 番目の文に、文字にならないもの(絵文字の半分)があります。"
            )
    return values
