"""Why a turn is whose it is, in words. What speaks against somebody is for those who make the plan only."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.rota import Because, Why, WhyNot
from bot.domain.words import short

WHY: Mapping[Why, str] = {
    Why.CONTINUES: "この期間をすでに担当しています",
    Why.LONGEST_OFF: "当番の間がいちばん空いています",
    Why.NEW: "まだ当番をしていません",
    Why.FILLS_IN: "ほかの方が対応しない時間を受け持ちます",
    Why.ONLY_ONE: "この時間に入れる方が、ほかにいません",
}
WHY_NOT: Mapping[WhyNot, str] = {
    WhyNot.DAYS: "対応日・対応時間の外です",
    WhyNot.ABSENT: "お休みです",
    WhyNot.NOT_IN_ROTA: "この当番表に入っていない期間です",
    WhyNot.NO_CONTRACT: "契約期間の外です",
    WhyNot.ON_DUTY: "ほかの当番に入っています",
    WhyNot.HOURS_USED: "今月の契約時間を超えます",
    WhyNot.TOO_SHORT: "続けて1時間以上は入れません",
    WhyNot.SERVED_MORE: "次の順番です",
}


def because_words(because: Because, zone: str = "Asia/Tokyo") -> str:
    """「当番の間がいちばん空いています(前回は11/20(金)17:15まで)」: may be shown to all."""
    said = "。".join(WHY[why] for why in because.reasons)
    return said + (f"(前回は{short(because.last_on, zone)}まで)" if because.last_on else "")


def other_words(because: Because, names: Mapping[str, str]) -> list[str]:
    """「柏木さん:お休みです」, for each who was not chosen: for coordinators only."""
    return [f"{names.get(each.user_id, each.user_id)}さん:{WHY_NOT[each.why]}" for each in because.others]
