"""What is set aside is certain; all else is a question. Tables in the tone of real town halls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.judging import Reason, VerdictKind, is_only_thanks, judge
from tests.domain.messages import ASIDE, QUESTIONS

ASIDE_CASES = [(text, reason) for reason, texts in ASIDE.items() for text in texts]


def test_the_tables_hold_at_least_sixty_examples_of_each_side() -> None:
    assert len(set(QUESTIONS)) >= 60
    assert len({text for text, _ in ASIDE_CASES}) >= 60


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_a_clerk_asks_is_a_question(text: str) -> None:
    assert judge(text, has_files=False).kind is VerdictKind.QUESTION
    assert not is_only_thanks(text)


@pytest.mark.parametrize(("text", "reason"), ASIDE_CASES)
def test_a_courtesy_is_set_aside_with_its_reason(text: str, reason: Reason) -> None:
    verdict = judge(text, has_files=False)
    assert (verdict.kind, verdict.reason) == (VerdictKind.SET_ASIDE, reason)
    assert is_only_thanks(text) is (reason is Reason.THANKS)


@pytest.mark.parametrize(
    "text", ["", "<@UBOT>", "😢", ":pray:", "お世話になっております。", "よろしくお願いします", "。"]
)
def test_a_picture_with_no_more_than_a_greeting_is_a_question_that_needs_asking_back(text: str) -> None:
    verdict = judge(text, has_files=True)
    assert (verdict.kind, verdict.reason) == (VerdictKind.QUESTION, Reason.PICTURE_ONLY)


def test_a_picture_with_thanks_or_a_reaction_is_set_aside() -> None:
    assert judge("解決しました!ありがとうございました", has_files=True).reason is Reason.THANKS
    assert judge("承知しました", has_files=True).reason is Reason.REACTION


def test_a_picture_with_a_question_is_an_ordinary_question() -> None:
    verdict = judge("この画面から進めません", has_files=True)
    assert verdict.is_question
    assert verdict.reason is None


THANKS_TEXTS = ASIDE[Reason.THANKS]
CONTENT = [
    text for text in QUESTIONS if len(text) > 12 and not text.startswith(("笹舟町", "4月に", "こんにちは"))
]


@given(st.sampled_from(CONTENT), st.sampled_from(THANKS_TEXTS), st.sampled_from(["。", "\n", "!", " 。"]))
def test_thanks_before_or_after_a_question_never_hides_it(question: str, thanks: str, pause: str) -> None:
    assert judge(thanks + pause + question, has_files=False).is_question
    assert judge(question + pause + thanks, has_files=False).is_question


@given(st.sampled_from(ASIDE_CASES), st.sampled_from([" ", "\n", "😊", ":pray:", "♪"]))
def test_emoji_and_space_at_the_end_change_nothing(case: tuple[str, Reason], tail: str) -> None:
    text, reason = case
    if reason not in (Reason.EMPTY, Reason.EMOJI_ONLY):
        assert judge(text + tail, has_files=False).reason is reason


@given(st.text(), st.booleans())
def test_any_text_gets_a_verdict_and_whatever_is_set_aside_has_a_reason(text: str, has_files: bool) -> None:
    verdict = judge(text, has_files=has_files)
    assert verdict.is_question or verdict.reason is not None


@given(st.text(alphabet="会計住民税端末回線が動遅見積様式", min_size=1))
def test_words_of_the_work_are_never_set_aside(text: str) -> None:
    assert judge(text, has_files=False).is_question


def test_a_very_long_letter_is_read_by_a_person() -> None:
    assert judge("ありがとうございました。" * 60, has_files=False).is_question


@pytest.mark.parametrize("tail", ["、", "が", "けど", "のに", "ますか", "か"])
def test_a_sentence_that_goes_on_after_thanks_is_a_question(tail: str) -> None:
    goes_on = f"ありがとうございました{tail}直りません"
    assert judge(goes_on, has_files=False).is_question
