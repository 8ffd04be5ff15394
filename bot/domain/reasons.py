"""Why somebody has a question, in words that all may read: positive reasons only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_SHOWN = 3


class ReasonCode(StrEnum):
    """Why somebody was chosen; only reasons that may be shown."""

    FIELD = "field"
    ROLE = "role"
    ON_DUTY = "on_duty"
    DEPUTY = "deputy"
    NEXT_DUTY = "next_duty"
    PM_ON_DUTY = "pm_on_duty"
    COORDINATOR = "coordinator"
    HELPED_BEFORE = "helped_before"
    LIGHT_LOAD = "light_load"


@dataclass(frozen=True, slots=True)
class Reason:
    """One positive reason."""

    code: ReasonCode


def reason_words(reasons: Sequence[Reason], field_short: str, most: int = _SHOWN) -> str:
    """Say the reasons in a few words, such as 「端末の担当・今日の当番」; at most so many, empty for none."""
    words = {
        ReasonCode.FIELD: f"{field_short}の担当",
        ReasonCode.ROLE: "専門が近い",
        ReasonCode.PM_ON_DUTY: "今日のとりまとめ役",
        ReasonCode.ON_DUTY: "今日の当番",
        ReasonCode.DEPUTY: "副当番",
        ReasonCode.NEXT_DUTY: "次の当番",
        ReasonCode.COORDINATOR: "県の担当",
        ReasonCode.HELPED_BEFORE: "以前も対応",
        ReasonCode.LIGHT_LOAD: "いま余裕あり",
    }
    codes = [reason.code for reason in reasons]
    if ReasonCode.FIELD in codes:
        codes = [code for code in codes if code is not ReasonCode.ROLE]
    return "・".join(words[code] for code in codes[:most])
