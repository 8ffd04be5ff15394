"""The samples of FAQ say what the bot does."""

from __future__ import annotations

import json
from importlib.resources import files

from handlers.questions.base.exposed import HOW_TO_DELETE


def test_what_to_do_after_a_mistake_is_the_same_in_the_faq_and_in_the_bots_own_words() -> None:
    """Delete at once and report then; what stays in sight until somebody has looked at it is seen by more people."""
    faqs = {
        faq["id"]: faq
        for faq in json.loads(files("bot").joinpath("demo/faqs.json").read_text("utf-8"))["faqs"]
    }
    answer = faqs["F001"]["answer"]
    assert answer.index("すぐに自分で削除") < answer.index("知らせてください")
    assert "編集では、前の内容が通知などに残ることがあります" in answer
    assert "編集では、前の内容が通知などに残ることがあります" in HOW_TO_DELETE
    assert HOW_TO_DELETE.index("メッセージを削除") < HOW_TO_DELETE.index("知らせる")
    assert "消す前" not in answer
