"""Municipality codes: 総務省 全国地方公共団体コード, six digits as text, the last one a check digit.

The rule (総務省「全国地方公共団体コード仕様」): of abcdef, f = (11 − (6a + 5b + 4c + 3d + 2e) mod 11) mod 10.
Prefectures (「430005」) and bodies outside the 1,741 (一部事務組合, 広域連合) follow it too.
"""

from __future__ import annotations

import re

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(code5: str) -> str:
    """Return the check digit of the first five digits. Raises ValueError for anything but five ASCII digits."""
    if not re.fullmatch(r"[0-9]{5}", code5):
        raise ValueError(f"a code without its check digit is five digits, not {code5!r}")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code5, strict=True))
    return str((11 - total % 11) % 10)


def is_code(text: str) -> bool:
    """True for six ASCII digits whose check digit holds; whether such a body exists is not asked."""
    return bool(re.fullmatch(r"[0-9]{6}", text)) and check_digit(text[:5]) == text[5]
