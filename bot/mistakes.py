"""What an operator wrote wrongly, in Japanese: pydantic's own sentences are English and repeat the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from bot.errors import BansoError

UNREADABLE: Final = "この書き方はできません"

_WORDS: Final = {
    "missing": "書かれていません",
    "extra_forbidden": "知らない項目です",
    "string_type": '文字("…")で書いてください',
    "list_type": "一覧([…])で書いてください",
    "dict_type": "項目の集まり({{…}})で書いてください",
    "model_type": "項目の集まり({{…}})で書いてください",
    "bool_type": "true か false で書いてください",
    "bool_parsing": "true か false で書いてください",
    "int_type": "整数で書いてください",
    "int_parsing": "整数で書いてください",
    "int_from_float": "整数で書いてください",
    "float_type": "数字で書いてください",
    "float_parsing": "数字で書いてください",
    "finite_number": "数字で書いてください",
    "greater_than": "{gt:g} より大きい数にしてください",
    "greater_than_equal": "{ge:g} 以上にしてください",
    "less_than_equal": "{le:g} 以下にしてください",
    "literal_error": "{expected} のどれかにしてください",
    "enum": "{expected} のどれかにしてください",
}
"""By pydantic's kinds of error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""


def mistakes(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """The place of each mistake and what to write instead; never what was written."""
    for each in error.errors(include_url=False, include_input=False):
        yield each["loc"], _in_words(each["type"], each.get("ctx") or {})


def _in_words(kind: str, context: Mapping[str, Any]) -> str:
    own = context.get("error")
    if kind == "value_error" and own is not None:  # said by one of our own validators
        return own.sentence if isinstance(own, BansoError) else str(own)
    said = dict(context)
    if "expected" in said:
        said["expected"] = "・".join(re.findall(r"'([^']*)'", str(said["expected"])))
    return _WORDS.get(kind, UNREADABLE).format_map(said)
