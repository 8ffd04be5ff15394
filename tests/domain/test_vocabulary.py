"""What people call the same thing."""

from __future__ import annotations

import pytest

from bot.domain.vocabulary import MOST, UNKNOWN, WEIGHT, Alike, Thesaurus, Vocabulary, expand

GROUPS = (("国保", "国民 健康 保険"), ("ごみ", "廃棄物", ""), ("ひとり",), ())
SPOKEN = Thesaurus(Vocabulary(GROUPS, ("あさぎ",)), str.split)


@pytest.mark.parametrize(
    ("typed", "known", "found"),
    [
        ("国保 脱退", "国保 脱退", {"国民": WEIGHT, "健康": WEIGHT, "保険": WEIGHT}),
        ("国保 脱退", "", {"国民": UNKNOWN, "健康": UNKNOWN, "保険": UNKNOWN}),
        ("国民 健康 保険", "国民 健康 保険", {"国保": WEIGHT}),
        ("国民 年金 健康 保険", "", {}),  # not in a row
        ("国保 保険", "国保", {"国民": WEIGHT, "健康": WEIGHT}),  # what was typed counts whole
        ("ひとり", "", {}),
    ],
)
def test_a_name_in_a_row_is_also_looked_for_as_the_others(
    typed: str, known: str, found: dict[str, float]
) -> None:
    words = typed.split()
    expanded = expand(words, SPOKEN.alike(words), known.split().__contains__)
    assert expanded == {**found, **dict.fromkeys(words, 1.0)}


def test_no_text_gets_more_words_than_it_can_use() -> None:
    many = [Alike(("a",), (str(n),)) for n in range(100)]
    assert len(expand(["a", "b"], many, lambda _: True)) == 2 + MOST


def test_what_a_mistyped_word_may_mean_counts_less_than_what_was_typed() -> None:
    found = expand(["プロジャクター", "貸出"], [], lambda _: True, ["プロジェクター", "貸出"])
    assert found == {"プロジャクター": 1, "貸出": 1, "プロジェクター": UNKNOWN}


def test_words_that_say_nothing_here_are_left_out_unless_they_are_all() -> None:
    assert SPOKEN.heard(["あさぎ", "ごみ"]) == ["ごみ"]
    assert SPOKEN.heard(["あさぎ"]) == ["あさぎ"]
    assert SPOKEN.heard([]) == []
